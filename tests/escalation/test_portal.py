"""The customer's pages: the ladder, the button, the page that asks why."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.enums import Scope
from accounts.models import User
from notices.models import Notice
from notices.rendering import render_mail
from tests.escalation.conftest import FRIDAY, asked, scene_of
from tests.factories.accounts import ContactFactory, MandateFactory, PartnerFactory
from tests.tickets.conftest import utc
from tickets.actions import acknowledge, close_by_customer, end_escalation, escalate, sweep
from tickets.models import Escalation, Ticket

DUE = FRIDAY + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(FRIDAY + timedelta(minutes=5), tick=False) as moved:
        yield moved


@pytest.fixture
def ticket(scene) -> Ticket:
    return asked(scene)


@pytest.fixture
def customer(scene, ticket) -> Client:
    return browser(scene.customer)


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(ticket: Ticket) -> str:
    return f"/requests/{ticket.pk}/"


def asking(ticket: Ticket) -> str:
    return f"/requests/{ticket.pk}/escalate/"


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_the_customer_asks_and_sees_who_has_it(scene, customer, ticket):
    assert f'href="{asking(ticket)}"' in text_of(customer.get(page_of(ticket)))
    page = text_of(customer.get(asking(ticket)))
    assert "Your request goes to: Support team lead." in page
    ticket.refresh_from_db()
    form = {"reason": "Nobody answers.", "version": ticket.version}
    page = text_of(customer.post(asking(ticket), form, follow=True))
    assert "Your request is now with: Support team lead." in page
    assert "Escalated: with Support team lead" in page
    assert "next, unless acknowledged:" in page
    assert "Escalated to Support team lead" in page
    assert "Nobody answers." in page
    # Internal matters stay inside: who was told, and the role that heard.
    assert "Sofia Reyes" not in page


def test_acknowledged_and_ended_as_the_customer_reads_it(scene, customer, ticket, clock):
    escalate(ticket=ticket, actor=scene.agent, at=FRIDAY + timedelta(minutes=6), reason="They called.")
    acknowledge(ticket=ticket, actor=scene.manager, at=FRIDAY + timedelta(minutes=8))
    clock.move_to(FRIDAY + timedelta(minutes=10))
    page = text_of(customer.get(page_of(ticket)))
    assert "Ana Costa" in page
    assert "when it is asked for" in page
    assert "next, unless acknowledged:" not in page
    end_escalation(ticket=ticket, actor=scene.lead, at=FRIDAY + timedelta(minutes=9), reason="Agreed.")
    page = text_of(customer.get(page_of(ticket)))
    assert "Escalated: with" not in page
    assert "Escalation ended" in page


def test_a_double_click_is_one_level(scene, customer, ticket):
    form = {"reason": "Nobody answers.", "version": ticket.version}
    assert customer.post(asking(ticket), form).status_code == 302
    page = text_of(customer.post(asking(ticket), form), 409)
    assert "Nobody answers." in page
    assert Escalation.objects.get().level == 1


def test_without_a_reason_the_page_says_so(customer, ticket):
    page = text_of(customer.post(asking(ticket), {"reason": " "}), 422)
    assert "Write what is wrong" in page
    assert not Escalation.objects.exists()


def test_at_the_top_the_button_says_why_not(scene, customer, ticket, clock):
    for minutes in (1, 2, 3):
        escalate(ticket=ticket, actor=scene.agent, at=FRIDAY + timedelta(minutes=minutes), reason="x")
    page = text_of(customer.get(page_of(ticket)))
    assert "It is with Executive management already, the highest level." in page
    assert f'href="{asking(ticket)}"' not in page
    assert "Executive management" in text_of(customer.get(asking(ticket)), 409)


def test_a_plan_without_escalation_says_so_beside_the_dashed_button(db):
    scene = scene_of("enterprise", "nextplane")
    ticket = asked(scene, severity="P2", support_type="technical", at=utc(2026, 12, 4, 18))
    client = browser(scene.customer)
    page = text_of(client.get(page_of(ticket)))
    assert "Your plan has no escalation." in page
    assert 'aria-disabled="true" aria-describedby="no-lead"' in page
    form = {"reason": "Nobody answers."}
    for response in (client.get(asking(ticket)), client.post(asking(ticket), form)):
        assert "ask for a plan with escalation" in text_of(response, 403)


def test_a_solved_request_has_no_button(scene, customer, ticket):
    close_by_customer(ticket=ticket, actor=scene.customer, at=FRIDAY + timedelta(minutes=5))
    assert "Ask for a lead" not in text_of(customer.get(page_of(ticket)))
    assert customer.post(asking(ticket), {"reason": "x"}).status_code == 409


def test_the_wrong_people_and_verbs(scene, customer, ticket):
    assert browser(ContactFactory().user).get(asking(ticket)).status_code == 404
    assert browser(ContactFactory().user).post(asking(ticket), {"reason": "x"}).status_code == 404
    assert Client().get(asking(ticket)).status_code == 302
    assert customer.put(asking(ticket)).status_code == 405
    assert browser(scene.agent).post(asking(ticket)).status_code == 302
    partner = PartnerFactory()
    MandateFactory(partner=partner, organization=scene.organization, scope=Scope.READ)
    reader = browser(ContactFactory(organization=partner).user)
    assert reader.post(asking(ticket), {"reason": "x"}).status_code == 403
    assert "Ask for a lead" not in text_of(reader.get(page_of(ticket)))
    assert not Escalation.objects.exists()


def test_the_mails_say_it_in_their_readers_words(scene, ticket):
    sweep(at=DUE + timedelta(seconds=1))
    acknowledge(ticket=ticket, actor=scene.lead, at=DUE + timedelta(minutes=2))
    mails = {
        notice.event + notice.context.get("kind", ""): render_mail(notice) for notice in Notice.objects.all()
    }
    duty = mails["escalated"]
    assert duty.subject == f"Escalated to you: [#{ticket.pk}] Invoice run stops"
    assert "level 1: Support team lead" in duty.body
    assert "A promise was missed: the first response." in duty.body
    # 20:30 UTC and four hours, in Berlin.
    assert "Acknowledge it by Sat 5 Dec, 01:30." in duty.body
    assert "Your request is now with: Support team lead." in mails["escalation_newsescalated"].body
    assert "Sofia Reyes has acknowledged your request." in mails["escalation_newsacknowledged"].body
    for mail in mails.values():
        assert "{" not in mail.body
        assert mail.alternatives


def test_your_support_says_when_each_level_comes(customer):
    page = text_of(customer.get("/your-support/"))
    assert 'Support team lead<br><span class="muted">when it is asked for, or a promise is missed<' in page
    assert page.count("4 h after that, unless acknowledged") == 2
