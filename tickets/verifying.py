"""What is stored beside the events, computed again from them and compared (time.md, Clocks).

Reads only. Tickets are taken in chunks: a number of queries for each that does not grow with its tickets, and
no more memory than one chunk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plans.models import Edition
from plans.terms import PolicyTerms, TermsError, policy_terms_of
from tickets.actions.history import facts_of_clock, facts_of_status
from tickets.enums import ClockState, EventKind, Status
from tickets.models import Clock, Ticket, TicketEvent
from tickets.reading import as_history, is_move, is_replayed, submitted_terms
from timekeeping import HistoryError, Reading, replay

CHUNK = 200
# What the sweep, or a verb that came first, records of facts that several may find.
_MARKS = (EventKind.BREACH, EventKind.WARNING, EventKind.CLOSED_BY_ITSELF, EventKind.WINDOW_ENDED)


@dataclass(frozen=True)
class Fault:
    """A stored fact that is not what the events say. ``clock`` is ``metric/cycle``; empty: of the ticket."""

    ticket: int
    clock: str
    fact: str
    stored: Any
    read: Any


@dataclass
class Verified:
    """How much was compared, and how much differed."""

    tickets: int = 0
    clocks: int = 0
    events: int = 0
    differences: int = 0


@dataclass
class _Told:
    """A ticket with its rows."""

    ticket: Ticket
    events: list[TicketEvent] = field(default_factory=list)
    marks: dict[str, list[TicketEvent]] = field(default_factory=lambda: defaultdict(list))
    clocks: list[Clock] = field(default_factory=list)


def verify(numbers: Iterable[int] | None = None, *, count: Verified | None = None) -> Iterator[Fault]:
    """Every difference, in order of ticket number; of all tickets, or of those with these numbers.

    ``count`` is added to on the way.
    """
    count = count if count is not None else Verified()
    rows = Ticket.objects.all() if numbers is None else Ticket.objects.filter(pk__in=list(numbers))
    last = 0
    rows = rows.select_related("plan__edition__policy").defer("description").order_by("pk")
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        for fault in _of_chunk(chunk, count):
            count.differences += 1
            yield fault
        if len(chunk) < CHUNK:
            break
        last = chunk[-1].pk


def _of_chunk(tickets: list[Ticket], count: Verified) -> Iterator[Fault]:
    told = {ticket.pk: _Told(ticket) for ticket in tickets}
    for event in TicketEvent.objects.filter(ticket__in=told).order_by("at", "pk"):
        one = told[event.ticket_id]
        event.ticket = one.ticket
        if is_replayed(event):
            one.events.append(event)
        elif event.kind in _MARKS:
            one.marks[event.kind].append(event)
        count.events += 1
    for clock in Clock.objects.filter(ticket__in=told):
        told[clock.ticket_id].clocks.append(clock)
        count.clocks += 1
    sources = _sources(told.values())
    for one in told.values():
        count.tickets += 1
        yield from _of_ticket(one, sources)


def _sources(told: Iterable[_Told]) -> dict[int, PolicyTerms]:
    """The terms of every edition that the tickets have or had. One query, a second where some were moved."""
    known = {one.ticket.plan.edition_id: one.ticket.plan.edition for one in told}
    named = {
        event.data["terms"][end]["edition"]
        for one in told
        for event in filter(is_move, one.events)
        for end in ("from", "to")
    }
    if missing := named - set(known):
        known |= Edition.objects.select_related("policy").in_bulk(missing)
    return policy_terms_of(known.values())


def _of_ticket(told: _Told, sources: dict[int, PolicyTerms]) -> Iterator[Fault]:
    number = told.ticket.pk
    if not told.events:
        yield Fault(number, "", "events", None, "a submission")
        return
    at = told.events[-1].at
    try:
        reading = replay(
            submitted_terms(told.ticket, told.events, sources), as_history(told.events, sources), at
        )
    except (HistoryError, TermsError) as error:
        yield Fault(number, "", "events", "recorded", str(error))
        return
    yield from _of_status(told, reading)
    yield from _of_clocks(told, reading, at)
    yield from _of_marks(told)


def _of_status(told: _Told, reading: Reading) -> Iterator[Fault]:
    """The ticket's own columns; of one that a sweep closed, as its reading says of that instant."""
    ticket = told.ticket
    facts = facts_of_status(ticket, reading)
    facts |= {"severity": reading.severity, "submitted_at": reading.submitted_at}
    closed = told.marks[EventKind.CLOSED_BY_ITSELF]
    if facts["status"] == Status.RESOLVED and any(event.at == facts["auto_close_at"] for event in closed):
        facts |= {"status": Status.CLOSED, "closed_at": facts["auto_close_at"]}
    for name, read in facts.items():
        if getattr(ticket, name) != read:
            yield Fault(ticket.pk, "", name, getattr(ticket, name), read)
    ended = ticket.window_ended_at
    if ended is not None and [event.at for event in told.marks[EventKind.WINDOW_ENDED]][-1:] != [ended]:
        yield Fault(ticket.pk, "", "window_ended_at", ended, None)
    newest = told.events[-1].at
    if ticket.last_event_at < newest:
        yield Fault(ticket.pk, "", "last_event_at", ticket.last_event_at, newest)


def _of_clocks(told: _Told, reading: Reading, at: datetime) -> Iterator[Fault]:
    stored = {(clock.metric, clock.cycle): clock for clock in told.clocks}
    for metric, cycle in stored:
        if reading.clock(metric, cycle) is None:  # type: ignore[arg-type]
            yield Fault(told.ticket.pk, f"{metric}/{cycle}", "clock", "stored", None)
    for read in reading.clocks:
        clock = stored.get((read.metric, read.cycle))
        name = f"{read.metric}/{read.cycle}"
        if clock is None:
            yield Fault(told.ticket.pk, name, "clock", None, "read")
            continue
        for fact, value in facts_of_clock(read, at).items():
            have = getattr(clock, fact)
            if have != value and not (fact == "state" and _was_swept(clock, value)):
                yield Fault(told.ticket.pk, name, fact, have, value)


def _was_swept(clock: Clock, read: str) -> bool:
    """Whether a clock that ran at the newest event was found missed by a sweep after its due instant."""
    return (
        (clock.state, read) == (ClockState.MISSED, ClockState.RUNNING)
        and clock.breach_recorded_at is not None
        and clock.due_at is not None
        and clock.due_at < clock.breach_recorded_at
    )


def _of_marks(told: _Told) -> Iterator[Fault]:
    """One breach, at its due instant, for each missed clock alone; a warning where one was given."""
    keys: dict[str, list[TicketEvent]] = defaultdict(list)
    for kind in (EventKind.BREACH, EventKind.WARNING):
        for event in told.marks[kind]:
            keys[str(event.key)].append(event)
    for clock in told.clocks:
        name = f"{clock.metric}/{clock.cycle}"
        breaches = [event.at for event in keys.pop(f"breach:{clock.pk}", [])]
        due = [clock.due_at] if clock.state == ClockState.MISSED else []
        if breaches != due:
            yield Fault(told.ticket.pk, name, "breach", breaches, due)
        if (clock.breach_recorded_at is not None) != bool(due):
            yield Fault(told.ticket.pk, name, "breach_recorded_at", clock.breach_recorded_at, bool(due))
        warnings = len(keys.pop(f"warning:{clock.pk}", []))
        if warnings != (clock.warned_at is not None):
            yield Fault(told.ticket.pk, name, "warning", warnings, int(clock.warned_at is not None))
    for key, events in keys.items():
        yield Fault(told.ticket.pk, "", "event", key, f"no such clock ({len(events)})")
