"""After an outage the first sweep catches up in one go: the record is the one there would have been."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail

from notices.models import Notice
from notices.outbox import send_due
from tests.factories.accounts import ContactFactory
from tests.tickets.conftest import contract_for
from tickets.actions import Submission, say, submit, sweep
from tickets.models import Ticket, TicketEvent

OUTAGE = timedelta(days=20)
# Those of the record that name a row instead of a fact.
_ROWS = ("escalation",)


@pytest.fixture
def mixed(scene, at) -> Callable[[], list[Ticket]]:
    """One request that nobody answers, under a plan that escalates, and one that is resolved."""
    contact = ContactFactory(organization__name="Tall Pines")
    contract_for(contact.organization, "two-tier", "enterprise")

    def make() -> list[Ticket]:
        words = {"description": "", "severity": "high", "support_type": "technical"}
        found = [
            submit(
                person=contact.user,
                organization=contact.organization,
                submission=Submission(subject=subject, **words),
                at=at,
            )
            for subject in ("Unanswered", "Done")
        ]
        say(ticket=found[1], author=scene.agent, body="Done.", at=at + timedelta(minutes=1), then="resolved")
        return found

    return make


def history(ticket: Ticket) -> list[tuple[str, datetime, dict[str, object]]]:
    """Kind, instant and data of what was recorded, without the keys of rows."""
    return [
        (event.kind, event.at, {name: value for name, value in event.data.items() if name not in _ROWS})
        for event in TicketEvent.objects.filter(ticket=ticket).order_by("at", "kind")
    ]


def test_one_late_sweep_leaves_the_record_of_many_in_time(mixed, at) -> None:
    in_time = mixed()
    end = at + timedelta(days=25)
    moments = {at + timedelta(minutes=minutes) for minutes in range(0, 12 * 60, 10)}
    moments |= {at + timedelta(days=days, minutes=2) for days in range(26)}
    for moment in sorted(moments | {end}):
        sweep(at=moment)
    expected = [history(ticket) for ticket in in_time]
    late = mixed()
    counts = sweep(at=end)
    assert [history(ticket) for ticket in late] == expected
    kinds = [kind for kind, _at, _data in expected[0]]
    assert kinds == ["submit", "warning", "breach", "escalated", "escalated", "escalated"]
    assert [kind for kind, _at, _data in expected[1]][-2:] == ["closed_by_itself", "window_ended"]
    assert (counts["warned"], counts["breached"], counts["closed"], counts["windows_ended"]) == (1, 1, 1, 1)
    assert sum(sweep(at=end).values()) == 0


def test_a_warning_is_recorded_late_and_not_told_where_the_promise_is_over(scene, ask, at) -> None:
    ticket = ask("P1")
    clock = ticket.clocks.get()
    sweep(at=at + OUTAGE)
    assert TicketEvent.objects.get(kind="warning").at == clock.warn_at
    assert not Notice.objects.filter(event="warning").exists()
    assert Notice.objects.filter(event="breach").count() == 1


def test_each_person_gets_one_mail_of_all_that_was_found_late(scene, ask, at) -> None:
    for _ in range(12):
        ask("P1")
    send_due(at)
    mail.outbox.clear()
    sweep(at=at + OUTAGE)
    send_due(at + OUTAGE)
    send_due(at + OUTAGE + timedelta(minutes=1))
    assert [sent.to for sent in mail.outbox] == [[scene.lead.email]]
