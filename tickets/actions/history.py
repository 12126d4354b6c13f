"""The one writer of a ticket's history, clocks and what is stored of them.

Each verb locks the ticket, records one event here, and this reads status and clocks anew from all events
(``timekeeping.history.replay``). Nothing else computes a due instant or writes a clock, the sweep's marks
aside.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from notices.adding import add_missing, among
from notices.outbox import queue
from tickets.actions import ladder, telling
from tickets.actions.asking import open_surveys
from tickets.actions.refusals import Refused, Stale, merged_away, move_not_allowed
from tickets.enums import STAFF_ONLY, UNSOLVED, ClockState, EventKind, Side, Status
from tickets.models import Clock, Message, Ticket, TicketEvent
from tickets.reading import as_history, is_replayed, replayed_events, seconds_left, submitted_terms
from timekeeping.history import ClockReading, HistoryError, Reading, replay

_CLOCK_FACTS = (
    "severity",
    "target",
    "started_at",
    "due_at",
    "warn_at",
    "state",
    "met_at",
    "paused_since",
    "left_seconds",
)


def locked(ticket: Ticket, expected_version: int | None = None, side: Side = Side.SUPPORT) -> Ticket:
    """Return the ticket, read anew and locked until the transaction ends.

    The lock keeps other verbs out, not rows that only name the ticket: a draft that is saved meanwhile holds
    its writer's row, for which the sending of the same text waits, and would wait for the ticket in turn.
    Raises Stale where ``expected_version`` is given and is not the version any more, as ``side`` counts it.
    """
    fresh = (
        Ticket.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan__edition__policy", "organization", "requester")
        .get(pk=ticket.pk)
    )
    check_version(fresh, expected_version, side)
    return fresh


def locked_survivor(ticket: Ticket) -> Ticket:
    """Return the ticket that a message to ``ticket`` reaches, locked: itself, or where its merges end."""
    fresh = locked(ticket.survivor)
    while fresh.merged_into_id is not None:
        fresh = locked(fresh.survivor)
    return fresh


def told_version(ticket: Ticket) -> int:
    """What customers' pages carry instead of the version, which counts what staff alone know of, too."""
    return ticket.events.exclude(kind__in=STAFF_ONLY).exclude(side=Side.SYSTEM).count()


def check_version(ticket: Ticket, expected_version: int | None, side: Side = Side.SUPPORT) -> None:
    """Raise Stale where the caller read another version (of customers: ``told_version``), unless None."""
    if expected_version is None:
        return
    if expected_version != (told_version(ticket) if side == Side.CUSTOMER else ticket.version):
        raise Stale


def record(
    ticket: Ticket,
    kind: EventKind,
    *,
    at: datetime,
    actor: User | None,
    side: Side,
    message: Message | None = None,
    data: dict[str, Any] | None = None,
) -> TicketEvent:
    """Add one event to a locked ticket and bring its status and clocks in line with it.

    An instant before the newest event (two processes whose clocks differ by a moment) counts as the newest's.
    Raises Refused (``move_not_allowed``) where the table of moves has no such move.
    """
    at = max(at, ticket.last_event_at)
    if ticket.status == Status.RESOLVED and ticket.status_at(at) == Status.CLOSED:
        # No sweep came by yet: the record is the same as if one had.
        record_once([ticket], EventKind.CLOSED_BY_ITSELF, "auto_close_at")
        open_surveys([ticket], "auto_close_at", at)
    event = TicketEvent(
        ticket=ticket,
        kind=kind,
        at=at,
        actor=actor,
        side=side,
        message=message,
        data=data or {},
    )
    ticket.last_event_at = event.at
    ticket.updated_at = event.at
    ticket.version += 1
    clocks = _retell(ticket, [*replayed_events(ticket), event]) if is_replayed(event) else []
    event.save()
    ticket.save()
    mark_breaches([clock for clock in clocks if clock.state == ClockState.MISSED], event.at)
    if kind == EventKind.CLOSE:
        open_surveys([ticket], "closed_at", event.at)
    if is_replayed(event) and ticket.status not in UNSOLVED:
        merged = event.kind == EventKind.MERGED_AWAY
        ladder.end(ticket, event.at, "merged" if merged else str(ticket.status))
    return event


def _retell(ticket: Ticket, events: list[TicketEvent]) -> list[Clock]:
    """Read the history up to the newest event, store what it says and return the clocks that changed."""
    try:
        reading = replay(submitted_terms(ticket, events), as_history(events), events[-1].at)
    except HistoryError as error:
        raise _refusal(ticket, events[-1].at) from error
    for name, value in facts_of_status(ticket, reading).items():
        setattr(ticket, name, value)
    ticket.window_ended_at = None
    return _store_clocks(ticket, reading)


def _refusal(ticket: Ticket, at: datetime) -> Refused:
    if ticket.merged_into_id is not None:
        return merged_away()
    return move_not_allowed(str(Status(ticket.status_at(at)).label).lower())


