"""Policy 2, jumpcloud-msp: every row and cell, through the portal, the API and the back office."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.enums import Scope
from tests.factories.accounts import ContactFactory, MandateFactory, PartnerFactory
from tests.factories.plans import ProgramEnrolmentFactory
from tests.policies.conftest import CHANNELS, RANGE, Customer, cells, words
from tests.policies.shared import (
    assert_closes_by_itself_after_seven_days,
    assert_reopens_for_fourteen_days,
    takes_on,
)

pytestmark = pytest.mark.django_db
FORM = {"category": "devices", "severity": "S2", "contact_from": "09:00", "contact_to": "12:00"}

# Standard: Wed 15:00 in Denver, two hours before closing. Premium: a Saturday night.
FIRST_RESPONSE = {
    ("standard", "S1", "4h"): ("2026-12-02T22:00:00Z", "2026-12-03T18:00:00Z"),
    ("standard", "S2", "8h"): ("2026-12-02T22:00:00Z", "2026-12-03T22:00:00Z"),
    ("standard", "S3", "nbd"): ("2026-12-02T22:00:00Z", "2026-12-04T00:00:00Z"),
    ("premium", "S1", "1h"): ("2026-11-29T06:45:00Z", "2026-11-29T07:45:00Z"),
    ("premium", "S2", "2h"): ("2026-11-29T06:45:00Z", "2026-11-29T08:45:00Z"),
    ("premium", "S3", "4h"): ("2026-11-29T06:45:00Z", "2026-11-29T10:45:00Z"),
}
# No holidays are excluded: Thanksgiving and Christmas count like any other day.
HOLIDAYS = {
    ("standard", "S1", "thanksgiving-is-open"): ("2026-11-25T22:00:00Z", "2026-11-26T18:00:00Z"),
    ("standard", "S3", "thanksgiving-is-open"): ("2026-11-25T22:00:00Z", "2026-11-27T00:00:00Z"),
    ("standard", "S2", "weekend-is-closed"): ("2026-12-04T22:00:00Z", "2026-12-07T22:00:00Z"),
    ("premium", "S1", "christmas-is-open"): ("2026-12-25T06:45:00Z", "2026-12-25T07:45:00Z"),
}
TAKEN = {"standard": {"portal", "email"}, "premium": {"portal", "email", "chat", "phone"}}


@pytest.mark.parametrize(("plan", "severity", "target", "at", "due"), cells(FIRST_RESPONSE))
def test_first_response(customer_of, clock, plan, severity, target, at, due) -> None:
    customer = customer_of("jumpcloud-msp", plan)
    clock.move_to(at)
    asked = customer.asks(severity=severity)
    assert (asked.status, asked.body["due_at"]) == (201, due)
    clocks = customer.clocks(asked.body["number"])
    assert list(clocks) == ["first_response"] and clocks["first_response"]["target"] == target


@pytest.mark.parametrize(("plan", "severity", "day", "at", "due"), cells(HOLIDAYS))
def test_holidays(customer_of, clock, plan, severity, day, at, due) -> None:
    customer = customer_of("jumpcloud-msp", plan)
    clock.move_to(at)
    assert customer.asks(severity=severity).body["due_at"] == due


@pytest.mark.parametrize("plan", ["standard", "premium"])
def test_no_news_are_promised_after_the_first_answer(customer_of, desk, plan) -> None:
    customer = customer_of("jumpcloud-msp", plan)
    number = customer.asks(severity="S1").body["number"]
    desk.answers(number)
    assert customer.api.get(f"tickets/{number}/").body["due_at"] is None


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("plan", ["standard", "premium"])
def test_channels(customer_of, desk, plan, channel) -> None:
    customer = customer_of("jumpcloud-msp", plan)
    assert takes_on(customer, desk, channel, severity="S1") == (channel in TAKEN[plan])


@pytest.mark.parametrize("channel", CHANNELS)
def test_free_takes_no_requests(customer_of, desk, channel) -> None:
    customer = customer_of("jumpcloud-msp", "free")
    refused = customer.asks() if channel == "portal" else desk.enters(customer, channel)
    assert (refused.status, refused.code) == (403, "plan_takes_no_requests")
    assert "join a program that gives: Standard support" in refused.body["next_step"]


def test_free_is_online_self_service(customer_of) -> None:
    customer = customer_of("jumpcloud-msp", "free")
    assert customer.portal.get("/requests/new/").status_code == 403
    page = customer.support_page()
    assert "This plan takes no requests: help is online" in page
    assert "Knowledge base Platform status" in page and "Early access" not in page


@pytest.mark.parametrize(
    ("at", "due"),
    [
        pytest.param("2026-11-02T22:00:00Z", "2026-11-03T18:00:00Z", id="while-it-lasts"),
        # The last day ends at midnight of the customer's own zone; New Year's day is not excluded.
        pytest.param("2027-01-01T04:59:59Z", "2027-01-01T20:00:00Z", id="its-last-second"),
        pytest.param("2027-01-01T05:00:00Z", None, id="a-second-later"),
        pytest.param("2026-10-30T22:00:00Z", None, id="before-it-begins"),
    ],
)
def test_jumpstart_gives_standard_support_while_it_lasts(customer_of, clock, at, due) -> None:
    customer = customer_of("jumpcloud-msp", "free")
    ProgramEnrolmentFactory(contract=customer.contract)
    clock.move_to(at)
    asked = customer.asks(severity="S1")
    if due is None:
        assert (asked.status, asked.code) == (403, "plan_takes_no_requests")
    else:
        assert (asked.body["due_at"], asked.body["terms"]["plan"]) == (due, "standard")


def test_jumpstart_in_the_portal(customer_of) -> None:
    customer = customer_of("jumpcloud-msp", "free")
    ProgramEnrolmentFactory(contract=customer.contract)
    assert "Standard support, edition 1" in customer.support_page()
    assert customer.types(**FORM).status_code == 302


def test_priority_access_is_queued_before_standard_of_the_same_severity(customer_of, desk, clock) -> None:
    standard, premium = customer_of("jumpcloud-msp", "standard"), customer_of("jumpcloud-msp", "premium")
    asked = {}
    for minute, (name, customer, severity) in enumerate(
        [
            ("standard S2", standard, "S2"),
            ("premium S3", premium, "S3"),
            ("premium S2", premium, "S2"),
            ("standard S1", standard, "S1"),
            ("premium S2 later", premium, "S2"),
        ]
    ):
        clock.move_to(f"2026-12-02T17:{minute:02}:00Z")
        asked[customer.asks(severity=severity).body["number"]] = name
    groups = desk.admin.get("/admin/tickets/ticket/?tab=first-come").context["groups"]
    order = [asked[row.ticket.pk] for group in groups for row in group.rows]
    assert order == ["standard S1", "premium S2", "premium S2 later", "standard S2", "premium S3"]


@pytest.mark.parametrize("missing", ["category", "subject", "description", "contact_from", "contact_to"])
@pytest.mark.parametrize("plan", ["standard", "premium"])
def test_the_form_requires(customer_of, plan, missing) -> None:
    answer = customer_of("jumpcloud-msp", plan).types(**FORM | {missing: ""})
    assert answer.status_code == 422
    assert missing in answer.context["form"].errors


def test_the_form_offers_and_keeps_the_optional_fields(customer_of) -> None:
    customer = customer_of("jumpcloud-msp", "standard")
    form = customer.portal.get("/requests/new/").context["form"]
    optional = {name for name, field in form.fields.items() if not field.required}
    assert {"device", "operating_system"} <= optional
    assert "can_sign_in" not in form.fields and "support_type" not in form.fields
    assert customer.types(**FORM, device="MB-118", operating_system="macOS 26").status_code == 302
    (told,) = customer.api.get("tickets/").body["results"]
    assert (told["device"], told["operating_system"]) == ("MB-118", "macOS 26")
    assert told["best_time_to_contact"]["from"] == "09:00"
    assert told["organization"] == customer.organization.slug


@pytest.mark.parametrize("severity", ["S1", "S2", "S3"])
def test_the_submitter_chooses_the_severity(customer_of, severity) -> None:
    customer = customer_of("jumpcloud-msp", "standard")
    assert customer.types(**FORM | {"severity": severity}).status_code == 302
    (told,) = customer.api.get("tickets/").body["results"]
    assert told["severity"] == severity


def test_severity_definitions_stand_in_the_form(customer_of) -> None:
    page = words(customer_of("jumpcloud-msp", "standard").portal.get("/requests/new/"))
    for said in (
        "Nothing works any more.",
        "Important functions are lost",
        "A part is lost that is not critical.",
    ):
        assert said in page


@pytest.mark.parametrize("plan", ["standard", "premium"])
def test_active_administrators_only(customer_of, plan) -> None:
    customer = customer_of("jumpcloud-msp", plan)
    clerk = customer.colleague(is_administrator=False)
    refused = clerk.asks(severity="S1")
    assert (refused.status, refused.code) == (403, "contact_not_authorised")
    assert refused.body["detail"] == "Under this plan only administrators of the account ask support."
    assert clerk.portal.get("/requests/new/").status_code == 403
    assert customer.asks(severity="S1").status == 201


@pytest.mark.parametrize("plan", ["standard", "premium"])
def test_a_partner_submits_for_the_organization_that_it_manages(customer_of, plan) -> None:
    managed, other = customer_of("jumpcloud-msp", plan), customer_of("jumpcloud-msp", plan)
    firm = PartnerFactory()
    MandateFactory(partner=firm, organization=managed.organization, scope=Scope.ACT)
    partner = Customer(ContactFactory(organization=firm).user, managed.organization)
    asked = partner.asks(organization=managed.organization.slug, severity="S1", best_time_to_contact=RANGE)
    assert (asked.status, asked.body["requester"]) == (201, partner.user.email)
    assert partner.types(**FORM).status_code == 302
    assert managed.api.get("tickets/").body["results"][1]["number"] == asked.body["number"]
    assert partner.asks(organization=other.organization.slug).status == 400


@pytest.mark.parametrize(("plan", "status"), [("free", 409), ("standard", 302), ("premium", 302)])
def test_extraordinary_access_where_the_portal_is_out_of_reach(customer_of, desk, plan, status) -> None:
    customer = customer_of("jumpcloud-msp", plan)
    assert desk.takes(customer, "web", **FORM).status_code == 409
    taken = desk.takes(customer, "web", is_extraordinary="on", **FORM)
    assert taken.status_code == status
    if status == 302:
        (ticket,) = customer.organization.tickets.all()
        assert (ticket.unverified_reason, ticket.channel) == ("extraordinary", "web")
        shown = words(desk.admin.get(f"/admin/tickets/ticket/{ticket.pk}/change/"))
        assert "Disclose nothing yet" in shown


@pytest.mark.parametrize("plan", ["standard", "premium"])
def test_reopen_14_days_and_close_by_itself_after_7(customer_of, desk, clock, plan) -> None:
    assert_reopens_for_fourteen_days(customer_of("jumpcloud-msp", plan), clock)
    assert_closes_by_itself_after_seven_days(customer_of("jumpcloud-msp", plan), desk, clock)


def test_what_the_support_page_of_standard_shows(customer_of) -> None:
    page = customer_of("jumpcloud-msp", "standard").support_page()
    for said in (
        "Counted while support is open, from the second you submit.",
        "4 h 8 h next business day",
        "Email Yes, every severity",
        "Live chat Not in your plan In Premium support",
        "Phone Not in your plan In Premium support",
        "No holidays are left out of your hours.",
        "2 things that support covers",
        "Defects and issues of the product are sorted, analysed and resolved.",
        "through the protocols that it supports",
        "3 conditions",
        "Requests come from active administrators of the account.",
        "we may ask for further proof of who you are",
        "Escalation 1 Support lead",
        "Knowledge base Platform status",
    ):
        assert said in page, said
    assert "Objectives" not in page and "Early access" not in page


def test_what_the_support_page_of_premium_shows(customer_of) -> None:
    page = customer_of("jumpcloud-msp", "premium").support_page()
    for said in (
        "1 h 2 h 4 h",
        "Live chat Yes, every severity",
        "Phone Yes, every severity",
        "Early access to new functions",
        "Escalation 1 Support lead",
    ):
        assert said in page, said
    assert "Not in your plan" not in page


@pytest.mark.parametrize("plan", ["free", "standard", "premium"])
def test_a_contract_that_ended_is_refused_from_the_next_day_on(customer_of, clock, plan) -> None:
    customer = customer_of("jumpcloud-msp", plan, ends_on=date(2026, 12, 1))
    clock.move_to("2026-12-02T05:00:00Z")
    assert customer.asks().code == "contract_expired"
    clock.move_to("2026-12-02T04:59:59Z")
    last = customer.asks(severity="S1")
    assert last.code == "plan_takes_no_requests" if plan == "free" else last.status == 201
