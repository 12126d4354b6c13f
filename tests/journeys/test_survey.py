"""A closed request is rated by its customer, changed, and read by support; after its window it stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.tickets.conftest import ask, scene  # noqa: F401 - fixtures
from tickets.actions import say
from tickets.models import Survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_rating_from_the_closing_to_the_averages(scene, ask, sign_in, clock):  # noqa: F811
    ticket = ask()
    clock.forward(hours=1)
    say(ticket=ticket, author=scene.agent, body="The route is back.", at=clock.at, then="closed")

    customer = sign_in(scene.customer.email)
    customer.goto(f"/requests/{ticket.pk}/")
    customer.get_by_role("link", name="Rate it").click()
    customer.get_by_role("button", name="Send", exact=True).click()
    expect(customer.locator("[data-error-summary]")).to_contain_text("Choose one of the five.")
    customer.get_by_label("Neither good nor bad").check()
    customer.fill("textarea[name=comment]", "It took long.")
    customer.get_by_role("button", name="Send", exact=True).click()
    expect(customer.locator("main")).to_contain_text("Rated: Neither good nor bad.")

    clock.forward(days=1)
    customer.reload()
    customer.get_by_role("link", name="Change it").click()
    expect(customer.locator("textarea[name=comment]")).to_have_value("It took long.")
    customer.get_by_label("Good", exact=True).check()
    customer.get_by_role("button", name="Send", exact=True).click()
    expect(customer.locator("main")).to_contain_text("Rated: Good.")

    agent = sign_in(scene.agent.email)
    agent.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    expect(agent.locator("section:has(#h-surveys)")).to_contain_text("4/5 Good")
    expect(agent.locator("section:has(#h-surveys)")).to_contain_text("It took long.")
    agent.goto("/admin/tickets/survey/satisfaction/")
    expect(agent.locator("main")).to_contain_text("4.0")

    clock.move(Survey.objects.get().until)
    clock.forward(seconds=1)
    customer.goto(f"/requests/{ticket.pk}/survey/1/")
    expect(customer.locator("main")).to_contain_text("The time to rate this is over")
