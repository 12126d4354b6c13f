"""It got worse: the customer says so, support is told at once, and the severity may rise."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from plans.enums import SeveritySetBy
from tickets.actions import telling
from tickets.actions.history import locked, record
from tickets.actions.life import change_severity
from tickets.actions.refusals import Refused, move_not_allowed
from tickets.enums import UNSOLVED, EventKind, Side
from tickets.models import Ticket


def report_worse(
    *,
    ticket: Ticket,
    actor: User,
    at: datetime,
    reason: str,
    impact: Mapping[str, Any] | None = None,
    to: str = "",
    client_key: uuid.UUID | None = None,
) -> Ticket:
    """Record that it got worse, in the customer's words, and tell support at once; the same key says it once.

    ``impact`` has the answers that are new (``Submission.impact``); the others stay. ``to`` is the more
    severe step, empty where it is as severe as before: the worst already, or support sets it. Raises Refused
    (``reason_missing``, ``severity_set_by_support``, ``move_not_allowed``).
    """
    if not reason.strip():
        raise Refused(
            "reason_missing",
            _("Support needs to know what changed."),
            _("Write what got worse, in a sentence or two."),
        )
    if to and ticket.plan.severity_rule == SeveritySetBy.SUPPORT:
        raise Refused(
            "severity_set_by_support",
            _("Under this plan support sets the severity."),
            _("Say what got worse without a severity: support is told at once and decides."),
        )
    key = str(client_key) if client_key else ""
    with transaction.atomic():
        fresh = locked(ticket)
        if key and fresh.events.filter(side=Side.CUSTOMER, data__key=key).exists():
            return _renewed(ticket)
        if fresh.status_at(at) not in UNSOLVED:
            raise move_not_allowed(str(fresh.status_at(at).label).lower())
        said = {name: value for name, value in (impact or {}).items() if value not in (None, "")}
        facts = {"impact": said, "key": key}
        if said:
            fresh.impact = (fresh.impact or {}) | said
            fresh.save(update_fields=["impact"])
        if to:
            change_severity(
                ticket=fresh,
                actor=actor,
                at=at,
                to=to,
                how="raised",
                reason=reason,
                side=Side.CUSTOMER,
                facts=facts,
            )
        else:
            data = {"changed": {}, "worse": True, "reason": reason, **facts}
            event = record(fresh, EventKind.DETAILS, at=at, actor=actor, side=Side.CUSTOMER, data=data)
            telling.of_worse(fresh, event)
    return _renewed(ticket)


def _renewed(ticket: Ticket) -> Ticket:
    ticket.refresh_from_db()
    return ticket
