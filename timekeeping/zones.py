"""From a wall time in a zone to an instant, where clocks are turned back and forward (time.md, Coverage)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .instants import DAY, EPOCH, OUT_OF_YEARS, HorizonError, to_seconds

NAIVE_EPOCH = datetime(1970, 1, 1)
EPOCH_ORDINAL = NAIVE_EPOCH.toordinal()


def first_occurrence(zone: ZoneInfo, ordinal: int, second: int) -> int:
    """The instant at which a wall time first comes; where it is missing, the instant of the change.

    `ordinal` is the proleptic day number of a date, `second` counts from its midnight and may pass 24 hours.
    """
    return _resolve(zone, ordinal, second, last=False)


def last_occurrence(zone: ZoneInfo, ordinal: int, second: int) -> int:
    """The instant at which a wall time last comes; where it is missing, the instant of the change."""
    return _resolve(zone, ordinal, second, last=True)


def wall_clock(zone: ZoneInfo, at: int) -> tuple[int, int]:
    """The local date (as ordinal) and the second of that day at an instant."""
    try:
        local = (EPOCH + timedelta(0, at)).astimezone(zone)
    except OverflowError:
        raise HorizonError(OUT_OF_YEARS) from None
    return local.toordinal(), local.hour * 3600 + local.minute * 60 + local.second


def _resolve(zone: ZoneInfo, ordinal: int, second: int, last: bool) -> int:
    wall = NAIVE_EPOCH + timedelta(ordinal - EPOCH_ORDINAL, second)
    naive = (ordinal - EPOCH_ORDINAL) * DAY + second
    before = naive - _offset(zone, wall)
    after = naive - _offset(zone, wall.replace(fold=1))
    if before == after:
        return before
    if before < after:  # the wall time comes twice
        return after if last else before
    return _change(zone, after, before)


def _offset(zone: ZoneInfo, wall: datetime) -> int:
    offset = zone.utcoffset(wall)
    assert offset is not None  # a ZoneInfo always knows
    return offset.days * DAY + offset.seconds


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The first instant in (low, high] at which the zone's offset is no longer the one it has at `low`."""
    old = _offset_at(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_at(zone, middle) == old:
            low = middle
        else:
            high = middle
    return high


def _offset_at(zone: ZoneInfo, at: int) -> int:
    local = (EPOCH + timedelta(0, at)).astimezone(zone)
    return to_seconds(local.replace(tzinfo=UTC)) - at
