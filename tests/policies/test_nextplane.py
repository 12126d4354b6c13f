"""Policy 1, nextplane: every row and cell, through the portal, the API and the back office."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.accounts import OrganizationFactory
from tests.policies.conftest import CHANNELS, cells
from tests.policies.shared import (
    assert_closes_by_itself_after_seven_days,
    assert_reopens_for_fourteen_days,
    takes_on,
)

pytestmark = pytest.mark.django_db
PLANS = ("startup", "business", "enterprise", "custom")

# The evening before Thanksgiving, in each plan's own zone. Startup: Wed 15:30 in Los Angeles, eight hours a
# day; business and enterprise: Wed 19:30 in New York, twelve hours a day; custom: the evening before
# Christmas, 23:30 in Los Angeles, then the 25th (both sets) and the 26th (ECB) are closed.
AT = {
    "startup": "2026-11-25T23:30:00Z",
    "business": "2026-11-26T00:30:00Z",
    "enterprise": "2026-11-26T00:30:00Z",
    "custom": "2026-12-25T07:30:00Z",
}
FIRST_RESPONSE = {
    ("startup", "P1", "first_response", "4h"): "2026-11-27T19:30:00Z",
    ("startup", "P2", "first_response", "12h"): "2026-11-30T19:30:00Z",
    ("startup", "P3", "first_response", "24h"): "2026-12-01T23:30:00Z",
    ("startup", "P4", "first_response", "24h"): "2026-12-01T23:30:00Z",
    ("business", "P1", "first_response", "1h"): "2026-11-27T13:30:00Z",
    ("business", "P2", "first_response", "2h"): "2026-11-27T14:30:00Z",
    ("business", "P3", "first_response", "2h"): "2026-11-27T14:30:00Z",
    ("business", "P4", "first_response", "8h"): "2026-11-27T20:30:00Z",
    ("enterprise", "P1", "first_response", "1h"): "2026-11-27T13:30:00Z",
    ("enterprise", "P2", "first_response", "2h"): "2026-11-27T14:30:00Z",
    ("enterprise", "P3", "first_response", "2h"): "2026-11-27T14:30:00Z",
    ("enterprise", "P4", "first_response", "8h"): "2026-11-27T20:30:00Z",
    ("custom", "P1", "first_response", "1h"): "2026-12-27T08:30:00Z",
    ("custom", "P2", "first_response", "2h"): "2026-12-27T09:30:00Z",
    ("custom", "P3", "first_response", "2h"): "2026-12-27T09:30:00Z",
    ("custom", "P4", "first_response", "8h"): "2026-12-27T15:30:00Z",
}
NEXT_UPDATE = {
    ("startup", "P1", "next_update", "12h"): "2026-11-30T19:30:00Z",
    ("startup", "P2", "next_update", "24h"): "2026-12-01T23:30:00Z",
    ("startup", "P3", "next_update", "36h"): "2026-12-03T19:30:00Z",
    ("startup", "P4", "next_update", "none"): None,
    ("business", "P1", "next_update", "2h"): "2026-11-27T14:30:00Z",
    ("business", "P2", "next_update", "8h"): "2026-11-27T20:30:00Z",
    ("business", "P3", "next_update", "48h"): "2026-12-03T00:30:00Z",
    ("business", "P4", "next_update", "48h"): "2026-12-03T00:30:00Z",
    ("enterprise", "P1", "next_update", "2h"): "2026-11-27T14:30:00Z",
    ("enterprise", "P2", "next_update", "8h"): "2026-11-27T20:30:00Z",
    ("enterprise", "P3", "next_update", "48h"): "2026-12-03T00:30:00Z",
    ("enterprise", "P4", "next_update", "48h"): "2026-12-03T00:30:00Z",
    ("custom", "P1", "next_update", "2h"): "2026-12-27T09:30:00Z",
    ("custom", "P2", "next_update", "8h"): "2026-12-27T15:30:00Z",
    ("custom", "P3", "next_update", "48h"): "2026-12-29T07:30:00Z",
    ("custom", "P4", "next_update", "48h"): "2026-12-29T07:30:00Z",
}
# plan, option elected, severity, metric: asked at, due. Paris opens nine hours a day, from 09:00.
COVERAGE = {
    ("business", "emea", "P1"): ("2026-12-24T16:30:00Z", "2026-12-28T08:30:00Z", "2026-12-28T09:30:00Z"),
    ("business", "emea", "P2"): ("2026-12-24T16:30:00Z", "2026-12-28T09:30:00Z", "2026-12-28T15:30:00Z"),
    ("business", "emea", "P3"): ("2026-12-24T16:30:00Z", "2026-12-28T09:30:00Z", "2027-01-05T10:30:00Z"),
    ("business", "emea", "P4"): ("2026-12-24T16:30:00Z", "2026-12-28T15:30:00Z", "2027-01-05T10:30:00Z"),
    ("enterprise", "emea", "P1"): ("2026-12-24T16:30:00Z", "2026-12-28T08:30:00Z", "2026-12-28T09:30:00Z"),
    ("enterprise", "us", "P1"): ("2026-11-26T00:30:00Z", "2026-11-27T13:30:00Z", "2026-11-27T14:30:00Z"),
    ("business", "us", "P1"): ("2026-11-26T00:30:00Z", "2026-11-27T13:30:00Z", "2026-11-27T14:30:00Z"),
}
# plan, option, day: asked at, first response of P1.
HOLIDAYS = {
    # Independence Day falls on a Saturday: Friday the 3rd is observed.
    ("startup", "us", "independence-day-observed"): ("2026-07-02T23:00:00Z", "2026-07-06T19:00:00Z"),
    ("business", "us", "thanksgiving"): ("2026-11-26T00:30:00Z", "2026-11-27T13:30:00Z"),
    # What is closed in the one is an ordinary day in the other.
    ("business", "us", "good-friday-is-open"): ("2026-04-02T23:30:00Z", "2026-04-03T12:30:00Z"),
    ("business", "emea", "good-friday-and-easter-monday"): ("2026-04-02T15:30:00Z", "2026-04-07T07:30:00Z"),
    ("business", "emea", "labour-day"): ("2026-04-30T15:30:00Z", "2026-05-04T07:30:00Z"),
    ("business", "emea", "thanksgiving-is-open"): ("2026-11-25T16:30:00Z", "2026-11-26T08:30:00Z"),
    ("custom", "always", "thanksgiving"): ("2026-11-26T07:30:00Z", "2026-11-27T08:30:00Z"),
    ("custom", "always", "good-friday"): ("2026-04-03T06:30:00Z", "2026-04-04T07:30:00Z"),
    ("custom", "always", "independence-day-both"): ("2026-07-03T06:30:00Z", "2026-07-05T07:30:00Z"),
    ("custom", "always", "new-year"): ("2027-01-01T07:30:00Z", "2027-01-02T08:30:00Z"),
}
TAKEN = {
    "startup": {"management-portal", "portal"},
    "business": {"management-portal", "portal", "web"},
    "enterprise": {"management-portal", "portal", "web", "phone"},
    "custom": {"management-portal", "portal", "web", "phone"},
}


@pytest.mark.parametrize(("plan", "severity", "metric", "target", "due"), cells(FIRST_RESPONSE))
def test_first_response(customer_of, clock, plan, severity, metric, target, due) -> None:
    customer = customer_of("nextplane", plan)
    clock.move_to(AT[plan])
    asked = customer.asks(severity=severity)
    assert (asked.status, asked.body["due_at"]) == (201, due)
    promise = customer.clocks(asked.body["number"])[metric]
    assert (promise["target"], promise["due_at"]) == (target, due)


@pytest.mark.parametrize(("plan", "severity", "metric", "target", "due"), cells(NEXT_UPDATE))
def test_next_update(customer_of, desk, clock, plan, severity, metric, target, due) -> None:
    customer = customer_of("nextplane", plan)
    clock.move_to(AT[plan])
    number = customer.asks(severity=severity).body["number"]
    desk.answers(number)
    clocks = customer.clocks(number)
    assert clocks["first_response"]["state"] == "met"
    if due is None:
        assert metric not in clocks
    else:
        assert (clocks[metric]["target"], clocks[metric]["due_at"]) == (target, due)


@pytest.mark.parametrize(("plan", "option", "severity", "at", "first", "news"), cells(COVERAGE))
def test_coverage_option_elected(customer_of, desk, clock, plan, option, severity, at, first, news) -> None:
    customer = customer_of("nextplane", plan, coverage_option=option)
    clock.move_to(at)
    asked = customer.asks(severity=severity).body
    assert (asked["terms"]["coverage"], asked["due_at"]) == (option, first)
    desk.answers(asked["number"])
    assert customer.clocks(asked["number"])["next_update"]["due_at"] == news


@pytest.mark.parametrize(
    ("plan", "default"),
    [("startup", "us"), ("business", "us"), ("enterprise", "us"), ("custom", "always")],
    ids="-".join,
)
def test_coverage_where_the_contract_does_not_say(customer_of, plan, default) -> None:
    assert customer_of("nextplane", plan).asks(severity="P1").body["terms"]["coverage"] == default


@pytest.mark.parametrize(("plan", "option", "day", "at", "due"), cells(HOLIDAYS))
def test_holidays(customer_of, clock, plan, option, day, at, due) -> None:
    customer = customer_of("nextplane", plan, coverage_option=option)
    clock.move_to(at)
    assert customer.asks(severity="P1").body["due_at"] == due


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("plan", PLANS)
def test_channels(customer_of, desk, plan, channel) -> None:
    assert takes_on(customer_of("nextplane", plan), desk, channel, severity="P1") == (channel in TAKEN[plan])


@pytest.mark.parametrize(
    ("plan", "status"), [("startup", 409), ("business", 409), ("enterprise", 302), ("custom", 302)]
)
def test_a_call_entered_in_the_back_office(customer_of, desk, plan, status) -> None:
    customer = customer_of("nextplane", plan)
    taken = desk.takes(customer, "phone", severity="P1", support_type="technical")
    assert taken.status_code == status
    assert (b"channel_not_in_plan" in taken.content) == (status == 409)


@pytest.mark.parametrize("code", ["P1", "P2", "P3", "P4"])
def test_severity_is_proposed_counts_at_once_and_support_corrects_it(customer_of, desk, code) -> None:
    customer = customer_of("nextplane", "business")
    asked = customer.asks(severity=code).body
    assert asked["severity"] == code
    other = "P4" if code != "P4" else "P3"
    change = {"severity": other, "severity_how": "corrected", "severity_reason": "One person"}
    refused = customer.api.patch(f"tickets/{asked['number']}/", change)
    assert (refused.status, refused.code) == (403, "severity_set_by_support")
    assert desk.api.patch(f"tickets/{asked['number']}/", change).body["severity"] == other


def test_severities_of_the_form_with_their_definitions(customer_of) -> None:
    page = customer_of("nextplane", "business").portal.get("/requests/new/").content.decode()
    for code, said in (
        ("P1", "The federation has failed."),
        ("P2", "The federation is degraded, or has failed for some."),
        ("P3", "One person can&#x27;t use the federation service"),
        ("P4", "A minor trouble, or a wish for a configuration change"),
    ):
        assert f'value="{code}"' in page and said in page
    assert "Support confirms or corrects it" in page


@pytest.mark.parametrize("plan", PLANS)
def test_fees_overdue_are_refused_except_billing(customer_of, plan) -> None:
    customer = customer_of("nextplane", plan, overdue_since_on=date(2026, 11, 2))
    refused = customer.asks(support_type="technical", severity="P1")
    assert (refused.status, refused.code) == (403, "contract_overdue")
    assert refused.body["next_step"] == "Settle them, or ask about: Billing."
    assert customer.asks(support_type="billing").status == 201
    assert customer.types(support_type="billing", severity="P3").status_code == 302
    assert "Fees are overdue." in customer.support_page()


@pytest.mark.parametrize("plan", ["business", "enterprise", "custom"])
def test_sponsored_partners_are_included_within_limits(customer_of, plan) -> None:
    customer = customer_of("nextplane", plan, sponsor=OrganizationFactory())
    assert customer.asks(severity="P2").status == 201
    assert customer.types(severity="P2", support_type="technical").status_code == 302
    page = customer.support_page()
    assert "Partners that you sponsor are helped to a reasonable extent" in page
    assert "We don't join calls with federated partners" in page


def test_sponsored_partners_in_startup_are_charged_once_they_accept_the_rate(customer_of) -> None:
    customer = customer_of("nextplane", "startup", sponsor=OrganizationFactory())
    refused = customer.asks(severity="P2")
    assert (refused.status, refused.code) == (403, "rate_not_accepted")
    assert (
        refused.body["detail"]
        == "Help for sponsored partners is charged under this plan: USD 250.00 per hour."
    )
    assert customer.asks(severity="P2", accepts_rate=True).status == 201
    asked = customer.types(severity="P2", support_type="technical")
    assert asked.status_code == 422 and "USD 250.00 per hour" in asked.content.decode()
    accepted = customer.types(severity="P2", support_type="technical", accepts_rate="on")
    assert accepted.status_code == 302
    assert "each case rounded up to the full hour" in customer.support_page()


@pytest.mark.parametrize("plan", PLANS)
def test_both_sides_approve_a_contact(customer_of, desk, plan) -> None:
    customer = customer_of("nextplane", plan)
    typed = {"name": "Ada Njoku", "email": "ada@wharf.example", "sees": "organization", "language": "en"}
    answer = customer.portal.post("/your-support/contacts/new/", typed)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    ada = customer.organization.contacts.get(user__email="ada@wharf.example")
    assert ada.customer_approved_at is not None and ada.waits_for == "vendor"
    refused = desk.enters(type(customer)(ada.user, customer.organization), "portal", severity="P1")
    assert (refused.status, refused.code) == (403, "contact_not_approved")


@pytest.mark.parametrize("plan", PLANS)
def test_an_unlisted_person_is_helped_in_an_emergency(customer_of, desk, plan) -> None:
    customer = customer_of("nextplane", plan)
    typed = customer.typed(caller_name="Noor Said", caller_phone="+1 212 555 0142", channel="phone")
    typed |= {"severity": "P1", "support_type": "technical"}
    address = f"/admin/tickets/ticket/add/?emergency={customer.organization.pk}"
    assert desk.admin.post(address, typed).status_code == 302
    (ticket,) = customer.organization.tickets.all()
    assert (ticket.unverified_reason, ticket.severity) == ("emergency", "P1")


@pytest.mark.parametrize("plan", PLANS)
def test_what_the_support_page_shows(customer_of, plan) -> None:
    page = customer_of("nextplane", plan).support_page()
    for said in (
        "Objectives, counted while support is open, from the second you submit.",
        "7 exclusions",
        "2 conditions",
        "Status page",
        "Service notices to named contacts",
        "Management portal Yes, every severity",
        "Helpdesk Yes, every severity",
        "Reopen within 14 days",
        "Resolved closes after 7 days",
        "Subscription or support fees are due and unpaid.",
        "makes a reasonable effort of its own",
    ):
        assert said in page, said
    assert ("Web Not in your plan" in page) == (plan == "startup")
    assert ("Phone Not in your plan" in page) == (plan in ("startup", "business"))
    assert ("as needed" in page) == (plan == "startup")
    assert ("Support for sponsored partners" in page) == (plan != "startup")


@pytest.mark.parametrize("plan", PLANS)
def test_reopen_14_days_and_close_by_itself_after_7(customer_of, desk, clock, plan) -> None:
    assert_reopens_for_fourteen_days(customer_of("nextplane", plan), clock)
    assert_closes_by_itself_after_seven_days(customer_of("nextplane", plan), desk, clock)


def test_first_come_first_served_within_a_severity(customer_of, desk, clock) -> None:
    customers = [customer_of("nextplane", plan) for plan in ("startup", "custom", "business")]
    asked = []
    for minute, (customer, severity) in enumerate(zip(customers, ["P2", "P2", "P1"], strict=True)):
        clock.move_to(f"2026-12-02T17:{minute:02}:00Z")
        asked.append(customer.asks(severity=severity).body["number"])
    queue = desk.admin.get("/admin/tickets/ticket/?tab=first-come").context["groups"]
    assert [row.ticket.pk for group in queue for row in group.rows] == [asked[2], asked[0], asked[1]]
