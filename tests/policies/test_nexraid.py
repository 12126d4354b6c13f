"""Policy 4, nexraid: every row and cell, through the portal, the API and the back office."""

from __future__ import annotations

from datetime import date

import pytest

from plans.models import Product
from tests.factories.plans import LicenceFactory, ProductFactory
from tests.policies.conftest import CHANNELS, cells, words
from tests.policies.shared import (
    assert_closes_by_itself_after_seven_days,
    assert_reopens_for_fourteen_days,
    takes_on,
)

pytestmark = pytest.mark.django_db
PLANS = ("trial", "paid", "enterprise")
TECHNICAL = ("standard-technical", "advanced-technical", "enterprise-professional")
TYPES = ("pre-sales", "billing", *TECHNICAL)
TAKEN = {"trial": {"portal", "email"}, "paid": {"portal", "email"}}
TAKEN["enterprise"] = {"portal", "email", "im", "phone"}
SALES = {"support_type": "pre-sales"}


@pytest.fixture
def licensed(customer_of):
    """A customer with a licence for one product, in Shanghai."""

    def make(plan: str, **fields):
        customer = customer_of("nexraid", plan, zone="Asia/Shanghai", **fields)
        product = Product.objects.filter(code="mail").first() or ProductFactory(code="mail")
        LicenceFactory(organization=customer.organization, product=product)
        return customer

    return make


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("plan", PLANS)
def test_channels(licensed, desk, plan, channel) -> None:
    assert takes_on(licensed(plan), desk, channel, **SALES) == (channel in TAKEN[plan])


@pytest.mark.parametrize(("plan", "status"), [("trial", 409), ("paid", 409), ("enterprise", 302)])
@pytest.mark.parametrize("channel", ["im", "phone"])
def test_a_call_or_chat_entered_in_the_back_office(licensed, desk, plan, channel, status) -> None:
    assert desk.takes(licensed(plan), channel, **SALES).status_code == status


@pytest.mark.parametrize("severity", ["high", "low"])
@pytest.mark.parametrize("plan", ["trial", "paid"])
def test_severity_is_set_by_support(licensed, desk, plan, severity) -> None:
    customer = licensed(plan)
    refused = customer.asks(severity=severity, **SALES)
    assert (refused.status, refused.code) == (403, "severity_set_by_support")
    assert "severity" not in customer.portal.get("/requests/new/").context["form"].fields
    asked = customer.asks(**SALES).body
    assert asked["severity"] == "normal"
    change = {"severity": severity, "severity_how": "corrected", "severity_reason": "Read"}
    assert customer.api.patch(f"tickets/{asked['number']}/", change).code == "severity_set_by_support"
    assert desk.api.patch(f"tickets/{asked['number']}/", change).body["severity"] == severity


@pytest.mark.parametrize("severity", ["high", "normal", "low"])
def test_severity_is_set_by_the_customer_in_enterprise(licensed, severity) -> None:
    customer = licensed("enterprise")
    assert customer.asks(severity=severity, **SALES).body["severity"] == severity
    assert customer.types(severity=severity, **SALES).status_code == 302
    assert customer.asks(**SALES).body["severity"] == "normal"


@pytest.mark.parametrize("plan", PLANS)
def test_no_response_target_is_published(licensed, plan) -> None:
    customer = licensed(plan)
    asked = customer.asks(**SALES).body
    assert asked["due_at"] is None and customer.clocks(asked["number"]) == {}
    assert "Your terms name no times." in customer.support_page()


# Friday 16:00 in Shanghai: an hour of the customer's own office is left, the others are open on Saturday.
OWN = {
    ("pre-sales", "4h", "local"): "2026-12-07T04:00:00Z",
    ("billing", "4h", "local"): "2026-12-07T04:00:00Z",
    ("standard-technical", "4h", "always"): "2026-12-04T12:00:00Z",
    ("advanced-technical", "4h", "always"): "2026-12-04T12:00:00Z",
    ("enterprise-professional", "4h", "always"): "2026-12-04T12:00:00Z",
}


@pytest.mark.parametrize(("kind", "target", "hours", "due"), cells(OWN))
def test_own_targets_of_an_enterprise_contract_by_support_type(
    licensed, clock, kind, target, hours, due
) -> None:
    customer = licensed("enterprise", own_targets={"first_response": {"high": target}})
    clock.move_to("2026-12-04T08:00:00Z")
    asked = customer.asks(severity="high", support_type=kind).body
    assert asked["due_at"] == due
    assert customer.clocks(asked["number"])["first_response"]["target"] == target
    assert customer.asks(severity="low", support_type=kind).body["due_at"] is None


