"""What a sweep costs where many promises were missed that escalate: it follows batches, not rows."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from notices.models import Notice
from tests.escalation.conftest import FRIDAY, asked
from tests.factories.many import copies
from tests.tickets.test_sweep_costs import queries_of
from tickets.actions import sweep
from tickets.models import Escalation, EscalationStep, TicketEvent

DUE = FRIDAY + timedelta(minutes=30)


def test_breaches_and_levels_of_many_cost_the_queries_of_their_batches(scene, monkeypatch) -> None:
    """Tried with batches of ten: what a batch costs is what a thousand rows cost."""
    # By its name: the package shows the verb under the same one.
    monkeypatch.setattr(import_module("tickets.actions.sweep"), "BATCH", 10)
    ticket = asked(scene)
    copies(ticket, 99)
    ticket.clocks.model.objects.update(warned_at=DUE)
    opened = queries_of(lambda: sweep(at=DUE + timedelta(seconds=1)))
    assert Escalation.objects.count() == TicketEvent.objects.filter(kind="escalated").count() == 100
    # 10 for the breaches themselves, 14 for what they open.
    assert len(opened) <= 24 * 10 + 4
    gone_on = queries_of(lambda: sweep(at=DUE + timedelta(hours=9)))
    assert EscalationStep.objects.count() == 300
    assert Notice.objects.filter(event="escalated").count() == 300
    assert len(gone_on) <= 16 * 10 + 4
