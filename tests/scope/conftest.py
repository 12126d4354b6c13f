"""The scene of scope, work and surveys: a startup customer, an agent, a lead, and who knocks at each door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from notices.models import Notice
from tests.tickets.conftest import Scene, ask, contract_for, other_customer, scene, utc
from tickets.actions import say
from tickets.models import Clock, Ticket

__all__ = ["ask", "contract_for", "other_customer", "scene", "utc"]


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    """``as_user(person)``: a browser of theirs, signed in."""

    def make(person: User) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def missed(scene: Scene, ask: Callable[..., Ticket], at: datetime) -> Clock:
    """A P1's first response, due 4 h after ``at`` and answered an hour late."""
    ticket = ask(severity="P1")
    say(ticket=ticket, author=scene.agent, body="Sorry.", at=at + timedelta(hours=5))
    return ticket.clocks.get(metric="first_response")


def mails(event: str) -> list[Notice]:
    """What was queued of one kind, in order."""
    return list(Notice.objects.filter(event=event).order_by("pk"))


def verb(ticket: Ticket, name: str) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/do/{name}/"
