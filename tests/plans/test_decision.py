"""Who may ask what, on which channel, and when: the rules of policies.md, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Contact, Organization
from plans.decision import Decision, Question, decide, terms_in_force
from plans.models import Contract
from plans.rules import RULES
from plans.wording import WORDS
from tests.factories.accounts import (
    ContactFactory,
    MandateFactory,
    OrganizationFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.plans import (
    ContractFactory,
    LicenceFactory,
    ProductFactory,
    ProgramEnrolmentFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)


def scene(policy: str, plan: str, **contract: Any) -> tuple[Contact, Contract]:
    """An approved administrator of an organization under a plan."""
    contact = ContactFactory(access_id=f"id-{policy}-{plan}")
    return contact, ContractFactory(
        policy=policy, plan_code=plan, organization=contact.organization, **contract
    )


def asked(contact: Contact, **answers: Any) -> Decision:
    """The decision for a contact at noon, on the portal unless said otherwise."""
    return decide(
        Question(**{"person": contact.user, "organization": contact.organization, "at": NOON, **answers})
    )


def changed(contact: Contact, **values: Any) -> Contact:
    """The contact with other values, beside an administrator who stays."""
    ContactFactory(organization=contact.organization)
    Contact.objects.filter(pk=contact.pk).update(**values)
    return Contact.objects.select_related("user", "organization").get(pk=contact.pk)


CHANNELS = [
    ("nextplane", "startup", {"management-portal", "portal"}),
    ("nextplane", "business", {"management-portal", "portal", "web"}),
    ("nextplane", "enterprise", {"management-portal", "portal", "web", "phone"}),
    ("nextplane", "custom", {"management-portal", "portal", "web", "phone"}),
    ("jumpcloud-msp", "free", set()),
    ("jumpcloud-msp", "standard", {"portal", "email"}),
    ("jumpcloud-msp", "premium", {"portal", "email", "chat", "phone"}),
    ("office-365", "subscription", {"portal", "phone"}),
    ("office-365", "base-premier", {"portal", "phone"}),
    ("office-365", "premier-office-365", {"portal", "phone"}),
    ("office-365", "cloud-vantage", {"portal", "phone"}),
    ("nexraid", "trial", {"portal", "email"}),
    ("nexraid", "paid", {"portal", "email"}),
    ("nexraid", "enterprise", {"portal", "email", "im", "phone"}),
    ("two-tier", "standard", {"portal", "email"}),
    ("two-tier", "enterprise", {"portal", "email"}),
]


@pytest.mark.parametrize(("policy", "plan", "channels"), CHANNELS)
def test_a_plan_takes_requests_on_its_channels_alone(policy: str, plan: str, channels: set[str]) -> None:
    contact, _ = scene(policy, plan)
    for channel in ("portal", "email", "phone", "chat", "im", "web", "management-portal"):
        decision = asked(contact, channel=channel)
        if channel in channels:
            assert not decision.is_refused, (channel, decision)
        else:
            assert decision.code == ("channel_not_in_plan" if channels else "plan_takes_no_requests")


@pytest.mark.parametrize("plan", ["base-premier", "premier-office-365", "cloud-vantage"])
@pytest.mark.parametrize(
    ("channel", "severity", "code"),
    [
        ("portal", "A", "severity_by_phone"),
        ("portal", "B", ""),
        ("portal", "C", ""),
        ("phone", "A", ""),
        ("phone", "B", ""),
        ("phone", "C", ""),
    ],
)
def test_premier_takes_severity_a_by_phone(plan: str, channel: str, severity: str, code: str) -> None:
    contact, _ = scene("office-365", plan)
    decision = asked(contact, channel=channel, severity=severity, support_type="technical")
    assert decision.code == code
    if code:
        assert "access id" in decision.next_step


def test_a_subscription_takes_every_severity_on_the_portal() -> None:
    contact, _ = scene("office-365", "subscription")
    for severity in "ABC":
        assert asked(contact, severity=severity, support_type="technical").outcome == "allowed"


def test_a_severity_that_is_not_there_is_refused() -> None:
    contact, _ = scene("two-tier", "standard")
    assert asked(contact, severity="P9").code == "severity_not_on_channel"


@pytest.mark.parametrize(
    ("plan", "severity", "code"),
    [
        ("trial", "high", "severity_set_by_support"),
        ("paid", "low", "severity_set_by_support"),
        ("paid", None, ""),
        ("enterprise", "high", ""),
    ],
)
def test_nexraid_customers_set_the_severity_in_enterprise_alone(
    plan: str, severity: str | None, code: str
) -> None:
    contact, _ = scene("nexraid", plan)
    decision = asked(contact, severity=severity, support_type="pre-sales")
    assert decision.code == code
    assert decision.severity == (severity or "normal")


def test_staff_may_set_the_severity_that_support_sets() -> None:
    contact, _ = scene("nexraid", "paid")
    answers = {"severity": "high", "support_type": "pre-sales", "channel": "email", "entered_by_staff": True}
    assert asked(contact, **answers).outcome == "allowed"


@pytest.mark.parametrize(
    ("functions", "opened"),
    [
        (["billing"], {"billing", "pre-sales"}),
        (["technical"], {"standard-technical", "advanced-technical", "enterprise-professional"}),
        (
            ["service"],
            {"billing", "pre-sales", "standard-technical", "advanced-technical", "enterprise-professional"},
        ),
        (["billing", "technical"], None),
        ([], None),
    ],
)
def test_nexraid_functions_open_their_types(functions: list[str], opened: set[str] | None) -> None:
    contact, _ = scene("nexraid", "enterprise")
    LicenceFactory(organization=contact.organization)
    contact = changed(contact, functions=functions)
    types = ["pre-sales", "billing", "standard-technical", "advanced-technical", "enterprise-professional"]
    for support_type in types:
        is_open = opened is None or support_type in opened
        code = "" if is_open else "function_mismatch"
        assert asked(contact, support_type=support_type).code == code, support_type


def test_enterprise_professional_support_is_for_enterprise_alone() -> None:
    contact, _ = scene("nexraid", "paid")
    assert asked(contact, support_type="enterprise-professional").code == "type_not_in_plan"


def test_the_type_left_out_is_the_first_that_the_person_opens() -> None:
    contact, _ = scene("nexraid", "enterprise")
    LicenceFactory(organization=contact.organization)
    assert asked(contact).support_type == "pre-sales"
    assert asked(changed(contact, functions=["technical"])).support_type == "standard-technical"


def test_a_request_belongs_to_the_narrowest_function_that_opens_it() -> None:
    contact, _ = scene("nexraid", "paid")
    assert asked(contact, support_type="billing").contact_function == "billing"
    assert asked(contact, support_type="standard-technical").contact_function == "technical"
    other, _ = scene("nextplane", "business")
    assert asked(changed(other, functions=["billing"])).contact_function == "billing"


@pytest.mark.parametrize(("policy", "plan"), [("jumpcloud-msp", "standard"), ("office-365", "subscription")])
def test_only_administrators_ask_where_the_plan_says_so(policy: str, plan: str) -> None:
    contact, _ = scene(policy, plan)
    contact = changed(contact, is_administrator=False, functions=["billing"])
    assert asked(contact).code == "contact_not_authorised"


def test_a_function_that_the_policy_names_is_an_administrators_role() -> None:
    contact, _ = scene("nexraid", "paid")
    contact = changed(contact, is_administrator=False, functions=["billing"])
    assert asked(contact, support_type="billing").outcome == "allowed"
    assert asked(changed(contact, functions=["other"])).code == "contact_not_authorised"


def test_who_only_reads_does_not_ask() -> None:
    contact, _ = scene("two-tier", "standard")
    assert asked(changed(contact, functions=["read-only"])).code == "contact_not_authorised"


def test_nobody_of_another_organization_asks() -> None:
    contact, _ = scene("two-tier", "standard")
    stranger = ContactFactory().user
    assert asked(contact, person=stranger).code == "contact_not_authorised"
    assert asked(contact, person=UserFactory()).code == "contact_not_authorised"


def test_revoking_bites_at_once() -> None:
    contact, _ = scene("two-tier", "standard")
    contact = changed(contact, revoked_at=NOON - timedelta(seconds=1))
    assert asked(contact).code == "contact_not_authorised"


def test_staff_ask_without_standing() -> None:
    contact, _ = scene("nextplane", "business")
    assert asked(contact, person=StaffFactory(), entered_by_staff=True).outcome == "allowed"


@pytest.mark.parametrize("missing", ["customer_approved_at", "vendor_approved_at"])
def test_nextplane_contacts_are_approved_by_both_sides(missing: str) -> None:
    contact, _ = scene("nextplane", "startup")
    assert asked(contact).outcome == "allowed"
    assert asked(changed(contact, **{missing: None})).code == "contact_not_approved"


def test_an_approval_counts_from_its_instant() -> None:
    contact, _ = scene("nextplane", "startup")
    assert asked(changed(contact, vendor_approved_at=NOON)).outcome == "allowed"
    later = NOON + timedelta(seconds=1)
    assert asked(changed(contact, vendor_approved_at=later)).code == "contact_not_approved"


def test_premier_contacts_need_the_vendors_approval_and_an_access_id() -> None:
    contact, _ = scene("office-365", "base-premier")
    contact = changed(contact, customer_approved_at=None, is_administrator=False)
    assert asked(contact, support_type="technical").outcome == "allowed"
    assert asked(changed(contact, access_id="")).code == "access_id_missing"
    assert asked(changed(contact, vendor_approved_at=None)).code == "contact_not_approved"


def test_an_unlisted_person_is_helped_in_an_emergency() -> None:
    contact, _ = scene("nextplane", "enterprise")
    emergency = {"is_emergency": True, "channel": "phone", "entered_by_staff": True}
    for person in (None, UserFactory()):
        decision = asked(contact, person=person, **emergency)
        assert (decision.outcome, decision.code) == ("allowed_with_note", "emergency_contact")
        assert decision.is_unverified
    assert asked(changed(contact, vendor_approved_at=None), **emergency).code == "emergency_contact"
    other, _ = scene("two-tier", "standard")
    assert asked(other, person=None, is_emergency=True).code == "contact_not_authorised"


def test_a_request_from_without_the_portal_is_taken_by_staff_and_verified() -> None:
    contact, _ = scene("jumpcloud-msp", "standard")
    assert asked(contact, channel="phone").code == "channel_not_in_plan"
    assert asked(contact, channel="phone", is_extraordinary=True).code == "channel_not_in_plan"
    decision = asked(contact, channel="phone", is_extraordinary=True, entered_by_staff=True)
    assert (decision.code, decision.is_unverified) == ("extraordinary_access", True)


def partner_of(organization: Organization, **mandate: Any) -> Any:
    held = MandateFactory(organization=organization, **mandate)
    return ContactFactory(organization=held.partner).user


@pytest.mark.parametrize(
    ("mandate", "code"),
    [
        ({}, ""),
        ({"scope": "read"}, "mandate_read_only"),
        ({"until_on": date(2026, 11, 29)}, "mandate_ended"),
        ({"until_on": date(2026, 11, 30)}, ""),
        ({"from_on": date(2026, 12, 1)}, "mandate_ended"),
    ],
)
def test_a_partner_acts_under_its_mandate(mandate: dict[str, Any], code: str) -> None:
    contact, _ = scene("jumpcloud-msp", "standard")
    partner = partner_of(contact.organization, **mandate)
    assert asked(contact, person=partner).code == code


def test_a_plan_may_not_cover_partners() -> None:
    contact, _ = scene("two-tier", "standard")
    assert asked(contact, person=partner_of(contact.organization)).code == "partner_not_covered"


def test_identity_is_checked_before_billing_changes() -> None:
    contact, _ = scene("office-365", "subscription")
    decision = asked(contact, support_type="billing")
    assert (decision.outcome, decision.code) == ("allowed_with_note", "identity_check")


def test_technical_support_needs_a_licence() -> None:
    contact, _ = scene("nexraid", "paid")
    organization, technical = contact.organization, {"support_type": "standard-technical"}
    assert asked(contact, **technical).code == "no_valid_licence"
    atlas = LicenceFactory(organization=organization, ends_on=date(2026, 11, 30)).product.code
    assert asked(contact, **technical).outcome == "allowed"
    assert asked(contact, product=atlas, **technical).outcome == "allowed"
    assert asked(contact, product=ProductFactory().code, **technical).code == "no_valid_licence"
    assert asked(contact, product="nowhere", **technical).code == "no_valid_licence"
    ended = asked(contact, product=atlas, at=NOON + timedelta(days=1), **technical)
    assert ended.code == "no_valid_licence"
    assert "ended on" in ended.detail
    LicenceFactory(organization=organization)
    assert "Say which product" in asked(contact, **technical).next_step
    assert asked(contact, support_type="billing", product="nowhere").outcome == "allowed"


# A contract's days are those of its zone: from midnight in New York (05:00 UTC in winter) to the next.
@pytest.mark.parametrize(
    ("at", "code"),
    [
        (datetime(2026, 2, 1, 4, 59, 59, tzinfo=UTC), "contract_not_started"),
        (datetime(2026, 2, 1, 5, 0, tzinfo=UTC), ""),
        (datetime(2026, 12, 1, 4, 59, 59, tzinfo=UTC), ""),
        (datetime(2026, 12, 1, 5, 0, tzinfo=UTC), "contract_expired"),
    ],
)
def test_contract_days_are_of_the_contracts_zone(at: datetime, code: str) -> None:
    contact, _ = scene("two-tier", "standard", starts_on=date(2026, 2, 1), ends_on=date(2026, 11, 30))
    assert asked(contact, at=at).code == code
    Contract.objects.update(time_zone="Asia/Tokyo")
    shifted = at - timedelta(hours=14)
    assert asked(contact, at=shifted).code == code


def test_no_contract() -> None:
    decision = asked(ContactFactory())
    assert (decision.code, decision.contract, decision.plan) == ("contract_missing", None, None)


def test_overdue_fees_leave_billing_open_in_nextplane() -> None:
    contact, _ = scene("nextplane", "business", overdue_since_on=date(2026, 11, 30))
    assert asked(contact, support_type="technical").code == "contract_overdue"
    billing = asked(contact, support_type="billing")
    assert (billing.outcome, billing.code) == ("allowed_with_note", "fees_overdue")
    before = NOON - timedelta(days=1)
    assert asked(contact, support_type="technical", at=before).outcome == "allowed"
    other, _ = scene("two-tier", "standard", overdue_since_on=date(2026, 11, 1))
    assert asked(other).outcome == "allowed"


@pytest.mark.parametrize(
    ("plan", "accepts", "code"),
    [
        ("startup", False, "rate_not_accepted"),
        ("startup", True, "charged_at_rate"),
        ("business", False, "sponsored_within_limits"),
        ("enterprise", False, "sponsored_within_limits"),
        ("custom", False, "sponsored_within_limits"),
    ],
)
def test_sponsored_partners(plan: str, accepts: bool, code: str) -> None:
    contact, _ = scene("nextplane", plan, sponsor=OrganizationFactory())
    decision = asked(contact, accepts_rate=accepts)
    assert decision.code == code
    if plan == "startup":
        assert "USD 250.00 per hour" in decision.detail


def test_other_policies_help_no_sponsored_partners() -> None:
    contact, _ = scene("two-tier", "standard", sponsor=OrganizationFactory())
    assert asked(contact).code == "partner_not_covered"


def test_a_program_gives_standard_support_while_it_lasts() -> None:
    contact, contract = scene("jumpcloud-msp", "free")
    ProgramEnrolmentFactory(contract=contract)
    during = asked(contact)
    assert (during.outcome, during.plan.code, during.coverage_option) == ("allowed", "standard", "office")
    assert during.terms_read["program"] == "jumpstart"
    after = asked(contact, at=datetime(2027, 1, 2, tzinfo=UTC))
    assert (after.code, after.plan.code) == ("plan_takes_no_requests", "free")


def test_terms_in_force_prefer_the_products_contract_and_what_runs() -> None:
    organization = OrganizationFactory()
    product = ProductFactory()
    general = ContractFactory(organization=organization, plan_code="startup")
    narrow = ContractFactory(organization=organization, plan_code="custom", product=product)
    assert terms_in_force(organization, NOON).contract == general
    assert terms_in_force(organization, NOON, product.code).contract == narrow
    assert terms_in_force(organization, NOON, "other").contract == general
    assert terms_in_force(organization, datetime(2025, 1, 1, tzinfo=UTC)).state == "not_started"
    assert terms_in_force(organization, datetime(2029, 1, 1, tzinfo=UTC)).state == "expired"
    assert terms_in_force(OrganizationFactory(), NOON) is None


def test_a_decision_says_what_it_read() -> None:
    contact, contract = scene("nextplane", "business", coverage_option="emea")
    decision = asked(contact, severity="P2")
    assert decision.terms_read == {
        "policy": "nextplane",
        "edition": 1,
        "plan": "business",
        "coverage": "emea",
        "contract": contract.pk,
        "contract_plan": "business",
        "program": None,
        "severity": "P2",
        "support_type": "technical",
        "product": None,
    }


def test_the_words_are_in_the_readers_language() -> None:
    contact, _ = scene("office-365", "base-premier")
    with translation.override("zh-hant"):
        assert "存取識別碼" in asked(contact, severity="A").next_step


def test_every_rule_is_documented() -> None:
    assert all(rule.__doc__ for rule in RULES)
    assert len(WORDS) == 26
