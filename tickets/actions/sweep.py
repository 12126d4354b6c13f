"""What the scheduler records: warnings, breaches, tickets that closed by themselves, windows that ended.

Nothing here decides anything (time.md, What time decides): late, twice, beside another sweep or after an
outage it leaves the same record with the same instants. Each step takes due rows alone, by a partial index,
skips what another process holds, and commits its batch with the outbox rows that tell of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from notices.models import Heartbeat
from notices.outbox import queue
from plans.actions.contracting import tell_of_endings
from tickets.actions import telling
from tickets.actions.history import mark_breaches
from tickets.enums import EventKind, Side, Status
from tickets.models import Clock, ClockQuerySet, Ticket, TicketEvent, TicketQuerySet

BATCH = 500


def sweep(*, at: datetime, limit: int | None = None) -> dict[str, int]:
    """Record what is due at ``at``, at most ``limit`` rows of each kind. Returns counts by kind."""
    steps: dict[str, Callable[[datetime, int], int]] = {
        "breached": _breaches,
        "warned": _warnings,
        "closed": _closings,
        "windows_ended": _windows,
        "contracts_told": _contract_endings,
    }
    counts = {name: _in_batches(step, at, limit) for name, step in steps.items()}
    Heartbeat.objects.update_or_create(name="sweep", defaults={"beat_at": at, "counts": counts})
    return counts


def _in_batches(step: Callable[[datetime, int], int], at: datetime, limit: int | None) -> int:
    done = 0
    while limit is None or done < limit:
        size = BATCH if limit is None else min(BATCH, limit - done)
        with transaction.atomic():
            count = step(at, size)
        done += count
        if count < size:
            break
    return done


def _locked_clocks(clocks: ClockQuerySet, size: int, order: str) -> list[Clock]:
    """Due clocks with their tickets, both locked in one go; what a verb holds is left to the next run."""
    return list(
        clocks.select_for_update(skip_locked=True, of=("self", "ticket"))
        .select_related("ticket", "ticket__assigned_to", "ticket__organization")
        .order_by(order, "pk")[:size]
    )


def _breaches(at: datetime, size: int) -> int:
    clocks = _locked_clocks(Clock.objects.breached(at), size, "due_at")
    if clocks:
        mark_breaches(clocks, at)
        _touch({clock.ticket_id for clock in clocks}, at)
    return len(clocks)


def _warnings(at: datetime, size: int) -> int:
    clocks = _locked_clocks(Clock.objects.to_warn(at), size, "warn_at")
    if not clocks:
        return 0
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(warned_at=at)
    TicketEvent.objects.bulk_create(
        [
            TicketEvent(
                ticket_id=clock.ticket_id,
                at=clock.warn_at or at,
                kind=EventKind.WARNING,
                side=Side.SYSTEM,
                data={"metric": clock.metric, "cycle": clock.cycle},
                key=f"warning:{clock.pk}",
            )
            for clock in clocks
        ],
        ignore_conflicts=True,
    )
    told = telling.leads()
    # A promise that is over already is told as a breach, not warned of.
    queue(
        [
            draft
            for clock in clocks
            if clock.due_at is not None and clock.due_at >= at
            for draft in telling.drafts_of_clock(clock, "warning", told)
        ],
        at,
    )
    return len(clocks)


def _closings(at: datetime, size: int) -> int:
    found = Ticket.objects.closing_by_itself(at).select_for_update(skip_locked=True).order_by("auto_close_at")
    tickets = list(found[:size])
    if tickets:
        _record_all(tickets, EventKind.CLOSED_BY_ITSELF, "auto_close_at")
        _rows(tickets).update(
            status=Status.CLOSED, closed_at=F("auto_close_at"), updated_at=at, version=F("version") + 1
        )
    return len(tickets)


def _windows(at: datetime, size: int) -> int:
    found = Ticket.objects.window_ended(at).select_for_update(skip_locked=True).order_by("reopen_until")
    tickets = list(found[:size])
    if tickets:
        _record_all(tickets, EventKind.WINDOW_ENDED, "reopen_until")
        _rows(tickets).update(window_ended_at=F("reopen_until"), updated_at=at, version=F("version") + 1)
    return len(tickets)


def _contract_endings(at: datetime, size: int) -> int:
    return tell_of_endings(at=at, limit=size)


def _record_all(tickets: list[Ticket], kind: EventKind, instant: str) -> None:
    """One event for each ticket, at the instant that its column ``instant`` holds."""
    TicketEvent.objects.bulk_create(
        [
            TicketEvent(
                ticket=ticket,
                at=getattr(ticket, instant),
                kind=kind,
                side=Side.SYSTEM,
                key=f"{kind}:{ticket.pk}:{getattr(ticket, instant):%Y%m%dT%H%M%S}",
            )
            for ticket in tickets
        ],
        ignore_conflicts=True,
    )


def _rows(tickets: list[Ticket]) -> TicketQuerySet:
    return Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])


def _touch(numbers: set[int], at: datetime) -> None:
    """Let those who sync see that the tickets changed."""
    Ticket.objects.filter(pk__in=numbers).update(updated_at=at, version=F("version") + 1)
