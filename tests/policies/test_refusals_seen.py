"""Each refusal as the person sees it: what to do comes first, the rule has its code, typed text is kept."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.enums import Scope
from tests.factories.accounts import ContactFactory, MandateFactory, OrganizationFactory, PartnerFactory
from tests.factories.plans import LicenceFactory, ProductFactory
from tests.policies.conftest import NEW, Customer, browser
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
TYPED = {"subject": "Quay 7 is silent", "description": "No message passes since noon."}
IMPACT = {"can_sign_in": "no", "users_affected": "1900"}
LANGUAGES = ("en", "zh-hans")

# name: policy, plan, contract, contact, what is typed, code, what to do in English and in Chinese.
# First what no answer would change (refused before anything is typed), then what an answer runs into.
SETTLED: dict[str, tuple[str, str, dict, dict, str, str, str]] = {
    "free-takes-no-requests": (
        "jumpcloud-msp",
        "free",
        {},
        {},
        "plan_takes_no_requests",
        "Search the help articles, choose another plan, or join a program that gives: Standard support",
        "请搜索帮助文章、选择其他方案，或加入提供以下方案的计划：标准支持",
    ),
    "contract-not-started": (
        "nextplane",
        "startup",
        {"starts_on": date(2026, 12, 24)},
        {},
        "contract_not_started",
        "You can ask for support from 24 Dec 2026 on",
        "您可以从 2026年12月24日 起请求支持",
    ),
    "contract-ended": (
        "nextplane",
        "startup",
        {"ends_on": date(2026, 12, 1)},
        {},
        "contract_expired",
        "Renew it with your account manager",
        "请联系您的客户经理续约",
    ),
    "no-administrator": (
        "office-365",
        "subscription",
        {},
        {"is_administrator": False},
        "contact_not_authorised",
        "Ask an administrator of your organization to submit it, or to name you for it",
        "请让您组织的管理员提交，或将您列为联系人",
    ),
    "reads-only": (
        "nextplane",
        "business",
        {},
        {"is_administrator": False, "functions": ["read-only"]},
        "contact_not_authorised",
        "Ask an administrator of your organization to submit it, or to name you for it",
        "请让您组织的管理员提交，或将您列为联系人",
    ),
    "not-approved-by-the-vendor": (
        "nextplane",
        "business",
        {},
        {"vendor_approved_at": None},
        "contact_not_approved",
        "Your administrators and our staff can approve you",
        "您的管理员和我方人员可以批准",
    ),
    "not-approved-by-the-customer": (
        "nextplane",
        "business",
        {},
        {"customer_approved_at": None},
        "contact_not_approved",
        "Your administrators and our staff can approve you",
        "您的管理员和我方人员可以批准",
    ),
    "named-contact-without-an-access-id": (
        "office-365",
        "base-premier",
        {},
        {"access_id": ""},
        "access_id_missing",
        "Ask your account manager or service delivery manager to issue you one",
        "请您的客户经理或服务交付经理为您发放访问识别码",
    ),
}
ANSWERED: dict[str, tuple[str, str, dict, dict, dict, str, str, str]] = {
    "severity-A-is-taken-by-phone": (
        "office-365",
        "premier-office-365",
        {},
        {},
        {"severity": "A", "support_type": "technical"} | IMPACT,
        "severity_by_phone",
        "Please call: severity A is taken by phone",
        "请致电：A 级问题通过电话受理",
    ),
    "function-does-not-open-the-type": (
        "nexraid",
        "paid",
        {},
        {"functions": ["billing"]},
        {"support_type": "standard-technical", "product": "mail"},
        "function_mismatch",
        "Let a contact with another function ask, or have yours changed by an administrator",
        "请让具有相应职能的联系人提出，或请管理员更改您的职能",
    ),
    "licence-ended": (
        "nexraid",
        "paid",
        {},
        {},
        {"support_type": "standard-technical", "product": "sites"},
        "no_valid_licence",
        "Renew or buy it, or ask billing support",
        "请续期或购买，或咨询账单支持",
    ),
    "fees-overdue": (
        "nextplane",
        "business",
        {"overdue_since_on": date(2026, 11, 2)},
        {},
        {"support_type": "technical", "severity": "P2"},
        "contract_overdue",
        "Settle them, or ask about: Billing",
        "请结清，或就以下类型提出请求：账单",
    ),
}


def heading(page: str) -> str:
    found = re.search(r"(?s)<h1[^>]*>(.*?)</h1>", page)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", "", found[1]).split())) if found else ""


@pytest.fixture
def seen(customer_of) -> Callable[..., Customer]:
    """A person of one of the rows, who reads ``language``."""

    def make(language: str, policy: str, plan: str, contract: dict, contact: dict) -> Customer:
        customer = customer_of(policy, plan, contact={"user__language": language} | contact, **contract)
        if policy == "nexraid":
            products = [ProductFactory(code=code, name={"en": code}) for code in ("mail", "sites")]
            LicenceFactory(organization=customer.organization, product=products[0])
            LicenceFactory(
                organization=customer.organization, product=products[1], ends_on=date(2026, 11, 30)
            )
        return customer

    return make


def assert_refused(answer: Any, code: str, title: str, typed: bool) -> None:
    page = answer.content.decode()
    assert answer.status_code == 403
    assert heading(page) == title
    assert f'<span class="mono">{code}</span>' in page
    if typed:
        assert all(text in page for text in TYPED.values())
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", SETTLED.values(), ids=SETTLED)
def test_refused_before_anything_is_typed_and_what_was_typed_meanwhile_is_kept(seen, row, language) -> None:
    policy, plan, contract, contact, code, english, chinese = row
    person = seen(language, policy, plan, contract, contact)
    title = english if language == "en" else chinese
    assert_refused(person.portal.get(NEW), code, title, typed=False)
    assert_refused(person.types(**TYPED), code, title, typed=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", ANSWERED.values(), ids=ANSWERED)
def test_refused_for_an_answer_and_what_was_typed_is_kept(seen, row, language) -> None:
    policy, plan, contract, contact, answers, code, english, chinese = row
    person = seen(language, policy, plan, contract, contact)
    assert person.portal.get(NEW).status_code == 200
    assert_refused(
        person.types(**TYPED, **answers), code, english if language == "en" else chinese, typed=True
    )


NO_CONTRACT = {"en": "Ask your account manager for one", "zh-hans": "请向您的客户经理申请"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_contract(clock, language) -> None:
    contact = ContactFactory(user__language=language)
    answer = browser(contact.user).get(NEW)
    assert_refused(answer, "contract_missing", NO_CONTRACT[language], typed=False)


NOBODY = {"en": "Ask your administrator to name you as a contact", "zh-hans": "请您的管理员将您列为联系人"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_revoked_contact_is_told_whom_to_ask_and_keeps_the_text(seen, clock, language) -> None:
    person = seen(language, "nextplane", "business", {}, {})
    assert person.portal.get(NEW).status_code == 200
    person.colleague()
    person.user.contacts.update(revoked_at=person.contract.created_at)
    answer = person.types(**TYPED)
    page = answer.content.decode()
    assert (answer.status_code, heading(page)) == (403, NOBODY[language])
    assert all(text in page for text in TYPED.values())
    assert person.organization.name not in page
    assert not Ticket.objects.exists()


PENDING = {
    "en": "Your administrators and our staff can approve you",
    "zh-hans": "您的管理员和我方人员可以批准",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proposed_contact_is_told_who_approves(seen, language) -> None:
    waiting = {"vendor_approved_at": None, "waits_for": "vendor"}
    person = seen(language, "nextplane", "business", {}, waiting)
    answer = person.portal.get(NEW)
    page = answer.content.decode()
    assert (answer.status_code, heading(page)) == (403, PENDING[language])
    assert "contact_not_approved" in page


@pytest.fixture
def partner(customer_of) -> Callable[..., tuple[Customer, Customer]]:
    """``partner("en", scope=...)``: a managed customer, and its partner's person."""

    def make(language: str, **mandate: Any) -> tuple[Customer, Customer]:
        managed = customer_of("jumpcloud-msp", "premium")
        firm = PartnerFactory()
        MandateFactory(partner=firm, organization=managed.organization, **mandate)
        person = ContactFactory(organization=firm, user__language=language).user
        return managed, Customer(person, managed.organization)

    return make


