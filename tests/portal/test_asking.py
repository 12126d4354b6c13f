"""A new request: the form follows the plan, the promise is shown before, refusals begin with what to do."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import Scope
from tests.factories.accounts import ContactFactory, MandateFactory, OrganizationFactory, PartnerFactory
from tests.portal.conftest import contract_for
from tickets.models import DecisionRecord, Ticket

NEW, PREVIEW = "/requests/new/", "/requests/new/preview/"


@pytest.fixture
def asked(scene) -> dict[str, str]:
    """What the scene's customer types."""
    return {
        "organization": scene.organization.slug,
        "client_key": str(uuid.uuid4()),
        "support_type": "technical",
        "subject": "Messages stopped",
        "description": "Since **15:00**.",
        "severity": "P2",
    }


def _customer_of(policy: str, plan: str, **fields: object):
    contact = ContactFactory(organization=OrganizationFactory(), access_id=f"ID-{uuid.uuid4().hex[:6]}")
    contract_for(contact.organization, policy, plan, **fields)
    return contact.user


def test_a_request_is_opened_and_the_next_page_tells_the_promise(customer: Client, asked) -> None:
    answer = customer.post(NEW, asked | {"files": SimpleUploadedFile("log.txt", b"line")}, follow=True)
    ticket = Ticket.objects.get()
    assert answer.redirect_chain == [(f"/requests/{ticket.number}/", 302)]
    assert ticket.severity == "P2" and ticket.channel == "portal"
    assert [file.name for file in ticket.attachments.all()] == ["log.txt"]
    page = answer.content.decode()
    assert "First answer by" in page and "<strong>15:00</strong>" in page and "log.txt" in page


def test_sent_twice_it_is_one_request(customer: Client, asked) -> None:
    first, second = customer.post(NEW, asked), customer.post(NEW, asked)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_a_key_of_another_organization_opens_nothing_and_shows_nothing(
    customer: Client, asked, other_customer, browse
) -> None:
    customer.post(NEW, asked)
    theirs = asked | {"organization": other_customer.contacts.get().organization.slug, "severity": "P1"}
    answer = browse(other_customer).post(NEW, theirs)
    assert answer.status_code == 404
    assert Ticket.objects.count() == 1


def test_the_promise_is_shown_for_each_severity_before_submitting(customer: Client, scene) -> None:
    page = customer.get(NEW)
    # 2026-11-30 13:00 in New York, an hour into the day of the contract: 4 h, 12 h, 24 h and 24 h from there.
    due = {option.severity.code: option.clock.due_at for option in page.context["severities"]}
    assert due["P1"] == datetime(2026, 11, 30, 22, tzinfo=UTC)
    assert due["P2"] == datetime(2026, 12, 1, 22, tzinfo=UTC)
    assert due["P3"] == due["P4"] == datetime(2026, 12, 3, 18, tzinfo=UTC)
    assert "ribbon" in page.content.decode()


