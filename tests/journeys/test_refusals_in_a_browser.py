"""Each refusal as the person sees it in a browser: what to do is the heading, and typed text stays.

The person opens the form while they may ask, types, and meanwhile the terms change under them; or an answer
of theirs runs into a rule. The rows are those of ``tests.policies.test_refusals_seen``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.enums import Scope
from accounts.models import Mandate, User
from plans.models import Contract
from tests.factories.accounts import OrganizationFactory
from tests.factories.plans import published
from tests.policies.conftest import NEW, Customer, clock, customer_of  # noqa: F401 - fixtures
from tests.policies.test_refusals_seen import (
    ANSWERED,
    NO_CONTRACT,
    NOBODY,
    RATE,
    READ_ONLY,
    SETTLED,
    TYPED,
    partner,  # noqa: F401 - a fixture
    seen,  # noqa: F401 - a fixture
)
from tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Where screenshots are wanted for looking at: a folder.
SHOTS = os.environ.get("REFUSAL_SHOTS", "")
# The plan that a person is on until they are moved to one that takes no requests.
BEFORE = {"free": "standard"}


@pytest.fixture
def window(chromium, live_server, settings) -> Iterator[Callable[[User], Page]]:
    """``window(user)``: one browser window for all of them, signed in as somebody else each time."""
    settings.SESSION_COOKIE_AGE = 365 * 24 * 3600
    context = chromium.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    context.set_default_timeout(30_000)
    page = context.new_page()

    def as_user(user: User) -> Page:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        context.clear_cookies()
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        return page

    yield as_user
    context.close()


def types(page: Page, answers: dict[str, str]) -> None:
    """Fill the form as a person does: fields by name, choices by their value."""
    for name, value in (TYPED | answers).items():
        field = page.locator(f"main form [name={name}]").first
        kind = field.evaluate("field => field.type")
        if kind == "radio":
            page.locator(f"main form [name={name}][value='{value}']").check()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)


def sends(page: Page) -> None:
    page.locator("main form [name=description]").evaluate("field => field.form.requestSubmit()")


def assert_refused(page: Page, name: str, title: str, code: str, typed: bool = True) -> None:
    """The heading says what to do, the rule stands below with its code, the text stays."""
    expect(page.locator("h1"), name).to_have_text(title)
    expect(page.locator("main"), name).to_contain_text(code)
    if typed:
        for field, text in TYPED.items():
            expect(page.locator(f"[name={field}]"), name).to_have_value(text)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert not Ticket.objects.exists(), name


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_terms_that_change_while_somebody_types(window, seen, language) -> None:  # noqa: F811
    for name, (policy, plan, contract, contact, code, english, chinese) in SETTLED.items():
        if language != "en" and name not in ("free-takes-no-requests", "contract-ended"):
            continue
        person: Customer = seen(language, policy, BEFORE.get(plan, plan), {}, {})
        person.colleague()
        page = window(person.user)
        page.goto(f"{NEW}?organization={person.organization.slug}")
        types(page, {})
        Contract.objects.filter(pk=person.contract.pk).update(plan_code=plan, **contract)
        person.user.contacts.update(**contact)
        sends(page)
        assert_refused(page, f"{name}.{language}", english if language == "en" else chinese, code)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_answers_that_run_into_a_rule(window, seen, language) -> None:  # noqa: F811
    for name, (policy, plan, contract, contact, answers, code, english, chinese) in ANSWERED.items():
        if language != "en" and name != "severity-A-is-taken-by-phone":
            continue
        person: Customer = seen(language, policy, plan, contract, contact)
        page = window(person.user)
        page.goto(NEW)
        types(page, answers)
        sends(page)
        assert_refused(page, f"{name}.{language}", english if language == "en" else chinese, code)


def test_who_may_not_ask_at_all(window, seen, partner, clock) -> None:  # noqa: F811
    """No contract, a revoked contact, a mandate to read, and a plan that leaves partners out."""
    person: Customer = seen("en", "nextplane", "business", {}, {})
    page = window(person.user)
    page.goto(NEW)
    types(page, {})
    Contract.objects.filter(pk=person.contract.pk).delete()
    sends(page)
    assert_refused(page, "no-contract", NO_CONTRACT["en"], "contract_missing", typed=False)
    for text in TYPED.values():
        expect(page.locator("main")).to_contain_text(text)

    person = seen("en", "nextplane", "business", {}, {})
    page = window(person.user)
    page.goto(NEW)
    types(page, {})
    person.colleague()
    person.user.contacts.update(revoked_at=person.contract.created_at)
    sends(page)
    expect(page.locator("h1")).to_have_text(NOBODY["en"])
    expect(page.locator("body")).to_contain_text(TYPED["description"])

    _managed, reader = partner("en")
    page = window(reader.user)
    page.goto(f"{NEW}?organization={reader.organization.slug}")
    types(page, {})
    Mandate.objects.filter(organization=reader.organization).update(scope=Scope.READ)
    sends(page)
    assert_refused(page, "mandate-read-only", READ_ONLY["en"], "mandate_read_only")

    _managed, helper = partner("en")
    page = window(helper.user)
    page.goto(f"{NEW}?organization={helper.organization.slug}")
    types(page, {})
    held = Contract.objects.get(organization=helper.organization)
    Contract.objects.filter(pk=held.pk).update(
        policy=published("two-tier").policy, edition=None, plan_code="standard", coverage_option=""
    )
    sends(page)
    title = "Let a contact of the organization ask, or choose a plan that covers partners"
    assert_refused(page, "partner-not-covered", title, "partner_not_covered")


def test_a_rate_is_accepted_before_anything_is_sent(window, seen) -> None:  # noqa: F811
    person: Customer = seen("en", "nextplane", "startup", {"sponsor": OrganizationFactory()}, {})
    page = window(person.user)
    page.goto(NEW)
    types(page, {"support_type": "technical", "severity": "P2"})
    sends(page)
    expect(page.locator("main")).to_contain_text(re.sub(r"\.$", "", RATE["en"]))
    expect(page.locator("[name=subject]")).to_have_value(TYPED["subject"])
    assert not Ticket.objects.exists()
    page.check("[name=accepts_rate]")
    sends(page)
    page.wait_for_url(re.compile(r"/requests/\d+/"))


def test_a_window_that_ends_while_the_page_is_open(window, customer_of, clock) -> None:  # noqa: F811
    person: Customer = customer_of("two-tier", "enterprise")
    number = person.asks(severity="high").body["number"]
    assert person.api.post(f"tickets/{number}/close/", {"reason": "Solved."}).status == 200
    page = window(person.user)
    page.goto(f"/requests/{number}/reopen/")
    page.locator("main form textarea").first.fill("It came back on quay 9.")
    clock.move_to("2026-12-17T16:30:00Z")
    page.locator("main form textarea").first.evaluate("field => field.form.requestSubmit()")
    expect(page.locator("main")).to_contain_text("more than 14 days ago")
    expect(page.locator("body")).to_contain_text("It came back on quay 9.")
