"""A session that ends while somebody types: what they send is laid aside, and stands in the form again."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories.accounts import ContactFactory
from tickets.models import Message, Ticket

NEW = "/requests/new/"
TOLD = "You were signed out before this was sent"


def _writer(client: Client, page: str) -> str:
    found = re.search(r'name="written_by" value="([^"]+)"', client.get(page).content.decode())
    assert found is not None
    return found[1]


@pytest.fixture
def typed(customer: Client) -> dict[str, str]:
    return {
        "written_by": _writer(customer, NEW),
        "subject": "No chat",
        "description": "Since 15:00.",
        "lost": "All",
    }


def test_a_new_request_stands_in_its_form_again_once(customer, browse, scene, typed) -> None:
    Session.objects.all().delete()
    answer = customer.post(NEW, typed)
    assert answer.status_code == 302 and answer["Location"] == f"/account/login/?next={NEW}"
    page = browse(scene.customer).get(NEW).content.decode()
    assert TOLD in page and 'value="No chat"' in page and "Since 15:00." in page
    assert not Ticket.objects.exists()
    again = customer.get(NEW).content.decode()
    assert TOLD not in again and "No chat" not in again


def test_it_comes_back_to_its_writer_alone(customer, browse, scene, typed) -> None:
    other = ContactFactory(organization=scene.organization).user
    Session.objects.all().delete()
    customer.post(NEW, typed)
    assert "No chat" not in browse(other).get(NEW).content.decode()
    assert "No chat" not in browse(scene.customer).get(NEW).content.decode()


@pytest.mark.parametrize("writer", ["", "1", "1:forged"])
def test_nothing_is_kept_for_who_can_not_be_told(client: Client, scene, writer) -> None:
    client.post(NEW, {"written_by": writer, "subject": "x"})
    assert not Session.objects.exists()


def test_a_reply_comes_back_to_the_requests_page(customer, browse, scene, ticket) -> None:
    page = f"/requests/{ticket.number}/"
    body = {"written_by": _writer(customer, page), "body": "Any news?"}
    Session.objects.all().delete()
    answer = customer.post(page + "reply/", body)
    assert answer["Location"] == f"/account/login/?next={page}"
    shown = browse(scene.customer).get(page).content.decode()
    assert TOLD in shown and "Any news?</textarea>" in shown
    assert not Message.objects.exists()


@pytest.mark.parametrize("act", ["close", "worse"])
def test_the_words_of_an_act_come_back(customer, browse, scene, ticket, act) -> None:
    page = f"/requests/{ticket.number}/{act}/"
    body = {"written_by": _writer(customer, page), "reason": "Words that took a while"}
    Session.objects.all().delete()
    customer.post(page, body)
    shown = browse(scene.customer).get(page).content.decode()
    assert TOLD in shown and "Words that took a while" in shown
