"""A manager drafts, previews and publishes a change of Startup's P2, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.enums import Role
from plans.models import Policy
from tests.factories.accounts import StaffFactory
from tests.tickets.conftest import ask, scene, utc  # noqa: F401 - fixtures
from tickets.actions import say
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_change_of_a_promise_is_seen_before_it_is_made(scene, ask, sign_in, clock):  # noqa: F811
    ticket = ask("P2")
    # Tuesday noon in Los Angeles: after ten of twelve hours.
    say(ticket=ticket, author=scene.agent, body="We found the cause.", at=utc(2026, 12, 1, 20, 0))
    clock.move(utc(2026, 12, 1, 21, 0))
    policy = Policy.objects.get(slug="nextplane")
    page = sign_in(StaffFactory(role=Role.MANAGER).email)

    _drafts(page, policy)
    _previews(page, ticket)
    _publishes(page)
    draft = policy.editions.get(number=2)
    assert (draft.state, policy.current()) == ("published", draft)
    assert Ticket.objects.get(pk=ticket.pk).plan.edition.number == 1


def _drafts(page, policy: Policy) -> None:
    page.goto(f"/admin/plans/policy/{policy.pk}/change/")
    page.get_by_role("button", name="Start a draft").click()
    page.wait_for_url(re.compile(r"/plans/edition/\d+/change/"))
    page.get_by_role("link", name=re.compile("startup$")).click()
    cell = page.get_by_label("First response, P2")
    expect(cell).to_have_value("12h")
    cell.fill("8h")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/plans/plan/(\?|$)"))


def _previews(page, ticket: Ticket) -> None:
    draft = Policy.objects.get(slug="nextplane").draft()
    page.goto(f"/admin/plans/edition/{draft.pk}/change/")
    page.get_by_role("link", name="Preview and publish…").click()
    main = page.locator("main")
    expect(main).to_contain_text("1 new breach")
    expect(main).to_contain_text("12h → 8h")
    expect(page.locator("svg.dumb")).to_contain_text(f"#{ticket.pk}")
    expect(page.locator("svg.dumb")).to_contain_text("missed by 2 h")
    with page.expect_download() as download:
        page.get_by_role("link", name="The one as CSV").click()
    assert "2026-12-01T18:00:00Z" in download.value.path().read_text()


def _publishes(page) -> None:
    page.get_by_label("Write “nextplane 2” to confirm").fill("nextplane 3")
    page.get_by_role("button", name="Publish nextplane 2").click()
    expect(page.locator("main")).to_contain_text("Write nextplane 2 to publish it.")
    page.get_by_label("Write “nextplane 2” to confirm").fill("nextplane 2")
    page.get_by_role("button", name="Publish nextplane 2").click()
    expect(page.locator("body")).to_contain_text("nextplane 2 is in force from now on.")
