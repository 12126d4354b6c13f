"""Who reads and changes nothing: a contact to read alone is held to it at each door, as by the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import ContactFactory
from tests.tickets.conftest import Scene, ask, scene
from tickets.actions import say
from tickets.actions.exclusions import exclude
from tickets.actions.mail.replies import ticket_for
from tickets.models import Draft, Ticket

__all__ = ["ask", "scene"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(scene: Scene) -> User:
    return ContactFactory(
        organization=scene.organization, is_administrator=False, functions=["read-only"]
    ).user


@pytest.fixture
def theirs(reader: User, at: Any) -> Any:
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        yield client


def test_a_read_only_contact_changes_nothing_of_a_request(
    scene: Scene, ask: Any, reader: User, theirs: Client, at: Any
) -> None:
    ticket: Ticket = ask()
    code = ticket.plan.edition.exclusions.values_list("code", flat=True)[0]
    note = exclude(ticket=ticket, actor=scene.agent, at=at, code=code)
    before = (ticket.messages.count(), ticket.events.count())
    page = theirs.get(reverse("tickets:detail", args=[ticket.pk])).content.decode()
    assert "Messages stopped arriving" in page and 'name="body"' not in page
    for name, keys in (
        ("reply", []),
        ("close", []),
        ("worse", []),
        ("escalate", []),
        ("object", [note.pk]),
    ):
        answer = theirs.post(
            reverse(f"tickets:{name}", args=[ticket.pk, *keys]), {"body": "x", "reason": "x"}
        )
        assert answer.status_code == 403, name
        assert "read-only contact of Aster Freight" in answer.content.decode(), name
    draft = theirs.post(reverse("tickets:reply_draft", args=[ticket.pk]), {"body": "x"})
    add = {"do": "add", "contact": scene.customer.contacts.get().pk}
    assert draft.status_code == 404 and not Draft.objects.exists()
    assert theirs.post(reverse("tickets:watching", args=[ticket.pk]), add).status_code == 404
    assert (ticket.messages.count(), ticket.events.count()) == before
    assert ticket_for(reader, ticket.pk, at) is None


def test_nor_rates_a_request_of_their_own(
    scene: Scene, ask: Any, reader: User, theirs: Client, at: Any
) -> None:
    ticket: Ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Done.", at=at, then="closed")
    Ticket.objects.filter(pk=ticket.pk).update(requester=reader)
    answer = theirs.post(reverse("tickets:survey", args=[ticket.pk, 1]), {"score": "5"})
    assert answer.status_code == 403 and ticket.surveys.get().score is None