# Covered seconds of the week from Monday 30 November 00:00 UTC: five days of eight hours, or all of it.
WEEK = {
    (plan, kind, zone): 5 * 8 * 3600 if kind in ("pre-sales", "billing") else 7 * 24 * 3600
    for plan in PLANS
    for kind in TYPES
    for zone in ("Asia/Shanghai", "America/Chicago")
    if plan == "enterprise" or kind != "enterprise-professional"
}


@pytest.mark.parametrize(("plan", "kind", "zone", "seconds"), cells(WEEK))
def test_coverage_by_support_type(licensed, plan, kind, zone, seconds) -> None:
    question = f"due/?policy=nexraid&plan={plan}&support_type={kind}&time_zone={zone}&severity=high"
    question += "&metric=first_response&at=2026-11-30T00:00:00Z&until=2026-12-07T00:00:00Z"
    answer = licensed(plan).api.get(question)
    assert (answer.status, answer.body["counted_seconds"]) == (200, seconds), answer.body


def test_local_hours_are_those_of_the_customers_own_zone(licensed) -> None:
    question = "due/?policy=nexraid&plan=paid&support_type=billing&severity=high&metric=first_response"
    for zone, opens, closes in (
        ("Asia/Shanghai", "2026-12-02T01:00:00Z", "2026-12-02T09:00:00Z"),
        ("Europe/Paris", "2026-12-02T08:00:00Z", "2026-12-02T16:00:00Z"),
        ("America/Chicago", "2026-12-02T15:00:00Z", "2026-12-02T23:00:00Z"),
    ):
        asked = f"{question}&time_zone={zone}&at={opens}&until={closes}"
        assert licensed("paid").api.get(asked).body["counted_seconds"] == 8 * 3600


OFFERED = {(plan, kind): plan == "enterprise" or kind != TECHNICAL[2] for plan in PLANS for kind in TYPES}


@pytest.mark.parametrize(("plan", "kind", "is_offered"), cells(OFFERED))
def test_support_types(licensed, plan, kind, is_offered) -> None:
    customer = licensed(plan)
    asked = customer.asks(support_type=kind)
    form = customer.portal.get("/requests/new/").context["form"]
    assert (kind in dict(form.fields["support_type"].choices)) == is_offered
    if is_offered:
        assert (asked.status, asked.body["support_type"]) == (201, kind)
    else:
        assert (asked.status, asked.code) == (403, "type_not_in_plan")


OPENS = {"service": TYPES, "technical": TECHNICAL, "billing": ("pre-sales", "billing")}
FUNCTIONS = {(function, kind): kind in opened for function, opened in OPENS.items() for kind in TYPES}


@pytest.mark.parametrize(("function", "kind", "is_opened"), cells(FUNCTIONS))
def test_functions(licensed, function, kind, is_opened) -> None:
    customer = licensed("enterprise", contact={"functions": [function]})
    asked = customer.asks(support_type=kind)
    typed = customer.types(support_type=kind, severity="normal", product="mail")
    assert (asked.status, typed.status_code) == ((201, 302) if is_opened else (403, 403))
    if not is_opened:
        assert asked.code == "function_mismatch" and b"function_mismatch" in typed.content


@pytest.mark.parametrize("function", OPENS)
@pytest.mark.parametrize("plan", PLANS)
def test_only_people_with_an_administrators_role_submit(licensed, plan, function) -> None:
    customer = licensed(plan)
    kind = {"support_type": OPENS[function][0]}
    plain = customer.colleague(is_administrator=False).asks(**kind)
    assert (plain.status, plain.code) == (403, "contact_not_authorised")
    assert customer.colleague(is_administrator=False, functions=[function]).asks(**kind).status == 201


LICENCES = {
    "valid": {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 2)},
    "open-ended": {"starts_on": date(2026, 12, 2)},
    "ended": {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 1)},
    "not-begun": {"starts_on": date(2026, 12, 4)},
    "none": None,
}


@pytest.mark.parametrize("licence", LICENCES)
@pytest.mark.parametrize("kind", TYPES)
def test_licence_gate(customer_of, kind, licence) -> None:
    customer = customer_of("nexraid", "enterprise")
    product = ProductFactory(code="sites", name={"en": "Harbour Sites"})
    if fields := LICENCES[licence]:
        LicenceFactory(organization=customer.organization, product=product, **fields)
    asked = customer.asks(support_type=kind, product="sites")
    if kind not in TECHNICAL or licence in ("valid", "open-ended"):
        assert asked.status == 201
        return
    assert (asked.status, asked.code) == (403, "no_valid_licence")
    ended = "Your licence for Harbour Sites ended on 1 Dec 2026."
    missing = "Your organization has no valid licence for Harbour Sites."
    assert asked.body["detail"].replace("December", "Dec") == (ended if licence == "ended" else missing)
    assert asked.body["next_step"] == "Renew or buy it, or ask billing support."


