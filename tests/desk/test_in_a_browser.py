"""Drafts, colleagues and canned replies in a browser, under the site's own content security policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.desk.conftest import Scene
from tickets.actions import Submission, submit
from tickets.models import CannedReply, Draft, Message, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ticket(scene: Scene, at) -> Ticket:
    asked = Submission(subject="Chat is down", description="Since noon.", support_type="technical")
    return submit(person=scene.customer, organization=scene.organization, submission=asked, at=at)


def _box(page: Page):
    return page.locator("#reply textarea[name=body]")


def _complaints(page: Page) -> list[str]:
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: found.append(str(fault)))
    return found


def test_typing_saves_and_the_older_window_never_wins(scene, ticket, sign_in):
    first = sign_in(scene.customer.email)
    complaints = _complaints(first)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/requests/{ticket.pk}/")
    _box(first).fill("Since noon, all of it")
    expect(first.locator("[data-draft-state]")).to_contain_text("Draft saved")
    _box(second).fill("Something older")
    expect(second.locator("[data-draft-state]")).to_contain_text("Another window saved a newer draft")
    expect(_box(second)).to_have_value("Something older")
    assert Draft.objects.get().data["fields"]["body"] == "Since noon, all of it"

    first.goto("/")
    first.get_by_role("link", name=f"Reply to #{ticket.pk}").click()
    expect(_box(first)).to_have_value("Since noon, all of it")
    first.locator("#reply button", has_text="Send").click()
    expect(first.locator(".conv")).to_contain_text("Since noon, all of it")
    assert Message.objects.count() == 1 and not Draft.objects.exists()
    assert not complaints


def test_leaving_at_once_keeps_the_last_words(scene, ticket, sign_in):
    page = sign_in(scene.customer.email)
    page.goto("/requests/new/")
    page.fill("input[name=subject]", "Half a thought")
    page.goto("/")
    page.goto("/requests/new/")
    expect(page.locator("input[name=subject]")).to_have_value("Half a thought")
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("input[name=subject]")).to_have_value("")


def test_staff_see_who_writes_and_insert_below_what_they_typed(scene, ticket, sign_in):
    CannedReply.objects.create(title="Greeting", language="en", body="Dear {requester}")
    lead, agent = sign_in(scene.lead.email), sign_in(scene.agent.email)
    complaints = _complaints(agent)
    lead.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    _box(lead).fill("I look")
    expect(lead.locator("[data-draft-state]")).to_contain_text("Draft saved")
    agent.goto(f"/admin/tickets/ticket/{ticket.pk}/change/")
    expect(agent.locator(".present")).to_contain_text("Sofia Reyes is writing an answer")
    _box(agent).fill("Typed before")
    agent.select_option("#canned", label="Greeting")
    agent.locator("button[name=insert]").click()
    expect(_box(agent)).to_have_value("Typed before\n\nDear Maya Okafor")
    assert not Message.objects.exists() and not complaints
