"""Sweeps and people at the same moment: each level once, one open escalation, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from notices.models import Notice
from tests.escalation.conftest import FRIDAY, asked
from tickets.actions import Refused, acknowledge, escalate, sweep
from tickets.models import Escalation, EscalationStep, TicketEvent

DUE = FRIDAY + timedelta(minutes=30)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs in threads of their own; what each returned, or its refusal."""
    found: list[object] = []

    def run(job: Callable[[], object]) -> None:
        try:
            found.append(job())
        except Refused as refused:
            found.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_sweeps_reach_each_level_once(scene):
    for _ in range(8):
        asked(scene)
    late = DUE + timedelta(hours=5)
    at_once(lambda: sweep(at=DUE + timedelta(seconds=1)), lambda: sweep(at=DUE + timedelta(seconds=1)))
    at_once(*[lambda: sweep(at=late)] * 3)
    sweep(at=late)
    assert Escalation.objects.count() == 8
    assert EscalationStep.objects.count() == TicketEvent.objects.filter(kind="escalated").count() == 16
    assert Notice.objects.filter(event="escalated", to_email=scene.manager.email).count() == 8


def test_two_people_who_acknowledge_are_one_acknowledgement(scene):
    ticket = asked(scene)
    sweep(at=DUE + timedelta(seconds=1))
    later = DUE + timedelta(minutes=5)
    found = at_once(
        lambda: acknowledge(ticket=ticket, actor=scene.lead, at=later, level=1).pk,
        lambda: acknowledge(ticket=ticket, actor=scene.agent, at=later, level=1).pk,
    )
    assert sorted(map(str, found)) == sorted([str(ticket.pk), "acknowledged_already"])
    assert TicketEvent.objects.filter(kind="acknowledged").count() == 1


def test_a_request_and_a_sweep_open_one_escalation(scene):
    ticket = asked(scene)
    later = DUE + timedelta(minutes=1)
    at_once(
        lambda: sweep(at=later),
        lambda: escalate(ticket=ticket, actor=scene.agent, at=later, reason="They called."),
    )
    sweep(at=later)
    # Whoever was first: the breach opened it at its instant, and the request went one level up.
    steps = EscalationStep.objects.order_by("level").values_list("level", "why", "reached_at")
    assert list(steps) == [(1, "breach", DUE), (2, "request", later)]


def test_the_database_holds_one_open_escalation_and_each_level_once(scene):
    ticket = asked(scene)
    sweep(at=DUE + timedelta(seconds=1))
    first = Escalation.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.create(
            ticket=ticket, number=2, origin="staff", levels=first.levels, level=1, opened_at=DUE
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        EscalationStep.objects.create(escalation=first, level=1, why="request", reached_at=DUE)
