"""The given cases, through the library alone. Every line comes out to the second."""

from typing import Any

import pytest

from timekeeping import HistoryError, due_at, explain, explain_clock, replay

from .five_policies import FIVE_POLICIES
from .policy_files import CASES, Policy, cases, events, instant, read_policy, text

POLICIES = {**FIVE_POLICIES, "example": read_policy(CASES / "example.yaml")}


def policy(case: dict[str, Any]) -> Policy:
    return POLICIES[case["policy"]]


def due(case: dict[str, Any]) -> str | None:
    terms = policy(case).terms(case)
    target = terms.target(case["metric"], case["severity"])
    if target is None:
        return None
    start = instant(case["at"])
    found = due_at(target, terms.coverage, start)
    told = explain(target, terms.coverage, start, found)
    pieces = sorted([(p.start, p.end) for p in told.counted] + [(p.start, p.end) for p in told.skipped])
    assert [start, *(end for _, end in pieces)] == [*(begin for begin, _ in pieces), found]
    if target.seconds:
        assert told.counted_seconds == target.seconds
    return text(found)


def reading(case: dict[str, Any]) -> dict[str, Any]:
    try:
        found = replay(policy(case).terms(case), events(case), instant(case["now"]))
    except HistoryError as error:
        return {"error": True, "index": error.index}
    for clock in found.clocks:
        explain_clock(clock, instant(case["now"]))
    clocks = [
        {
            "metric": clock.metric,
            "cycle": clock.cycle,
            "started_at": text(clock.started_at),
            "due_at": text(clock.due_at),
            "state": clock.state,
            "met_at": text(clock.met_at),
            "paused_since": text(clock.paused_since),
        }
        for clock in found.clocks
    ]
    return {"status": found.status, "clocks": clocks}


def is_part_of(found: dict[str, Any], case: dict[str, Any]) -> bool:
    return all(case.get(key) == value for key, value in found.items())


@pytest.mark.parametrize(("name", "lines"), [("due.jsonl", 400), ("example-due.jsonl", 150)])
def test_due_instants(name: str, lines: int) -> None:
    given = list(cases(name))
    assert len(given) == lines
    wrong = [(case, found) for case in given if (found := due(case)) != case["due_at"]]
    assert wrong == []


@pytest.mark.parametrize(("name", "lines"), [("histories.jsonl", 160), ("example-histories.jsonl", 100)])
def test_histories(name: str, lines: int) -> None:
    given = list(cases(name))
    assert len(given) == lines
    wrong = [(case, found) for case in given if not is_part_of(found := reading(case), case)]
    assert wrong == []
