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
from timekeeping import (
    CarriedClock,
    ClockReading,
    Coverage,
    Event,
    Reading,
    Target,
    Terms,
    parse_target,
    replay,
)

# What an event of ours is called in a replay, where that is another word.
_DOES = {EventKind.MOVED: "moved_away"}


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
    ticket: Ticket, events: Iterable[TicketEvent], sources: Mapping[int, PolicyTerms] | None = None
) -> Terms:
    """The terms under which a history begins: the ticket's own, unless it was moved to them later.

    ``sources`` are terms by edition key, where the caller has them for many tickets.
    """
    moved = next((event for event in events if is_move(event)), None)
    if moved is None:
        return terms_of(ticket, (sources or {}).get(ticket.plan.edition_id))
    return _terms_told(ticket, moved.data["terms"]["from"], sources)


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


def _terms_told(
    ticket: Ticket, told: Mapping[str, Any], sources: Mapping[int, PolicyTerms] | None = None
) -> Terms:
    """Terms that an event names. Without ``sources`` a query, and more for an edition not read before."""
    found = (sources or {}).get(told["edition"])
    return terms_for(
        found or Edition.objects.select_related("policy").get(pk=told["edition"]),
        told["plan"],
        told["coverage"] or None,
        ticket.support_type or None,
        ticket.customer_zone,
        told["own_targets"],
    )


def as_history(
    events: Iterable[TicketEvent], sources: Mapping[int, PolicyTerms] | None = None
) -> list[Event]:
    """Recorded events as timekeeping has them; ``sources`` are terms by edition key, where they are known."""
    return [_as_event(event, sources) for event in events]


def _as_event(event: TicketEvent, sources: Mapping[int, PolicyTerms] | None) -> Event:
    data = event.data
    if is_move(event):
        return Event(at=event.at, do="terms", terms=_terms_told(event.ticket, data["terms"]["to"], sources))
    into = data.get("into")
    return Event(
        at=event.at,
        do=_DOES.get(EventKind(event.kind), event.kind),
        severity=data.get("severity"),
        to=data.get("to"),
        how=data.get("how"),
        by=data.get("by"),
        carried=tuple(map(_carried, data["carried"])) if "carried" in data else None,
        into=str(into) if into is not None else None,
    )


def _carried(told: Mapping[str, Any]) -> CarriedClock:
    """A clock that a merge brought, from the event's data."""
    return CarriedClock(
        metric=told["metric"],
        started_at=datetime.fromisoformat(told["started_at"]),
        due_at=datetime.fromisoformat(told["due_at"]),
        target=parse_target(told["target"]),
        severity=told["severity"],
    )


def carried_by(reading: Reading) -> list[dict[str, Any]]:
    """The clocks that a merge carries to the survivor, as the event keeps them: those that may still be kept.

    The due instant of a paused one is that as if its pause ended at the reading.
    """
    return [
        {
            "metric": clock.metric,
            "started_at": clock.started_at.isoformat(),
            "due_at": due.isoformat(),
            "target": clock.target.written,
            "severity": clock.severity,
        }
        for clock in reading.clocks
        if clock.is_live and (due := clock.due_at or clock.would_be_due) is not None
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
