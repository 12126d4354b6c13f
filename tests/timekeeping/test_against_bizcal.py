"""Against django-bizcal, wherever both can say the same thing: hours, holidays, nights, business days."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django_bizcal import WorkingCalendar
from django_bizcal.providers import SetHolidayProvider
from hypothesis import given, settings
from hypothesis import strategies as st

from timekeeping import BusinessCalendar, Coverage, due_at, parse_target

ZONES = ("America/New_York", "America/Santiago", "Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
WEEKS: dict[str, tuple[tuple[int, int], ...]] = {
    "office": ((540, 1020),),
    "halves": ((480, 720), (780, 1050)),
    "nights": ((1320, 360),),
    "morning": ((15, 345),),
}
HOLIDAYS = frozenset(date(2026, month, day) for month in range(1, 13) for day in (1, 16))


def clock_time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def theirs(zone: str, spans: tuple[tuple[int, int], ...], days: int) -> WorkingCalendar:
    blocks = [
        (clock_time(a), clock_time(b), 1) if b <= a else (clock_time(a), clock_time(b)) for a, b in spans
    ]
    schedule: Any = dict.fromkeys(range(days), blocks)
    return WorkingCalendar(tz=zone, weekly_schedule=schedule, holiday_provider=SetHolidayProvider(HOLIDAYS))


def ours(zone: str, spans: tuple[tuple[int, int], ...], days: int) -> Coverage:
    hours = (spans,) * days + ((),) * (7 - days)
    return Coverage([BusinessCalendar("c", zone, hours, dict.fromkeys(HOLIDAYS, "h"))])


starts = st.integers(0, 340 * 86400).map(
    lambda second: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=second)
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(sorted(WEEKS)),
    st.sampled_from([5, 7]),
    starts,
    st.integers(1, 60 * 60),
)
def test_the_same_due_instants_and_durations(
    zone: str, week: str, days: int, start: datetime, minutes: int
) -> None:
    coverage, calendar = ours(zone, WEEKS[week], days), theirs(zone, WEEKS[week], days)
    due = coverage.add(start, minutes * 60)
    assert due == calendar.add_business_minutes(start, minutes).astimezone(UTC)
    assert coverage.counted_seconds(start, due) == calendar.business_time_between(start, due).total_seconds()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.sampled_from(ZONES), st.sampled_from(["office", "halves"]), starts, st.integers(1, 12))
def test_the_same_business_days(zone: str, week: str, start: datetime, days: int) -> None:
    coverage, calendar = ours(zone, WEEKS[week], 5), theirs(zone, WEEKS[week], 5)
    if coverage.is_open(start):  # from closed time the two mean different things
        due = calendar.add_business_days(start, days).astimezone(UTC)
        assert due_at(parse_target(f"{days}bd"), coverage, start) == due
