"""An escalation as both sides see it: asked for, acknowledged, gone on, ended with the solution."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.escalation.conftest import FRIDAY, asked, scene  # noqa: F401 - a fixture
from tickets.actions import sweep
from tickets.models import Escalation, EscalationStep

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_lead_is_asked_for_and_takes_over(scene, sign_in, clock):  # noqa: F811
    clock.move(FRIDAY)
    ticket = asked(scene)
    clock.forward(minutes=10)
    customer = sign_in(scene.customer.email)
    customer.goto(f"/requests/{ticket.pk}/")
    customer.get_by_role("link", name="Ask for a lead").click()
    expect(customer.locator("main")).to_contain_text("Your request goes to: Support team lead.")
    customer.get_by_role("button", name="Ask for a lead").click()
    expect(customer.locator("main")).to_contain_text("Write what is wrong")
    customer.fill("textarea[name=reason]", "We can't bill anybody today.")
    customer.get_by_role("button", name="Ask for a lead").click()
    customer.wait_for_url(re.compile(rf"/requests/{ticket.pk}/$"))
    card = customer.locator("#escalation")
    expect(card).to_contain_text("Escalated: with Support team lead")
    expect(card).to_contain_text("Department manager next, unless acknowledged")
    expect(customer.locator("main")).to_contain_text("We can't bill anybody today.")

    clock.forward(minutes=5)
    lead = sign_in(scene.lead.email)
    lead.goto("/admin/tickets/escalation/")
    expect(lead.locator("tbody").first).to_contain_text("Invoice run stops")
    lead.get_by_role("button", name=re.compile("^Acknowledge")).click()
    lead.wait_for_url(re.compile(r"/change/"))
    expect(lead.locator("#escalation")).to_contain_text("Sofia Reyes")
    assert EscalationStep.objects.get().acknowledged_at == clock.at

    customer.reload()
    expect(card).to_contain_text("acknowledged")
    expect(card).to_contain_text("Sofia Reyes")
    expect(card).not_to_contain_text("unless acknowledged")


def test_without_anybody_it_goes_on_and_the_solution_ends_it(scene, sign_in, clock):  # noqa: F811
    clock.move(FRIDAY)
    ticket = asked(scene)
    clock.forward(hours=5)
    sweep(at=clock.at)
    customer = sign_in(scene.customer.email)
    customer.goto(f"/requests/{ticket.pk}/")
    card = customer.locator("#escalation")
    expect(card).to_contain_text("Escalated: with Department manager")
    expect(card).to_contain_text("not acknowledged")
    expect(customer.locator("main")).to_contain_text("because the level before did not acknowledge it")

    agent = sign_in(scene.agent.email)
    agent.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    expect(agent.locator("#escalation")).to_contain_text("told: Ana Costa")
    agent.fill("#reply textarea[name=body]", "Solved: the disk was full.")
    agent.select_option("#reply select[name=then]", "resolved")
    agent.locator("#reply button[type=submit]").first.click()
    expect(agent.locator(".conv")).to_contain_text("Solved: the disk was full.")
    escalation = Escalation.objects.get()
    assert (escalation.ended_at, escalation.ended_why) == (clock.at, "resolved")
    customer.reload()
    expect(customer.locator("main")).to_contain_text("Solved: the disk was full.")
    expect(card).to_have_count(0)
    assert escalation.steps.get(level=2).reached_at == FRIDAY + timedelta(hours=4, minutes=30)
