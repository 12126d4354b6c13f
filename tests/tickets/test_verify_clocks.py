"""``verify_clocks`` finds every stored figure that is not what the events say, and says nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from plans.models import Plan
from tickets.actions import say, sweep
from tickets.actions.terms import move_to_terms
from tickets.enums import EventKind, Side
from tickets.models import Clock, Ticket, TicketEvent


def told(**options) -> tuple[list[dict], dict, int]:
    """The differences, the counts and the exit status."""
    out, status = StringIO(), 0
    try:
        call_command("verify_clocks", stdout=out, **options)
    except SystemExit as error:
        status = int(error.code or 0)
    *faults, counts = map(json.loads, out.getvalue().splitlines())
    return faults, counts, status


def test_what_the_verbs_and_the_sweep_store_agrees(scene, ask, at):
    late, done = ask("P1"), ask()
    say(ticket=done, author=scene.agent, body="Done.", at=at, then="resolved")
    sweep(at=at + timedelta(days=30))
    assert told() == ([], {"tickets": 2, "clocks": 2, "events": 7, "differences": 0}, 0)
    assert late.events.filter(kind=EventKind.BREACH).exists()


@pytest.mark.parametrize(
    ("clock", "ticket", "facts"),
    [
        ({"due_at": timedelta(hours=1)}, {}, {"due_at"}),
        ({"severity": "P9"}, {}, {"severity"}),
        ({"state": "withdrawn", "due_at": None}, {}, {"state", "due_at"}),
        ({"state": "missed"}, {}, {"state", "breach", "breach_recorded_at"}),
        ({"cycle": 7}, {}, {"clock"}),
        ({}, {"status": "open"}, {"status"}),
        ({}, {"next_due_at": None, "next_metric": ""}, {"next_due_at", "next_metric"}),
        ({}, {"severity": "P1"}, {"severity"}),
    ],
)
def test_each_figure_that_was_forged_is_named(clock, ticket, facts, ask, at):
    ask()
    forged = {k: at + v if isinstance(v, timedelta) else v for k, v in clock.items()}
    if forged:
        Clock.objects.update(**forged)
    if ticket:
        Ticket.objects.update(**ticket)
    faults, counts, status = told()
    assert {fault["fact"] for fault in faults} == facts
    assert (counts["differences"], status) == (len(faults), 1)


def test_a_breach_that_was_not_one_is_found(ask, at):
    ticket = ask()
    clock = ticket.clocks.get()
    TicketEvent.objects.create(
        ticket=ticket,
        at=at,
        kind=EventKind.BREACH,
        side=Side.SYSTEM,
        data={"metric": clock.metric, "cycle": 1},
        key=f"breach:{clock.pk}",
    )
    [fault] = told()[0]
    assert (fault["clock"], fault["fact"], fault["read"]) == ("first_response/1", "breach", [])


def test_one_ticket_alone_and_one_on_other_terms(scene, ask, at):
    ticket, other = ask(), ask()
    business = Plan.objects.get(edition=ticket.plan.edition, code="business")
    move_to_terms(ticket=ticket, to=business, coverage="", at=at, actor=scene.lead, reason="They upgraded.")
    Ticket.objects.filter(pk=other.pk).update(status="open")
    assert told(ticket=ticket.pk)[1] == {"tickets": 1, "clocks": ticket.clocks.count(), "events": 2} | {
        "differences": 0
    }
    assert told(ticket=other.pk)[2] == 1
