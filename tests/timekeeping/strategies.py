"""Random calendars and instants, drawn to where mistakes hide: changes of the clock and midnight."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from timekeeping import BusinessCalendar

ZONES = (
    "UTC",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Europe/Paris",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)
FIRST, LAST = datetime(1972, 2, 1, tzinfo=UTC), datetime(2039, 12, 1, tzinfo=UTC)


@cache
def changes(zone_name: str) -> tuple[datetime, ...]:
    """The days (UTC) on which a zone's offset changes."""
    zone = ZoneInfo(zone_name)
    found = []
    at, offset = FIRST, FIRST.astimezone(zone).utcoffset()
    while at < LAST:
        later = at + timedelta(days=1)
        before, offset = offset, later.astimezone(zone).utcoffset()
        if before != offset:
            found.append(at)
        at = later
    return tuple(found)


minutes_of_day = st.one_of(
    st.sampled_from([0, 15, 60, 90, 120, 150, 180, 540, 1020, 1320, 1380, 1410, 1439]),
    st.integers(0, 1439),
)
closings = st.one_of(st.just(1440), minutes_of_day)
minute_spans = st.tuples(minutes_of_day, closings)
days_hours = st.lists(minute_spans, max_size=3).map(tuple)


@st.composite
def instants(draw: st.DrawFn, zones: tuple[str, ...] = ZONES) -> tuple[str, datetime]:
    """A zone, and an instant that often lies within days of a change of its clock."""
    zone = draw(st.sampled_from(zones))
    near = changes(zone)
    if near and draw(st.integers(0, 3)) > 0:
        place: int = draw(st.integers(0, len(near) - 1))
        at = near[place] + timedelta(days=draw(st.integers(-5, 1)))
    else:
        at = FIRST + timedelta(days=draw(st.integers(0, (LAST - FIRST).days)))
    second = draw(st.one_of(st.integers(0, 86399), st.integers(0, 95).map(lambda quarter: quarter * 900)))
    return zone, at + timedelta(seconds=second)


@st.composite
def calendars(draw: st.DrawFn, zone: str, around: date, name: str = "c") -> BusinessCalendar:
    """A calendar with holidays and special days near a date."""
    near = st.integers(-3, 9).map(lambda days: around + timedelta(days=days))
    return BusinessCalendar(
        name,
        zone,
        tuple(draw(st.lists(days_hours, min_size=7, max_size=7))),
        draw(st.dictionaries(near, st.just("a holiday"), max_size=3)),
        draw(st.dictionaries(near, days_hours, max_size=3)),
    )
