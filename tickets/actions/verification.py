"""Who asked, found out later: a named contact is brought in, and the verification recorded or refused.

A request is taken at once from somebody unlisted in an emergency, or by another way while the portal is out
of reach. Until it is known who asks, nothing of it is told to them (policies: "subject to later verification
and to a named contact being brought in", "verified before anything is disclosed").
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from tickets.actions import telling
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.enums import EventKind, Side
from tickets.models import Ticket, TicketEvent


def bring_in(*, ticket: Ticket, contact: Contact, actor: User, at: datetime) -> Ticket:
    """Bring in a contact of the organization, who sees the request from now on and is told of it.

    Raises Refused (``contact_not_authorised``) for one who is not in effect, or not of this organization.
    """
    with transaction.atomic():
        fresh = _unverified(ticket)
        if contact.organization_id != fresh.organization_id or contact.state != "approved":
            raise Refused(
                "contact_not_authorised",
                _("This is no approved contact of the organization."),
                _("Choose one of its contacts."),
            )
        fresh.named_contact = contact
        event = _noted(fresh, EventKind.NAMED, actor, at, {"to": contact.user.name})
        telling.of_bringing_in(fresh, event)
    ticket.refresh_from_db()
    return ticket


def verify(*, ticket: Ticket, actor: User, at: datetime, how: str) -> Ticket:
    """Record that it is known now who asked, and how that was found out. The named contact comes first.

    Raises Refused: ``named_contact_missing``, ``reason_missing``.
    """
    with transaction.atomic():
        fresh = _unverified(ticket)
        if fresh.named_contact is None:
            raise Refused(
                "named_contact_missing",
                _("No named contact was brought in yet."),
                _("Bring in a contact of the organization first; they can say who asked."),
            )
        _check_reason(how)
        fresh.verified_at, fresh.verified_by, fresh.shut_out_at = at, actor, None
        _noted(fresh, EventKind.VERIFIED, actor, at, {"reason": how.strip()})
    ticket.refresh_from_db()
    return ticket


def shut_out(*, ticket: Ticket, actor: User, at: datetime, reason: str) -> Ticket:
    """Close the request to who asked: they hear nothing more of it. It stays the organization's request."""
    with transaction.atomic():
        fresh = _unverified(ticket)
        _check_reason(reason)
        if fresh.shut_out_at is None:
            fresh.shut_out_at = at
            _noted(fresh, EventKind.SHUT_OUT, actor, at, {"reason": reason.strip()})
    ticket.refresh_from_db()
    return ticket


def _unverified(ticket: Ticket) -> Ticket:
    fresh = locked(ticket)
    if not fresh.is_unverified:
        raise Refused(
            "move_not_allowed",
            _("Nothing is to be verified here: it is known who asked."),
            _("Look at the request again: somebody may have recorded it."),
        )
    return fresh


def _check_reason(text: str) -> None:
    if not text.strip():
        raise Refused("reason_missing", _("A reason is missing."), _("Write how you know, for the record."))


def _noted(fresh: Ticket, kind: EventKind, actor: User, at: datetime, data: dict[str, str]) -> TicketEvent:
    return record(fresh, kind, at=at, actor=actor, side=Side.SUPPORT, data=data)
