"""How bad it is, in a browser: suggested, chosen, corrected, then worse; both sides see it move."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import ContactFactory, StaffFactory
from tests.factories.plans import ContractFactory
from tests.tickets.conftest import utc
from tickets.enums import EventKind
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def contact(db):
    """A named contact of Office 365, whose terms ask for the impact; the office never closes."""
    contact = ContactFactory(organization__name="Tallis Energy", user__name="Ruth Tallis", access_id="T-1")
    ContractFactory(organization=contact.organization, policy="office-365", plan_code="cloud-vantage")
    return contact


def test_a_severity_from_the_answers_to_the_worst(contact, sign_in, clock):
    customer, agent = sign_in(contact.user.email), sign_in(StaffFactory(name="Idris Bell").email)
    ticket = _asks_and_is_suggested_b(customer)
    assert ticket.clocks.get().due_at == utc(2026, 11, 30, 20, 0)

    clock.forward(minutes=30)
    _corrects_to_c(agent, ticket)
    assert ticket.clocks.get().due_at == utc(2026, 11, 30, 22, 0)
    customer.goto(f"/requests/{ticket.pk}/")
    expect(customer.locator("main")).to_contain_text("Severity B became C")
    expect(customer.locator("main")).to_contain_text("One person, and a way around it.")
    expect(customer.locator(".promise").first).to_contain_text("Today, Mon 30 Nov, 17:00")

    clock.forward(minutes=30)
    _reports_worse(customer, ticket)
    # An hour from now is earlier than what was promised before.
    assert ticket.clocks.get().due_at == utc(2026, 11, 30, 20, 0)
    expect(customer.locator(".promise").first).to_contain_text("Today, Mon 30 Nov, 15:00")
    expect(customer.locator("main")).to_contain_text("40 people affected")

    _reads_and_confirms(agent, ticket)
    customer.reload()
    expect(customer.locator("main")).to_contain_text("A confirmed")
    kinds = [EventKind.SEVERITY, EventKind.SEVERITY, EventKind.CONFIRMED]
    assert list(ticket.events.values_list("kind", flat=True).order_by("pk"))[1:] == kinds


def _asks_and_is_suggested_b(page) -> Ticket:
    page.goto("/requests/new/")
    page.fill("input[name=subject]", "Mail can't be reached")
    page.fill("textarea[name=description]", "Since noon.")
    page.check("input[name=can_sign_in][value=no]")
    page.fill("input[name=users_affected]", "1")
    expect(page.locator("#suggestion")).to_contain_text("We suggest B.")
    expect(page.locator("label.opt", has_text="(high)")).to_contain_text("Such as:")
    page.check("input[name=severity][value=B]")
    expect(page.locator("#submit-main")).to_have_text("Submit as B")
    page.click("#submit-main")
    page.wait_for_url(re.compile(r"/requests/\d+/"))
    expect(page.locator(".promise").first).to_contain_text("Today, Mon 30 Nov, 15:00")
    return Ticket.objects.get()


def _corrects_to_c(page, ticket: Ticket) -> None:
    page.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    page.get_by_text("Change the severity").first.click()
    page.select_option("select[name=severity-to]", "C")
    page.check("input[name=severity-how][value=corrected]")
    page.fill("textarea[name=severity-reason]", "One person, and a way around it.")
    page.locator("form[action$='/do/severity/'] button[type=submit]").click()
    expect(page.locator(".conv")).to_contain_text("B became C, corrected")


def _reports_worse(page, ticket: Ticket) -> None:
    page.locator(f"a[href$='/requests/{ticket.pk}/worse/']").first.click()
    expect(page.locator("input[name=users_affected]")).to_have_value("1")
    page.fill("textarea[name=reason]", "The whole ward now.")
    page.fill("input[name=users_affected]", "40")
    expect(page.locator("#suggestion")).to_contain_text("We suggest A.")
    page.check("input[name=severity][value=A]")
    page.get_by_role("button", name="Tell support").click()
    page.wait_for_url(re.compile(r"/requests/\d+/$"))


def _reads_and_confirms(page, ticket: Ticket) -> None:
    page.goto("/admin/tickets/ticket/")
    row = page.locator("tr[data-row]", has_text=ticket.subject)
    expect(row).to_contain_text("Got worse")
    row.locator("a.q-sub").click()
    expect(page.locator(".conv")).to_contain_text("C became A, it got worse · 40 people affected")
    expect(page.locator("main, .ticket").first).to_contain_text("21:00")
    page.get_by_role("button", name="Confirm").first.click()
    expect(page.locator("header.thead")).to_contain_text("confirmed")
    page.goto("/admin/tickets/ticket/")
    expect(page.locator("tr[data-row]", has_text=ticket.subject)).not_to_contain_text("Got worse")
