"""Mail that came back: one record, nothing more to the address, and staff can clear it."""

from __future__ import annotations

import pytest

from notices.bounces import clear_bounces, record_bounce, standing_bounces
from notices.models import Bounce, Notice
from notices.outbox import send_due
from tickets.actions import say
from tickets.models import TicketEvent


@pytest.fixture
def bounced(scene, ask, at):
    """A request whose customer's mail came back, by a report of another server."""
    ticket = ask()
    send_due(at)
    notice = Notice.objects.get()
    record_bounce(
        email=scene.customer.email.upper(),
        notice=notice,
        is_permanent=True,
        status="5.1.1",
        text="550 5.1.1 <x>: no such user",
        at=at,
    )
    return ticket


def test_the_same_report_twice_is_one_bounce_and_one_event(scene, bounced, at):
    again = {"email": scene.customer.email, "notice": Notice.objects.get(), "is_permanent": True}
    record_bounce(**again, status="5.1.1", text="once more", at=at)
    assert Bounce.objects.count() == TicketEvent.objects.filter(kind="mail_bounced").count() == 1


def test_one_for_now_stops_nothing(scene, ask, at):
    ticket = ask()
    record_bounce(
        email=scene.customer.email, notice=None, is_permanent=False, status="4.2.2", text="full", at=at
    )
    say(ticket=ticket, author=scene.agent, body="Hello", at=at)
    assert send_due(at)["sent"] == 2 and standing_bounces([scene.customer.email]) == {}


def test_cleared_mail_goes_again(scene, bounced, at):
    say(ticket=bounced, author=scene.agent, body="Hello", at=at)
    assert send_due(at)["sent"] == 0
    assert clear_bounces(email=scene.customer.email, at=at) == 1
    say(ticket=bounced, author=scene.agent, body="Hello again", at=at)
    assert send_due(at)["sent"] == 1
