"""Verbs of contacts: propose, approve, decline, revoke, change. Each leaves an event on record.

The organization's row is locked first, so that what is counted (the cap, the last administrator) still
holds when it is written. Whether a contact is there is read as it stands in the database, not at ``at``: of
two people who revoke each other at once the second finds itself revoked, whatever its clock says.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.invitations import invite_by_mail
from accounts.enums import ContactEventKind, Sees, WaitsFor
from accounts.models import Contact, ContactEvent, Organization, User
from accounts.people_rules import PeopleRules, rules_of
from accounts.refusals import Refused

CHANGEABLE = ("functions", "sees", "is_administrator", "access_id")


def propose(
    *,
    organization: Organization,
    by: User,
    at: datetime,
    email: str,
    name: str = "",
    functions: Iterable[str] = (),
    is_administrator: bool = False,
    sees: str = Sees.ORGANIZATION,
    language: str = "",
    access_id: str = "",
) -> Contact:
    """Propose a person as a contact; the proposal is the proposer's own side's approval.

    A person who is not known yet is added without a login. Where nothing more is to be approved the contact
    is in effect at once, and invited. Raises Refused: ``contact_not_authorised``, ``contacts_full``,
    ``contact_already_there``, ``person_works_here``, ``access_id_taken``.
    """
    address = email.strip().lower()
    with transaction.atomic():
        _lock(organization, by)
        rules = rules_of(organization, at)
        check_proposal(organization, rules, address, access_id)
        contact = Contact(
            user=_person(address, name, language, organization),
            organization=organization,
            functions=list(functions),
            is_administrator=is_administrator,
            sees=sees,
            access_id=access_id.strip(),
            proposed_by=by,
            proposed_at=at,
        )
        if by.is_staff:
            contact.vendor_approved_by, contact.vendor_approved_at = by, at
        else:
            contact.customer_approved_by, contact.customer_approved_at = by, at
        contact.waits_for = _missing(contact, rules)
        contact.save()
        _note(contact, ContactEventKind.PROPOSED, by, at)
        if not contact.waits_for:
            invite_by_mail(contact, by, at)
    return contact


def check_proposal(organization: Organization, rules: PeopleRules, email: str, access_id: str = "") -> None:
    """Raise Refused where this person can't be proposed: the form asks before, the verb asks again."""
    there = Contact.objects.filter(organization=organization, revoked_at=None)
    person = User.objects.known_by(email)
    if person is not None and there.filter(user=person).exists():
        raise Refused(
            "contact_already_there",
            _("This person is a contact of the organization already, or proposed as one."),
            _("Look for them in the list, and change what they may do there."),
        )
    if person is not None and person.is_staff:
        raise Refused(
            "person_works_here",
            _("This person works for support and can't be a customer's contact."),
            _("Give the address of somebody of the organization."),
        )
    if rules.contacts_max is not None and there.count() >= rules.contacts_max:
        raise Refused(
            "contacts_full",
            _("Your plan has %(most)s contacts, and all of them are taken.") % {"most": rules.contacts_max},
            _("Revoke a contact who is not needed any more, or ask your account manager for another plan."),
        )
    _check_access_id(access_id, None)


def approve_for_customer(*, contact: Contact, by: User, at: datetime) -> Contact:
    """The customer agrees: an administrator, or staff who vouch for a letter or a call of theirs."""
    return _approve(contact, by, at, ContactEventKind.CUSTOMER_APPROVED, "customer_approved")


def approve_for_vendor(*, contact: Contact, by: User, at: datetime) -> Contact:
    """The vendor agrees. Staff only."""
    if not by.is_staff:
        raise _not_yours()
    return _approve(contact, by, at, ContactEventKind.VENDOR_APPROVED, "vendor_approved")


def _approve(contact: Contact, by: User, at: datetime, kind: ContactEventKind, side: str) -> Contact:
    with transaction.atomic():
        fresh = _locked(contact, by)
        _check_there(fresh)
        if getattr(fresh, f"{side}_at") is not None:
            return fresh
        setattr(fresh, f"{side}_by", by)
        setattr(fresh, f"{side}_at", at)
        was, fresh.waits_for = fresh.waits_for, _missing(fresh, rules_of(fresh.organization, at))
        fresh.save()
        _note(fresh, kind, by, at)
        if was and not fresh.waits_for:
            invite_by_mail(fresh, by, at)
    return fresh


def decline(*, contact: Contact, by: User, at: datetime, reason: str) -> Contact:
    """Say no to a proposal; the side that it waits for does. The proposal stays on record."""
    with transaction.atomic():
        fresh = _locked(contact, by)
        _check_there(fresh)
        if not fresh.waits_for:
            raise Refused(
                "contact_approved",
                _("This contact is approved already."),
                _("Revoke the contact instead."),
            )
        _end(fresh, ContactEventKind.DECLINED, by, at, reason)
    return fresh


