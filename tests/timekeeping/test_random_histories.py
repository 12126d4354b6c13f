"""Random histories: whatever happens, the clocks keep their rules (time.md, Clocks)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from timekeeping import (
    METRICS,
    BusinessCalendar,
    ClockReading,
    Coverage,
    Event,
    HistoryError,
    Terms,
    explain_clock,
    parse_target,
    replay,
)

from .test_history import ALWAYS, MONDAY, OFFICE

SEVERITIES = ("s1", "s2", "s3")
CHANGES = ("raised", "corrected", "lowered")
PARTIES = ("support", "customer")
NIGHTS = BusinessCalendar(
    "nights",
    "America/New_York",
    (((1320, 360), (600, 615)),) * 7,
    {date(2026, 6, 3): "a holiday"},
    {date(2026, 6, 5): (), date(2026, 6, 10): ((600, 600),)},
)
COVERAGES = (ALWAYS, OFFICE, Coverage([NIGHTS]), Coverage([NIGHTS, *OFFICE.calendars]))
WRITTEN = ("30m", "1h30m", "4h", "8h", "24h", "100h", "1bd", "2bd", "nbd", {"in": "8h", "counted": "elapsed"})
promises = st.sampled_from([None, None, None, None, *map(parse_target, WRITTEN)])
steps = st.one_of(
    st.sampled_from([0, 60, 1800, 3600, 4 * 3600, 8 * 3600, 24 * 3600, 7 * 86400, 14 * 86400]),
    st.integers(0, 40 * 3600),
)
acts = st.sampled_from(
    [
        "reply",
        "ask",
        "note",
        "auto_reply",
        "customer",
        "customer",
        "hold",
        "unhold",
        "no_reply_needed",
        "severity",
    ]
    + ["severity", "resolve", "close", "reopen"]
)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    promised = [[draw(promises) for _ in SEVERITIES] for _ in METRICS]
    return Terms(
        severities=SEVERITIES,
        targets={
            metric: {severity: target for severity, target in zip(SEVERITIES, own, strict=True) if target}
            for metric, own in zip(METRICS, promised, strict=True)
        },
        coverage=draw(st.sampled_from(COVERAGES)),
        pause_on_hold=draw(st.booleans()),
        auto_close_days=draw(st.sampled_from([None, 0, 7])),
        warn_share=0.75,
    )


@st.composite
def allowed_histories(draw: st.DrawFn, under: Terms) -> list[Event]:
    """A submission and then only events that may stand where they stand."""
    at = MONDAY + timedelta(seconds=draw(st.integers(0, 6 * 86400)))
    events = [Event(at, "submit", severity=draw(st.sampled_from(SEVERITIES)))]
    for _ in range(draw(st.integers(0, 12))):
        at += timedelta(seconds=draw(steps))
        act = draw(acts)
        if act == "severity":
            to, how = draw(st.sampled_from(SEVERITIES)), draw(st.sampled_from(CHANGES))
            event = Event(at, act, to=to, how=how)
        else:
            event = Event(at, act, by=draw(st.sampled_from(PARTIES)) if act == "close" else None)
        try:
            replay(under, [*events, event], at)
        except HistoryError as refused:
            assert refused.index == len(events)
            continue
        events.append(event)
    return events


def check(clock: ClockReading, now: datetime) -> None:
    shows = (clock.due_at is not None, clock.met_at is not None, clock.paused_since is not None)
    if clock.state == "running":
        assert shows == (True, False, False)
        assert clock.due_at is not None
        assert clock.due_at >= now
        assert clock.warn_at is not None
        assert clock.started_at <= clock.warn_at <= clock.due_at
    elif clock.state == "paused":
        assert shows == (False, False, True)
        assert clock.paused_since is not None
        assert clock.started_at <= clock.paused_since <= now
    elif clock.state == "met":
        assert shows == (True, True, False)
        assert clock.due_at is not None
        assert clock.met_at is not None
        met_while_paused = bool(clock.pauses) and clock.pauses[-1][1] == clock.met_at
        assert clock.met_at <= clock.due_at or met_while_paused
    elif clock.state == "missed":
        assert clock.due_at is not None
        assert clock.due_at < (clock.met_at or now)
    else:
        assert shows == (False, False, False)
    if clock.state not in ("withdrawn", "paused"):
        told = explain_clock(clock, now)
        if clock.target.seconds:
            assert told.counted_seconds == clock.target.seconds
        pieces = sorted([(p.start, p.end) for p in told.counted] + [(p.start, p.end) for p in told.skipped])
        if pieces:
            assert [clock.counting_from, *(end for _, end in pieces)] == [
                *(start for start, _ in pieces),
                clock.due_at,
            ]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.data())
def test_clocks_keep_their_rules(data: st.DataObject) -> None:
    under = data.draw(terms())
    events = data.draw(allowed_histories(under))
    missed: dict[tuple[str, int], datetime | None] = {}
    for index, event in enumerate(events):
        last_of_instant = index + 1 == len(events) or events[index + 1].at > event.at
        reading = replay(under, events[: index + 1], event.at)
        if last_of_instant:
            assert replay(under, events, event.at) == reading
        for metric in METRICS:
            own = [clock for clock in reading.clocks if clock.metric == metric]
            assert [clock.cycle for clock in own] == list(range(1, len(own) + 1))
            assert sum(clock.is_live for clock in own) <= 1
        for clock in reading.clocks:
            check(clock, event.at)
            key = (clock.metric, clock.cycle)
            if key in missed:
                assert (clock.state, clock.due_at) == ("missed", missed[key])
            elif clock.state == "missed":
                missed[key] = clock.due_at
        if reading.status in ("resolved", "closed"):
            assert not any(clock.is_live for clock in reading.clocks)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.data())
def test_when_it_is_read_changes_nothing(data: st.DataObject) -> None:
    """A note at any instant leaves every clock as it was."""
    under = data.draw(terms())
    events = data.draw(allowed_histories(under))
    now = events[-1].at + timedelta(seconds=data.draw(steps))
    place = data.draw(st.integers(1, len(events)))
    note = Event(events[place - 1].at, "note")
    reading = replay(under, events, now)
    noted = replay(under, [*events[:place], note, *events[place:]], now)
    assert replace(noted, clocks=()) == replace(reading, clocks=())
    plain = [replace(clock, started_by=0) for clock in reading.clocks]
    assert [replace(clock, started_by=0) for clock in noted.clocks] == plain
