"""Which day it is where: the zones of the world by their date at one instant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def zones_elsewhere(at: datetime) -> dict[date, list[str]]:
    """The IANA zones whose date at ``at`` is not that of UTC, by that date: a day before it or after it.

    For queries by a stored zone. The database could reckon dates itself, yet one name that it does not know
    would fail the whole query; and the days shown to people are reckoned with the zones of Python.
    """
    found: dict[date, list[str]] = {}
    for zone in _zones():
        day = at.astimezone(zone).date()
        if day != at.astimezone(UTC).date():
            found.setdefault(day, []).append(zone.key)
    return found


@cache
def _zones() -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()))
