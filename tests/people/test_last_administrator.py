"""The last administrator stays, whichever way somebody goes: the verb says it, the database holds it."""

from __future__ import annotations

import importlib
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.enums import Role, WaitsFor
from accounts.models import Contact
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization():
    return OrganizationFactory(name="Aster Freight")


@pytest.fixture
def only(organization, at) -> Contact:
    return ContactFactory(organization=organization, is_administrator=True)


@pytest.mark.parametrize("change", ["revoke", "demote", "unapprove", "delete", "move"])
def test_the_last_one_is_not_taken_away_by_any_way(only, at, change):
    rows = Contact.objects.filter(pk=only.pk)
    values = {
        "revoke": {"revoked_at": at},
        "demote": {"is_administrator": False},
        "unapprove": {"waits_for": WaitsFor.VENDOR},
        "move": {"organization": OrganizationFactory()},
    }
    with pytest.raises(IntegrityError, match="last administrator"):
        rows.delete() if change == "delete" else rows.update(**values[change])
    assert rows.filter(is_administrator=True, revoked_at=None).exists()


def test_somebody_else_may_take_over_in_the_same_transaction(only, organization, at):
    with transaction.atomic():
        Contact.objects.filter(pk=only.pk).update(revoked_at=at)
        ContactFactory(organization=organization, is_administrator=True)
    assert Contact.objects.get(pk=only.pk).revoked_at == at


def test_who_waits_for_an_approval_does_not_count(only, organization, at):
    ContactFactory(organization=organization, is_administrator=True, waits_for=WaitsFor.VENDOR)
    with pytest.raises(IntegrityError):
        Contact.objects.filter(pk=only.pk).update(revoked_at=at)


def test_an_organization_that_never_had_one_is_left_alone(organization, at):
    reader = ContactFactory(organization=organization, is_administrator=False)
    Contact.objects.filter(pk=reader.pk).update(revoked_at=at)
    assert Contact.objects.get(pk=reader.pk).revoked_at == at


def test_an_organization_that_goes_needs_nobody(only, organization):
    with transaction.atomic():
        only.delete()
        organization.delete()
    assert not Contact.objects.filter(pk=only.pk).exists()


def test_of_two_who_go_at_once_one_stays(only, organization, at):
    other = ContactFactory(organization=organization, is_administrator=True)
    both_wrote = threading.Barrier(2)
    refused: list[int] = []

    def go(pk: int) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE accounts_contact SET revoked_at = %s WHERE id = %s", [at, pk])
                both_wrote.wait()
        except IntegrityError:
            refused.append(pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[row.pk]) for row in (only, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    left = Contact.objects.get(organization=organization, is_administrator=True, revoked_at=None)
    assert left.pk == refused[0]


def test_it_goes_back_and_forth(only, at):
    """The statements of the migration: to migrate back in earnest would take later tables along."""
    written = importlib.import_module("accounts.migrations.0006_last_administrator_stays")
    with connection.cursor() as cursor:
        cursor.execute(written.BACK)
        Contact.objects.filter(pk=only.pk).update(revoked_at=at)
        Contact.objects.filter(pk=only.pk).update(revoked_at=None)
        cursor.execute(written.FUNCTION + written.TRIGGER)
    with pytest.raises(IntegrityError):
        Contact.objects.filter(pk=only.pk).update(revoked_at=at)


def test_a_person_is_not_shut_out_who_is_the_last_one(only, organization, client):
    client.force_login(StaffFactory(role=Role.MANAGER), backend="django.contrib.auth.backends.ModelBackend")
    page = f"/admin/accounts/user/{only.user_id}/change/"
    form = client.get(page).context["adminform"].form
    fields = {name: value for name, value in form.initial.items() if name in form.fields and value}
    shut_out = {name: value for name, value in fields.items() if name not in ("is_active", "is_staff")}

    refused = client.post(page, shut_out)
    assert refused.status_code == 200 and "last administrator of Aster Freight" in refused.content.decode()
    assert type(only.user).objects.get(pk=only.user_id).is_active

    ContactFactory(organization=organization, is_administrator=True)
    assert client.post(page, shut_out).status_code == 302
    assert not type(only.user).objects.get(pk=only.user_id).is_active
