"""Policy 3, office-365: every row and cell, through the portal, the API and the back office."""

from __future__ import annotations

import pytest

from tests.policies.conftest import CHANNELS, cells, words
from tests.policies.shared import (
    assert_closes_by_itself_after_seven_days,
    assert_reopens_for_fourteen_days,
)

pytestmark = pytest.mark.django_db
PREMIER = ("base-premier", "premier-office-365", "cloud-vantage")
PLANS = ("subscription", *PREMIER)
IMPACT = {"can_sign_in": "no", "users_affected": "40"}
CALL = (
    "Call your local support line; with a premier contract, call the premier line and have your access id "
    "at hand."
)

# Asked on Christmas morning, 03:00 in Los Angeles: every day and every hour is covered.
AT = "2026-12-25T11:00:00Z"
DUE = {
    "A": ("1h", "2026-12-25T12:00:00Z"),
    "B": ("2h", "2026-12-25T13:00:00Z"),
    "C": ("4h", "2026-12-25T15:00:00Z"),
}
FIRST_RESPONSE = {(plan, code, target): due for plan in PREMIER for code, (target, due) in DUE.items()}


@pytest.mark.parametrize(("plan", "severity", "target", "due"), cells(FIRST_RESPONSE))
def test_first_response(customer_of, desk, clock, plan, severity, target, due) -> None:
    customer = customer_of("office-365", plan)
    clock.move_to(AT)
    asked = desk.enters(customer, "phone", severity=severity)
    assert (asked.status, asked.body["due_at"]) == (201, due)
    clocks = customer.clocks(asked.body["number"])
    assert list(clocks) == ["first_response"] and clocks["first_response"]["target"] == target


@pytest.mark.parametrize("severity", ["A", "B", "C"])
def test_subscription_promises_nothing(customer_of, severity) -> None:
    customer = customer_of("office-365", "subscription")
    asked = customer.asks(severity=severity)
    assert (asked.status, asked.body["due_at"], asked.body["terms"]["coverage"]) == (201, None, None)
    assert customer.clocks(asked.body["number"]) == {}


PORTAL = {(plan, code): plan == "subscription" or code != "A" for plan in PLANS for code in "ABC"}


@pytest.mark.parametrize(("plan", "severity", "is_taken"), cells(PORTAL))
def test_portal_by_severity(customer_of, plan, severity, is_taken) -> None:
    customer = customer_of("office-365", plan)
    asked = customer.asks(severity=severity)
    typed = customer.types(severity=severity, support_type="technical", **IMPACT)
    assert (asked.status, typed.status_code) == ((201, 302) if is_taken else (403, 403))
    if not is_taken:
        assert (asked.code, asked.body["next_step"]) == ("severity_by_phone", CALL)
        assert "severity_by_phone" in typed.content.decode()


@pytest.mark.parametrize("severity", ["A", "B", "C"])
@pytest.mark.parametrize("plan", PLANS)
def test_phone_takes_all(customer_of, desk, plan, severity) -> None:
    taken = desk.takes(
        customer_of("office-365", plan), "phone", severity=severity, support_type="technical", **IMPACT
    )
    assert taken.status_code == 302


@pytest.mark.parametrize("channel", [code for code in CHANNELS if code not in ("portal", "phone")])
@pytest.mark.parametrize("plan", PLANS)
def test_no_other_channel(customer_of, desk, plan, channel) -> None:
    refused = desk.enters(customer_of("office-365", plan), channel, severity="C")
    assert (refused.status, refused.code) == (403, "channel_not_in_plan")
    assert refused.body["next_step"] == "Use one of these: Online portal, Phone."


@pytest.mark.parametrize("kind", ["technical", "billing"])
@pytest.mark.parametrize("plan", PLANS)
def test_support_types(customer_of, plan, kind) -> None:
    customer = customer_of("office-365", plan)
    assert customer.asks(severity="C", support_type=kind).body["support_type"] == kind
    assert customer.types(severity="C", support_type=kind, **IMPACT).status_code == 302


@pytest.mark.parametrize("plan", PREMIER)
def test_premier_requests_come_from_named_contacts_with_an_access_id(customer_of, plan) -> None:
    customer = customer_of("office-365", plan, contact={"access_id": ""})
    refused = customer.asks(severity="B")
    assert (refused.status, refused.code) == (403, "access_id_missing")
    assert refused.body["next_step"] == (
        "Ask your account manager or service delivery manager to issue you one."
    )
    assert customer.portal.get("/requests/new/").status_code == 403
    named = customer.colleague(is_administrator=False, access_id=f"N-{customer.organization.pk}")
    assert named.asks(severity="B").status == 201


@pytest.mark.parametrize("plan", PREMIER)
def test_support_finds_a_premier_caller_by_the_access_id(customer_of, desk, plan) -> None:
    customer = customer_of("office-365", plan)
    key = customer.user.contacts.get().access_id
    assert customer.user.name in words(desk.admin.get(f"/admin/tickets/ticket/add/?who={key}"))


def test_subscription_requests_come_from_administrators_without_an_access_id(customer_of) -> None:
    customer = customer_of("office-365", "subscription", contact={"access_id": ""})
    assert customer.asks(severity="A").status == 201
    assert customer.colleague(is_administrator=False).asks().code == "contact_not_authorised"


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("missing", ["subject", "description", "can_sign_in", "users_affected"])
def test_the_form_requires_the_business_impact(customer_of, plan, missing) -> None:
    typed = {"severity": "C", "support_type": "technical", **IMPACT, missing: ""}
    answer = customer_of("office-365", plan).types(**typed)
    assert answer.status_code == 422 and missing in answer.context["form"].errors


