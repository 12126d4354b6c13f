"""The back office: the ticket page's panel, the list of open escalations, duties and absences."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Absence, User
from tests.escalation.conftest import FRIDAY, asked, away
from tests.factories.accounts import StaffFactory
from tickets.actions import acknowledge, escalate, sweep
from tickets.models import Duty, Escalation, Ticket

LIST = "/admin/tickets/escalation/"
DUE = FRIDAY + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def clock():
    """It is an hour after the promise ran out."""
    with time_machine.travel(DUE + timedelta(hours=1), tick=False) as moved:
        yield moved


@pytest.fixture
def ticket(scene) -> Ticket:
    ticket = asked(scene)
    sweep(at=DUE + timedelta(minutes=1))
    return ticket


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(ticket: Ticket) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/change/"


def verb_of(ticket: Ticket, verb: str) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/do/{verb}/"


def text_of(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_ticket_page_shows_the_ladder_and_who_heard(scene, ticket):
    page = text_of(browser(scene.agent).get(page_of(ticket)))
    for words in (
        "Support team lead",
        "Department manager",
        "told: Sofia Reyes",
        "Acknowledge as Support team lead",
    ):
        assert words in page
    assert "Escalate to Department manager" in page


def test_acknowledge_escalate_and_end_by_their_buttons(scene, ticket):
    client = browser(scene.agent)
    response = client.post(verb_of(ticket, "acknowledge"), {"level": "1"}, follow=True)
    assert "the customer is told" in text_of(response)
    step = Escalation.objects.get().steps.get()
    assert step.acknowledged_by == scene.agent
    client.post(verb_of(ticket, "escalate"), {"reason-reason": "They call again."})
    assert Escalation.objects.get().level == 2
    response = client.post(verb_of(ticket, "acknowledge"), {"level": "1"}, follow=True)
    assert "gone on to Department manager" in text_of(response)
    response = client.post(verb_of(ticket, "end_escalation"), {"reason-reason": ""}, follow=True)
    assert "needs a reason" in text_of(response)
    client.post(verb_of(ticket, "end_escalation"), {"reason-reason": "Agreed by phone."})
    assert Escalation.objects.get().ended_why == "Agreed by phone."
    page = text_of(client.get(page_of(ticket)))
    assert "none is open" in page
    assert "Escalation ended" in page


@pytest.mark.parametrize("verb", ["escalate", "acknowledge", "end_escalation"])
def test_the_buttons_are_for_those_who_work_on_requests(scene, ticket, verb):
    auditor = browser(StaffFactory(role=Role.AUDITOR))
    assert auditor.post(verb_of(ticket, verb), {"reason-reason": "x"}).status_code == 403
    assert browser(scene.agent).get(verb_of(ticket, verb)).status_code == 405
    assert browser(scene.customer).post(verb_of(ticket, verb)).status_code in (302, 404)
    assert Client().post(verb_of(ticket, verb)).status_code == 302
    escalation = Escalation.objects.get()
    assert (escalation.level, escalation.ended_at) == (1, None)
    page = text_of(auditor.get(page_of(ticket)))
    assert "Support team lead" in page
    assert "Acknowledge as" not in page


def test_the_list_has_what_waits_first_and_says_what_is_overdue(scene, ticket, clock):
    other = asked(scene, subject="Second one")
    escalate(ticket=other, actor=scene.agent, at=DUE + timedelta(minutes=40), reason="They called.")
    acknowledge(ticket=ticket, actor=scene.lead, at=DUE + timedelta(minutes=50))
    third = asked(scene, subject="Third one", at=FRIDAY + timedelta(minutes=5))
    escalate(ticket=third, actor=scene.agent, at=DUE + timedelta(minutes=41), reason="x")
    page = text_of(browser(scene.agent).get(LIST))
    assert page.index("Second one") < page.index("Third one") < page.index("Invoice run stops")
    assert "t-missed" not in page
    clock.move_to(DUE + timedelta(hours=30))
    assert "t-missed" in text_of(browser(scene.agent).get(LIST))


def test_the_list_costs_the_same_for_one_and_for_three_and_has_pages(scene, ticket, monkeypatch):
    client = browser(scene.agent)
    client.get(LIST)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            other = asked(scene)
            escalate(ticket=other, actor=scene.agent, at=DUE, reason="x")
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    monkeypatch.setattr("tickets.admin.escalation.PAGE_SIZE", 2)
    first = text_of(client.get(LIST))
    assert first.count("#escalation") == 2
    later = first.split('rel="next" href="')[1].split('"')[0]
    second = text_of(client.get(LIST + later))
    assert second.count("#escalation") == 1
    assert 'rel="prev"' in second


def test_the_list_is_for_staff(scene, ticket):
    assert browser(scene.customer).get(LIST).status_code in (302, 404)
    assert Client().get(LIST).status_code == 302
    assert browser(scene.agent).post(LIST).status_code == 405
    assert browser(StaffFactory(role=Role.POLICY_EDITOR)).get(LIST).status_code == 403
    assert 'href="/admin/tickets/escalation/"' in text_of(browser(scene.agent).get(page_of(ticket)))


def test_the_list_says_who_hears_now_and_where_nobody_is_there(scene):
    page = text_of(browser(scene.lead).get(LIST))
    # jumpcloud-msp has a level, and nobody is named for it.
    assert "Nobody has this duty: the leads hear of it." in page
    away(scene.manager, DUE, DUE + timedelta(days=2), deputy=scene.agent)
    away(scene.executive, DUE, DUE + timedelta(days=2))
    page = text_of(browser(scene.lead).get(LIST))
    assert "Idris Bell (for Ana Costa)" in page
    assert "Nobody with this duty is there: others hear of it." in page


@pytest.mark.parametrize(("role", "status"), [(Role.AGENT, 403), (Role.LEAD, 200), (Role.MANAGER, 200)])
def test_leads_and_managers_change_duties_and_absences(scene, role, status):
    client = browser(StaffFactory(role=role))
    for page in ("/admin/tickets/duty/add/", "/admin/accounts/absence/add/"):
        assert client.get(page).status_code == status
    duty = Duty.objects.first()
    assert client.get(f"/admin/tickets/duty/{duty.pk}/delete/").status_code == status


def test_a_duty_and_an_absence_by_their_forms(scene):
    client = browser(scene.lead)
    page = text_of(client.get("/admin/tickets/duty/add/"))
    assert "Every policy that names nobody" in page
    assert "Ines Moreau" not in page
    client.post("/admin/tickets/duty/add/", {"policy": "", "level": "1", "person": scene.agent.pk})
    assert Duty.objects.get(policy=None).person == scene.agent
    form = {
        "person": scene.lead.pk,
        "deputy": scene.lead.pk,
        "from_at": "2026-12-05T10:00",
        "until_at": "2026-12-05T09:00",
    }
    page = text_of(client.post("/admin/accounts/absence/add/", form))
    assert "This end lies before the beginning" in page
    assert "Somebody else stands in" in page
    client.post(
        "/admin/accounts/absence/add/", form | {"deputy": scene.agent.pk, "until_at": "2026-12-06T09:00"}
    )
    assert Absence.objects.get().deputy == scene.agent
