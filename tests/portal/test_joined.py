"""What a customer sees of requests that belong together, and of nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Sees
from accounts.models import Contact
from tests.factories.accounts import ContactFactory, OrganizationFactory
from tests.tickets.conftest import contract_for
from tickets.actions import close_by_customer, follow_up, link, merge, move_to_organization, say, split
from tickets.models import Message, Ticket


def _address(ticket: Ticket, act: str = "") -> str:
    return f"/requests/{ticket.number}/" + (f"{act}/" if act else "")


@pytest.fixture
def survivor(ask, ticket, scene, at) -> Ticket:
    """``ticket`` was merged into this one, with a reason that staff gave to staff."""
    found = ask(subject="The gateway fails")
    merge(ticket=ticket, into=found, actor=scene.agent, at=at, reason="Maya wrote twice, as ever.")
    return found


def test_a_merged_request_leads_to_where_it_goes_on(customer: Client, ticket, survivor) -> None:
    page = customer.get(_address(ticket)).content.decode()
    assert "This goes on in" in page and _address(survivor) in page and "The gateway fails" in page
    assert "opens a new request" not in page and "Reopen" not in page and "as ever" not in page
    other = customer.get(_address(survivor)).content.decode()
    assert "Merged in" in other and _address(ticket) in other and "as ever" not in other


def test_the_survivor_says_from_where_an_earlier_time_came(
    customer: Client, ask, scene, at, browse, now
) -> None:
    gone, survivor = ask(subject="Asked before"), ask(at=at + timedelta(seconds=1))
    merge(ticket=gone, into=survivor, actor=scene.agent, at=at + timedelta(minutes=5), reason="The same.")
    now(at + timedelta(minutes=10))
    page = customer.get(_address(survivor)).content.decode()
    assert f"Its time is that of #{gone.number}, Asked before, which was merged" in page
    ContactFactory(organization=scene.organization)
    Ticket.objects.filter(pk=gone.pk).update(requester=ContactFactory().user)
    Contact.objects.filter(user=scene.customer).update(is_administrator=False, sees=Sees.OWN)
    page = browse(scene.customer).get(_address(survivor)).content.decode()
    assert "Its time is that of another request that was merged" in page and "Asked before" not in page


def test_the_survivor_says_which_promise_came_with_another(customer: Client, ask, scene, at) -> None:
    """A P4 of this plan owes no news after its answer; a P2 does."""
    gone, survivor = ask(), ask(severity="P4")
    for one in (gone, survivor):
        say(ticket=one, author=scene.agent, body="We look.", at=at)
    assert "merged into this" not in customer.get(_address(survivor)).content.decode()
    merge(ticket=gone, into=survivor, actor=scene.agent, at=at, reason="The same.")
    page = customer.get(_address(survivor)).content.decode()
    assert f"This promise came with #{gone.number}, " in page and "Its time is that" not in page


def test_a_message_there_arrives_at_the_survivor_once(customer: Client, ticket, survivor) -> None:
    typed = {"body": "Any news?", "client_key": "8f5f4d5e-3f0c-4a56-9d55-0c4d2a6b9f10"}
    for _ in range(2):
        answer = customer.post(_address(ticket, "reply"), typed, follow=True)
        assert answer.redirect_chain[-1][0] == _address(survivor)
    assert "and so does your message" in answer.content.decode()
    assert Message.objects.get().ticket == survivor


def test_after_the_survivors_window_it_opens_a_request_that_follows_the_survivor(
    customer: Client, ticket, survivor, scene, at, now, browse
) -> None:
    close_by_customer(ticket=survivor, actor=scene.customer, at=at)
    now(at + timedelta(days=15))
    browse(scene.customer)
    customer.post(_address(ticket, "reply"), {"body": "It is back."}, follow=True)
    assert Ticket.objects.get(description="It is back.").follows == survivor


@pytest.mark.parametrize("act", ["close", "reopen", "worse"])
def test_nothing_else_is_done_to_a_merged_request(customer: Client, ticket, survivor, act) -> None:
    typed = {"reason": "Kept words", "severity": "P1"}
    for answer in (customer.get(_address(ticket, act)), customer.post(_address(ticket, act), typed)):
        assert answer.status_code == 409
        assert "days ago" not in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.status == "closed" and ticket.severity == "P2"


def test_who_may_not_see_the_survivor_learns_nothing_of_it(
    customer: Client, ticket, survivor, scene, at, browse
) -> None:
    ContactFactory(organization=scene.organization)
    Ticket.objects.filter(pk=survivor.pk).update(requester=ContactFactory().user)
    Contact.objects.filter(user=scene.customer).update(is_administrator=False, sees=Sees.OWN)
    browse(scene.customer)
    page = customer.get(_address(ticket)).content.decode()
    assert "together with another request" in page
    assert "The gateway fails" not in page and _address(survivor) not in page
    answer = customer.post(_address(ticket, "reply"), {"body": "Any news?"}, follow=True)
    assert "It reached the people" in answer.content.decode()
    assert Message.objects.get().ticket == survivor
    assert customer.get(_address(survivor)).status_code == 404


def test_links_and_splits_are_shown_as_far_as_they_exist_for_the_reader(
    customer: Client, ticket, ask, scene, at, browse
) -> None:
    other = ask(subject="A secret project")
    link(ticket=ticket, to=other, kind="caused_by", actor=scene.agent, at=at)
    split(
        ticket=ticket,
        messages=[],
        with_submission=True,
        subject="Its own matter",
        severity="P3",
        actor=scene.agent,
        at=at,
    )
    page = customer.get(_address(ticket)).content.decode()
    assert "Caused by" in page and "A secret project" in page and "Its own matter" in page
    ContactFactory(organization=scene.organization)
    Contact.objects.filter(user=scene.customer).update(is_administrator=False, sees=Sees.OWN)
    Ticket.objects.filter(pk=other.pk).update(requester=ContactFactory().user)
    browse(scene.customer)
    page = customer.get(_address(ticket)).content.decode()
    assert "A secret project" not in page and "Its own matter" in page


def test_a_moved_request_says_nothing_of_where_it_went(customer: Client, ticket, scene, at, browse) -> None:
    cargo = OrganizationFactory(name="Aster Cargo", slug="cargo")
    ContactFactory(user=scene.customer, organization=cargo)
    contract_for(cargo, "nextplane", "business")
    ticket = Ticket.objects.get(pk=ticket.pk)
    new = move_to_organization(ticket=ticket, to=cargo, actor=scene.lead, at=at, reason="It is Cargo's.")
    colleague = ContactFactory(organization=scene.organization).user
    browse(colleague)
    page = customer.get(_address(ticket)).content.decode()
    assert "filed under this company by mistake" in page
    assert "Cargo" not in page and _address(new) not in page
    assert customer.get(_address(new)).status_code == 404


def test_a_list_says_that_a_request_goes_on_elsewhere_and_costs_no_more_for_it(
    customer: Client, ask, scene, at
) -> None:
    costs = []
    for _ in range(3):
        merge(ticket=ask(), into=ask(), actor=scene.agent, at=at, reason="The same.")
        with CaptureQueriesContext(connection) as queries:
            page = customer.get("/requests/?state=all").content.decode()
        costs.append(len(queries))
    assert len(set(costs)) == 1
    assert page.count("Goes on in another request") == 3


def test_a_request_that_follows_is_named_only_to_those_who_see_it(ticket, scene, at, browse, now) -> None:
    close_by_customer(ticket=ticket, actor=scene.customer, at=at)
    later = at + timedelta(days=30)
    now(later)
    colleague = ContactFactory(organization=scene.organization).user
    new = follow_up(ticket=ticket, person=colleague, body="It is back.", at=later)
    assert f"Goes on in request #{new.pk}" in browse(scene.customer).get(_address(ticket)).content.decode()
    Contact.objects.filter(user=scene.customer).update(is_administrator=False, sees=Sees.OWN)
    page = browse(scene.customer).get(_address(ticket)).content.decode()
    assert "Goes on in another request" in page and f"#{new.pk}" not in page
