"""Two colleagues report one outage; support merges them; both see where it goes on, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.factories.accounts import ContactFactory
from tests.tickets.conftest import ask, scene, utc  # noqa: F401 - fixtures
from tickets.actions import Submission, submit
from tickets.models import Message, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_merge_as_staff_and_both_customers_see_it(scene, ask, sign_in, clock, at):  # noqa: F811
    stays = ask("P2")
    colleague = ContactFactory(organization=scene.organization, user__name="Tom Lindgren").user
    goes = submit(
        person=colleague,
        organization=scene.organization,
        submission=Submission("Nothing arrives from Hanse", "Since three.", "P1", "technical"),
        at=at,
    )
    clock.forward(hours=1)

    agent = sign_in(scene.agent.email)
    _merges(agent, goes, stays)
    # P1's four covered hours from 18:00 UTC are the earlier ones.
    assert stays.clocks.get(metric="first_response").due_at == utc(2026, 11, 30, 22, 0)

    tom = sign_in(colleague.email)
    tom.goto(f"/requests/{goes.pk}/")
    expect(tom.locator("main")).to_contain_text("This goes on in")
    tom.fill("#reply textarea[name=body]", "It also hits Bremen.")
    tom.click("#reply button.btn--main")
    tom.wait_for_url(re.compile(rf"/requests/{stays.pk}/"))
    expect(tom.locator("main")).to_contain_text("It also hits Bremen.")
    assert Message.objects.get().ticket == stays

    maya = sign_in(scene.customer.email)
    maya.goto(f"/requests/{stays.pk}/")
    expect(maya.locator("main")).to_contain_text("was merged into this one")
    expect(maya.locator("main")).to_contain_text("It also hits Bremen.")
    expect(maya.locator(".promise").first).to_contain_text("Today, Mon 30 Nov, 17:00")

    agent.goto(f"/admin/tickets/ticket/{stays.pk}/change/")
    agent.fill("#reply textarea[name=body]", "We found the cause.")
    agent.click("#reply .btn--main")
    expect(agent.locator(".conv")).to_contain_text("We found the cause.")
    tom.reload()
    expect(tom.locator("main")).to_contain_text("We found the cause.")
    assert stays.clocks.get(metric="first_response").state == "met"


def _merges(page, goes: Ticket, stays: Ticket) -> None:
    page.goto(f"/admin/tickets/ticket/{goes.pk}/change/")
    page.locator("summary", has_text="More").click()
    page.get_by_role("link", name="Merge into another request…").click()
    page.get_by_role("link", name=re.compile(rf"#{stays.pk} ")).click()
    expect(page.locator("main")).to_contain_text("What happens to the clocks")
    expect(page.locator("main table")).to_contain_text("earlier")
    page.get_by_label("Reason").fill("The same outage")
    page.get_by_role("button", name="Merge them").click()
    page.wait_for_url(re.compile(rf"/ticket/{stays.pk}/change/"))
    expect(page.locator("main")).to_contain_text("Merged in")
    assert Ticket.objects.get(pk=goes.pk).merged_into == stays
