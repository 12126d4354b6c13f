"""It got worse: how far it reaches is kept, support hears at once, and the severity rises where it may."""

from __future__ import annotations

import uuid

import pytest

from notices.models import Notice
from tests.desk.conftest import contract_for
from tests.factories.accounts import ContactFactory
from tickets.actions import Submission, assign, close_by_customer, confirm_severity, report_worse, say, submit
from tickets.enums import EventKind, Side
from tickets.models import Ticket

QUEUE = "/admin/tickets/ticket/"


def _worse(ticket: Ticket) -> str:
    return f"/requests/{ticket.pk}/worse/"


def _said(**fields: object) -> dict[str, object]:
    return {"reason": "Two wards now", "severity": "P1", "client_key": str(uuid.uuid4())} | fields


def _told(event: str = "worse") -> list[str]:
    return sorted(Notice.objects.filter(event=event).values_list("to_email", flat=True))


@pytest.mark.django_db
def test_it_asks_what_changed_and_stores_it_beside_the_old_answers(customer, ticket, scene, at) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(impact={"users_affected": 3, "lost": "Chat"})
    page = customer.get(_worse(ticket)).content.decode()
    assert 'value="3"' in page and "Nobody can use the service" in page and "Such as:" in page
    assert 'value="P1"' in page and 'value="P3"' not in page and "As bad as before: P2" in page
    assert customer.post(_worse(ticket), _said(users_affected="300")).status_code == 302
    ticket.refresh_from_db()
    assert ticket.severity == "P1" and ticket.impact == {"users_affected": 300, "lost": "Chat"}
    event = ticket.events.get(kind=EventKind.SEVERITY)
    assert (event.actor, event.data["impact"]) == (scene.customer, {"users_affected": 300})
    assert "300 people affected" in customer.get(f"/requests/{ticket.pk}/").content.decode()


@pytest.mark.django_db
def test_support_is_told_at_once_whoever_works_on_it(customer, ticket, scene, at) -> None:
    customer.post(_worse(ticket), _said())
    assert _told() == [scene.lead.email]
    ticket.refresh_from_db()
    assign(ticket=ticket, actor=scene.lead, to=scene.agent, at=at)
    customer.post(_worse(ticket), _said(severity=""))
    assert _told() == sorted([scene.lead.email, scene.agent.email])
    scene.agent.is_active = False
    scene.agent.save()
    customer.post(_worse(ticket), _said(severity=""))
    assert _told().count(scene.lead.email) == 2


@pytest.mark.django_db
def test_the_worst_may_be_reported_and_changes_no_severity(customer, ask, scene) -> None:
    ticket = ask(severity="P1")
    assert "It has the most severe step already" in customer.get(_worse(ticket)).content.decode()
    due = ticket.clocks.get().due_at
    customer.post(_worse(ticket), _said(users_affected="900"))
    event = ticket.events.get(kind=EventKind.DETAILS)
    assert (
        event.data["worse"]
        and event.data["impact"] == {"users_affected": 900}
        and event.side == Side.CUSTOMER
    )
    assert ticket.clocks.get().due_at == due and not ticket.events.filter(kind=EventKind.SEVERITY).exists()
    assert "It got worse" in customer.get(f"/requests/{ticket.pk}/").content.decode() and _told()


@pytest.mark.django_db
def test_sent_twice_it_is_said_once(customer, ticket) -> None:
    said = _said()
    customer.post(_worse(ticket), said)
    answer = customer.post(_worse(ticket), said)
    assert answer.status_code == 302
    report_worse(
        ticket=ticket,
        actor=ticket.requester,
        at=ticket.last_event_at,
        reason="Again",
        client_key=uuid.UUID(str(said["client_key"])),
    )
    assert ticket.events.filter(side=Side.CUSTOMER).exclude(kind=EventKind.SUBMIT).count() == 1


@pytest.mark.django_db
def test_a_page_of_before_is_told_so_and_loses_nothing(customer, ticket) -> None:
    customer.post(_worse(ticket), _said())
    late = customer.post(_worse(ticket), _said(reason="Me too"))
    ticket.refresh_from_db()
    assert late.status_code == 302 and ticket.events.filter(data__worse=True).count() == 1
    close_by_customer(ticket=ticket, actor=ticket.requester, at=ticket.last_event_at)
    closed = customer.post(_worse(ticket), _said(reason="Still bad"))
    assert closed.status_code == 409 and "Still bad" in closed.content.decode()


@pytest.mark.django_db
def test_where_support_sets_the_severity_the_customer_reports_and_support_decides(
    browser_of, now, at, scene
) -> None:
    contact = ContactFactory(organization__name="Disks")
    contract_for(contact.organization, "nexraid", "paid")
    ticket = submit(
        person=contact.user, organization=contact.organization, submission=Submission(subject="Array"), at=at
    )
    assert ticket.plan.severity_rule == "support"
    window = browser_of(contact.user)
    page = window.get(_worse(ticket)).content.decode()
    assert "support sets the severity" in page and 'name="severity"' not in page
    assert window.post(_worse(ticket), _said(severity="high")).status_code == 302
    before = ticket.severity
    ticket.refresh_from_db()
    assert ticket.severity == before and ticket.events.filter(data__worse=True).exists()


@pytest.mark.django_db
def test_the_queue_marks_it_until_support_has_read_it(customer, ticket, agent, scene, at) -> None:
    customer.post(_worse(ticket), _said())
    ticket.refresh_from_db()
    assert ticket.severity_confirmed_at is None
    assert "Got worse" in agent.get(QUEUE).content.decode()
    confirm_severity(ticket=ticket, actor=scene.agent, at=at.replace(minute=5))
    assert "Got worse" not in agent.get(QUEUE).content.decode()


@pytest.mark.django_db
def test_answers_suggest_a_severity_with_and_without_scripts(browser_of, now, at, scene) -> None:
    contact = ContactFactory(organization__name="Ward", access_id="W-1")
    contract_for(contact.organization, "office-365", "cloud-vantage")
    asked = Submission(subject="Mail", severity="C", impact={"users_affected": 1})
    ticket = submit(person=contact.user, organization=contact.organization, submission=asked, at=at)
    window = browser_of(contact.user)
    answers = {"reason": "More", "can_sign_in": "no", "users_affected": "40", "work_out": "1"}
    plain = window.post(_worse(ticket), answers).content.decode()
    assert "We suggest A." in plain and "More</textarea>" in plain and 'value="40"' in plain
    part = window.post(_worse(ticket), answers, headers={"hx-request": "true"}).content.decode()
    assert "We suggest A." in part and "<html" not in part
    assert not ticket.events.exclude(kind=EventKind.SUBMIT).exists()

    form = window.post(
        "/requests/new/", {"subject": "x", "can_sign_in": "no", "users_affected": "1", "work_out": "1"}
    ).content.decode()
    assert "We suggest B." in form and "Production, operations" in form


@pytest.mark.django_db
def test_who_only_reads_may_not_report_it(
    browser_of, reading_partner, other_customer, ticket, scene, at
) -> None:
    assert browser_of(reading_partner).post(_worse(ticket), _said()).status_code == 403
    assert browser_of(other_customer).post(_worse(ticket), _said()).status_code == 404
    assert browser_of(scene.agent).post(_worse(ticket), _said()).status_code == 302
    say(ticket=ticket, author=scene.agent, body="x", at=at)
    assert not ticket.events.filter(side=Side.CUSTOMER).exclude(kind=EventKind.SUBMIT).exists()
