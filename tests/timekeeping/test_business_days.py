"""Business days by table against business days by date: the same instants, whatever the clock does."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timekeeping import BusinessCalendar, Coverage, HorizonError, Target, due_at
from timekeeping.business_days import (
    in_business_days,
    in_business_days_by_date,
    on_next_business_day,
    on_next_business_day_by_date,
)
from timekeeping.calendars import TABLE_BITS
from timekeeping.instants import HORIZON, HORIZON_DAYS, to_seconds

from .policy_files import instant
from .strategies import calendars, instants
from .test_edges import calendar, due, office

AROUND = 5
"""Days before and after a date whose boundaries are tried."""


def boundaries(own: BusinessCalendar, around: date) -> Iterator[int]:
    """Instants at, just before and just after each opening and closing, in each span and in each break."""
    ordinals = range(around.toordinal() - AROUND, around.toordinal() + AROUND)
    edges = sorted({edge for ordinal in ordinals for span in own.opened_on(ordinal) for edge in span})
    for edge, following in zip(edges, [*edges[1:], *edges[-1:]], strict=True):
        yield from (edge - 1, edge, edge + 1, (edge + following) // 2)


def within_horizon(reckon: Callable[..., int], own: BusinessCalendar, start: int, *days: int) -> int | None:
    """What a caller gets to see; None for a HorizonError. Past the horizon the two need not agree."""
    try:
        found = reckon(own, start, *days)
    except HorizonError:
        return None
    return found if found <= start + HORIZON else None


@st.composite
def calendars_and_starts(draw: st.DrawFn) -> tuple[BusinessCalendar, list[int]]:
    zone, at = draw(instants())
    own = draw(calendars(zone, at.date()))
    return own, [to_seconds(at), *boundaries(own, at.date())]


@settings(max_examples=120, deadline=None, derandomize=True)
@given(calendars_and_starts(), st.integers(1, 9), st.integers(10, 3000))
def test_by_table_as_by_date(drawn: tuple[BusinessCalendar, list[int]], few: int, many: int) -> None:
    own, starts = drawn
    for start in starts:
        for days in (1, few, many):
            by_date = within_horizon(in_business_days_by_date, own, start, days)
            assert within_horizon(in_business_days, own, start, days) == by_date, (start, days)
        by_date = within_horizon(on_next_business_day_by_date, own, start)
        assert within_horizon(on_next_business_day, own, start) == by_date, start


def test_by_table_as_by_date_through_a_year_of_nights() -> None:
    """Every seam between tables, both changes of the clock, and more days than one table holds."""
    own = calendar(
        hours={"mon-fri": ["22:00-06:00", "12:00-13:00"], "sat": ["00:00-24:00"]},
        holidays={date(2026, 7, 3): "h", date(2026, 12, 25): "h"},
        special={date(2026, 3, 6): ["01:30-02:30", "20:00-20:00"], date(2026, 11, 2): []},
    )
    first = to_seconds(instant("2026-01-01T00:00Z"))
    for start in range(first, first + 370 * 86400, 13_331):
        for days in (1, 30, 400):
            assert in_business_days(own, start, days) == in_business_days_by_date(own, start, days), start
        assert on_next_business_day(own, start) == on_next_business_day_by_date(own, start), start


SEAM = instant("2025-10-27T23:28Z")
"""Where one table ends and the next begins, and one of the few seams on a whole minute."""


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "America/New_York", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("spans", [["22:00-21:00"], ["18:00-10:00", "09:00-12:00"], ["23:28-23:50"]])
def test_where_one_table_ends_and_the_next_begins(zone: str, spans: list[str]) -> None:
    """Local dates on both sides of the date in UTC, with a day before that lasts into the next table."""
    first = to_seconds(SEAM) >> TABLE_BITS
    assert first << TABLE_BITS == to_seconds(SEAM)
    for number in range(first, first + 12):
        own = calendar(zone=zone, hours={"mon-sun": spans})
        seam = number << TABLE_BITS
        for start in range(seam - 2 * 86400, seam + 4 * 86400, 4999):
            for days in (1, 3):
                assert in_business_days(own, start, days) == in_business_days_by_date(own, start, days), start
            assert on_next_business_day(own, start) == on_next_business_day_by_date(own, start), start


def test_days_are_plain_save_around_a_change_of_the_clock() -> None:
    def not_plain(**more: object) -> list[datetime]:
        own = calendar(**more)  # type: ignore[arg-type]
        first, last = (to_seconds(instant(f"{year}-01-01T12:00Z")) >> TABLE_BITS for year in (2026, 2027))
        tables = [own.day_table(number) for number in range(first, last + 1)]
        found = [
            datetime.fromtimestamp(opening, UTC)
            for table in tables
            for opening, midnight in zip(table.openings, table.midnights, strict=True)
            if midnight is None
        ]
        return [at for at in found if at.year == 2026]

    assert not_plain() == []  # Monday to Friday; the clock changes on Sundays
    daily = [(at.month, at.day) for at in not_plain(hours={"mon-sun": ["09:00-17:00"]})]
    assert daily == [(3, 7), (3, 8), (10, 31), (11, 1)]
    assert not_plain(zone="UTC", hours={"mon-sun": ["22:00-06:00"]}) == []
    overlapping = not_plain(zone="UTC", hours={"mon": ["20:00-10:00"], "tue": ["09:00-17:00"]})
    assert {at.weekday() for at in overlapping} == {1}


def test_the_same_wall_time_beyond_a_change_of_the_clock() -> None:
    assert due("30bd", office(), "2026-02-20T15:00:07Z") == instant("2026-04-03T14:00:07Z")
    assert due("nbd", office(), "2026-03-06T15:00Z") == instant("2026-03-09T21:00Z")


def test_what_opens_just_before_the_horizon_is_found() -> None:
    """However the days fall into blocks: a search that begins days earlier must reach as far."""
    for step in range(128):
        start = instant("2026-06-01T01:00Z") + timedelta(days=step)
        far = start + timedelta(days=HORIZON_DAYS - 1)
        coverage = office(zone="UTC", hours={"mon": []}, special={far.date(): ["00:00-02:00"]})
        closing = far + timedelta(hours=1)
        assert due_at(Target("business_days", days=1), coverage, start) == closing
        assert due_at(Target("next_business_day"), coverage, start) == closing


def test_one_cold_calendar_for_many_threads() -> None:
    target = Target("business_days", days=30)
    starts = [instant("2026-01-01T00:00Z") + timedelta(hours=7 * step) for step in range(400)]
    expected = [due_at(target, office(), start) for start in starts[::40]]
    shared = Coverage([calendar()])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: due_at(target, shared, start), starts))
    assert found[::40] == expected
