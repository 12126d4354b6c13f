"""Instants as whole seconds since 1970-01-01T00:00:00Z, and the way in and out of them.

Inside the package time is a plain integer, so that comparing, adding and looking up cost nothing; at its
edges stand aware datetimes, always UTC on the way out.
"""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400
HORIZON_DAYS = 3_660
"""How far any search looks ahead of its start (time.md, Coverage)."""
HORIZON = HORIZON_DAYS * DAY
OUT_OF_YEARS = "the instant lies outside the years that can be written"


class HorizonError(ValueError):
    """A search found too little open time within 3,660 days of its start (time.md, Coverage)."""

    def __init__(self, message: str = "too little open time within 3,660 days") -> None:
        super().__init__(message)


def to_seconds(at: datetime) -> int:
    """Whole seconds since 1970 of an aware datetime; a fraction of a second is dropped.

    Raises ValueError for a naive datetime: a wall time without a zone is not an instant.
    """
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError(f"{at.isoformat()} has no time zone") from None
    return since.days * DAY + since.seconds


def from_seconds(seconds: int) -> datetime:
    """The aware UTC datetime of whole seconds since 1970. Raises HorizonError past the year 9999."""
    try:
        return EPOCH + timedelta(0, seconds)
    except OverflowError:
        raise HorizonError(OUT_OF_YEARS) from None


def optional_from_seconds(seconds: int | None) -> datetime | None:
    """The same for an instant that may be absent."""
    return None if seconds is None else from_seconds(seconds)