def test_the_impact_is_kept_with_the_request(customer_of) -> None:
    customer = customer_of("office-365", "base-premier")
    rest = {"executives_affected": "yes", "lost": "Mail of the ward", "since": "2026-12-02T10:00"}
    answer = customer.types(severity="B", support_type="technical", **IMPACT, **rest)
    assert answer.status_code == 302
    (told,) = customer.api.get("tickets/").body["results"]
    assert told["impact"] == {
        "can_sign_in": False,
        "users_affected": 40,
        "executives_affected": True,
        "lost": "Mail of the ward",
        "since": "2026-12-02T15:00:00Z",
    }


SUGGESTED = {
    ("nobody-signs-in-and-many-are-affected", "A"): {"can_sign_in": "no", "users_affected": "2"},
    ("one-person-can-not-sign-in", "B"): {"can_sign_in": "no", "users_affected": "1"},
    ("several-are-affected", "B"): {"can_sign_in": "yes", "users_affected": "2"},
    ("an-executive-is-affected", "B"): {
        "can_sign_in": "yes",
        "users_affected": "1",
        "executives_affected": "yes",
    },
    ("one-person-is-disturbed", "C"): {"can_sign_in": "yes", "users_affected": "1"},
}


@pytest.mark.parametrize(("who", "severity", "answers"), cells(SUGGESTED))
def test_severity_suggested_from_the_impact(customer_of, who, severity, answers) -> None:
    customer = customer_of("office-365", "premier-office-365")
    page = words(customer.portal.post("/requests/new/preview/", customer.typed(**answers)))
    assert f"We suggest {severity}." in page


def test_the_customer_may_choose_another_than_was_suggested(customer_of) -> None:
    customer = customer_of("office-365", "premier-office-365")
    assert customer.types(severity="C", support_type="technical", **IMPACT).status_code == 302


def test_a_worse_impact_may_be_reported_at_any_time_and_counts_from_then(customer_of, clock) -> None:
    customer = customer_of("office-365", "cloud-vantage")
    clock.move_to(AT)
    number = customer.asks(severity="C").body["number"]
    clock.move_to("2026-12-25T11:30:00Z")
    worse = {"severity": "B", "severity_how": "raised", "severity_reason": "Two wards now"}
    told = customer.api.patch(f"tickets/{number}/", worse).body
    assert (told["severity"], told["due_at"]) == ("B", "2026-12-25T13:30:00Z")


def test_a_billing_request_asks_for_an_identity_check(customer_of, desk) -> None:
    customer = customer_of("office-365", "subscription")
    number = customer.asks(severity="C", support_type="billing").body["number"]
    page = words(desk.admin.get(f"/admin/tickets/ticket/{number}/change/"))
    assert "An identity check comes first" in page
    form = words(desk.admin.get(f"/admin/accounts/organization/{customer.organization.pk}/identity-check/"))
    for asked in ("Their name", "The company's name", "The company's address", "The alternate email"):
        assert asked in form, form[-400:]


@pytest.mark.parametrize("plan", PLANS)
def test_reopen_14_days_and_close_by_itself_after_7(customer_of, desk, clock, plan) -> None:
    assert_reopens_for_fourteen_days(customer_of("office-365", plan), clock)
    assert_closes_by_itself_after_seven_days(customer_of("office-365", plan), desk, clock)


def test_a_request_is_reopened_with_its_history(customer_of, desk) -> None:
    customer = customer_of("office-365", "subscription")
    number = customer.asks(severity="B").body["number"]
    desk.answers(number, "It was a stale record.", then="closed")
    assert customer.api.post(f"tickets/{number}/reopen/").body["status"] == "open"
    said = [row["body"] for row in customer.api.get(f"tickets/{number}/messages/").body["results"]]
    assert said == ["It was a stale record."]


MANAGED = "Expertise on service updates Incident management Service reviews Proactive services"
SERVICES = {
    ("subscription",): "Also in your plan Community and help center How it is kept",
    ("base-premier",): "Community and help center Account manager (generalist) How it is kept",
    ("premier-office-365",): f"Specialised account and delivery manager {MANAGED} How it is kept",
    ("cloud-vantage",): f"{MANAGED} Lifecycle services Deployment services How it is kept",
}


@pytest.mark.parametrize(("plan", "services"), cells(SERVICES))
def test_what_the_support_page_shows(customer_of, plan, services) -> None:
    page = customer_of("office-365", plan).support_page()
    for said in (
        services,
        "Phone Yes, every severity",
        "An existing request may be reopened, and its history comes with it.",
        "2 conditions",
        "A request states the business impact first",
        "The administrator's contact information is given",
        "Reopen within 14 days",
    ):
        assert said in page, said
    is_premier = plan in PREMIER
    assert ("Online portal Yes, B, C only" in page) == is_premier
    assert ("1 h 2 h 4 h" in page) == is_premier
    assert ("Your terms name no times." in page) == (not is_premier)
    assert ("Proactive services for the cloud are not included." in page) == (plan == "base-premier")


def test_severities_with_their_definitions_in_the_form(customer_of) -> None:
    page = words(customer_of("office-365", "subscription").portal.get("/requests/new/"))
    for said in ("business hours are soon enough to deal with it", "has an acceptable way around it"):
        assert said in page
