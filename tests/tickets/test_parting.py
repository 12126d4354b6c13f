"""Links, splits and moves to another organization: what is made, who sees it, and what is refused."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Sees
from accounts.models import Organization
from tests.factories.accounts import ContactFactory, OrganizationFactory
from tests.tickets.conftest import contract_for, utc
from tickets.actions import (
    Refused,
    hear,
    link,
    move_to_organization,
    note,
    say,
    split,
    unlink,
)
from tickets.enums import EventKind, LinkKind
from tickets.link_views import links_of
from tickets.models import DecisionRecord, Ticket, TicketLink
from tickets.verifying import verify


def linked(ticket: Ticket, user, at) -> list[tuple[str, int]]:
    seen = Ticket.objects.visible_to(user, at)
    return [(view.words, view.other.pk) for view in links_of(ticket, seen)]


# --- links


def test_a_link_is_seen_from_both_and_can_be_removed(scene, ask, at):
    one, other = ask(), ask()
    link(ticket=one, to=other, kind=LinkKind.CAUSED_BY, actor=scene.agent, at=at)
    assert linked(one, scene.customer, at) == [("Caused by", other.pk)]
    assert linked(other, scene.customer, at) == [("Causes", one.pk)]
    assert one.events.get(kind=EventKind.LINKED).data["to"] == other.pk
    with pytest.raises(Refused) as refused:
        link(ticket=other, to=one, kind=LinkKind.RELATED, actor=scene.agent, at=at)
    assert refused.value.code == "linked_already"
    unlink(ticket=other, other=one, actor=scene.agent, at=at)
    assert linked(one, scene.customer, at) == []
    with pytest.raises(Refused) as refused:
        unlink(ticket=other, other=one, actor=scene.agent, at=at)
    assert refused.value.code == "not_linked"


def test_a_customer_sees_links_only_to_requests_that_exist_for_them(scene, ask, at):
    one, other = ask(), ask()
    link(ticket=one, to=other, kind=LinkKind.RELATED, actor=scene.agent, at=at)
    colleague = ContactFactory(organization=scene.organization, is_administrator=False, sees=Sees.OWN)
    Ticket.objects.filter(pk=one.pk).update(requester=colleague.user)
    assert linked(one, colleague.user, at) == []
    assert linked(one, scene.agent, at) == [("Related to", other.pk)]


def test_links_stay_in_one_organization_and_name_two(scene, other_customer, ask, at):
    one, foreign = ask(), ask()
    Ticket.objects.filter(pk=foreign.pk).update(organization=other_customer.contacts.get().organization)
    foreign.refresh_from_db()
    for other, kind, code in (
        (foreign, LinkKind.RELATED, "link_other_organization"),
        (one, LinkKind.RELATED, "link_to_itself"),
        (ask(), LinkKind.SPLIT_FROM, "unknown_link"),
        (ask(), "sibling", "unknown_link"),
    ):
        with pytest.raises(Refused) as refused:
            link(ticket=one, to=other, kind=kind, actor=scene.agent, at=at)
        assert refused.value.code == code
    assert not TicketLink.objects.exists()


# --- split


def test_a_split_opens_a_request_of_the_same_person_from_when_it_was_written(scene, ask, at):
    ticket = ask("P2")
    say(ticket=ticket, author=scene.agent, body="We look.", at=at + timedelta(hours=1))
    wrote = hear(
        ticket=ticket,
        author=scene.customer,
        body="By the way:\nthe invoice is wrong.",
        at=at + timedelta(hours=2),
        files=[SimpleUploadedFile("invoice.txt", b"1 EUR", "text/plain")],
    )
    now = at + timedelta(hours=5)
    new = split(ticket=ticket, messages=[wrote], subject="Invoice", severity="P2", actor=scene.agent, at=now)
    assert (new.requester, new.organization, new.entered_by) == (
        scene.customer,
        scene.organization,
        scene.agent,
    )
    assert new.description == (
        "> **Maya Okafor**, 2026-11-30 20:00 UTC:\n>\n> By the way:\n> the invoice is wrong."
    )
    # 12 covered hours from Monday 12:00 in Los Angeles: 5 + 7 on Tuesday.
    assert (new.submitted_at, new.clocks.get().due_at) == (at + timedelta(hours=2), utc(2026, 12, 2, 0, 0))
    assert DecisionRecord.objects.filter(ticket=new, outcome="allowed").exists()
    assert linked(new, scene.customer, now) == [("Split from", ticket.pk)]
    assert linked(ticket, scene.customer, now) == [("Split off into", new.pk)]
    copied, original = new.attachments.get(), ticket.attachments.get()
    assert copied.key != original.key and copied.file.read() == b"1 EUR"
    assert ticket.events.get(kind=EventKind.SPLIT).data == {"to": new.pk, "messages": [wrote.pk]}
    with pytest.raises(Refused) as refused:
        unlink(ticket=ticket, other=new, actor=scene.agent, at=now)
    assert refused.value.code == "split_stays"
    assert not list(verify())


def test_split_twice_with_one_key_opens_one(scene, ask, at):
    ticket, key = ask(), uuid.uuid4()
    same = {"messages": [], "with_submission": True, "subject": "Again", "severity": "P3", "client_key": key}
    made = [split(ticket=ticket, actor=scene.agent, at=at, **same) for _ in range(2)]
    assert made[0] == made[1]
    assert ticket.events.filter(kind=EventKind.SPLIT).count() == TicketLink.objects.count() == 1


def test_only_what_customers_wrote_is_split(scene, ask, at):
    ticket, another = ask(), ask()
    inside = note(ticket=ticket, author=scene.agent, body="They pay late.", at=at)
    answer = say(ticket=ticket, author=scene.agent, body="We look.", at=at)
    elsewhere = hear(ticket=another, author=scene.customer, body="Hello.", at=at)
    given = {"ticket": ticket, "subject": "x", "severity": "P2", "actor": scene.agent, "at": at}
    for chosen, code in (
        ([inside], "split_internal"),
        ([answer], "split_internal"),
        ([elsewhere], "split_internal"),
        ([], "nothing_to_split"),
    ):
        with pytest.raises(Refused) as refused:
            split(messages=chosen, **given)
        assert refused.value.code == code
    assert Ticket.objects.count() == 2


# --- move to another organization


@pytest.fixture
def second(scene) -> Organization:
    """Another company of the same person, with a contract of its own."""
    organization = OrganizationFactory(name="Aster Cargo", slug="aster-cargo")
    ContactFactory(user=scene.customer, organization=organization)
    contract_for(organization, "two-tier", "enterprise")
    return organization


def test_a_moved_request_opens_there_under_that_contract_from_when_it_was_asked(scene, second, ask, at):
    ticket = ask("P2")
    hear(ticket=ticket, author=scene.customer, body="Still down.", at=at + timedelta(minutes=10))
    note(ticket=ticket, author=scene.agent, body="Wrong company?", at=at + timedelta(minutes=20))
    now = at + timedelta(hours=1)
    new = move_to_organization(
        ticket=ticket, to=second, actor=scene.lead, at=now, reason="They asked for Aster Cargo."
    )
    assert (new.organization, new.requester, new.submitted_at) == (second, scene.customer, at)
    assert new.plan.code == "enterprise" and new.contract.organization == second
    assert "Since 15:00." in new.description and "Still down." in new.description
    assert "Wrong company?" not in new.description
    assert all(clock.started_at == at for clock in new.clocks.all()) and new.clocks.exists()
    assert (ticket.status, ticket.clocks.get().state) == ("closed", "withdrawn")
    assert ticket.events.get(kind=EventKind.MOVED).data["into"] == new.pk
    [said] = new.messages.all()
    assert said.visibility == "internal" and f"#{ticket.pk}" in said.body
    assert DecisionRecord.objects.get(ticket=new).organization == second
    assert not list(verify())


def test_neither_organization_sees_the_others(scene, second, ask, at):
    first_only = ContactFactory(organization=scene.organization).user
    second_only = ContactFactory(organization=second).user
    ticket = ask()
    new = move_to_organization(ticket=ticket, to=second, actor=scene.lead, at=at, reason="Theirs.")
    assert list(Ticket.objects.visible_to(first_only, at)) == [ticket]
    assert list(Ticket.objects.visible_to(second_only, at)) == [new]
    assert linked(ticket, first_only, at) == linked(new, second_only, at) == []


def test_a_breach_stays_where_it_was_and_a_message_reopens_what_was_closed(scene, second, ask, at):
    ticket = ask("P1")
    due = ticket.clocks.get().due_at
    move_to_organization(
        ticket=ticket, to=second, actor=scene.lead, at=due + timedelta(hours=1), reason="Theirs."
    )
    assert ticket.clocks.get().state == "missed"
    assert ticket.events.get(kind=EventKind.BREACH).at == due
    hear(ticket=ticket, author=scene.customer, body="No, it is ours.", at=due + timedelta(hours=2))
    assert ticket.status == "open"
    assert not list(verify())


def test_what_can_not_be_moved_says_why(scene, second, ask, at):
    answered, others, joined, closed = ask(), ask(), ask(), ask()
    say(ticket=answered, author=scene.agent, body="We look.", at=at)
    colleague = ContactFactory(organization=scene.organization).user
    hear(ticket=others, author=colleague, body="Me too.", at=at)
    link(ticket=joined, to=others, kind=LinkKind.RELATED, actor=scene.agent, at=at)
    say(ticket=closed, author=scene.agent, body="Done.", at=at, then="closed")
    stranger = OrganizationFactory()
    contract_for(stranger, "two-tier", "enterprise")
    for ticket, to, reason, code in (
        (answered, second, "x", "move_answered"),
        (others, second, "x", "move_others_wrote"),
        (joined, second, "x", "move_has_links"),
        (closed, second, "x", "move_not_allowed"),
        (ask(), scene.organization, "x", "move_to_same"),
        (ask(), second, " ", "reason_missing"),
        (ask(), stranger, "x", "contact_not_authorised"),
    ):
        ticket.refresh_from_db()
        version, count = ticket.version, Ticket.objects.count()
        with pytest.raises(Refused) as refused:
            move_to_organization(ticket=ticket, to=to, actor=scene.lead, at=at, reason=reason)
        assert refused.value.code == code and refused.value.next_step
        ticket.refresh_from_db()
        assert (ticket.version, Ticket.objects.count()) == (version, count)
