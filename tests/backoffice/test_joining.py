"""Merge, split, move and link in the back office: looked at first, done once, and by whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts.enums import Role
from tests.backoffice.conftest import QUEUE, START, answer, asked, page_of, verb_of
from tests.backoffice.test_pages import assert_no_inline
from tests.factories.accounts import ContactFactory, OrganizationFactory
from tests.factories.plans import ContractFactory
from tickets.actions import hear, merge, say
from tickets.models import Message, Ticket, TicketLink


def act_of(ticket: Ticket, act: str) -> str:
    return f"{QUEUE}{ticket.pk}/act/{act}/"


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def other(customer, organization) -> Ticket:
    """Asked half an hour before now, less severe: eight covered hours for the first response."""
    return asked(customer, organization, "Sign-in is down", START - timedelta(minutes=30), "S3")


def test_the_ticket_page_offers_them_quietly(ticket, agent, staff, signed_in):
    text = html(agent.get(page_of(ticket)))
    assert act_of(ticket, "merge") in text and act_of(ticket, "split") in text
    assert act_of(ticket, "move") not in text
    assert act_of(ticket, "move") in html(signed_in(staff(Role.LEAD)).get(page_of(ticket)))


def test_a_merge_is_seen_before_it_is_made(ticket, other, agent):
    first = html(agent.get(act_of(ticket, "merge")))
    assert_no_inline(first)
    assert f"?into={other.pk}" in first and "Merge them" not in first
    text = html(agent.get(act_of(ticket, "merge"), {"into": f"#{other.pk}"}))
    assert_no_inline(text)
    assert "earlier" in text and "ends as merged" in text and "Merge them" in text
    version = re.search(r'name="version" value="(\d+)"', text)
    typed = {"into": other.pk, "version": version[1], "reason": "The same outage"}
    assert agent.post(act_of(ticket, "merge"), {**typed, "reason": ""}).status_code == 400
    response = agent.post(act_of(ticket, "merge"), typed)
    assert (response.status_code, response["Location"]) == (302, page_of(other))
    ticket.refresh_from_db()
    assert ticket.merged_into == other
    # Pressed twice, or sent again by the back button: refused in words, and nothing more happened.
    again = agent.post(act_of(ticket, "merge"), typed)
    assert again.status_code == 409 and "merged into another" in html(again)
    assert ticket.events.filter(kind="merged_away").count() == 1


def test_a_stale_page_merges_nothing_and_keeps_the_reason(ticket, other, agent, customer):
    typed = {"into": other.pk, "version": ticket.version, "reason": "The same outage"}
    hear(ticket=ticket, author=customer, body="It works again", at=START)
    response = agent.post(act_of(ticket, "merge"), typed)
    assert response.status_code == 409 and "The same outage" in html(response)
    ticket.refresh_from_db()
    assert ticket.merged_into is None


@pytest.mark.parametrize("into", ["", "x", "0", "999999", "9" * 30, "٣", "-1"])
def test_a_number_that_is_none_is_put_right(into, ticket, agent):
    assert agent.get(act_of(ticket, "merge"), {"into": into}).status_code == 400
    assert agent.post(act_of(ticket, "merge"), {"into": into, "reason": "x"}).status_code == 400


def test_another_organizations_request_is_no_place_to_merge(ticket, agent):
    foreign = _of_another_company()
    response = agent.get(act_of(ticket, "merge"), {"into": foreign.pk})
    assert response.status_code == 409 and "different organizations" in html(response)
    data = {"into": foreign.pk, "version": ticket.version, "reason": "x"}
    assert agent.post(act_of(ticket, "merge"), data).status_code == 409


def test_the_merged_one_leads_to_the_survivor(ticket, other, agent, staff):
    worker = staff()
    merge(ticket=ticket, into=other, actor=worker, at=START, reason="The same.")
    ticket.refresh_from_db()
    text = html(agent.get(page_of(ticket)))
    assert "Merged into" in text and page_of(other) in text and "reopen window has ended" not in text
    response = agent.post(verb_of(ticket, "say"), answer(ticket))
    assert response["Location"].startswith(page_of(other))
    assert Message.objects.get().ticket == other
    assert "Merged in" in html(agent.get(page_of(other)))


def test_a_split_opens_another_request_once(ticket, agent, staff, customer):
    say(ticket=ticket, author=staff(), body="We look.", at=START)
    wrote = hear(ticket=ticket, author=customer, body="And the **invoice**.", at=START)
    text = html(agent.get(act_of(ticket, "split")))
    assert_no_inline(text)
    assert "And the **invoice**." in text and "We look." not in text
    key = re.search(r'name="client_key" value="([^"]+)"', text)
    typed = {"subject": "Invoice", "severity": "S3", "messages": [wrote.pk], "client_key": key[1]}
    for _ in range(2):
        assert agent.post(act_of(ticket, "split"), typed).status_code == 302
    new = Ticket.objects.get(subject="Invoice")
    assert (new.requester, new.severity, TicketLink.objects.count()) == (customer, "S3", 1)
    for wrong in ({"subject": ""}, {"messages": [999]}, {"severity": "X"}, {"messages": ["x"]}):
        assert agent.post(act_of(ticket, "split"), typed | wrong).status_code == 400
    assert agent.post(act_of(ticket, "split"), {"subject": "x", "severity": "S3"}).status_code == 409


def test_a_link_is_made_and_removed(ticket, other, agent):
    typed = {"link-kind": "duplicate", "link-other": f"#{other.pk}"}
    assert agent.post(verb_of(ticket, "link"), typed).status_code == 302
    assert "Duplicate of" in html(agent.get(page_of(ticket)))
    assert "Has a duplicate in" in html(agent.get(page_of(other)))
    assert agent.post(verb_of(ticket, "link"), typed).status_code == 409
    assert agent.post(verb_of(ticket, "link"), {"link-kind": "x", "link-other": "y"}).status_code == 400
    assert agent.post(verb_of(other, "unlink"), {"other": ticket.pk}).status_code == 302
    assert agent.post(verb_of(other, "unlink"), {"other": "x"}).status_code == 302
    assert not TicketLink.objects.exists()


# --- move


@pytest.fixture
def cargo(customer):
    organization = OrganizationFactory(slug="cargo", name="Aster Cargo", time_zone="America/Denver")
    ContractFactory(organization=organization, policy="nextplane", plan_code="business")
    ContactFactory(user=customer, organization=organization)
    return organization


def test_a_lead_moves_a_request_after_a_look(ticket, cargo, staff, signed_in):
    lead = signed_in(staff(Role.LEAD))
    text = html(lead.get(act_of(ticket, "move"), {"to": "cargo", "severity": "P2"}))
    assert_no_inline(text)
    assert "What Aster Cargo was promised" in text and "First response" in text
    version = re.search(r'name="version" value="(\d+)"', text)
    typed = {"to": "cargo", "severity": "P2", "version": version[1], "reason": "Filed for the wrong one"}
    assert lead.post(act_of(ticket, "move"), typed | {"reason": " "}).status_code == 400
    response = lead.post(act_of(ticket, "move"), typed)
    new = Ticket.objects.get(organization=cargo)
    assert response["Location"] == page_of(new)
    assert (new.severity, new.submitted_at) == ("P2", ticket.submitted_at)
    assert lead.post(act_of(ticket, "move"), typed).status_code == 409
    assert Ticket.objects.filter(organization=cargo).count() == 1


def test_a_move_is_for_leads_and_managers_and_only_to_where_the_requester_may_ask(
    ticket, cargo, staff, signed_in, agent
):
    foreign = _of_another_company().organization
    typed = {"to": "cargo", "version": ticket.version, "reason": "x"}
    assert agent.get(act_of(ticket, "move")).status_code == 403
    assert agent.post(act_of(ticket, "move"), typed).status_code == 403
    manager = signed_in(staff(Role.MANAGER))
    for to in (foreign.slug, ticket.organization.slug, "", "nowhere"):
        assert manager.post(act_of(ticket, "move"), typed | {"to": to}).status_code == 400, to
    assert foreign.name not in html(manager.get(act_of(ticket, "move")))
    say(ticket=ticket, author=staff(), body="We look.", at=START)
    response = manager.get(act_of(ticket, "move"))
    assert response.status_code == 409 and "answered already" in html(response)


@pytest.mark.parametrize("act", ["merge", "split", "move"])
def test_acts_are_for_those_who_may_and_by_their_methods(act, ticket, staff, signed_in, customer, client):
    there = act_of(ticket, act)
    for role in (Role.AUDITOR, Role.POLICY_EDITOR, ""):
        assert signed_in(staff(role)).get(there).status_code == 403, role
        assert signed_in(staff(role)).post(there).status_code == 403, role
    assert signed_in(customer).get(there, follow=True).status_code == 404
    assert client.get(there).status_code == 302
    lead = signed_in(staff(Role.LEAD))
    assert lead.put(there).status_code == 405
    assert lead.get(there.replace(f"/{ticket.pk}/", "/999999/")).status_code == 404
    assert lead.get(act_of(ticket, "burn")).status_code == 404


def _of_another_company() -> Ticket:
    contact = ContactFactory(organization=OrganizationFactory(slug="harrow", name="Harrow & Finch"))
    ContractFactory(organization=contact.organization, policy="jumpcloud-msp", plan_code="standard")
    return asked(contact.user, contact.organization, "Theirs", START - timedelta(minutes=1))
