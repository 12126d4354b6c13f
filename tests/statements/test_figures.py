"""What a statement says of histories whose figures are worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.statements.histories import (
    ALL_HOURS,
    CLOSED_BY_CUSTOMER,
    CONVERSATION,
    MISSED_UPDATE,
    STILL_RUNNING,
    WAITING,
    asked,
    at,
    row,
    statement,
)
from timekeeping import Event
from timekeeping.statement import Exclusion, percent, period_of

HOUR = 3600


def test_met_promise_says_by_how_much_open_time_it_was_early() -> None:
    told = row(statement([MISSED_UPDATE]), 1, "first_response")
    assert told == {
        "ticket": 1,
        "metric": "first_response",
        "cycle": 1,
        "severity": "P2",
        "target": "4h",
        "started_at": "2026-10-01T13:00:00Z",
        "due_at": "2026-10-01T17:00:00Z",
        "met_at": "2026-10-01T14:30:00Z",
        "paused_since": None,
        "state": "met",
        "early_seconds": 2 * HOUR + 1800,
        "late_seconds": None,
        "excluded": None,
    }


def test_missed_promise_that_was_met_after_all_says_by_how_much_it_was_late() -> None:
    told = row(statement([MISSED_UPDATE]), 1, "next_update")
    assert (told["state"], told["due_at"], told["met_at"]) == (
        "missed",
        "2026-10-02T14:30:00Z",
        "2026-10-02T15:30:00Z",
    )
    assert (told["early_seconds"], told["late_seconds"]) == (None, HOUR)


def test_missed_promise_that_is_not_met_is_late_up_to_the_writing() -> None:
    # Asked Thu 1 Oct 09:00, due 13:00; written Fri 2 Oct 10:00: 4 h on Thursday and one on Friday.
    told = row(statement([[asked(at(1, 13))]], written_at=at(2, 14)), 1, "first_response")
    assert (told["state"], told["met_at"], told["late_seconds"]) == ("missed", None, 5 * HOUR)


def test_elapsed_promise_is_early_on_the_wall() -> None:
    # The answer at 09:20 promises news within 2 h on the wall; it comes an hour later.
    talked = [
        asked(at(8, 12), "P1"),
        Event(at(8, 13, 20), "reply"),
        Event(at(8, 14, 20), "reply"),
    ]
    assert row(statement([talked]), 1, "next_update")["early_seconds"] == HOUR


def test_answer_outside_the_hours_is_late_by_no_open_time() -> None:
    # Due Thu 17:00 there (21:00 UTC); answered at 17:30.
    late = [asked(at(1, 17)), Event(at(1, 21, 30), "reply")]
    told = row(statement([late]), 1, "first_response")
    assert (told["due_at"], told["state"], told["late_seconds"]) == ("2026-10-01T21:00:00Z", "missed", 0)


def test_withdrawn_promise_is_listed_apart_and_counted_apart() -> None:
    said = statement([CLOSED_BY_CUSTOMER])
    told = row(said, 1, "next_update")
    assert (told["state"], told["due_at"]) == ("withdrawn", None)
    assert told in said["withdrawn"] and told not in said["promises"]
    # The first answer was met; resolution (promised at P1 alone) and news were withdrawn.
    assert said["totals"]["all"] == {
        "promises": 1,
        "met": 1,
        "missed": 0,
        "excluded": 0,
        "running": 0,
        "withdrawn": 2,
        "raw": "100.0",
        "adjusted": "100.0",
    }


def test_paused_promise_stands_in_the_month_of_writing_alone() -> None:
    told = row(statement([WAITING]), 1, "next_update")
    assert (told["state"], told["due_at"], told["paused_since"]) == ("paused", None, "2026-10-22T14:00:00Z")
    later = statement([WAITING], written_at=at(3, 12, month=11))
    assert [row["metric"] for row in later["promises"]] == ["first_response"]
    november = statement([WAITING], month="2026-11", written_at=at(3, 12, month=11))
    assert [row["state"] for row in november["promises"]] == ["paused"]


def test_running_promise_is_counted_neither_as_met_nor_as_missed() -> None:
    said = statement([STILL_RUNNING], written_at=at(28, 20, 40))
    assert {row["state"] for row in said["promises"]} == {"running"}
    assert said["totals"]["all"]["running"] == 2
    assert said["totals"]["all"]["raw"] is None


def test_rows_stand_in_order_of_due_and_what_has_none_comes_last() -> None:
    said = statement([WAITING, MISSED_UPDATE])
    dues = [row["due_at"] for row in said["promises"]]
    assert dues[-1] is None and dues[:-1] == sorted(dues[:-1])


def test_totals_go_by_promise_and_severity() -> None:
    totals = statement([MISSED_UPDATE, CONVERSATION])["totals"]
    assert totals["tickets"] == 2
    assert {metric: (t["met"], t["missed"], t["withdrawn"]) for metric, t in totals["by_metric"].items()} == {
        "first_response": (2, 0, 0),
        "next_update": (1, 3, 0),
        "next_reply": (2, 0, 1),
    }
    assert set(totals["by_severity"]) == {"P2"}
    assert totals["by_severity"]["P2"] == totals["all"]


def test_median_and_paused_time_are_open_time() -> None:
    totals = statement([MISSED_UPDATE, CONVERSATION])["totals"]
    assert totals["median_first_response_seconds"] == (5400 + 2 * HOUR) // 2
    # Friday 11:30 to Monday 09:00 of the first; the hold of the second pauses nothing.
    assert totals["paused_seconds"] == 5 * HOUR + 1800


def test_exclusion_leaves_the_miss_and_changes_the_second_figure_alone() -> None:
    note = Exclusion("gateway", "Your gateway was down")
    said = statement([MISSED_UPDATE], exclusions={(1, "next_update", 1): note})
    told = row(said, 1, "next_update")
    assert (told["state"], told["excluded"]) == (
        "missed",
        {"code": "gateway", "note": "Your gateway was down"},
    )
    tally = said["totals"]["all"]
    assert (tally["met"], tally["missed"], tally["excluded"]) == (3, 1, 1)
    assert (tally["raw"], tally["adjusted"]) == ("75.0", "100.0")


def test_exclusion_beside_a_promise_that_was_kept_changes_nothing() -> None:
    note = Exclusion("gateway", "Your gateway was down")
    plain = statement([MISSED_UPDATE])
    noted = statement([MISSED_UPDATE], exclusions={(1, "first_response", 1): note})
    assert noted["promises"] == plain["promises"] and noted["totals"] == plain["totals"]


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, None), (0, 3, "0.0"), (2, 3, "66.6"), (1999, 2000, "99.9"), (38, 40, "95.0"), (7, 7, "100.0")],
)
def test_share_is_rounded_down_so_that_a_miss_shows(part: int, whole: int, words: str | None) -> None:
    assert percent(part, whole) == words


@pytest.mark.parametrize(
    ("due", "month"),
    [
        # New York leaves daylight saving time on 1 November: midnight is 04:00 UTC.
        (datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC), "2026-10"),
        (datetime(2026, 11, 1, 4, 0, 0, tzinfo=UTC), "2026-11"),
        (datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC), "2026-11"),
        (datetime(2026, 12, 1, 5, 0, 0, tzinfo=UTC), "2026-12"),
    ],
)
def test_a_promise_belongs_to_the_month_in_which_it_falls_due_where_the_contract_is(
    due: datetime, month: str
) -> None:
    history = [asked(due - timedelta(hours=1), "P1"), Event(due, "reply")]
    listed = {
        name: len(
            statement([history], month=name, written_at=due + timedelta(days=40), terms=ALL_HOURS)["promises"]
        )
        for name in ("2026-10", "2026-11", "2026-12")
    }
    assert listed == {name: int(name == month) for name in listed}


@pytest.mark.parametrize(
    ("month", "zone"), [("2026-13", "UTC"), ("2026-1", "UTC"), ("May", "UTC"), ("2026-10", "Nowhere/Town")]
)
def test_no_month_and_no_zone_are_refused(month: str, zone: str) -> None:
    with pytest.raises(ValueError, match=r"month|zone"):
        period_of(month, zone)
