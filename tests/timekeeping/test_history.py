"""What the clocks of a ticket read, rule by rule (time.md, Clocks and after). Hours are plain here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from timekeeping import (
    BusinessCalendar,
    CarriedClock,
    ClockReading,
    Coverage,
    Event,
    HistoryError,
    Reading,
    Terms,
    differences,
    explain_clock,
    parse_target,
    replay,
)

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
ALWAYS = Coverage([BusinessCalendar("always", "UTC", (((0, 1440),),) * 7)])
OFFICE = Coverage([BusinessCalendar("office", "UTC", (((540, 1020),),) * 5 + ((),) * 2)])


def targets(**written: dict[str, object]) -> dict[str, dict[str, object]]:
    return {
        metric: {code: parse_target(text) for code, text in own.items()} for metric, own in written.items()
    }


TERMS = Terms(
    severities=("s1", "s2", "s3", "s4"),
    targets=targets(  # type: ignore[arg-type]
        first_response={"s1": "1h", "s2": "4h", "s3": "8h"},
        next_update={"s1": "2h", "s2": "8h", "s3": "16h"},
        next_reply={"s1": "1h", "s2": "4h", "s3": "8h"},
        resolution={"s1": "8h", "s2": "24h", "s3": "48h"},
    ),
    coverage=ALWAYS,
    auto_close_days=7,
)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def history(*written: tuple[object, ...]) -> list[Event]:
    """Events from (hours, do, more): a severity for submit, to and how for severity, by for close."""
    found = []
    for hours, do, *more in written:
        names = {"submit": ["severity"], "severity": ["to", "how"], "close": ["by"]}.get(str(do), [])
        found.append(Event(at(hours), str(do), **dict(zip(names, more, strict=True))))  # type: ignore[arg-type]
    return found


def read(now: float, *written: tuple[object, ...], terms: Terms = TERMS) -> Reading:
    return replay(terms, history(*written), at(now))


def clock(reading: Reading, metric: str, cycle: int = 1) -> ClockReading:
    found = reading.clock(metric, cycle)  # type: ignore[arg-type]
    assert found is not None
    return found


def names(reading: Reading) -> list[tuple[str, int, str]]:
    return [(c.metric, c.cycle, c.state) for c in reading.clocks]


SUBMIT = (0, "submit", "s2")


def test_submission_starts_the_first_response_and_the_resolution() -> None:
    reading = read(1, SUBMIT)
    assert reading.status == "new"
    assert names(reading) == [("first_response", 1, "running"), ("resolution", 1, "running")]
    assert clock(reading, "first_response").due_at == at(4)
    assert read(-1, SUBMIT) == Reading()


def test_met_at_the_due_instant_and_missed_from_the_first_second_after() -> None:
    assert clock(read(4, SUBMIT), "first_response").state == "running"
    second = 1 / 3600
    assert clock(read(4 + second, SUBMIT), "first_response").state == "missed"
    assert clock(read(9, SUBMIT, (4, "reply")), "first_response").state == "met"
    late = clock(read(9, SUBMIT, (4 + second, "reply")), "first_response")
    assert (late.state, late.met_at, late.due_at) == ("missed", at(4 + second), at(4))


def test_notes_automatic_replies_and_customers_meet_nothing() -> None:
    reading = read(2, SUBMIT, (1, "note"), (1, "auto_reply"), (1, "customer"), (1, "hold"), (1, "unhold"))
    assert names(reading) == [("first_response", 1, "running"), ("resolution", 1, "running")]
    assert reading.status == "open"


def test_each_public_message_meets_an_update_and_starts_the_next() -> None:
    reading = read(3, SUBMIT, (1, "reply"), (2, "reply"))
    assert names(reading)[1:3] == [("next_update", 1, "met"), ("next_update", 2, "running")]
    assert clock(reading, "next_update", 2).due_at == at(10)


def test_an_update_that_starts_with_a_question_starts_paused() -> None:
    reading = read(3, SUBMIT, (1, "ask"), (2, "reply"))
    assert reading.status == "waiting"
    assert reading.waiting_since == at(1)
    first, second = clock(reading, "next_update", 1), clock(reading, "next_update", 2)
    assert (first.state, first.met_at, first.due_at) == ("met", at(2), at(10))
    assert (second.state, second.paused_since, second.due_at) == ("paused", at(2), None)
    assert clock(reading, "resolution").paused_since == at(1)


def test_a_pause_takes_out_the_covered_time_between_its_ends() -> None:
    reading = read(30, SUBMIT, (1, "ask"), (6, "customer"))
    assert clock(reading, "resolution").due_at == at(29)
    office = replace(TERMS, coverage=OFFICE)
    asked = read(40, (10, "submit", "s2"), (16, "ask"), (34, "customer"), terms=office)
    assert clock(asked, "resolution").due_at == at(24 * 3 + 12)  # Monday 10:00 and 24 h, and 2 h more
    nothing = read(40, (10, "submit", "s2"), (17, "ask"), (33, "customer"), terms=office)
    assert clock(nothing, "resolution").due_at == at(24 * 3 + 10)


def test_a_clock_that_was_overdue_when_the_pause_began_stays_missed() -> None:
    second = 1 / 3600
    events = (SUBMIT, (1, "reply"))
    exact = read(30, *events, (9, "hold"), terms=replace(TERMS, pause_on_hold=True))
    assert clock(exact, "next_update").state == "paused"
    late = read(30, *events, (9 + second, "hold"), terms=replace(TERMS, pause_on_hold=True))
    assert clock(late, "next_update").state == "missed"
    assert clock(late, "next_update").paused_since is None


def test_a_due_instant_inside_the_pause_is_missed_from_the_end_of_the_pause_on() -> None:
    terms = replace(TERMS, coverage=OFFICE, pause_on_hold=True)
    start = (10, "submit", "s2")
    events = (start, (11, "reply"), (24 + 11, "hold"))  # the update of 8 h is due at the instant of the hold
    assert clock(read(24 + 20, *events, terms=terms), "next_update").state == "paused"
    ended = clock(read(24 + 20, *events, (24 + 20, "unhold"), terms=terms), "next_update")
    assert (ended.state, ended.due_at) == ("missed", at(24 + 17))
    met = clock(read(24 + 20, *events, (24 + 20, "reply"), terms=terms), "next_update")
    assert (met.state, met.due_at, met.met_at) == ("met", at(24 + 17), at(24 + 20))


def test_hold_pauses_only_where_the_plan_says_so() -> None:
    events = (SUBMIT, (1, "ask"), (2, "hold"))
    without = clock(read(3, *events), "resolution")
    assert (without.state, without.due_at) == ("running", at(25))
    with_pause = clock(read(3, *events, terms=replace(TERMS, pause_on_hold=True)), "resolution")
    assert (with_pause.state, with_pause.paused_since) == ("paused", at(1))


def test_a_customers_message_leaves_on_hold() -> None:
    reading = read(3, SUBMIT, (1, "reply"), (1, "hold"), (2, "customer"))
    assert reading.status == "on_hold"
    assert clock(reading, "next_reply").due_at == at(6)


def test_a_reply_is_promised_to_the_oldest_unanswered_message_after_the_first_response() -> None:
    before = read(3, SUBMIT, (1, "customer"))
    assert before.clock("next_reply", 1) is None
    reading = read(4, SUBMIT, (1, "reply"), (2, "customer"), (3, "customer"))
    assert clock(reading, "next_reply").due_at == at(6)
    marked = read(5, SUBMIT, (1, "reply"), (2, "customer"), (3, "no_reply_needed"), (4, "customer"))
    assert [c[2] for c in names(marked) if c[0] == "next_reply"] == ["withdrawn", "running"]
    overdue = read(9, SUBMIT, (1, "reply"), (2, "customer"), (7, "no_reply_needed"), (8, "reply"))
    assert clock(overdue, "next_reply").state == "missed"
    assert clock(overdue, "next_reply").met_at == at(8)


def test_resolving_meets_everything_and_starts_no_update() -> None:
    reading = read(2, SUBMIT, (1, "resolve"))
    assert names(reading) == [("first_response", 1, "met"), ("resolution", 1, "met")]
    assert reading.resolved_at == at(1)
    assert reading.auto_close_at == at(1 + 7 * 24)


def test_a_customers_closing_withdraws_and_meets_the_resolution() -> None:
    reading = read(3, SUBMIT, (1, "close", "customer"))
    assert names(reading) == [("first_response", 1, "withdrawn"), ("resolution", 1, "met")]
    overdue = read(30, SUBMIT, (5, "close", "customer"), (6, "reopen"), (7, "reply"))
    assert clock(overdue, "first_response").state == "missed"
    assert clock(overdue, "first_response").met_at == at(7)
    assert clock(overdue, "next_update").state == "met"
    assert clock(overdue, "resolution", 2).due_at == at(30)


def test_the_message_that_reopens_starts_a_reply_and_the_act_alone_does_not() -> None:
    message = read(3, SUBMIT, (1, "close", "customer"), (2, "customer"))
    assert names(message)[1:] == [
        ("next_update", 1, "running"),
        ("next_reply", 1, "running"),
        ("resolution", 1, "met"),
        ("resolution", 2, "running"),
    ]
    act = read(3, SUBMIT, (1, "resolve"), (2, "reopen"))
    assert act.clock("next_reply", 1) is None


# --- severities


def test_raised_runs_to_the_earlier_of_the_two() -> None:
    soon = clock(read(2, (0, "submit", "s3"), (1, "severity", "s2", "raised")), "first_response")
    assert (soon.due_at, soon.severity, soon.counting_from, soon.started_at) == (at(5), "s2", at(1), at(0))
    late = clock(read(6, (0, "submit", "s3"), (5, "severity", "s2", "raised")), "first_response")
    assert (late.due_at, late.severity, late.target.text) == (at(8), "s3", "8h")


def test_raised_while_paused_counts_only_what_follows_of_the_pause() -> None:
    events = ((0, "submit", "s3"), (1, "ask"), (11, "severity", "s1", "raised"))
    paused = clock(read(12, *events), "resolution")
    assert (paused.state, paused.paused_since, paused.would_be_due) == ("paused", at(1), at(20))
    ended = clock(read(15, *events, (15, "customer")), "resolution")
    assert ended.due_at == at(11 + 8 + 4)


def test_corrected_counts_from_the_start_and_may_be_overdue_at_once() -> None:
    reading = read(3, (0, "submit", "s3"), (2, "severity", "s1", "corrected"))
    assert clock(reading, "first_response").state == "missed"
    assert clock(reading, "first_response").due_at == at(1)
    paused = read(13, (0, "submit", "s3"), (1, "ask"), (11, "customer"), (12, "severity", "s2", "corrected"))
    assert clock(paused, "resolution").due_at == at(34)


def test_lowered_after_raised_forgets_the_raise() -> None:
    changes = ((1, "severity", "s1", "raised"), (1.5, "severity", "s2", "lowered"))
    lowered = clock(read(2, (0, "submit", "s3"), *changes), "first_response")
    assert (lowered.due_at, lowered.counting_from) == (at(4), at(0))


def test_a_severity_that_promises_nothing_withdraws_what_is_not_overdue() -> None:
    reading = read(6, SUBMIT, (5, "severity", "s4", "lowered"))
    assert names(reading) == [("first_response", 1, "missed"), ("resolution", 1, "withdrawn")]


def test_a_promise_where_there_was_none_starts_a_clock() -> None:
    start = (0, "submit", "s4")
    raised = read(3, start, (2, "severity", "s2", "raised"))
    assert clock(raised, "first_response").started_at == at(2)
    corrected = read(3, start, (2, "severity", "s2", "corrected"))
    assert clock(corrected, "first_response").started_at == at(0)
    assert corrected.clock("next_update", 1) is None
    answered = read(3, start, (1, "reply"), (2, "severity", "s2", "corrected"))
    assert answered.clock("first_response", 1) is None
    assert clock(answered, "next_update").started_at == at(1)


def test_a_stretch_whose_clock_was_missed_gets_no_other_but_a_withdrawn_one_does_not_prevent_it() -> None:
    changes = ((5, "severity", "s4", "lowered"), (6, "severity", "s2", "raised"))
    reading = read(7, SUBMIT, *changes)
    assert names(reading) == [
        ("first_response", 1, "missed"),
        ("resolution", 1, "withdrawn"),
        ("resolution", 2, "running"),
    ]
    assert clock(reading, "resolution", 2).due_at == at(30)


def test_a_reply_clock_starts_late_only_while_its_message_is_unanswered() -> None:
    start = ((0, "submit", "s4"), (1, "reply"), (2, "customer"))
    assert clock(read(4, *start, (3, "severity", "s2", "corrected")), "next_reply").started_at == at(2)
    assert clock(read(4, *start, (3, "severity", "s2", "raised")), "next_reply").started_at == at(3)
    marked = read(4, *start, (3, "no_reply_needed"), (3, "severity", "s2", "corrected"))
    assert marked.clock("next_reply", 1) is None


# --- moves, closing by itself, the window


@pytest.mark.parametrize(
    ("events", "index"),
    [
        ([(0, "reply")], 0),
        ([SUBMIT, SUBMIT], 1),
        ([SUBMIT, (1, "dance")], 1),
        ([(0, "submit", "s9")], 0),
        ([SUBMIT, (1, "note"), (0.5, "note")], 2),
        ([SUBMIT, (1, "hold"), (2, "hold")], 2),
        ([SUBMIT, (1, "unhold")], 1),
        ([SUBMIT, (1, "reopen")], 1),
        ([SUBMIT, (1, "resolve"), (2, "ask")], 2),
        ([SUBMIT, (1, "resolve"), (2, "hold")], 2),
        ([SUBMIT, (1, "resolve"), (2, "severity", "s1", "raised")], 2),
        ([SUBMIT, (1, "resolve"), (2, "resolve")], 2),
        ([SUBMIT, (1, "close", "support"), (2, "reply")], 2),
        ([SUBMIT, (1, "close", "support"), (2, "close", "customer")], 2),
        ([SUBMIT, (1, "close", "nobody")], 1),
        ([SUBMIT, (1, "close", "customer"), (2 + 14 * 24, "reopen")], 2),
        ([SUBMIT, (1, "resolve"), (1 + 7 * 24, "reply")], 2),
        ([SUBMIT, (1, "severity", "s2", "corrected")], 1),
        ([SUBMIT, (1, "severity", "s3", "raised")], 1),
        ([SUBMIT, (1, "severity", "s1", "lowered")], 1),
        ([SUBMIT, (1, "severity", "s1", "changed")], 1),
        ([SUBMIT, (1, "merge")], 1),
        ([SUBMIT, (1, "merged_away")], 1),
        ([SUBMIT, (1, "terms")], 1),
    ],
)
def test_what_the_table_of_moves_forbids(events: list[tuple[object, ...]], index: int) -> None:
    with pytest.raises(HistoryError) as refused:
        read(1000, *events)
    assert refused.value.index == index
    assert refused.value.message


def test_nothing_behind_now_is_read() -> None:
    assert read(1, SUBMIT, (2, "dance")).status == "new"
    with pytest.raises(HistoryError):
        replay(TERMS, [], MONDAY)


def test_a_search_past_the_horizon_is_refused_at_its_event() -> None:
    with pytest.raises(HistoryError) as refused:
        read(1, SUBMIT, terms=replace(TERMS, coverage=Coverage([])))
    assert refused.value.index == 0


def test_no_move_and_no_status() -> None:
    reading = read(30, SUBMIT, (1, "resolve"), (2, "reply"), (3, "note"), (4, "no_reply_needed"))
    assert reading.status == "resolved"
    assert reading.clock("next_update", 1) is None
    asked = read(3, SUBMIT, (1, "ask"), (2, "ask"))
    assert (asked.status, asked.waiting_since) == ("waiting", at(1))


def test_a_resolved_ticket_closes_by_itself_at_its_instant() -> None:
    week = 1 + 7 * 24
    before = read(week - 1, SUBMIT, (1, "resolve"))
    assert before.status == "resolved"
    closed = read(week, SUBMIT, (1, "resolve"))
    assert (closed.status, closed.closed_at, closed.reopen_until) == ("closed", at(week), at(week + 14 * 24))
    assert read(9999, SUBMIT, (1, "resolve"), terms=replace(TERMS, auto_close_days=None)).status == "resolved"


def test_the_window_ends_after_its_last_instant() -> None:
    end = 1 + 14 * 24
    events = (SUBMIT, (1, "close", "support"))
    assert read(end, *events, (end, "customer")).status == "open"
    late = read(end + 1, *events, (end + 0.001, "customer"))
    assert (late.status, late.reopen_until) == ("closed", at(end))


# --- amendments, other terms, merging


def test_only_clocks_that_start_later_read_an_amendment() -> None:
    terms = replace(TERMS, amendments=((at(1), OFFICE),))
    reading = read(3, SUBMIT, (2, "reply"), terms=terms)
    assert clock(reading, "resolution").due_at == at(24)
    assert clock(reading, "next_update").due_at == at(17)


def test_other_terms_by_an_act_of_staff() -> None:
    faster = replace(TERMS, targets=targets(resolution={"s2": "12h"}))  # type: ignore[arg-type]
    events = [*history(SUBMIT), Event(at(1), "terms", terms=faster)]
    reading = replay(faster, events, at(2))
    assert clock(reading, "resolution").due_at == at(12)
    events = [*history(SUBMIT), Event(at(1), "terms", terms=faster)]
    assert clock(replay(TERMS, events, at(2)), "first_response").state == "withdrawn"


def carried(metric: str, started: float, due: float) -> CarriedClock:
    return CarriedClock(metric, at(started), at(due), parse_target("8h"), "s3")  # type: ignore[arg-type]


def test_a_merge_takes_the_earlier_due_instant_and_keeps_it_through_corrections() -> None:
    merge = Event(at(2), "merge", carried=(carried("resolution", -1, 10), carried("next_update", 0, 9)))
    lowered = Event(at(4), "severity", to="s3", how="lowered")
    reading = replay(TERMS, [*history(SUBMIT), merge, lowered], at(5))
    assert clock(reading, "resolution").due_at == at(10)
    assert clock(reading, "next_update").started_at == at(0)
    assert clock(reading, "next_update").due_at == at(9)


def test_a_merge_into_a_waiting_ticket_is_paused_from_the_merge() -> None:
    merge = Event(at(4), "merge", carried=(carried("resolution", -1, 10),))
    back = Event(at(6), "customer")
    lowered = Event(at(7), "severity", to="s3", how="lowered")
    reading = replay(TERMS, [*history(SUBMIT, (1, "ask")), merge, back], at(6))
    assert clock(reading, "resolution").due_at == at(12)
    reading = replay(TERMS, [*history(SUBMIT, (1, "ask")), merge, back, lowered], at(8))
    assert clock(reading, "resolution").due_at == at(12)


def test_the_clocks_of_a_ticket_that_went_into_another_end_as_merged() -> None:
    gone = Event(at(5), "merged_away", into="KP-2")
    reading = replay(TERMS, [*history(SUBMIT), gone, Event(at(6), "customer")], at(7))
    assert (reading.status, reading.reopen_until) == ("closed", None)
    assert names(reading) == [("first_response", 1, "missed"), ("resolution", 1, "merged")]


# --- why


def test_an_explained_clock_shows_its_pauses() -> None:
    reading = read(30, SUBMIT, (1, "ask"), (6, "customer"), (8, "resolve"))
    told = explain_clock(clock(reading, "resolution"), at(30))
    assert [(p.why, p.start, p.end) for p in told.skipped] == [("paused", at(1), at(6))]
    assert told.counted_seconds == 24 * 3600
    paused = read(3, SUBMIT, (1, "ask"))
    told = explain_clock(clock(paused, "resolution"), at(3))
    assert [(p.why, p.start, p.end) for p in told.skipped] == [("paused", at(1), at(3))]
    withdrawn = read(3, SUBMIT, (1, "close", "customer"))
    assert explain_clock(clock(withdrawn, "first_response"), at(3)).counted == ()


def test_the_warning_of_a_clock() -> None:
    terms = replace(TERMS, warn_share=0.75)
    assert clock(read(1, SUBMIT, terms=terms), "first_response").warn_at == at(3)
    waiting = read(2, SUBMIT, (1, "ask"), terms=terms)
    assert clock(waiting, "resolution").warn_at is None
    moved = read(6, SUBMIT, (1, "ask"), (6, "customer"), terms=terms)
    assert clock(moved, "resolution").warn_at == at(18 + 5)


def test_stored_facts_are_compared_with_the_reading() -> None:
    reading = read(5, SUBMIT, (1, "reply"))
    stored = {(c.metric, c.cycle): {"due_at": c.due_at, "state": c.state} for c in reading.clocks}
    assert differences(stored, reading) == ()
    stored["resolution", 1]["due_at"] = at(3)
    stored["next_reply", 1] = stored.pop(("next_update", 1))
    found = differences(stored, reading)
    assert [(d.metric, d.fact, d.stored) for d in found] == [
        ("next_reply", "clock", "stored"),
        ("next_update", "clock", None),
        ("resolution", "due_at", at(3)),
    ]