def test_the_preview_follows_what_is_typed(customer: Client, asked) -> None:
    answer = customer.post(PREVIEW, asked | {"severity": "P1"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "If you submit now as P1" in page and "Submit as P1" in page
    assert "hx-swap-oob" in page and "<html" not in page
    assert not Ticket.objects.exists() and not DecisionRecord.objects.exists()


@pytest.mark.parametrize("broken", [{}, {"severity": "nope", "users_affected": "many", "since": "\0"}])
def test_the_preview_bears_anything(customer: Client, scene, broken) -> None:
    answer = customer.post(PREVIEW, {"organization": scene.organization.slug} | broken)
    assert answer.status_code == 200
    assert customer.post(PREVIEW, {"organization": "nobody"}).status_code == 404


def test_without_scripts_a_button_works_out_the_time_and_sends_nothing(customer: Client, asked) -> None:
    answer = customer.post(NEW, asked | {"subject": "", "severity": "P1", "work_out": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and not Ticket.objects.exists()
    assert "If you submit now as P1" in page and "Since **15:00**." in page
    assert "Error:" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": ""},
        {"subject": "x" * 10_000},
        {"subject": "NUL\0byte"},
        {"description": ""},
        {"description": "y" * 200_000},
        {"description": "a\0b"},
        {"severity": "P9"},
        {"severity": "P1\0"},
        {"support_type": "bogus"},
        {"category": "bogus"},
        {"users_affected": "99999999999999999999"},
        {"users_affected": "-3"},
        {"since": "yesterday"},
        {"since": "2099-01-01T00:00"},
        {"can_sign_in": "maybe"},
        {"files": SimpleUploadedFile("empty.txt", b"")},
    ],
)
def test_bad_input_is_answered_in_words_and_keeps_what_was_typed(customer: Client, asked, wrong) -> None:
    kept = {"subject": "A subject to keep", "description": "A text to keep."}
    answer = customer.post(NEW, asked | kept | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page and "data-error-summary" in page
    assert any(text in page for name, text in kept.items() if name not in wrong)
    assert not Ticket.objects.exists()


def test_a_damaged_key_still_opens_a_request(customer: Client, asked) -> None:
    assert customer.post(NEW, asked | {"client_key": "\0broken"}).status_code == 302


def test_what_is_taken_by_phone_is_refused_with_the_call_first(browse, now, db) -> None:
    person = _customer_of("office-365", "premier-office-365")
    typed = {
        "subject": "Nobody can sign in",
        "description": "All wards report it.",
        "support_type": "technical",
        "severity": "A",
        "can_sign_in": "no",
        "users_affected": "1900",
    }
    client = browse(person)
    answer = client.post(NEW, typed)
    page = answer.content.decode()
    assert answer.status_code == 403 and not Ticket.objects.exists()
    assert page.index("Please call: severity A is taken by phone") < page.index("severity_by_phone")
    assert "All wards report it." in page and "Change to B and submit" in page
    assert DecisionRecord.objects.get().code == "severity_by_phone"
    assert client.post(NEW, typed | {"instead": "B"}).status_code == 302
    ticket = Ticket.objects.get()
    assert ticket.severity == "B" and ticket.impact["users_affected"] == 1900


def test_impact_answers_suggest_a_severity(browse, now, db) -> None:
    person = _customer_of("office-365", "premier-office-365")
    answer = browse(person).post(PREVIEW, {"can_sign_in": "no", "users_affected": "1900", "organization": ""})
    assert "We suggest A." in answer.content.decode()


def test_where_support_sets_the_severity_the_form_says_so(browse, now, db) -> None:
    client = browse(_customer_of("nexraid", "paid"))
    page = client.get(NEW).content.decode()
    assert 'name="severity"' not in page and "support sets the severity" in page


def test_a_plan_that_asks_for_a_time_to_call_gets_a_range(browse, now, db) -> None:
    client = browse(_customer_of("jumpcloud-msp", "premium"))
    typed = {"category": "devices", "subject": "Agents", "description": "They stop.", "severity": "S3"}
    answer = client.post(NEW, typed | {"contact_from": "09:00"})
    assert answer.status_code == 422 and "09:00" in answer.content.decode()
    assert client.post(NEW, typed | {"contact_from": "09:00", "contact_to": "12:00"}).status_code == 302
    assert Ticket.objects.get().best_time_to_contact == {
        "from": "09:00",
        "to": "12:00",
        "time_zone": "America/New_York",
    }


@pytest.mark.parametrize(
    ("policy", "plan", "fields", "code"),
    [
        ("jumpcloud-msp", "free", {}, "plan_takes_no_requests"),
        ("nextplane", "startup", {"ends_on": date(2026, 11, 1)}, "contract_expired"),
        ("nextplane", "startup", {"starts_on": date(2026, 12, 24)}, "contract_not_started"),
    ],
)
def test_what_no_answer_would_change_is_said_before_anything_is_typed(
    browse, now, db, policy: str, plan: str, fields, code: str
) -> None:
    client = browse(_customer_of(policy, plan, **fields))
    for answer in (client.get(NEW), client.post(NEW, {"subject": "x"})):
        assert answer.status_code == 403 and code in answer.content.decode()
    assert client.get("/your-support/").status_code == client.get("/").status_code == 200


def test_without_any_contract_the_way_out_is_said(browse, now, db) -> None:
    client = browse(ContactFactory().user)
    assert "Ask your account manager" in client.get(NEW).content.decode()
    assert client.get("/your-support/").status_code == client.get("/").status_code == 200


def test_a_partner_says_for_whom_it_asks(browse, now, db) -> None:
    partner = PartnerFactory()
    managed = [OrganizationFactory(), OrganizationFactory()]
    for organization in managed:
        contract_for(organization, "jumpcloud-msp", "premium")
        MandateFactory(partner=partner, organization=organization, scope=Scope.ACT)
    client = browse(ContactFactory(organization=partner).user)
    chooser = client.get(NEW).content.decode()
    assert all(organization.name in chooser for organization in managed)
    page = client.get(NEW, {"organization": managed[1].slug}).content.decode()
    assert "You act for" in page and managed[1].name in page
    typed = {
        "organization": managed[1].slug,
        "category": "devices",
        "subject": "Agents",
        "description": "They stop.",
        "severity": "S1",
        "contact_from": "09:00",
        "contact_to": "12:00",
    }
    assert client.post(NEW, typed).status_code == 302
    assert Ticket.objects.get().organization == managed[1]
    assert client.get(NEW, {"organization": "nobody"}).status_code == 404


def test_help_that_is_charged_asks_whether_the_rate_is_accepted(browse, now, db) -> None:
    sponsor = OrganizationFactory()
    person = _customer_of("nextplane", "startup", sponsor=sponsor)
    client = browse(person)
    typed = {"subject": "x", "description": "y", "severity": "P2", "support_type": "technical"}
    refused = client.post(NEW, typed)
    assert refused.status_code == 422 and "USD" in refused.content.decode()
    assert client.post(NEW, typed | {"accepts_rate": "on"}).status_code == 302