READ_ONLY = {
    "en": "Ask the organization's administrators for a mandate to act",
    "zh-hans": "请该组织的管理员给予可操作的委托",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mandate_to_read(partner, language) -> None:
    _managed, person = partner(language, scope=Scope.READ)
    answer = person.portal.get(NEW, {"organization": person.organization.slug})
    assert_refused(answer, "mandate_read_only", READ_ONLY[language], typed=False)
    assert_refused(person.types(**TYPED), "mandate_read_only", READ_ONLY[language], typed=True)


ENDED = {"en": "Ask the organization's administrators to renew it", "zh-hans": "请该组织的管理员续期"}


def test_a_mandate_that_ended_hides_the_organization_and_staff_are_told_why(partner, desk) -> None:
    managed, person = partner("en", until_on=date(2026, 12, 1))
    assert person.portal.get(NEW, {"organization": managed.organization.slug}).status_code == 404
    refused = desk.enters(person, "portal", severity="S1")
    assert (refused.status, refused.code) == (403, "mandate_ended")
    assert refused.body["next_step"] == ENDED["en"] + "."


RATE = {
    "en": "Help for sponsored partners is charged under this plan: USD 250.00 per hour.",
    "zh-hans": "按此方案，对受赞助合作伙伴的帮助需收费：每小时 USD 250.00。",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sponsored_partner_is_asked_to_accept_the_rate(seen, language) -> None:
    person = seen(language, "nextplane", "startup", {"sponsor": OrganizationFactory()}, {})
    answers = {"support_type": "technical", "severity": "P2"}
    answer = person.types(**TYPED, **answers)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422 and not Ticket.objects.exists()
    assert "accepts_rate" in answer.context["form"].errors
    assert RATE[language] in page
    assert all(text in page for text in TYPED.values())
    assert (
        person.types(**TYPED, **answers, accepts_rate="on", client_key=str(uuid.uuid4())).status_code == 302
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_support_sets_the_severity_none_is_asked_for(seen, language) -> None:
    person = seen(language, "nexraid", "paid", {}, {})
    page = person.portal.get(NEW).content.decode()
    said = {
        "en": "Under your plan support sets the severity.",
        "zh-hans": "按您的方案，严重程度由支持团队设定。",
    }
    assert 'name="severity"' not in page and said[language] in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_partner_who_only_reads_is_led_to_those_who_may_ask(partner, language) -> None:
    _managed, person = partner(language, scope=Scope.READ)
    answer = person.portal.get(NEW)
    title = {"en": "Ask an administrator of the organization to write", "zh-hans": "请让该组织的管理员提出"}
    assert (answer.status_code, heading(answer.content.decode())) == (403, title[language])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_critical_request_is_called_in_or_changed_and_sent(customer_of, clock, sign_in) -> None:
    customer = customer_of("office-365", "premier-office-365")
    page = sign_in(customer.user.email)
    page.goto(NEW)
    page.fill("input[name=subject]", TYPED["subject"])
    page.fill("textarea[name=description]", TYPED["description"])
    page.check("input[name=can_sign_in][value=no]")
    page.fill("input[name=users_affected]", "1900")
    page.check("input[name=severity][value=A]")
    page.click("#submit-main")
    expect(page.locator("h1")).to_have_text("Please call: severity A is taken by phone")
    expect(page.locator("main")).to_contain_text("Call your local support line")
    expect(page.locator("main")).to_contain_text("severity_by_phone")
    expect(page.locator("input[name=subject]")).to_have_value(TYPED["subject"])
    expect(page.locator("textarea[name=description]")).to_have_value(TYPED["description"])
    expect(page.locator("input[name=users_affected]")).to_have_value("1900")
    assert not Ticket.objects.exists()
    page.get_by_role("button", name="Change to B and submit").click()
    page.wait_for_url(re.compile(r"/requests/\d+/"))
    expect(page.locator("main h1")).to_have_text(TYPED["subject"])
    ticket = Ticket.objects.get()
    assert (ticket.severity, ticket.impact["users_affected"]) == ("B", 1900)
