"""Who sees which tickets: staff, contacts, and partners by mandate. Revocation bites at once."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.enums import Scope, Sees
from accounts.models import Contact, User
from tests.factories.accounts import ContactFactory, MandateFactory, PartnerFactory, StaffFactory
from tickets.models import Ticket


def seen_by(user: User, at) -> list[Ticket]:
    return list(Ticket.objects.visible_to(User.objects.get(pk=user.pk), at))


def test_staff_see_all_and_strangers_nothing(scene, other_customer, ask, at):
    ticket = ask()
    assert seen_by(scene.agent, at) == [ticket] == seen_by(scene.customer, at)
    assert seen_by(other_customer, at) == []
    assert seen_by(StaffFactory(is_active=False), at) == []


def test_a_contact_sees_own_requests_or_all_of_the_organization(scene, ask, at):
    ticket = ask()
    colleague = ContactFactory(organization=scene.organization, is_administrator=False, sees=Sees.OWN)
    assert seen_by(colleague.user, at) == []
    Contact.objects.filter(pk=colleague.pk).update(sees=Sees.ORGANIZATION)
    assert seen_by(colleague.user, at) == [ticket]


def test_revoking_bites_on_the_next_read(scene, ask, at):
    ask()
    ContactFactory(organization=scene.organization)
    Contact.objects.filter(user=scene.customer).update(revoked_at=at)
    assert seen_by(scene.customer, at) == []
    assert len(seen_by(scene.customer, at - timedelta(seconds=1))) == 1


def test_a_partner_sees_what_it_manages_while_it_does(scene, other_customer, ask, at):
    ticket = ask()
    partner = ContactFactory(organization=PartnerFactory())
    assert seen_by(partner.user, at) == []
    mandate = MandateFactory(
        partner=partner.organization,
        organization=scene.organization,
        until_on=date(2026, 11, 30),
        scope=Scope.READ,
    )
    # The last day ends at midnight in the organization's zone, New York: 05:00 UTC.
    assert seen_by(partner.user, at) == [ticket]
    assert seen_by(partner.user, at.replace(day=30) + timedelta(hours=10, minutes=59)) == [ticket]
    assert seen_by(partner.user, at + timedelta(hours=11)) == []
    assert mandate.holds_at(at)
