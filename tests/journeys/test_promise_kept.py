"""The main job, end to end, in a browser: asked, promised, kept, slipped, closed, reopened, followed up."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.tickets.conftest import ask, contract_for, scene, utc  # noqa: F401 - fixtures
from tickets.actions import sweep
from tickets.enums import EventKind
from tickets.models import Clock, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_promise_from_the_request_to_its_follow_up(scene, sign_in, clock):  # noqa: F811
    customer = sign_in(scene.customer.email)
    ticket = _asks_at_p2(customer)
    assert ticket.clocks.get().due_at == utc(2026, 12, 1, 22, 0)

    clock.forward(hours=2)
    agent = sign_in(scene.agent.email)
    _answers(agent, ticket)
    first = ticket.clocks.get(metric="first_response")
    assert (first.state, first.met_at) == ("met", clock.at)
    update_due = ticket.clocks.get(metric="next_update").due_at
    customer.goto(f"/requests/{ticket.pk}/")
    expect(customer.locator("main")).to_contain_text("We found the cause.")
    expect(customer.locator("main")).to_contain_text("Next news")

    clock.move(update_due)
    assert sweep(at=clock.at)["breached"] == 0
    clock.forward(hours=30)
    assert sweep(at=clock.at)["breached"] == 1
    breach = ticket.events.get(kind=EventKind.BREACH)
    assert (breach.at, breach.data["metric"]) == (update_due, "next_update")
    customer.reload()
    expect(customer.locator("main")).to_contain_text("Missed by")

    _closes(customer, ticket)
    closed_at = clock.at
    clock.forward(days=13)
    _reopens(customer, ticket)
    _closes(customer, ticket)
    assert Ticket.objects.get(pk=ticket.pk).closed_at == clock.at > closed_at

    clock.forward(days=14, seconds=1)
    customer.goto(f"/requests/{ticket.pk}/reopen/")
    expect(customer.locator("main")).to_contain_text("more than 14 days ago")
    _follows_up(customer, ticket)


def _asks_at_p2(page) -> Ticket:
    page.goto("/requests/new/")
    page.fill("input[name=subject]", "Messages to Hanse Terminals stopped arriving")
    page.fill("textarea[name=description]", "Since 15:00 nobody receives **anything**.")
    page.check("input[name=severity][value=P2]")
    # The promise stands there before anything is sent: 22:00 UTC is 17:00 in New York.
    expect(page.locator("#preview")).to_contain_text("Tue 1 Dec, 17:00")
    page.click("#submit-main")
    page.wait_for_url(re.compile(r"/requests/\d+/"))
    expect(page.locator("main h1")).to_have_text("Messages to Hanse Terminals stopped arriving")
    expect(page.locator(".promise").first).to_contain_text("Tomorrow, Tue 1 Dec, 17:00")
    expect(page.locator(".promise").first).to_contain_text("14:00 in Los Angeles")
    expect(page.locator(".promise svg.ribbon").first).to_be_visible()
    expect(page.locator(".promise .steps--counted").first).to_be_attached()
    return Ticket.objects.get()


def _answers(page, ticket: Ticket) -> None:
    page.goto("/admin/tickets/ticket/")
    page.get_by_text(ticket.subject).first.click()
    expect(page.locator("#reply .effect")).to_contain_text("first response")
    page.fill("#reply textarea[name=body]", "We found the cause.")
    page.click("#reply button[type=submit]")
    expect(page.locator(".conv")).to_contain_text("We found the cause.")


def _closes(page, ticket: Ticket) -> None:
    page.goto(f"/requests/{ticket.pk}/")
    page.locator(f"a[href$='/requests/{ticket.pk}/close/']").first.click()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".badge--closed").first).to_be_visible()
    assert Ticket.objects.get(pk=ticket.pk).status == "closed"


def _reopens(page, ticket: Ticket) -> None:
    page.goto(f"/requests/{ticket.pk}/")
    page.locator(f"a[href$='/requests/{ticket.pk}/reopen/']").first.click()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".badge--open").first).to_be_visible()
    assert Clock.objects.filter(ticket=ticket, metric="next_update", state="running").exists()


def _follows_up(page, ticket: Ticket) -> None:
    page.goto(f"/requests/{ticket.pk}/")
    page.fill("#reply textarea[name=body]", "It is back since this morning.")
    page.click("#reply button[type=submit]")
    page.wait_for_url(lambda url: f"/requests/{ticket.pk}/" not in url)
    new = Ticket.objects.get(follows=ticket)
    assert (new.description, new.status) == ("It is back since this morning.", "new")
    expect(page.locator("main")).to_contain_text(f"#{ticket.pk}")
    assert Ticket.objects.get(pk=ticket.pk).status == "closed"
