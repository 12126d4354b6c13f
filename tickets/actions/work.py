"""Verbs of the work log. Entries are only added; a mistake is voided by an entry of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.enums import EventKind, Side
from tickets.models import Ticket, WorkEntry

LONGEST = timedelta(hours=24)


def log_work(
    *,
    ticket: Ticket,
    actor: User,
    at: datetime,
    seconds: int,
    worked_until: datetime,
    text: str,
    is_billable: bool = False,
) -> WorkEntry:
    """Log time that ``actor`` worked on the ticket, up to ``worked_until``. Only staff learn of it.

    Raises Refused: ``work_takes_time`` (nothing, or over a day at a time), ``work_in_future``,
    ``reason_missing`` (what was done), ``no_rate`` (billable, and no rate was agreed to), ``work_overlaps``
    (the same minutes of the same person twice).
    """
    if not 0 < seconds <= LONGEST.total_seconds():
        raise Refused(
            "work_takes_time",
            _("An entry has more than nothing and at most a day."),
            _("Write minutes such as 45, or 1h30m."),
        )
    if worked_until > at:
        raise Refused("work_in_future", _("This time has not come yet."), _("Write until when you worked."))
    if not text.strip():
        raise Refused("reason_missing", _("What was done is missing."), _("Write it in a sentence."))
    with transaction.atomic():
        fresh = locked(ticket)
        if is_billable and not fresh.rate_code:
            raise Refused(
                "no_rate",
                _("The customer agreed to no rate for this request."),
                _("Log it without charging for it."),
            )
        _check_alone(fresh, actor, worked_until - timedelta(seconds=seconds), worked_until)
        entry = WorkEntry.objects.create(
            ticket=fresh,
            person=actor,
            seconds=seconds,
            worked_until=worked_until,
            text=text.strip(),
            is_billable=is_billable,
            recorded_at=at,
        )
        _record(fresh, entry, actor, at)
    return entry


def void_work(*, entry: WorkEntry, actor: User, at: datetime, reason: str) -> WorkEntry:
    """Void a mistaken entry by one of its own; neither counts any more.

    Raises Refused: ``reason_missing``, ``voided_already``.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("A reason is missing."), _("Write what was wrong about the entry."))
    with transaction.atomic():
        ticket = locked(entry.ticket)
        if entry.voids_id is not None or WorkEntry.objects.filter(voids=entry).exists():
            raise Refused(
                "voided_already",
                _("This entry counts no more."),
                _("Log the time anew, if it was worked."),
            )
        voiding = WorkEntry.objects.create(
            ticket=ticket,
            person=actor,
            seconds=entry.seconds,
            worked_until=entry.worked_until,
            text=reason.strip(),
            is_billable=entry.is_billable,
            recorded_at=at,
            voids=entry,
        )
        _record(ticket, voiding, actor, at)
    return voiding


def _check_alone(ticket: Ticket, person: User, since: datetime, until: datetime) -> None:
    """No minute of a person is logged on a request twice. One query."""
    own = ticket.work.standing().filter(person=person, worked_until__gt=since)
    if any(entry.worked_since < until for entry in own):
        raise Refused(
            "work_overlaps",
            _("You have logged a part of this time on this request already."),
            _("Correct the length or the end, or void the other entry first."),
        )


def _record(ticket: Ticket, entry: WorkEntry, actor: User, at: datetime) -> None:
    data = {
        "entry": entry.pk,
        "seconds": entry.seconds,
        "is_billable": entry.is_billable,
        "worked_until": entry.worked_until.isoformat(),
    }
    if entry.voids_id is not None:
        data["voids"] = entry.voids_id
    record(ticket, EventKind.WORK_LOGGED, at=at, actor=actor, side=Side.SUPPORT, data=data)
