"""People, contacts and tokens: approvals on record, nobody reaches above themselves, tokens shown once."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from accounts.actions import use_token
from accounts.enums import Role
from accounts.models import ApiToken, Contact, Organization, User
from tests.backoffice.conftest import START
from tests.factories.accounts import PASSWORD, ContactFactory, OrganizationFactory, UserFactory


def html(response) -> str:
    return response.content.decode()


@pytest.fixture
def lead(staff, signed_in):
    return signed_in(staff(Role.LEAD))


def test_a_person_is_added_and_signs_in_by_a_lower_case_address(lead, db):
    fields = {
        "email": "New.Person@Aster.example",
        "name": "New Person",
        "language": "en",
        "time_zone": "Europe/Paris",
        "usable_password": "true",
        "password1": "a-long-pass-phrase",
        "password2": "a-long-pass-phrase",
    }
    bad = lead.post("/admin/accounts/user/add/", fields | {"time_zone": "Mars/Base", "password2": "x"})
    assert "is no time zone" in html(bad) and "New Person" in html(bad)
    assert lead.post("/admin/accounts/user/add/", fields).status_code == 302
    person = User.objects.get(email="new.person@aster.example")
    assert (person.is_staff, person.role) == (False, "")
    again = lead.post("/admin/accounts/user/add/", fields)
    assert again.status_code == 200 and "already exists" in html(again)


def test_nobody_reaches_above_themselves(staff, signed_in):
    lead, manager, root = staff(Role.LEAD), staff(Role.MANAGER), staff("root")
    by_lead, by_manager = signed_in(lead), signed_in(manager)
    for person in (manager, root):
        assert by_lead.post(f"/admin/accounts/user/{person.pk}/change/", {"name": "x"}).status_code == 403
        assert by_lead.post(f"/admin/accounts/user/{person.pk}/password/", {}).status_code == 403
    assert by_manager.post(f"/admin/accounts/user/{root.pk}/change/", {"name": "x"}).status_code == 403
    customer = UserFactory()
    fields = {
        "email": customer.email,
        "name": customer.name,
        "language": "en",
        "time_zone": "UTC",
        "is_active": "on",
    }
    by_lead.post(
        f"/admin/accounts/user/{customer.pk}/change/",
        fields | {"is_staff": "on", "role": "manager", "is_superuser": "on"},
    )
    by_manager.post(f"/admin/accounts/user/{customer.pk}/change/", fields | {"is_superuser": "on"})
    customer.refresh_from_db()
    assert (customer.is_staff, customer.is_superuser) == (False, False)
    wrong = by_manager.post(f"/admin/accounts/user/{customer.pk}/change/", fields | {"role": "agent"})
    assert "Only people of support have a role" in html(wrong)
    by_manager.post(
        f"/admin/accounts/user/{customer.pk}/change/", fields | {"role": "agent", "is_staff": "on"}
    )
    customer.refresh_from_db()
    assert customer.role == "agent"


def test_an_address_that_support_changes_opens_nothing_any_more(lead, client, db, mailoutbox):
    person = UserFactory(email="ada@taken.example")
    UserFactory(email="eve@aster.example")
    fields = {"name": "Ada", "language": "en", "time_zone": "UTC", "is_active": "on"}
    page = f"/admin/accounts/user/{person.pk}/change/"
    taken = EmailAddress.objects.create(user=UserFactory(), email="more@aster.example", verified=True)
    assert "that this address is theirs" in html(lead.post(page, fields | {"email": taken.email}))
    assert lead.post(page, fields | {"email": "ada@aster.example"}).status_code == 302
    for email in ("ada@taken.example", "ada@aster.example"):
        client.post("/account/password/reset/", {"email": email})
    assert [(mail.to, "/reset/key/" in mail.body) for mail in mailoutbox] == [
        (["ada@taken.example"], False),
        (["ada@aster.example"], True),
    ]
    client.post("/account/login/", {"login": "ada@taken.example", "password": PASSWORD})
    assert client.get("/requests/").status_code == 302


def test_a_token_is_shown_once_and_revoked_at_once(staff, signed_in):
    manager, root, customer = staff(Role.MANAGER), staff("root"), UserFactory()
    client = signed_in(manager)
    refused = client.post("/admin/accounts/apitoken/add/", {"user": root.pk, "name": "x", "scope": "act"})
    assert "You may not act for this person" in html(refused)
    made = client.post(
        "/admin/accounts/apitoken/add/", {"user": customer.pk, "name": "their system", "scope": "read"}
    )
    text = made.context["token"]
    assert text in html(made) and "no-store" in made["Cache-Control"]
    assert use_token(token=text, at=START).user == customer
    token = ApiToken.objects.get()
    page = f"/admin/accounts/apitoken/{token.pk}/change/"
    assert text not in html(client.get(page))
    client.post(page, {"_revoke": "1"})
    assert use_token(token=text, at=START) is None


def test_approvals_are_kept_with_who_gave_them(lead, db):
    contact = ContactFactory(vendor_approved_at=None, customer_approved_at=None)
    page = f"/admin/accounts/contact/{contact.pk}/change/"
    fields = {"sees": "organization", "is_administrator": "on", "functions": "", "access_id": ""}
    lead.post(page, fields | {"_approve": "1"})
    lead.post(page, fields | {"_approve_customer": "1"})
    contact.refresh_from_db()
    assert contact.vendor_approved_at == contact.customer_approved_at == START
    assert contact.vendor_approved_by.role == Role.LEAD


def test_the_last_administrator_stays(lead, db):
    contact = ContactFactory()
    fields = {
        "sees": "organization",
        "is_administrator": "on",
        "functions": "",
        "access_id": "",
        "reason": "Left the company",
        "_revoke": "1",
    }
    page = f"/admin/accounts/contact/{contact.pk}/change/"
    assert "last administrator" in html(lead.post(page, fields, follow=True))
    ContactFactory(organization=contact.organization)
    lead.post(page, fields)
    contact.refresh_from_db()
    assert contact.revoked_at == START
    assert lead.post(page, fields).status_code == 403


def test_an_organization_with_its_contacts(lead, db):
    person = UserFactory()
    fields = {
        "name": "Aster",
        "slug": "aster",
        "kind": "customer",
        "time_zone": "Europe/Paris",
        "language": "en",
        "contacts-TOTAL_FORMS": 1,
        "contacts-INITIAL_FORMS": 0,
        "contacts-0-user": person.pk,
        "contacts-0-sees": "own",
        "contacts-0-functions": "",
        "contacts-0-access_id": "",
        "mandates_given-TOTAL_FORMS": 0,
        "mandates_given-INITIAL_FORMS": 0,
    }
    response = lead.post("/admin/accounts/organization/add/", fields)
    assert response.status_code == 302, response.context["errors"]
    contact = Contact.objects.get(user=person)
    assert contact.proposed_at == START and contact.organization.slug == "aster"
    again = lead.post("/admin/accounts/organization/add/", fields | {"name": "Aster again"})
    assert "already exists" in html(again) and "Aster again" in html(again)


def test_lists_do_not_ask_once_a_row(lead, db, django_assert_max_num_queries):
    for _ in range(12):
        ContactFactory(organization=OrganizationFactory())
    for model in ("contact", "organization", "user"):
        with django_assert_max_num_queries(12):
            lead.get(f"/admin/accounts/{model}/")
    assert Organization.objects.count() == 12
