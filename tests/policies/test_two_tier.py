"""Policy 5, two-tier: every row and cell, through the portal, the API and the back office."""

from __future__ import annotations

import pytest

from tests.policies.conftest import CHANNELS, cells, words
from tests.policies.shared import (
    assert_closes_by_itself_after_seven_days,
    assert_reopens_for_fourteen_days,
    takes_on,
)

pytestmark = pytest.mark.django_db
PLANS = ("standard", "enterprise")

# Standard: Wed 14:00 in Chicago on the eve of Thanksgiving, so the next business day is Friday.
FIRST_RESPONSE = {
    ("standard", "high", "1bd"): ("2026-11-25T20:00:00Z", "2026-11-27T20:00:00Z"),
    ("standard", "medium", "1bd"): ("2026-11-25T20:00:00Z", "2026-11-27T20:00:00Z"),
    ("standard", "low", "1bd"): ("2026-11-25T20:00:00Z", "2026-11-27T20:00:00Z"),
    ("enterprise", "high", "30m"): ("2026-11-26T09:10:00Z", "2026-11-26T09:40:00Z"),
    ("enterprise", "medium", "30m"): ("2026-11-26T09:10:00Z", "2026-11-26T09:40:00Z"),
    ("enterprise", "low", "30m"): ("2026-11-26T09:10:00Z", "2026-11-26T09:40:00Z"),
}
HOURS = {
    # What comes outside the hours is taken up on the next business day, and due at its closing.
    ("standard", "after-closing"): ("2026-12-02T23:00:01Z", "2026-12-03T23:00:00Z"),
    ("standard", "before-opening"): ("2026-12-02T12:00:00Z", "2026-12-02T23:00:00Z"),
    ("standard", "weekend"): ("2026-12-05T18:00:00Z", "2026-12-07T23:00:00Z"),
    ("standard", "on-a-federal-holiday"): ("2026-11-26T18:00:00Z", "2026-11-27T23:00:00Z"),
    ("standard", "holiday-observed-on-friday"): ("2026-07-02T20:00:00Z", "2026-07-06T20:00:00Z"),
    ("standard", "good-friday-is-open"): ("2026-04-02T20:00:00Z", "2026-04-03T20:00:00Z"),
    ("enterprise", "sunday-night"): ("2026-12-06T08:00:00Z", "2026-12-06T08:30:00Z"),
    ("enterprise", "holidays-included"): ("2026-12-25T18:00:00Z", "2026-12-25T18:30:00Z"),
}


@pytest.mark.parametrize(("plan", "priority", "target", "at", "due"), cells(FIRST_RESPONSE))
def test_first_response(customer_of, clock, plan, priority, target, at, due) -> None:
    customer = customer_of("two-tier", plan)
    clock.move_to(at)
    asked = customer.asks(severity=priority)
    assert (asked.status, asked.body["due_at"]) == (201, due)
    clocks = customer.clocks(asked.body["number"])
    assert list(clocks) == ["first_response"] and clocks["first_response"]["target"] == target


@pytest.mark.parametrize(("plan", "hour", "at", "due"), cells(HOURS))
def test_coverage(customer_of, clock, plan, hour, at, due) -> None:
    customer = customer_of("two-tier", plan)
    clock.move_to(at)
    assert customer.asks(severity="high").body["due_at"] == due


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("plan", PLANS)
def test_channels(customer_of, desk, plan, channel) -> None:
    taken = takes_on(customer_of("two-tier", plan), desk, channel, severity="high")
    assert taken == (channel in ("portal", "email"))


@pytest.mark.parametrize(("channel", "status"), [("email", 302), ("phone", 409)])
@pytest.mark.parametrize("plan", PLANS)
def test_a_mail_or_call_entered_in_the_back_office(customer_of, desk, plan, channel, status) -> None:
    assert desk.takes(customer_of("two-tier", plan), channel, severity="high").status_code == status


@pytest.mark.parametrize("priority", ["high", "medium", "low"])
@pytest.mark.parametrize("plan", PLANS)
def test_the_priority_is_proposed_and_support_corrects_it(customer_of, desk, plan, priority) -> None:
    customer = customer_of("two-tier", plan)
    assert customer.types(severity=priority).status_code == 302
    (told,) = customer.api.get("tickets/").body["results"]
    assert told["severity"] == priority
    other = "low" if priority != "low" else "medium"
    change = {"severity": other, "severity_how": "corrected", "severity_reason": "Business goes on"}
    assert customer.api.patch(f"tickets/{told['number']}/", change).code == "severity_set_by_support"
    assert desk.api.patch(f"tickets/{told['number']}/", change).body["severity"] == other


def test_priorities_with_their_definitions_in_the_form(customer_of) -> None:
    page = words(customer_of("two-tier", "standard").portal.get("/requests/new/"))
    for said in (
        "The customer can't do business because of it.",
        "It is a considerable nuisance, but business goes on.",
        "It is hardly a nuisance.",
    ):
        assert said in page


def test_standard_has_no_escalation(customer_of) -> None:
    customer = customer_of("two-tier", "standard")
    number = customer.asks(severity="high").body["number"]
    refused = customer.api.post(f"tickets/{number}/escalate/", {"reason": "Too slow"})
    assert (refused.status, refused.code) == (403, "escalation_not_in_plan")
    assert "Escalation 1" not in customer.support_page()


def test_enterprise_shows_its_three_levels_in_order(customer_of) -> None:
    page = customer_of("two-tier", "enterprise").support_page()
    names = ("Support team lead", "Department manager", "Executive management")
    places = [page.find(f"Escalation {level} {name}") for level, name in enumerate(names, start=1)]
    assert -1 not in places
    assert places == sorted(places)
    assert page.count("4 h after that, unless acknowledged") == 2


@pytest.mark.parametrize("plan", PLANS)
def test_terms_follow_the_newest_edition(customer_of, plan) -> None:
    customer = customer_of("two-tier", plan)
    assert customer.contract.edition is None
    assert customer.asks(severity="low").body["terms"]["edition"] == 1
    assert "contracts follow the newest edition" in customer.support_page()


@pytest.mark.parametrize("plan", PLANS)
def test_reopen_14_days_and_close_by_itself_after_7(customer_of, desk, clock, plan) -> None:
    assert_reopens_for_fourteen_days(customer_of("two-tier", plan), clock)
    assert_closes_by_itself_after_seven_days(customer_of("two-tier", plan), desk, clock)


@pytest.mark.parametrize(
    ("plan", "own"),
    [
        (
            "standard",
            ("1 business day 1 business day 1 business day", "Thanksgiving Day", "taken up on the next"),
        ),
        (
            "enterprise",
            ("30 min 30 min 30 min", "No holidays are left out", "you may ask for it to be escalated"),
        ),
    ],
    ids=PLANS,
)
def test_what_the_support_page_shows(customer_of, clock, plan, own) -> None:
    customer = customer_of("two-tier", plan)
    clock.move_to("2026-11-24T16:00:00Z")
    page = customer.support_page()
    for said in (
        *own,
        "Objectives, counted while support is open, from the second you submit.",
        "Email Yes, every severity",
        "3 exclusions",
        "third-party",
        "customer-modification",
        "unauthorized-access",
        "1 condition",
        "Product updates",
        "Reopen within 14 days",
        "Resolved closes after 7 days",
    ):
        assert said in page, said
