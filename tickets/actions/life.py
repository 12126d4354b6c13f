"""Verbs of a ticket's life: hold, close, reopen, severity, assignment and details."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions import telling
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused, merged_away, taken, window_closed
from tickets.enums import EventKind, Side, Status
from tickets.models import Ticket

SEVERITY_HOW = ("raised", "corrected", "lowered")
_DETAILS = ("external_reference", "category", "product", "device", "operating_system")


def hold(*, ticket: Ticket, actor: User, at: datetime, reason: str = "") -> Ticket:
    """Put the ticket on hold (a third party). Pauses clocks only where the plan says so."""
    return _move(ticket, EventKind.HOLD, actor, Side.SUPPORT, at, {"reason": reason})


def end_hold(*, ticket: Ticket, actor: User, at: datetime) -> Ticket:
    """End the hold: the ticket is open again."""
    return _move(ticket, EventKind.UNHOLD, actor, Side.SUPPORT, at)


def mark_no_reply_needed(*, ticket: Ticket, actor: User, at: datetime) -> Ticket:
    """Mark that the customer's last message needs no answer: a reply clock that runs is withdrawn."""
    return _move(ticket, EventKind.NO_REPLY_NEEDED, actor, Side.SUPPORT, at)


def close_by_customer(
    *, ticket: Ticket, actor: User, at: datetime, reason: str = "", expected_version: int | None = None
) -> Ticket:
    """Close for the customer: promises still running are withdrawn, an overdue one stays missed."""
    data = {"by": "customer", "reason": reason}
    return _move(ticket, EventKind.CLOSE, actor, Side.CUSTOMER, at, data, expected_version)


def close_by_support(*, ticket: Ticket, actor: User, at: datetime, reason: str = "") -> Ticket:
    """Close a resolved ticket for support before it closes by itself.

    From any other status closing takes a public message: ``converse.say(then="closed")``.
    """
    with transaction.atomic():
        if locked(ticket).status_at(at) != Status.RESOLVED:
            raise Refused(
                "move_not_allowed",
                _("Support closes a request with a public message, unless it is resolved already."),
                _("Write to the customer what closes this, and choose “closed” beside the button."),
            )
        return _move(ticket, EventKind.CLOSE, actor, Side.SUPPORT, at, {"by": "support", "reason": reason})


def reopen(
    *,
    ticket: Ticket,
    actor: User,
    at: datetime,
    side: Side = Side.CUSTOMER,
    reason: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Reopen a resolved ticket, or a closed one up to the last second of its window.

    Raises Refused (``reopen_window_closed``) after it.
    """
    with transaction.atomic():
        fresh = locked(ticket, expected_version, side)
        if fresh.merged_into_id is not None:
            raise merged_away()
        if fresh.status_at(at) == Status.CLOSED and not fresh.may_be_reopened(at):
            raise window_closed(fresh.plan.reopen_days)
        event = record(fresh, EventKind.REOPEN, at=at, actor=actor, side=side, data={"reason": reason})
        telling.of_move(fresh, event)
    return _renewed(ticket)


def change_severity(
    *,
    ticket: Ticket,
    actor: User,
    at: datetime,
    to: str,
    how: str,
    reason: str,
    side: Side = Side.SUPPORT,
    expected_version: int | None = None,
    facts: dict[str, Any] | None = None,
) -> Ticket:
    """Change the severity: ``raised`` (it got worse), ``corrected`` (wrong from the start) or ``lowered``.

    The three count differently (time.md, Clocks). A reason is always given. What a customer says is
    unconfirmed until support has looked at it. ``facts`` stand in the event's data besides. Raises Refused
    and Stale.
    """
    if not reason.strip():
        raise Refused(
            "reason_missing",
            _("A change of severity needs a reason."),
            _("Write why, in a sentence the customer may read."),
        )
    with transaction.atomic():
        fresh = locked(ticket, expected_version, side)
        severity = fresh.plan.edition.severities.filter(code=to).first()
        if severity is None:
            raise Refused(
                "unknown_severity",
                _("This plan has no such severity."),
                _("Choose one of the plan's severities."),
            )
        data = {"to": to, "from": fresh.severity, "how": how, "reason": reason, **(facts or {})}
        fresh.severity, fresh.severity_rank = to, severity.rank
        fresh.severity_confirmed_at = at if side == Side.SUPPORT else None
        event = record(fresh, EventKind.SEVERITY, at=at, actor=actor, side=side, data=data)
        telling.of_move(fresh, event)
    return _renewed(ticket)


def confirm_severity(*, ticket: Ticket, actor: User, at: datetime) -> Ticket:
    """Support agrees with the severity that the customer proposed. No clock changes."""
    with transaction.atomic():
        fresh = locked(ticket)
        fresh.severity_confirmed_at = at
        record(fresh, EventKind.CONFIRMED, at=at, actor=actor, side=Side.SUPPORT, data={"to": fresh.severity})
    return _renewed(ticket)


def assign(
    *,
    ticket: Ticket,
    actor: User,
    at: datetime,
    to: User | None,
    only_if_free: bool = False,
    expected_version: int | None = None,
) -> Ticket:
    """Give the ticket to a person of support, or to nobody.

    ``only_if_free`` takes it from nobody who took it meanwhile: Refused (``taken``). Raises Stale.
    """
    with transaction.atomic():
        fresh = locked(ticket, expected_version)
        if fresh.assigned_to_id == (to.pk if to else None):
            return ticket
        if only_if_free and fresh.assigned_to is not None:
            raise taken(fresh.assigned_to.name)
        fresh.assigned_to = to
        data = {"to": to.name if to else ""}
        event = record(fresh, EventKind.ASSIGNED, at=at, actor=actor, side=Side.SUPPORT, data=data)
        telling.of_assignment(fresh, event)
    return _renewed(ticket)


def change_details(
    *,
    ticket: Ticket,
    actor: User,
    at: datetime,
    side: Side,
    details: dict[str, Any],
    expected_version: int | None = None,
) -> Ticket:
    """Change what describes the ticket (``external_reference``, ``category``, ``product``, ...)."""
    with transaction.atomic():
        fresh = locked(ticket, expected_version, side)
        changed = {
            name: value
            for name, value in details.items()
            if name in _DETAILS and getattr(fresh, name) != value
        }
        if changed:
            for name, value in changed.items():
                setattr(fresh, name, value)
            record(fresh, EventKind.DETAILS, at=at, actor=actor, side=side, data={"changed": changed})
    return _renewed(ticket)


def _move(
    ticket: Ticket,
    kind: EventKind,
    actor: User,
    side: Side,
    at: datetime,
    data: dict[str, str] | None = None,
    expected_version: int | None = None,
) -> Ticket:
    with transaction.atomic():
        fresh = locked(ticket, expected_version, side)
        event = record(fresh, kind, at=at, actor=actor, side=side, data=data)
        telling.of_move(fresh, event)
    return _renewed(ticket)


def _renewed(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket
