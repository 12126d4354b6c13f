"""What a sweep costs in queries: it follows what is due in batches, never what is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Heartbeat, Notice
from tests.factories.many import copies
from tickets.actions import say, sweep
from tickets.actions.sweep import STEPS
from tickets.enums import ClockState
from tickets.models import Clock, ParkedRow, Ticket, TicketEvent

# What opens or ends a transaction is no question to the tables.
_FRAMES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def queries_of(work: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        work()
    return [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(_FRAMES)]


@pytest.mark.parametrize("open_requests", [1, 300])
def test_nothing_due_costs_one_question_and_the_heartbeat(scene, ask, at, open_requests) -> None:
    copies(ask("P1"), open_requests)
    asked = queries_of(lambda: sweep(at=at))
    assert len(asked) == 2
    assert asked[0].startswith("(SELECT") or "UNION ALL" in asked[0]
    assert "notices_heartbeat" in asked[1]
    assert Heartbeat.objects.get(name="sweep").beat_at == at


def test_the_cost_of_what_is_due_does_not_grow_with_its_number(scene, ask, at) -> None:
    """Warnings, breaches, closings and ended windows of 3 requests, and of 300."""
    costs = []
    for count in (3, 300):
        running = ask("P1", at=at)
        copies(running, count - 1)
        resolved = ask("P1", at=at)
        say(ticket=resolved, author=scene.agent, body="Done.", at=at, then="resolved")
        copies(resolved, count - 1)
        at += timedelta(days=60)
        before = TicketEvent.objects.count()
        costs.append(len(queries_of(lambda: sweep(at=at))))  # noqa: B023
        assert TicketEvent.objects.count() == before + 4 * count
    assert costs[0] == costs[1]


def test_ten_thousand_due_cost_ten_queries_a_thousand(scene, ask, at, monkeypatch) -> None:
    """Tried with batches of ten: what a batch costs is what a thousand rows cost."""
    # By its name: the package shows the verb under the same one.
    monkeypatch.setattr(import_module("tickets.actions.sweep"), "BATCH", 10)
    copies(ask("P1"), 99)
    Clock.objects.update(warned_at=at)
    asked = queries_of(lambda: sweep(at=at + timedelta(days=9)))
    assert Clock.objects.filter(state=ClockState.MISSED).count() == 100
    assert Notice.objects.filter(event="breach").count() == 100
    assert len(asked) <= 10 * 10 + 4


def test_parked_rows_add_no_query_to_a_sweep_with_nothing_due(scene, ask, at) -> None:
    resting = {"parked_at": at, "next_try_at": at + timedelta(hours=9), "error": "-"}
    ParkedRow.objects.create(step="breached", row=ask("P1").clocks.get().pk, **resting)
    assert len(queries_of(lambda: sweep(at=at + timedelta(seconds=1)))) <= 3


INDEXES = {
    "warned": "clock_sweep_warn",
    "breached": "clock_sweep_due",
    "closed": "ticket_closing",
    "windows_ended": "ticket_sweep_window",
    "escalated": "escalation_sweep",
}


@pytest.mark.parametrize("step", [step for step in STEPS if step.name in INDEXES], ids=lambda step: step.name)
def test_due_rows_are_found_by_a_partial_index(scene, ask, at, step) -> None:
    """The same question is asked to look (one row) and to take (a batch)."""
    copies(ask("P1"), 3000)
    resolved = ask("P1")
    say(ticket=resolved, author=scene.agent, body="Done.", at=at, then="resolved")
    copies(resolved, 300)
    with connection.cursor() as cursor:
        for model in (Ticket, Clock, ParkedRow):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    plan = step.waiting(at)[:1].explain()
    assert INDEXES[step.name] in plan, plan
    assert "Seq Scan on tickets_ticket" not in plan
    assert "Seq Scan on tickets_clock" not in plan
