"""From a ticket's rows to what its clocks read: the bridge to ``timekeeping`` for verbs and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from plans.models import Edition
from plans.terms import PolicyTerms, policy_terms_of, terms_for
from tickets.enums import REPLAYED, EventKind
from tickets.models import Ticket, TicketEvent
from timekeeping import ClockReading, Coverage, Event, Reading, Target, Terms, replay


def terms_of(ticket: Ticket, source: PolicyTerms | None = None) -> Terms:
    """The terms under which the ticket was submitted, as timekeeping values.

    ``source`` are the terms of its edition where the caller has them for many tickets (``sources_of``).
    """
    return terms_for(
        source or ticket.plan.edition,
        ticket.plan.code,
        ticket.coverage_option or None,
        ticket.support_type or None,
        ticket.customer_zone,
        ticket.own_targets,
    )


def sources_of(tickets: Iterable[Ticket]) -> dict[int, PolicyTerms]:
    """The terms of the tickets' editions, by edition key: one query, more for editions not read yet."""
    return policy_terms_of({ticket.plan.edition for ticket in tickets})


def submitted_terms(
    ticket: Ticket, events: Iterable[TicketEvent], source: PolicyTerms | None = None
) -> Terms:
    """The terms under which a history begins: the ticket's own, unless it was moved to them later."""
    moved = next((event for event in events if is_move(event)), None)
    return terms_of(ticket, source) if moved is None else _terms_told(ticket, moved.data["terms"]["from"])


def is_move(event: TicketEvent) -> bool:
    """Whether an event moved the ticket to other terms (``tickets.actions.terms``)."""
    return event.kind == EventKind.DETAILS and "terms" in event.data


def is_replayed(event: TicketEvent) -> bool:
    """Whether clocks are read from an event."""
    return event.kind in REPLAYED or is_move(event)


# The same for a query: decision 13 says why a move is no kind of its own.
IS_REPLAYED = Q(kind__in=REPLAYED) | Q(kind=EventKind.DETAILS, data__has_key="terms")


def replayed_events(ticket: Ticket) -> list[TicketEvent]:
    """The recorded events that clocks are read from, in order. One query."""
    return list(ticket.events.filter(IS_REPLAYED).order_by("at", "pk"))


def _terms_told(ticket: Ticket, told: Mapping[str, Any]) -> Terms:
    """Terms that an event names. A query, and more for an edition that was not read before."""
    return terms_for(
        Edition.objects.select_related("policy").get(pk=told["edition"]),
        told["plan"],
        told["coverage"] or None,
        ticket.support_type or None,
        ticket.customer_zone,
        told["own_targets"],
    )


def as_history(events: Iterable[TicketEvent]) -> list[Event]:
    """Recorded events as timekeeping has them."""
    return [
        Event(at=event.at, do="terms", terms=_terms_told(event.ticket, event.data["terms"]["to"]))
        if is_move(event)
        else Event(
            at=event.at,
            do=event.kind,
            severity=event.data.get("severity"),
            to=event.data.get("to"),
            how=event.data.get("how"),
            by=event.data.get("by"),
        )
        for event in events
    ]


def reading_of(ticket: Ticket, at: datetime) -> Reading:
    """What the ticket's status and clocks read at ``at``, from its events alone. One query."""
    events = replayed_events(ticket)
    return replay(submitted_terms(ticket, events), as_history(events), at)


def counted_between(target: Target, coverage: Coverage, start: datetime, end: datetime) -> int:
    """Seconds between two instants, counted as the target is: covered time, or plain time for ``elapsed``."""
    if end <= start:
        return 0
    if target.kind == "elapsed":
        return int((end - start).total_seconds())
    return coverage.counted_seconds(start, end)


def seconds_left(clock: ClockReading, at: datetime) -> int:
    """What a running or paused clock has left at ``at``; a paused one as if its pause ended then."""
    due = clock.due_at or clock.would_be_due
    return counted_between(clock.target, clock.coverage, at, due) if due else 0
