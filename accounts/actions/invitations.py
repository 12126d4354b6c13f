"""Invitations by mail: a link that is signed, lasts two weeks and works once.

The mail's words and its link are made when it is sent; neither the outbox nor a log ever holds a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.enums import ContactEventKind
from accounts.models import Contact, ContactEvent, User
from notices.outbox import Draft, Recipient, queue

LASTS = timedelta(days=14)
_SALT = "accounts.invitation"


@dataclass(frozen=True)
class Invitation:
    """A genuine link: whom it invites, and its state (``open``, ``used``, ``expired``, ``ended``)."""

    contact: Contact
    state: str


def invite_by_mail(contact: Contact, by: User | None, at: datetime) -> None:
    """Queue the invitation, in the caller's transaction; at most one an hour for a contact."""
    person = contact.user
    queue(
        [
            Draft(
                f"invitation:{contact.pk}:{at:%Y%m%d%H}",
                "invitation",
                Recipient(f"user:{person.pk}", person.email, person.language or "en", person.time_zone),
                {
                    "contact": contact.pk,
                    "name": person.name,
                    "organization": contact.organization.name,
                    "has_login": person.has_usable_password(),
                    "until_at": (at + LASTS).isoformat(),
                },
            )
        ],
        at,
    )
    ContactEvent.objects.create(contact=contact, kind=ContactEventKind.INVITED, by=by, at=at)


def token_for(contact_id: int, until: datetime) -> str:
    """The text of a link for a contact, good up to ``until`` and until its person has a password."""
    person = User.objects.get(contacts=contact_id)
    told = {"contact": contact_id, "until": until.isoformat(), "seal": _seal(person)}
    return signing.Signer(salt=_SALT).sign_object(told)


def read_invitation(token: str, at: datetime) -> Invitation | None:
    """What a link says at ``at``; None where it is not one of ours."""
    try:
        told = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    contact = Contact.objects.select_related("user", "organization").filter(pk=told["contact"]).first()
    return Invitation(contact, _state(contact, told, at)) if contact else None


def _state(contact: Contact, told: dict[str, str], at: datetime) -> str:
    person = contact.user
    if contact.state != "approved" or not person.is_active or person.is_staff:
        return "ended"
    if not constant_time_compare(told["seal"], _seal(person)):
        return "used"
    return "open" if at <= datetime.fromisoformat(told["until"]) else "expired"


def accept(*, token: str, password: str, at: datetime) -> User | None:
    """Set the first password and verify the address; None where the link does not open (any more)."""
    with transaction.atomic():
        invitation = read_invitation(token, at)
        if invitation is None:
            return None
        person = User.objects.select_for_update().get(pk=invitation.contact.user_id)
        invitation = read_invitation(token, at)
        if invitation is None or invitation.state != "open":
            return None
        person.set_password(password)
        person.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"verified": True, "primary": True}
        )
        ContactEvent.objects.create(
            contact=invitation.contact, kind=ContactEventKind.JOINED, by=person, at=at
        )
    return person


def invite_again(*, contact: Contact, by: User | None, at: datetime) -> None:
    """Send the invitation once more; nothing where the contact is not in effect or has a login."""
    if contact.state == "approved" and not contact.user.has_usable_password():
        with transaction.atomic():
            invite_by_mail(contact, by, at)


def _seal(person: User) -> str:
    """Changes with the password, so that setting one uses the link up."""
    return salted_hmac(_SALT, f"{person.pk}:{person.password}:{person.email}").hexdigest()[:32]
