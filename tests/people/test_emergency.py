"""An unlisted person in an emergency, and a portal out of reach: helped at once, told nothing at first."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core import mail
from django.test import Client

from accounts.enums import Sees
from accounts.models import Contact, User
from accounts.standing import standing_of
from notices.outbox import send_due
from tests.factories.accounts import ContactFactory
from tickets import actions
from tickets.models import DecisionRecord, Ticket, TicketEvent

ADD = "/admin/tickets/ticket/add/"
SECRET = "The certificate of the gateway ran out."


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def desk(scene, browse, now) -> Client:
    return browse(scene.agent)


def call(**changes):
    fields = {
        "caller_name": "Noor Said",
        "caller_phone": "+1 212 555 0142",
        "caller_email": "Noor@mail.example",
        "support_type": "technical",
        "subject": "Nobody can send",
        "description": "Since noon.",
        "channel": "phone",
        "severity": "P1",
        "client_key": str(uuid.uuid4()),
    }
    return fields | changes


@pytest.fixture
def ticket(desk, scene) -> Ticket:
    answer = desk.post(f"{ADD}?emergency={scene.organization.pk}", call())
    assert answer.status_code == 302, html(answer)
    return Ticket.objects.get()


def verb(desk, ticket, name, **fields):
    return desk.post(f"/admin/tickets/ticket/{ticket.pk}/do/{name}/", fields, follow=True)


def mails_to(address: str) -> list:
    return [message for message in mail.outbox if message.to == [address]]


def test_staff_find_the_way_and_open_it_at_once(desk, scene):
    assert "Unlisted person in an emergency" in html(desk.get(ADD))
    assert "Aster Freight" in html(desk.get(f"{ADD}?emergency=&who=aster"))
    page = html(desk.get(f"{ADD}?emergency={scene.organization.pk}"))
    assert "Who asks" in page and "disclose nothing" in page
    bad = desk.post(f"{ADD}?emergency={scene.organization.pk}", call(caller_phone="", caller_email=""))
    assert bad.status_code == 400 and "to reach them" in html(bad) and "Nobody can send" in html(bad)
    assert not Ticket.objects.exists()


def test_it_is_marked_and_its_person_has_neither_login_nor_standing(ticket, scene, at):
    assert (ticket.unverified_reason, ticket.channel, ticket.is_unverified) == ("emergency", "phone", True)
    assert DecisionRecord.objects.get(ticket=ticket).code == "emergency_contact"
    assert ticket.clocks.filter(metric="first_response").exists()
    person = User.objects.get(email="noor@mail.example")
    assert not person.has_usable_password() and standing_of(person, at).organization_ids == set()
    assert not Ticket.objects.visible_to(person, at).exists()


def test_nothing_is_disclosed_before_the_verification(desk, ticket, scene, at):
    actions.say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    told = mails_to("noor@mail.example")
    assert len(told) == 2
    for message in told:
        text = message.subject + message.body + message.alternatives[0][0]
        assert SECRET not in text and "Nobody can send" not in text and "Aster" not in text
        assert "We work on" in text
    person = Client()
    person.force_login(ticket.requester, backend="django.contrib.auth.backends.ModelBackend")
    assert person.get(f"/requests/{ticket.pk}/").status_code == 404
    assert "Nobody can send" not in html(person.get("/requests/")) + html(person.get("/"))


def test_a_named_contact_is_brought_in_then_the_verification_recorded(desk, ticket, scene, at):
    page = html(desk.get(f"/admin/tickets/ticket/{ticket.pk}/change/"))
    assert "Disclose nothing yet" in page and "Noor Said" in page
    early = verb(desk, ticket, "verify", **{"reason-reason": "Called back"})
    assert "Bring in a contact of the organization first" in html(early)
    mine = Contact.objects.get(user=scene.customer)
    assert "is brought in" in html(verb(desk, ticket, "bring_in", **{"bring_in-contact": mine.pk}))
    assert "A reason is missing" in html(verb(desk, ticket, "verify", **{"reason-reason": " "}))
    done = html(verb(desk, ticket, "verify", **{"reason-reason": "Maya knows her"}))
    assert "it is known who asked" in done and "Disclose nothing yet" not in done
    ticket.refresh_from_db()
    assert (ticket.verified_at, ticket.verified_by, ticket.named_contact) == (at, scene.agent, mine)
    kinds = list(ticket.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["submit", "named", "verified"]
    assert TicketEvent.objects.get(kind="verified").data == {"reason": "Maya knows her"}
    actions.say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    assert SECRET in mails_to("noor@mail.example")[-1].body
    assert SECRET in mails_to(scene.customer.email)[-1].body
    assert "Noor Said asked us for Aster Freight" in mails_to(scene.customer.email)[0].body
    again = verb(desk, ticket, "verify", **{"reason-reason": "twice"})
    assert "Nothing is to be verified here" in html(again)


def test_the_named_contact_reads_everything_meanwhile_even_with_little_sight(desk, ticket, scene, at):
    narrow = ContactFactory(
        organization=scene.organization, is_administrator=False, sees=Sees.OWN, user__name="Tom Lindgren"
    )
    assert not Ticket.objects.visible_to(narrow.user, at).exists()
    verb(desk, ticket, "bring_in", **{"bring_in-contact": narrow.pk})
    assert Ticket.objects.visible_to(User.objects.get(pk=narrow.user_id), at).exists()
    actions.say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    assert SECRET in mails_to(narrow.user.email)[-1].body
    assert all(SECRET not in message.body for message in mails_to("noor@mail.example"))
    theirs = Client()
    theirs.force_login(narrow.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "Tom Lindgren was brought in" in html(theirs.get(f"/requests/{ticket.pk}/"))


def test_not_verified_the_request_is_closed_to_who_asked(desk, ticket, scene, at):
    send_due(at)
    before = len(mails_to("noor@mail.example"))
    page = html(verb(desk, ticket, "shut_out", **{"reason-reason": "Nobody there knows her"}))
    assert "Closed to who asked" in page
    actions.say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    assert len(mails_to("noor@mail.example")) == before
    customer = Client()
    customer.force_login(scene.customer, backend="django.contrib.auth.backends.ModelBackend")
    page = html(customer.get(f"/requests/{ticket.pk}/"))
    assert SECRET in page and "Nobody there knows her" not in page


def test_a_contact_of_another_organization_is_never_brought_in(desk, ticket, other_customer, at):
    foreign = Contact.objects.get(user=other_customer)
    assert "Choose a contact" in html(verb(desk, ticket, "bring_in", **{"bring_in-contact": foreign.pk}))
    with pytest.raises(actions.Refused) as refused:
        actions.bring_in(ticket=ticket, contact=foreign, actor=other_customer, at=at)
    assert refused.value.code == "contact_not_authorised"


def test_a_caller_without_an_address_is_helped_and_mailed_nothing(desk, scene, at):
    fields = call(caller_email="")
    for _ in range(2):
        desk.post(f"{ADD}?emergency={scene.organization.pk}", fields)
    ticket = Ticket.objects.get()
    assert re.fullmatch(r"[0-9a-f]{32}@unlisted\.invalid", ticket.requester.email)
    assert ticket.requester.phone == "+1 212 555 0142"
    assert send_due(at) == {"sent": 0, "failed": 0}


def test_who_is_known_already_is_no_unlisted_person(desk, scene):
    for email, words in (
        (scene.customer.email, "is a contact of this organization"),
        (scene.lead.email, "works for support"),
    ):
        answer = desk.post(f"{ADD}?emergency={scene.organization.pk}", call(caller_email=email))
        assert answer.status_code == 409 and words in html(answer) and "Nobody can send" in html(answer)
    assert not Ticket.objects.exists()


def test_a_plan_without_emergency_contacts_says_what_to_do(desk, scene, contract_for_other):
    page = html(desk.get(f"{ADD}?emergency={contract_for_other.pk}"))
    assert "contact_not_authorised" in page and "Who asks" not in page


@pytest.fixture
def contract_for_other(db):
    from tests.tickets.conftest import contract_for

    contact = ContactFactory(organization__name="Calder Press", user__name="Jo Calder")
    contract_for(contact.organization, "jumpcloud-msp", "standard")
    return contact.organization


def test_out_of_reach_of_the_portal_any_channel_is_open_and_nothing_is_said(
    desk, contract_for_other, scene, at
):
    contact = contract_for_other.contacts.get()
    address = f"{ADD}?contact={contact.pk}"
    assert "The portal is out of reach" in html(desk.get(address))
    fields = {
        "subject": "Nobody can send",
        "description": "Since noon.",
        "category": "other",
        "contact_from": "09:00",
        "contact_to": "12:00",
        "severity": "S1",
        "channel": "phone",
        "client_key": str(uuid.uuid4()),
    }
    refused = desk.post(address, fields)
    assert refused.status_code == 409 and "channel_not_in_plan" in html(refused)
    assert desk.post(address, fields | {"is_extraordinary": "on"}).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.unverified_reason, ticket.named_contact) == ("extraordinary", contact)
    actions.say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    assert all(SECRET not in message.body for message in mails_to(contact.user.email))
    verb(desk, ticket, "verify", **{"reason-reason": "Called back on the number on file"})
    actions.say(ticket=ticket, author=scene.agent, body=SECRET, at=at)
    send_due(at)
    assert SECRET in mails_to(contact.user.email)[-1].body


def test_customers_can_not_reach_these_verbs(ticket, other_customer, scene):
    for person in (scene.customer, other_customer):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for name in ("bring_in", "verify", "shut_out"):
            address = f"/admin/tickets/ticket/{ticket.pk}/do/{name}/"
            assert client.post(address, {"reason-reason": "x"}).status_code in (302, 403)
            assert client.get(address).status_code in (302, 403)
    ticket.refresh_from_db()
    assert ticket.is_unverified and ticket.shut_out_at is None


def test_other_methods_are_refused(desk, ticket):
    for name in ("bring_in", "verify", "shut_out"):
        assert desk.get(f"/admin/tickets/ticket/{ticket.pk}/do/{name}/").status_code == 405


def test_the_queue_marks_what_is_not_verified_yet(desk, ticket):
    page = "/admin/tickets/ticket/"
    assert "Not verified yet" in html(desk.get(page))
    Ticket.objects.update(unverified_reason="")
    assert "Not verified yet" not in html(desk.get(page))
