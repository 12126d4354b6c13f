"""The tables against a walk over the minutes: random hours, zones and unions, 1972 to 2039."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from timekeeping import Coverage, due_at, explain, parse_target

from .naive import NaiveCalendar, NaiveCoverage
from .strategies import ZONES, calendars, instants

DAYS = 16


@st.composite
def coverages(draw: st.DrawFn) -> tuple[Coverage, NaiveCoverage, datetime]:
    zone, at = draw(instants())
    others = draw(st.lists(st.sampled_from(ZONES), max_size=2))
    found = [draw(calendars(name, at.date(), f"c{index}")) for index, name in enumerate([zone, *others])]
    first = at.date() - timedelta(days=5)
    return (
        Coverage(found),
        NaiveCoverage([NaiveCalendar(calendar, first, DAYS + 9) for calendar in found]),
        at,
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(coverages(), st.integers(0, 7 * 86400), st.integers(1, 60 * 3600))
def test_counting_and_adding(
    drawn: tuple[Coverage, NaiveCoverage, datetime], length: int, seconds: int
) -> None:
    coverage, naive, start = drawn
    end = start + timedelta(seconds=length)
    assert coverage.counted_seconds(start, end) == naive.counted(start, end)
    pieces = coverage.spans(start, end)
    assert sum((piece.end - piece.start).total_seconds() for piece in pieces) == naive.counted(start, end)
    assert all(one.end <= two.start for one, two in zip(pieces, pieces[1:], strict=False))
    minute = naive.open[naive.seconds(start) // 60]
    assert coverage.is_open(start) == bool(minute)
    expected = naive.add(start, seconds)
    if expected is not None and expected < start + timedelta(days=DAYS - 4):
        assert coverage.add(start, seconds) == expected


@settings(max_examples=60, deadline=None, derandomize=True)
@given(coverages(), st.integers(1, 4))
def test_business_days(drawn: tuple[Coverage, NaiveCoverage, datetime], days: int) -> None:
    coverage, naive, start = drawn
    soon = start + timedelta(days=DAYS - 5)
    expected = naive.next_business_day(start)
    if expected is not None and expected < soon:
        assert due_at(parse_target("nbd"), coverage, start) == expected
    expected = naive.business_days(start, days)
    if expected is not None and expected < soon:
        assert due_at(parse_target(f"{days}bd"), coverage, start) == expected


@settings(max_examples=50, deadline=None, derandomize=True)
@given(coverages(), st.integers(0, 7 * 86400), st.data())
def test_an_explanation_leaves_no_gap(
    drawn: tuple[Coverage, NaiveCoverage, datetime], length: int, data: st.DataObject
) -> None:
    coverage, naive, start = drawn
    end = start + timedelta(seconds=length)
    offsets = st.integers(-86400, 8 * 86400).map(lambda second: start + timedelta(seconds=second))
    pauses = [(min(pair), max(pair)) for pair in data.draw(st.lists(st.tuples(offsets, offsets), max_size=3))]
    for target in (parse_target("4h"), parse_target({"in": "4h", "counted": "elapsed"})):
        told = explain(target, coverage, start, end, pauses)
        pieces = sorted([(p.start, p.end) for p in told.counted] + [(p.start, p.end) for p in told.skipped])
        assert [start, *(until for _, until in pieces)] == [*(since for since, _ in pieces), end]
        assert all(since < until for since, until in pieces)
        plain = sum((p.end - p.start).total_seconds() for p in told.counted)
        assert told.counted_seconds == plain
        if target.kind == "covered" and not pauses:
            assert plain == naive.counted(start, end)