def facts_of_status(ticket: Ticket, reading: Reading) -> dict[str, Any]:
    """The columns of a ticket's row that a reading gives."""
    status = Status(reading.status or Status.NEW)
    due, metric = next_promise(reading) if status in UNSOLVED else (None, "")
    return {
        "status": status,
        "waiting_since": reading.waiting_since,
        "resolved_at": reading.resolved_at,
        "auto_close_at": reading.auto_close_at,
        "closed_at": reading.closed_at,
        "reopen_until": reading.reopen_until or _window_after_closing_by_itself(ticket, reading),
        "next_due_at": due,
        "next_metric": metric,
    }


def _window_after_closing_by_itself(ticket: Ticket, reading: Reading) -> datetime | None:
    """The end of the reopen window that follows if nobody acts: known from the instant of resolving on."""
    if reading.auto_close_at is None:
        return None
    return reading.auto_close_at + timedelta(days=ticket.plan.reopen_days)


def next_promise(reading: Reading) -> tuple[datetime | None, str]:
    """The earliest due instant of the promises that are still owed (overdue ones too), and its metric."""
    owed = [
        (clock.due_at, clock.metric)
        for clock in reading.clocks
        if clock.due_at is not None
        and (clock.state == ClockState.RUNNING or (clock.state == ClockState.MISSED and clock.met_at is None))
    ]
    return min(owed) if owed else (None, "")


def _store_clocks(ticket: Ticket, reading: Reading) -> list[Clock]:
    stored = {(clock.metric, clock.cycle): clock for clock in ticket.clocks.all()}
    new, changed = [], []
    for told in reading.clocks:
        facts = facts_of_clock(told, ticket.last_event_at)
        clock = stored.get((told.metric, told.cycle))
        if clock is None:
            own = {"ticket": ticket, "contract_id": ticket.contract_id}
            new.append(Clock(**own, metric=told.metric, cycle=told.cycle, **facts))
        elif any(getattr(clock, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(clock, name, value)
            changed.append(clock)
    if new:
        Clock.objects.bulk_create(new)
    if changed:
        Clock.objects.bulk_update(changed, _CLOCK_FACTS)
    return new + changed


def mark_breaches(clocks: list[Clock], at: datetime) -> int:
    """Record the breaches of missed clocks, once each, at their due instants; tell staff. Returns how many.

    A breach is found by the sweep or by a verb that came first; the event's key makes it one either way, and
    the UPDATE asks again whether each is overdue.
    """
    found = [clock for clock in clocks if clock.breach_recorded_at is None]
    if not found:
        return 0
    overdue = Clock.objects.filter(
        pk__in=among(clock.pk for clock in found),
        state__in=(ClockState.RUNNING, ClockState.MISSED),
        due_at__lt=at,
        breach_recorded_at=None,
    )
    marked = overdue.update(state=ClockState.MISSED, breach_recorded_at=at)
    record_marks(found, EventKind.BREACH, "due_at")
    heard = ladder.open_by_breach(found, at)
    told = telling.leads()
    queue(
        [
            draft
            for clock in found
            for draft in telling.drafts_of_clock(clock, "breach", told)
            # One mail for one event and person: the escalation says which promise was missed.
            if draft.recipient.key not in heard.get(clock.pk, ())
        ],
        at,
    )
    return marked


def record_marks(clocks: list[Clock], kind: EventKind, instant: str) -> None:
    """One event for each clock, at the instant that its column ``instant`` holds; recorded before: none."""
    rows = [
        {
            "ticket_id": clock.ticket_id,
            "at": getattr(clock, instant),
            "data": {"metric": clock.metric, "cycle": clock.cycle},
            "key": f"{kind.value}:{clock.pk}",
        }
        for clock in clocks
    ]
    add_missing(TicketEvent, rows, kind=kind, side=Side.SYSTEM)


def record_once(tickets: list[Ticket], kind: EventKind, instant: str) -> None:
    """One event for each ticket, at the instant that its column ``instant`` holds; recorded before: none."""
    rows = [
        {
            "ticket_id": ticket.pk,
            "at": getattr(ticket, instant),
            "key": f"{kind.value}:{ticket.pk}:{getattr(ticket, instant):%Y%m%dT%H%M%S}",
        }
        for ticket in tickets
    ]
    add_missing(TicketEvent, rows, kind=kind, side=Side.SYSTEM)


def facts_of_clock(told: ClockReading, at: datetime) -> dict[str, Any]:
    """The columns of a clock's row that a reading made at ``at`` gives."""
    return {
        "severity": told.severity,
        "target": told.target.written,
        "started_at": told.started_at,
        "due_at": told.due_at,
        "warn_at": told.warn_at,
        "state": told.state,
        "met_at": told.met_at,
        "paused_since": told.paused_since,
        "left_seconds": seconds_left(told, at) if told.state == ClockState.PAUSED else None,
    }
