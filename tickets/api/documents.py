"""How a ticket and its parts are written for a caller: plain dictionaries, and one query for a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from accounts.api.base import etag_of
from accounts.api.reading import instant
from accounts.models import User
from accounts.standing import standing_of
from plans.questions import written_explanation
from plans.texts import text_in
from tickets.enums import STAFF_ONLY, Status
from tickets.models import Attachment, EscalationStep, Message, Ticket, TicketEvent, TicketQuerySet
from timekeeping import ClockReading, explain_clock

# The address of a file for the caller (``tickets.handing_out.FileLink``).
FileAddress = Callable[[Attachment], str]


def told_to(rows: TicketQuerySet, user: User, at: datetime) -> TicketQuerySet:
    """The rows with everything that a document of them needs.

    ``told_at`` is when something last happened that the caller may know of: an internal note moves nothing
    that a customer sees.
    """
    if standing_of(user, at).is_staff:
        told_at: Any = F("updated_at")
        follows: Any = F("follows_id")
        merged: Any = F("merged_into_id")
    else:
        public = TicketEvent.objects.filter(ticket=OuterRef("pk")).exclude(kind__in=STAFF_ONLY)
        told_at = Subquery(public.order_by("-at", "-pk").values("recorded_at")[:1])
        follows, merged = (_seen_number(name, user, at) for name in ("follows_id", "merged_into_id"))
    return rows.annotate(
        organization_slug=F("organization__slug"),
        requester_email=F("requester__email"),
        plan_code=F("plan__code"),
        edition_number=F("plan__edition__number"),
        policy_slug=F("plan__edition__policy__slug"),
        escalation_step=_open_escalation(),
        told_at=told_at,
        told_follows=follows,
        told_merged_into=merged,
    )


def _seen_number(column: str, user: User, at: datetime) -> Subquery:
    """The number in a column that names another ticket; null where that one does not exist for ``user``."""
    seen = Ticket.objects.visible_to(user, at).filter(pk=OuterRef(column))
    return Subquery(seen.order_by().values("pk")[:1])


def _open_escalation() -> Subquery:
    """The level that the open escalation of a ticket has reached, as JSON; null where none is open."""
    reached = EscalationStep.objects.filter(
        escalation__ticket=OuterRef("pk"), escalation__ended_at=None, level=F("escalation__level")
    )
    step = JSONObject(
        level="level",
        levels="escalation__levels",
        since="reached_at",
        acknowledge_by="acknowledge_by",
        acknowledged_at="acknowledged_at",
    )
    return Subquery(reached.order_by().values(step=step)[:1])


def _escalation_document(step: dict[str, Any] | None) -> dict[str, Any] | None:
    if step is None:
        return None
    moments = {
        name: instant(datetime.fromisoformat(step[name])) if step[name] else None
        for name in ("since", "acknowledge_by", "acknowledged_at")
    }
    return {"level": step["level"], "name": text_in(step["levels"][step["level"] - 1]["name"])} | moments


def ticket_document(row: Any, at: datetime) -> dict[str, Any]:
    """A ticket from ``told_to``, as of ``at``: what time decides follows from instants, not from a sweep."""
    is_closed = row.status_at(at) == Status.CLOSED
    return {
        "number": row.number,
        "organization": row.organization_slug,
        "subject": row.subject,
        "description": row.description,
        "status": row.status_at(at).value,
        "severity": row.severity or None,
        "support_type": row.support_type or None,
        "category": row.category or None,
        "product": row.product or None,
        "channel": row.channel,
        "impact": row.impact,
        "best_time_to_contact": row.best_time_to_contact,
        "device": row.device or None,
        "operating_system": row.operating_system or None,
        "requester": row.requester_email,
        "created_at": instant(row.submitted_at),
        "closed_at": instant(row.closed_instant(at)),
        "reopen_until": instant(row.reopen_until) if is_closed else None,
        "due_at": instant(row.next_due_at),
        "escalation": _escalation_document(row.escalation_step),
        "terms": {
            "policy": row.policy_slug,
            "edition": row.edition_number,
            "plan": row.plan_code,
            "coverage": row.coverage_option or None,
        },
        "external_reference": row.external_reference or None,
        "follows": row.told_follows,
        "merged_into": row.told_merged_into,
        "updated_at": instant(row.told_at or row.updated_at),
    }


def ticket_with_etag(number: int, user: User, at: datetime) -> tuple[dict[str, Any], str]:
    """One ticket's document and its ETag for this caller. Raises Http404 where it does not exist for them.

    The newest event that the caller may know of is part of the ETag: two things may happen in one second.
    """
    row = told_to(Ticket.objects.visible_to(user, at), user, at).filter(pk=number).first()
    if row is None:
        raise Http404
    document = ticket_document(row, at)
    events = TicketEvent.objects.filter(ticket=number)
    if not standing_of(user, at).is_staff:
        events = events.exclude(kind__in=STAFF_ONLY)
    newest = events.order_by("-pk").values_list("pk", flat=True).first()
    return document, etag_of(f"{newest} {json.dumps(document, sort_keys=True)}".encode())


def message_document(row: Message, files: list[Attachment], link: FileAddress) -> dict[str, Any]:
    return {
        "id": row.pk,
        "ticket": row.ticket_id,
        "body": row.body,
        "visibility": row.visibility,
        "author": row.author.email if row.author else None,
        "author_name": row.author.name if row.author else None,
        "side": row.side,
        "channel": row.channel,
        "created_at": instant(row.at),
        "attachments": [attachment_document(file, link) for file in files],
    }


def attachment_document(row: Attachment, link: FileAddress) -> dict[str, Any]:
    """``link`` gives the address that is good without a token for some minutes."""
    return {
        "key": str(row.key),
        "message": row.message_id,
        "name": row.name,
        "size": row.size,
        "content_type": row.content_type,
        "url": link(row),
    }


def clock_document(clock: ClockReading, at: datetime, explain: bool) -> dict[str, Any]:
    """What one clock reads at ``at``; with ``explain`` also what was counted, what was skipped and why."""
    document: dict[str, Any] = {
        "metric": clock.metric,
        "cycle": clock.cycle,
        "state": clock.state,
        "severity": clock.severity,
        "target": clock.target.written,
        "started_at": instant(clock.started_at),
        "due_at": instant(clock.due_at),
        "warn_at": instant(clock.warn_at),
        "met_at": instant(clock.met_at),
        "paused": clock.state == "paused",
        "paused_since": instant(clock.paused_since),
        "breached": clock.state == "missed",
    }
    if explain:
        document |= written_explanation(explain_clock(clock, at))
    return document
