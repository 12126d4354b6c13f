"""A request that is worked on in another system: word that it is, and as what, without content."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused, move_not_allowed
from tickets.enums import UNSOLVED, EventKind, Side
from tickets.models import Ticket

LONGEST = 60


def work_elsewhere(*, ticket: Ticket, actor: User, at: datetime, system: str, reference: str) -> bool:
    """Record that it was worked on this day in ``system`` as ``reference``. It meets no promise.

    Once for a reference and day of the customer's zone; said again, nothing is recorded and False returned.
    Raises Refused (``reference_missing``, ``reference_too_long``, ``move_not_allowed``).
    """
    system, reference = _line(system), _line(reference)
    if not system or not reference:
        raise Refused(
            "reference_missing",
            _("It takes the other system and its reference."),
            _("Write both, such as “Jira” and “ABC-123”."),
        )
    if max(len(system), len(reference)) > LONGEST:
        raise Refused(
            "reference_too_long",
            _("System and reference may have %(n)s characters each.") % {"n": LONGEST},
            _("Write the reference alone: what was done stays in the other system."),
        )
    with transaction.atomic():
        fresh = locked(ticket)
        status = fresh.status_at(at)
        if status not in UNSOLVED:
            raise move_not_allowed(str(status.label).lower())
        since = day_begins(at, fresh.customer_zone)
        today = fresh.events.filter(kind=EventKind.WORKED_ELSEWHERE, at__gte=since)
        if today.filter(data__system=system, data__reference=reference).exists():
            return False
        data = {"system": system, "reference": reference}
        record(fresh, EventKind.WORKED_ELSEWHERE, at=at, actor=actor, side=Side.SUPPORT, data=data)
    ticket.refresh_from_db()
    return True


def _line(text: str) -> str:
    """One line without the signs that nobody sees, some of which the database can't keep."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def day_begins(at: datetime, zone: str) -> datetime:
    """The first instant of the day on which ``at`` lies in ``zone`` (an IANA name)."""
    return at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
