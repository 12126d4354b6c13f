"""Work at a rate that was accepted: logged, charged, read by both; and a promise noted as out of scope."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import ContactFactory, OrganizationFactory
from tests.tickets.conftest import contract_for, scene, utc  # noqa: F401 - fixtures
from tickets.actions import sweep
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_accepted_worked_and_charged(scene, sign_in, clock):  # noqa: F811
    partner = ContactFactory(user__name="Noa Weiss", organization__name="Harrow Terminals")
    contract_for(partner.organization, "nextplane", "startup", sponsor=OrganizationFactory())
    customer = sign_in(partner.user.email)
    ticket = _asks(customer)
    assert ticket.rate_code == "sponsored_partner"
    expect(customer.locator("main")).to_contain_text("Nothing is charged so far.")

    # Tuesday noon in Los Angeles; the request of Monday 10:00 there is overdue since 14:00.
    clock.move(utc(2026, 12, 1, 20))
    sweep(at=clock.at)
    agent = sign_in(scene.agent.email)
    agent.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    _logs(agent, "1h20m", "Compared both certificates")
    expect(agent.locator("section:has(#h-work)")).to_contain_text("so far 1 h 20 min, USD 500.00.")

    customer.reload()
    expect(customer.locator("aside")).to_contain_text("so far 1 h 20 min, USD 500.00.")
    customer.get_by_role("link", name="Statement of charges").first.click()
    expect(customer.locator("article")).to_contain_text("USD 500.00")
    expect(customer.locator("article")).to_contain_text("Compared both certificates")
    agent.goto(f"/admin/accounts/organization/{partner.organization_id}/charges/")
    expect(agent.locator("article")).to_contain_text("1 h 20 min counted, 2 h charged.")

    _excludes(agent, ticket)
    _objects(customer, ticket)
    lead = sign_in(scene.lead.email)
    lead.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    lead.fill("section:has(#h-scope) textarea[name=words-reason]", "Your log shows it was down.")
    lead.get_by_role("button", name="Uphold the exclusion").click()
    customer.goto("/support/statement/?month=2026-11")
    expect(customer.locator("article")).to_contain_text("Missed, excluded")
    expect(customer.locator("article")).to_contain_text("you objected, and support upheld it")


def _asks(page) -> Ticket:
    page.goto("/requests/new/")
    page.fill("input[name=subject]", "No messages from our sponsor")
    page.fill("textarea[name=description]", "None since Monday.")
    page.check("input[name=severity][value=P1]")
    page.check("input[name=accepts_rate]")
    page.click("#submit-main")
    page.wait_for_url(re.compile(r"/requests/\d+/"))
    return Ticket.objects.get()


def _logs(page, length: str, text: str) -> None:
    panel = page.locator("section:has(#h-work)")
    panel.get_by_text("Log work", exact=True).click()
    panel.locator("input[name=work-length]").fill(length)
    panel.locator("input[name=work-text]").fill(text)
    panel.locator("input[name=work-is_billable]").check()
    panel.get_by_role("button", name="Log it").click()


def _excludes(page, ticket: Ticket) -> None:
    page.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    panel = page.locator("section:has(#h-scope)")
    panel.get_by_text("Note an exclusion", exact=True).click()
    # The text is filled with the words of the exclusion that is chosen.
    expect(panel.locator("textarea[name=exclude-text]")).to_have_value(re.compile("negligence"))
    panel.locator("select[name=exclude-code]").select_option("no-cooperation")
    expect(panel.locator("textarea[name=exclude-text]")).to_have_value(re.compile("logs"))
    panel.locator("textarea[name=exclude-text]").fill("Your gateway was down.")
    panel.locator("select[name=exclude-code]").select_option("customer-cause")
    expect(panel.locator("textarea[name=exclude-text]")).to_have_value("Your gateway was down.")
    panel.get_by_role("button", name="Note it").click()
    expect(page.locator("section:has(#h-scope)")).to_contain_text("Your gateway was down.")


def _objects(page, ticket: Ticket) -> None:
    page.goto(f"/requests/{ticket.pk}/")
    page.get_by_role("link", name="Object", exact=True).click()
    page.fill("textarea[name=reason]", "It was up.")
    page.get_by_role("button", name="Send the objection").click()
    expect(page.locator("section:has(#h-scope)")).to_contain_text("Support looks at your objection")