@pytest.mark.parametrize("kind", TECHNICAL)
def test_licence_gate_of_another_product(licensed, kind) -> None:
    customer = licensed("enterprise")
    ProductFactory(code="sites")
    assert customer.asks(support_type=kind, product="sites").code == "no_valid_licence"
    assert customer.types(support_type=kind, severity="low", product="sites").status_code == 403
    assert customer.asks(support_type=kind, product="mail").status == 201


@pytest.mark.parametrize("plan", PLANS)
def test_administrators_see_all_open_and_recently_closed_requests(licensed, clock, plan) -> None:
    customer = licensed(plan)
    other = customer.colleague(functions=["technical"])
    open_one, closed_one = (customer.asks(**SALES).body["number"] for _ in range(2))
    customer.api.post(f"tickets/{closed_one}/close/")
    clock.move_to("2026-12-16T16:30:00Z")
    told = {row["number"]: row["status"] for row in other.api.get("tickets/").body["results"]}
    assert told == {open_one: "new", closed_one: "closed"}
    assert other.api.post(f"tickets/{closed_one}/reopen/").body["status"] == "open"


@pytest.mark.parametrize("plan", PLANS)
def test_reopen_14_days_and_close_by_itself_after_7(licensed, desk, clock, plan) -> None:
    assert_reopens_for_fourteen_days(licensed(plan), clock, **SALES)
    assert_closes_by_itself_after_seven_days(licensed(plan), desk, clock, **SALES)


@pytest.mark.parametrize("channel", ["email", "im", "phone"])
def test_a_request_that_came_another_way_is_reopened_too(licensed, desk, clock, channel) -> None:
    customer = licensed("enterprise")
    number = desk.enters(customer, channel, **SALES).body["number"]
    customer.api.post(f"tickets/{number}/close/")
    clock.move_to("2026-12-16T16:30:00Z")
    assert customer.api.post(f"tickets/{number}/reopen/").body["status"] == "open"


LANGUAGES = {
    ("en",): ("Administrators see every open and recently closed request", "Self-service for some products"),
    ("zh-hans",): ("管理员可以查看组织所有未关闭和最近关闭的请求", "部分产品的自助服务"),
    ("zh-hant",): ("管理員可以檢視組織所有未結案與最近結案的請求", "部分產品的自助服務"),
}


@pytest.mark.parametrize(("language", "scope", "service"), cells(LANGUAGES))
def test_english_and_both_chinese(licensed, language, scope, service) -> None:
    customer = licensed("paid", contact={"user__language": language})
    page = customer.support_page()
    assert scope in page and service in page
    asked = customer.api.post("tickets/", {"subject": "中文", "description": "无法登录。"} | SALES)
    assert (asked.status, asked.body["description"]) == (201, "无法登录。")


BEYOND = (
    "Service update management",
    "End-to-end support",
    "Direct support for end users",
    "Advice from advanced engineers",
    "Incident management and workshops on site",
    "Account management",
)


@pytest.mark.parametrize("plan", PLANS)
def test_what_the_support_page_shows(licensed, plan) -> None:
    customer = licensed(plan, is_trial=plan == "trial")
    page = customer.support_page()
    for said in (
        "Technical support deals with products that have a valid licence or support plan.",
        "English, Simplified and Traditional Chinese around the clock.",
        "The trouble comes from the customer's own network or environment.",
        "1 exclusion",
        "2 conditions",
        "Pre-sales has hours of its own.",
        "Billing and subscriptions has hours of its own.",
        "Self-service for some products",
        "Reopen within 14 days",
        "Resolved closes after 7 days",
        "Email Yes, every severity",
    ):
        assert said in page, said
    is_enterprise = plan == "enterprise"
    assert all((said in page) == is_enterprise for said in BEYOND)
    assert ("Instant messaging Yes" in page) == ("Phone Yes" in page) == is_enterprise
    assert ("Instant messaging Not in your plan In Enterprise agreement" in page) == (not is_enterprise)
    assert (" Trial " in page.split("When support is open")[0].split("Contract until")[1]) == (
        plan == "trial"
    )


def test_support_types_say_what_they_are_for(licensed) -> None:
    page = words(licensed("enterprise").portal.get("/requests/new/"))
    for said in ("Pre-sales", "Billing and subscriptions", "Standard technical", "Advanced technical"):
        assert said in page