def revoke(*, contact: Contact, by: User, at: datetime, reason: str) -> Contact:
    """Take a contact's standing away; it bites on the very next request. The last administrator stays.

    Raises Refused: ``contact_not_authorised``, ``contact_not_there``, ``reason_missing``,
    ``last_administrator``.
    """
    with transaction.atomic():
        fresh = _locked(contact, by)
        _check_there(fresh)
        check_not_last(fresh)
        _end(fresh, ContactEventKind.REVOKED, by, at, reason)
    return fresh


def change(*, contact: Contact, by: User, at: datetime, **changes: Any) -> Contact:
    """Change what a contact may do and see (``CHANGEABLE``); the access id is the vendor's to issue."""
    with transaction.atomic():
        fresh = _locked(contact, by)
        _check_there(fresh)
        different = {
            name: value
            for name, value in changes.items()
            if name in CHANGEABLE and getattr(fresh, name) != value
        }
        check_change(fresh, by, different)
        if different:
            told = {name: [getattr(fresh, name), value] for name, value in different.items()}
            for name, value in different.items():
                setattr(fresh, name, value)
            fresh.save()
            _note(fresh, ContactEventKind.CHANGED, by, at, told)
    return fresh


def check_change(contact: Contact, by: User, changes: dict[str, Any]) -> None:
    """Raise Refused where this can't be changed so: the form asks before, the verb asks again."""
    if changes.get("is_administrator") is False:
        check_not_last(contact)
    if "access_id" in changes:
        if not by.is_staff:
            raise _not_yours()
        _check_access_id(changes["access_id"], contact)


def check_not_last(contact: Contact) -> None:
    """Raise Refused where the organization would be left without an administrator in effect."""
    if not contact.is_administrator or contact.waits_for:
        return
    if not _administrators(contact.organization_id).exclude(pk=contact.pk).exists():
        raise Refused(
            "last_administrator",
            _("This is the last administrator of the organization."),
            _("Make somebody else an administrator first."),
        )


@transaction.atomic
def check_may_go(person: User) -> None:
    """Raise Refused where somebody who can no longer sign in is an organization's last administrator.

    Their organizations are locked until the caller's transaction ends: of two who go at once one stays.
    """
    theirs = Contact.objects.filter(user=person, is_administrator=True, waits_for="", revoked_at=None)
    keys = sorted(theirs.values_list("organization_id", flat=True))
    for organization in Organization.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        if not _administrators(organization.pk).exclude(user=person).exists():
            raise Refused(
                "last_administrator",
                _("They are the last administrator of %(name)s.") % {"name": organization.name},
                _("Make somebody else an administrator first."),
            )


def _administrators(organization_id: int) -> Any:
    """Administrators in effect, as the database has them now."""
    return Contact.objects.filter(
        organization=organization_id,
        is_administrator=True,
        waits_for="",
        revoked_at=None,
        user__is_active=True,
    )


def _lock(organization: Organization, by: User) -> None:
    """Lock the organization, then look whether ``by`` speaks for it, or for the vendor."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    if not by.is_staff and not _administrators(organization.pk).filter(user=by).exists():
        raise _not_yours()


def _locked(contact: Contact, by: User) -> Contact:
    """The contact read anew, with its organization locked until the transaction ends."""
    _lock(contact.organization, by)
    return Contact.objects.select_related("user", "organization").get(pk=contact.pk)


def _end(contact: Contact, kind: ContactEventKind, by: User, at: datetime, reason: str) -> None:
    if not reason.strip():
        raise Refused(
            "reason_missing", _("A reason is missing."), _("Write why, in a sentence for the record.")
        )
    contact.revoked_by, contact.revoked_at = by, at
    contact.save(update_fields=["revoked_by", "revoked_at"])
    _note(contact, kind, by, at, {"reason": reason.strip()})


def _missing(contact: Contact, rules: PeopleRules) -> str:
    """Whose approval the plan asks for and the contact lacks."""
    if rules.approval in ("both", "vendor") and contact.vendor_approved_at is None:
        return WaitsFor.VENDOR
    if rules.approval == "both" and contact.customer_approved_at is None:
        return WaitsFor.CUSTOMER
    return ""


def _person(email: str, name: str, language: str, organization: Organization) -> User:
    return User.objects.known_or_new(
        email,
        name=name.strip() or email,
        language=language or organization.language,
        time_zone=organization.time_zone,
    )


def _note(contact: Contact, kind: ContactEventKind, by: User, at: datetime, data: Any = None) -> None:
    ContactEvent.objects.create(contact=contact, kind=kind, by=by, at=at, data=data or {})


def _check_there(contact: Contact) -> None:
    if contact.revoked_at is not None:
        raise Refused(
            "contact_not_there",
            _("This contact is revoked."),
            _("Propose the person anew."),
        )


def _check_access_id(access_id: str, contact: Contact | None) -> None:
    taken = Contact.objects.filter(access_id=access_id.strip(), revoked_at=None)
    if contact is not None:
        taken = taken.exclude(pk=contact.pk)
    if access_id.strip() and taken.exists():
        raise Refused(
            "access_id_taken",
            _("Somebody else holds this access id."),
            _("Issue another one."),
        )


def _not_yours() -> Refused:
    return Refused(
        "contact_not_authorised",
        _("Only an administrator of the organization, or support, may do this."),
        _("Ask an administrator of your organization."),
    )
