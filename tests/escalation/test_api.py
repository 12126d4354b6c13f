"""``tickets/{number}/escalate/`` and what documents and events say of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, Scope
from tests.api.conftest import Caller, caller
from tests.escalation.conftest import FRIDAY, asked
from tests.factories.accounts import ContactFactory, StaffFactory
from tickets.actions import acknowledge, escalate
from tickets.models import Escalation, Ticket

WHY = {"reason": "Nobody answers."}


@pytest.fixture(autouse=True)
def clock():
    """Five minutes after the request."""
    with time_machine.travel(FRIDAY + timedelta(minutes=5), tick=False) as moved:
        yield moved


@pytest.fixture
def ticket(scene) -> Ticket:
    return asked(scene)


@pytest.fixture
def customer(scene, ticket) -> Caller:
    return caller(scene.customer)


def path(ticket: Ticket) -> str:
    return f"tickets/{ticket.pk}/escalate/"


def test_asked_it_answers_with_the_ticket_and_its_level(scene, customer, ticket, clock):
    assert customer.get(f"tickets/{ticket.pk}/").body["escalation"] is None
    answer = customer.post(path(ticket), WHY)
    assert answer.status == 200
    assert answer.body["number"] == ticket.pk
    assert answer.body["escalation"] == {
        "level": 1,
        "name": "Support team lead",
        "since": "2026-12-04T20:05:00Z",
        "acknowledge_by": "2026-12-05T00:05:00Z",
        "acknowledged_at": None,
    }
    acknowledge(ticket=ticket, actor=scene.lead, at=FRIDAY + timedelta(minutes=6))
    read = customer.get(f"tickets/{ticket.pk}/")
    assert read.body["escalation"]["acknowledged_at"] == "2026-12-04T20:06:00Z"
    assert read.headers["ETag"] != answer.headers["ETag"]
    listed = customer.get("tickets/").body["results"][0]
    assert listed["escalation"] == read.body["escalation"]


def test_a_name_in_the_callers_language(customer, ticket):
    answer = customer.post(path(ticket), WHY, Accept_Language="zh-hans")
    assert answer.body["escalation"]["name"] == "支持团队负责人"


def test_each_call_is_a_level_and_the_top_refuses(customer, ticket):
    levels = [customer.post(path(ticket), WHY).body["escalation"]["level"] for _ in range(3)]
    assert levels == [1, 2, 3]
    top = customer.post(path(ticket), WHY)
    assert (top.status, top.code) == (403, "escalation_at_top")
    assert top.body["next_step"]


def test_a_call_sent_twice_with_the_etag_is_one_level(customer, ticket):
    etag = customer.get(f"tickets/{ticket.pk}/").headers["ETag"]
    assert customer.post(path(ticket), WHY, If_Match=etag).status == 200
    assert customer.post(path(ticket), WHY, If_Match=etag).status == 412
    assert Escalation.objects.get().level == 1


def test_events_tell_it_to_the_customer_without_who_was_told(scene, customer, ticket):
    customer.post(path(ticket), WHY)
    events = customer.get(f"tickets/{ticket.pk}/events/").body["results"]
    event = next(event for event in events if event["kind"] == "escalated")
    assert (event["side"], event["actor"]) == ("customer", scene.customer.email)
    assert event["data"]["reason"] == "Nobody answers."
    assert scene.lead.name not in str(events)


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "  "}])
def test_a_reason_is_needed(customer, ticket, body: dict[str, Any]):
    refused = customer.post(path(ticket), body)
    assert (refused.status, refused.pointers) == (400, {"/reason": "required"})
    assert not Escalation.objects.exists()


@pytest.mark.parametrize(("body", "status"), [({"reason": 5}, 400), ({"why": "x"}, 400), ("[", 400)])
def test_wrong_bodies(customer, ticket, body, status):
    assert customer.post(path(ticket), body).status == status


def test_the_wrong_people_and_verbs(scene, customer, ticket):
    stranger = caller(ContactFactory().user)
    assert stranger.post(path(ticket), WHY).status == 404
    assert Caller(None).post(path(ticket), WHY).status == 401
    assert caller(scene.customer, Scope.READ).post(path(ticket), WHY).status == 403
    assert caller(StaffFactory(role=Role.AUDITOR)).post(path(ticket), WHY).status == 403
    assert customer.get(path(ticket)).status == 405
    assert not Escalation.objects.exists()


def test_support_asks_too(scene, ticket):
    answer = caller(scene.agent).post(path(ticket), WHY)
    assert (answer.status, answer.body["escalation"]["level"]) == (200, 1)
    assert Escalation.objects.get().origin == "staff"


def test_a_list_costs_the_same_with_one_escalation_and_with_three(scene, customer, ticket):
    customer.get("tickets/")
    counts = []
    for more in (1, 2):
        for _ in range(more):
            other = asked(scene)
            escalate(ticket=other, actor=scene.agent, at=FRIDAY + timedelta(minutes=1), reason="x")
        with CaptureQueriesContext(connection) as queries:
            customer.get("tickets/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
