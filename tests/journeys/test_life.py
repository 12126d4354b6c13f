"""The life of a request as customer and agent see it: asked back, on hold, resolved, reopened, closed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.tickets.conftest import ask, scene  # noqa: F401 - fixtures
from tickets.models import Ticket
from tickets.verifying import verify

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_status_as_both_sides_see_it(scene, ask, sign_in, clock):  # noqa: F811
    ticket = ask("P2")
    agent, customer = sign_in(scene.agent.email), sign_in(scene.customer.email)

    clock.forward(hours=1)
    _answers(agent, ticket, "Which log?", "waiting")
    customer.goto(f"/requests/{ticket.pk}/")
    expect(customer.locator(".badge").first).to_have_text("Waiting for you")
    expect(customer.locator("main")).to_contain_text("Support asked you something.")
    expect(customer.locator("main")).to_contain_text("Sending starts our clock again.")

    clock.forward(hours=2)
    customer.fill("#reply textarea[name=body]", "This one.")
    customer.click("#reply button.btn--main")
    expect(customer.locator(".badge").first).to_have_text("Open")

    clock.forward(minutes=5)
    _more(agent, ticket, "Put on hold", "The carrier has to look")
    customer.reload()
    expect(customer.locator(".badge").first).to_have_text("On hold")
    expect(customer.locator("main")).to_contain_text("We wait for somebody else")
    clock.forward(hours=1)
    _more(agent, ticket, "End the hold")
    assert Ticket.objects.get(pk=ticket.pk).status == "open"

    clock.forward(hours=1)
    _answers(agent, ticket, "The carrier has repaired it.", "resolved")
    customer.reload()
    expect(customer.locator(".badge").first).to_have_text("Resolved")
    expect(customer.locator("main")).to_contain_text("It closes by itself")

    clock.forward(days=2)
    _act(customer, ticket, "reopen", "It is back")
    expect(customer.locator(".badge").first).to_have_text("Open")
    expect(customer.locator("main")).to_contain_text("Next news")

    clock.forward(hours=1)
    _answers(agent, ticket, "Repaired for good.", "resolved")
    clock.forward(days=7)
    customer.goto(f"/requests/{ticket.pk}/")
    expect(customer.locator(".badge").first).to_have_text("Closed")
    expect(customer.locator("main")).to_contain_text("Reopen (until")
    _act(customer, ticket, "reopen", "Still")
    _act(customer, ticket, "close", "It was ours after all")
    expect(customer.locator(".badge").first).to_have_text("Closed")

    # A page that stood open, and the back button: one act each, and words for the second.
    customer.goto(f"/requests/{ticket.pk}/close/")
    expect(customer.locator("main")).to_contain_text("This can't be done while the request is closed.")
    assert ticket.events.filter(kind="close").count() == 1
    assert not list(verify())


def _answers(page, ticket: Ticket, text: str, then: str) -> None:
    page.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    page.fill("#reply textarea[name=body]", text)
    page.select_option("#reply select[name=then]", then)
    page.click("#reply .btn--main")
    expect(page.locator(".conv")).to_contain_text(text)
    assert Ticket.objects.get(pk=ticket.pk).status == then


def _more(page, ticket: Ticket, button: str, reason: str = "") -> None:
    page.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    page.locator("summary", has_text="More").click()
    if reason:
        page.fill("#hold-reason", reason)
    page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def _act(page, ticket: Ticket, act: str, reason: str) -> None:
    page.goto(f"/requests/{ticket.pk}/")
    page.locator(f"a[href$='/requests/{ticket.pk}/{act}/']").first.click()
    page.fill("textarea[name=reason]", reason)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: f"/{act}/" not in url)
