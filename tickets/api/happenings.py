"""How events are written for a caller: staff read all of their data, customers what stands here by kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from accounts.api.reading import instant
from accounts.models import User
from accounts.standing import standing_of
from plans.texts import text_in
from tickets.enums import EventKind
from tickets.models import Ticket, TicketEvent

_SCOPE = ("note", "code", "reason", "metric", "cycle")
_LEVEL = ("escalation", "level", "name", "why", "reason", "metric", "cycle")
# What customers read of the data, by kind. A kind that does not stand here stays inside.
TOLD_TO_CUSTOMERS: dict[EventKind, tuple[str, ...]] = {
    EventKind.SUBMIT: ("severity",),
    EventKind.REPLY: (),
    EventKind.ASK: (),
    EventKind.AUTO_REPLY: (),
    EventKind.CUSTOMER: (),
    EventKind.HOLD: ("reason",),
    EventKind.UNHOLD: ("reason",),
    EventKind.SEVERITY: ("to", "from", "how", "reason", "impact"),
    EventKind.RESOLVE: ("reason",),
    EventKind.CLOSE: ("by", "reason"),
    EventKind.REOPEN: ("reason",),
    # Reasons of these are for staff, and so is where another organization's request went.
    EventKind.MERGE: ("from",),
    EventKind.MERGED_AWAY: ("into",),
    EventKind.MOVED: (),
    EventKind.ASSIGNED: ("to",),
    EventKind.CONFIRMED: ("to",),
    EventKind.BREACH: ("metric", "cycle"),
    EventKind.CLOSED_BY_ITSELF: (),
    EventKind.WINDOW_ENDED: (),
    EventKind.FOLLOWED_UP: ("by",),
    EventKind.DETAILS: ("changed", "worse", "impact", "terms"),
    EventKind.NAMED: ("to",),
    EventKind.SPLIT: ("to", "messages"),
    EventKind.ESCALATED: _LEVEL,
    EventKind.ACKNOWLEDGED: _LEVEL,
    EventKind.ESCALATION_ENDED: _LEVEL,
    EventKind.WORKED_ELSEWHERE: ("reference",),
    EventKind.EXCLUDED: _SCOPE,
    EventKind.EXCLUSION_WITHDRAWN: _SCOPE,
    EventKind.OBJECTED: _SCOPE,
    EventKind.OBJECTION_ANSWERED: (*_SCOPE, "outcome"),
    EventKind.SURVEYED: ("cycle", "score"),
}
# Where the data names another ticket: its number is told only to those for whom that one exists.
_NUMBERS = {
    EventKind.MERGE: "from",
    EventKind.MERGED_AWAY: "into",
    EventKind.FOLLOWED_UP: "by",
    EventKind.SPLIT: "to",
}
_OF_TERMS = ("policy", "plan", "coverage")


def told(rows: QuerySet[TicketEvent], user: User, at: datetime) -> QuerySet[TicketEvent]:
    """The events that the caller may know of, with what a document of them needs."""
    if not standing_of(user, at).is_staff:
        rows = rows.filter(kind__in=list(TOLD_TO_CUSTOMERS))
    return rows.annotate(ticket_organization=F("ticket__organization__slug"), actor_email=F("actor__email"))


def event_documents(rows: Sequence[Any], user: User, at: datetime) -> list[dict[str, Any]]:
    """Events from ``told`` as ``user`` reads them. One query, and only where one of them names a ticket."""
    is_staff = standing_of(user, at).is_staff
    seen = _seen(rows, user, at)
    return [_document(row, _told_data(row, is_staff, seen)) for row in rows]


def _seen(rows: Iterable[Any], user: User, at: datetime) -> set[int]:
    """The tickets that the events name, as far as they exist for the reader."""
    named = {row.data.get(_NUMBERS[row.kind]) for row in rows if row.kind in _NUMBERS} - {None}
    if not named:
        return set()
    return set(Ticket.objects.visible_to(user, at).filter(pk__in=named).values_list("pk", flat=True))


def _told_data(row: Any, is_staff: bool, seen: set[int]) -> dict[str, Any]:
    data = dict(row.data)
    if not is_staff:
        names = TOLD_TO_CUSTOMERS[row.kind]
        # Of changed details only the customer's own words are a reason; a move to other terms is support's.
        names += ("reason",) if data.get("worse") else ()
        data = {name: data[name] for name in names if name in data}
    number = _NUMBERS.get(row.kind)
    if number in data and data[number] not in seen:
        del data[number]
    if row.kind in (EventKind.ESCALATED, EventKind.ACKNOWLEDGED, EventKind.ESCALATION_ENDED):
        data["name"] = text_in(data.get("name"))
    if "terms" in data:
        data["changed"] = {}
        data["terms"] = {end: _terms(data["terms"][end]) for end in ("from", "to")}
    return data


def _terms(stored: dict[str, Any]) -> dict[str, Any]:
    """Terms as a ticket has them; the edition by its number."""
    return {name: stored.get(name) or None for name in _OF_TERMS} | {"edition": stored.get("number")}


def _document(row: Any, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "ticket": row.ticket_id,
        "organization": row.ticket_organization,
        "kind": row.kind,
        "at": instant(row.at),
        "recorded_at": instant(row.recorded_at),
        "side": row.side,
        "actor": row.actor_email,
        "message": row.message_id,
        "data": data,
    }
