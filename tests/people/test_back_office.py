"""The back office: what waits for us, approvals by verbs, identity checks before billing data change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import CONFIRMED, record_identity_check
from accounts.enums import Role
from accounts.models import Contact, IdentityCheck
from tests.factories.accounts import ContactFactory, StaffFactory, UserFactory

LIST = "/admin/accounts/contact/"
FIELDS = {"sees": "organization", "functions": "", "access_id": ""}


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def lead(scene, browse, now) -> Client:
    return browse(scene.lead)


def page_of(contact) -> str:
    return f"{LIST}{contact.pk}/change/"


def test_what_waits_for_us_is_found_and_approved(lead, scene, ada, at):
    ContactFactory(user__name="Not Waiting")
    page = html(lead.get(f"{LIST}?state=vendor"))
    assert "Ada Njoku" in page and "Not Waiting" not in page
    assert "Approve for us" in html(lead.get(page_of(ada)))
    lead.post(page_of(ada), FIELDS | {"_approve": "1"})
    ada.refresh_from_db()
    assert (ada.state, ada.vendor_approved_by, ada.vendor_approved_at) == ("approved", scene.lead, at)
    assert "Approved by support" in html(lead.get(page_of(ada)))


def test_declined_with_a_reason(lead, ada):
    without = lead.post(page_of(ada), FIELDS | {"_decline": "1"}, follow=True)
    assert "A reason is missing" in html(without)
    lead.post(page_of(ada), FIELDS | {"_decline": "1", "reason": "Nobody knows her"})
    ada.refresh_from_db()
    assert ada.state == "declined"
    assert "Ada Njoku" in html(lead.get(f"{LIST}?state=ended"))
    assert lead.post(page_of(ada), FIELDS).status_code == 403


def test_no_date_of_an_approval_can_be_written_by_hand(lead, ada):
    forged = {"vendor_approved_at_0": "2026-01-01", "vendor_approved_at": "2026-01-01", "waits_for": ""}
    lead.post(page_of(ada), FIELDS | forged)
    ada.refresh_from_db()
    assert ada.state == "vendor" and ada.vendor_approved_at is None


def test_several_are_approved_at_once(lead, ada, scene):
    body = {"action": "approve_selected", "_selected_action": [ada.pk]}
    assert "Approved for us" in html(lead.post(LIST, body, follow=True))
    ada.refresh_from_db()
    assert ada.state == "approved"


def test_staff_propose_through_the_verb_and_are_told_why_not(lead, scene, mine, at):
    person = UserFactory(name="Bo Lind")
    fields = FIELDS | {"user": person.pk, "organization": scene.organization.pk}
    assert lead.post(f"{LIST}add/", fields).status_code == 302
    contact = Contact.objects.get(user=person)
    assert (contact.state, contact.proposed_by) == ("customer", scene.lead)
    assert list(contact.events.values_list("kind", flat=True)) == ["proposed"]
    again = html(lead.post(f"{LIST}add/", fields))
    assert "is a contact of the organization already" in again
    lowered = html(lead.post(page_of(mine), FIELDS))
    assert "last administrator" in lowered


def test_agents_and_customers_approve_nothing(scene, ada, browse, now):
    agent = browse(scene.agent)
    assert agent.post(page_of(ada), FIELDS | {"_approve": "1"}).status_code == 403
    customer = Client()
    customer.force_login(scene.customer, backend="django.contrib.auth.backends.ModelBackend")
    assert customer.post(page_of(ada), FIELDS | {"_approve": "1"}).status_code == 302
    assert Client().post(page_of(ada), FIELDS | {"_approve": "1"}).status_code == 302
    ada.refresh_from_db()
    assert ada.state == "vendor"


def test_the_list_asks_the_same_number_of_queries_whatever_its_length(lead, scene):
    counts = []
    for more in (1, 2, 47):
        for _ in range(more):
            ContactFactory(organization=scene.organization, is_administrator=False)
        lead.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            lead.get(LIST)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


@pytest.fixture
def billed(contract_of):
    """An organization whose billing type asks for an identity check."""
    return contract_of("office-365", "base-premier")


@pytest.fixture
def contract_of(db):
    from tests.tickets.conftest import contract_for

    def make(policy, plan):
        contact = ContactFactory(organization__address="1 Harbour Street", user__name="Grace Kim")
        contract_for(contact.organization, policy, plan)
        return contact.organization

    return make


def form_of(organization, **changes):
    fields = {
        "name": organization.name,
        "slug": organization.slug,
        "kind": organization.kind,
        "address": organization.address,
        "alternate_email": organization.alternate_email,
        "time_zone": organization.time_zone,
        "language": organization.language,
        "contacts-TOTAL_FORMS": 0,
        "contacts-INITIAL_FORMS": 0,
        "mandates_given-TOTAL_FORMS": 0,
        "mandates_given-INITIAL_FORMS": 0,
    }
    return fields | changes


def test_billing_data_change_only_after_an_identity_check(lead, billed, scene, at, now):
    page = f"/admin/accounts/organization/{billed.pk}/change/"
    new = {"address": "2 Quay Road", "alternate_email": "new@else.example"}
    refused = lead.post(page, form_of(billed, **new))
    assert refused.status_code == 200 and "Check the identity first" in html(refused)
    assert "2 Quay Road" in html(refused)
    assert lead.post(page, form_of(billed, language="zh-hans")).status_code == 302

    check = f"/admin/accounts/organization/{billed.pk}/identity-check/"
    assert "1 Harbour Street" in html(lead.get(check))
    assert lead.post(check, {"person_name": ""}).status_code == 400
    some = {"person_name": "Grace Kim", "confirmed": CONFIRMED[:3]}
    assert "not passed" in html(lead.post(check, some, follow=True))
    assert "Check the identity first" in html(lead.post(page, form_of(billed, **new)))
    assert "for a day" in html(lead.post(check, some | {"confirmed": CONFIRMED}, follow=True))
    passed = IdentityCheck.objects.first()
    assert (passed.is_complete, passed.by, passed.at) == (True, scene.lead, at)

    now(at + timedelta(hours=24))
    billed.refresh_from_db()
    assert "Check the identity first" in html(lead.post(page, form_of(billed, **new)))
    now(at + timedelta(hours=23, minutes=59))
    assert lead.post(page, form_of(billed, **new)).status_code == 302
    billed.refresh_from_db()
    assert billed.address == "2 Quay Road"


def test_a_plan_that_asks_for_no_check_and_a_check_of_another_organization(lead, billed, contract_of, at):
    other = contract_of("two-tier", "standard")
    page = f"/admin/accounts/organization/{other.pk}/change/"
    assert lead.post(page, form_of(other, address="3 Lane")).status_code == 302
    record_identity_check(
        organization=other, by=StaffFactory(), at=at, person_name="Somebody", confirmed=CONFIRMED
    )
    page = f"/admin/accounts/organization/{billed.pk}/change/"
    assert "Check the identity first" in html(lead.post(page, form_of(billed, address="3 Lane")))


def test_a_check_is_recorded_from_the_page_of_a_request(scene, browse, billed, now):
    agent = browse(scene.agent)
    check = f"/admin/accounts/organization/{billed.pk}/identity-check/?ticket=7"
    answer = agent.post(check, {"person_name": "Grace Kim", "confirmed": CONFIRMED})
    assert answer["Location"] == "/admin/tickets/ticket/7/change/"
    assert IdentityCheck.objects.get().ticket_number == 7


def test_checks_are_read_by_auditors_made_by_those_who_work_and_never_changed(scene, browse, billed, now, at):
    check = f"/admin/accounts/organization/{billed.pk}/identity-check/"
    record_identity_check(organization=billed, by=scene.lead, at=at, person_name="Grace", confirmed=())
    auditor = Client()
    auditor.force_login(StaffFactory(role=Role.AUDITOR), backend="django.contrib.auth.backends.ModelBackend")
    assert auditor.get(check).status_code == 403
    assert "Grace" in html(auditor.get("/admin/accounts/identitycheck/"))
    assert browse(scene.customer).get(check).status_code == 302
    for change in (
        lambda: IdentityCheck.objects.update(name_confirmed=True),
        IdentityCheck.objects.all().delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert browse(scene.lead).get("/admin/accounts/organization/999999/identity-check/").status_code == 404
    assert browse(scene.lead).put(check).status_code == 405
