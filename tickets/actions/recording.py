"""What the sweep records: warnings, breaches, tickets that closed by themselves, windows that ended.

Nothing here decides anything (time.md, What time decides). Each function gets locked rows and writes their
marks, events and notices in the caller's transaction; each UPDATE asks again what made the rows due.
"""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter

from django.db.models import F, Prefetch, QuerySet

from accounts.models import Organization, User
from notices.adding import among
from notices.outbox import queue
from plans.actions.endings import tell_of_endings
from plans.models import Contract
from tickets.actions import telling
from tickets.actions.asking import open_surveys
from tickets.actions.due import Overtaken, Step
from tickets.actions.history import mark_breaches, record_marks, record_once
from tickets.enums import EventKind, Status
from tickets.models import Clock, ClockQuerySet, Ticket, TicketQuerySet

_OF_CLOCK = ("metric", "cycle", "warn_at", "due_at", "breach_recorded_at")
_OF_TICKET = ("subject", "plan_id", "next_due_at", "next_metric", "organization_id", "assigned_to_id")


def _with_tickets(clocks: ClockQuerySet, order: str) -> ClockQuerySet:
    """Clocks with what a notice says of their tickets, and nothing else: reading rows is half of the work.

    Organizations and people are fewer than tickets: each is read once. In the order of their index and no
    other: a batch of many rows that are due at once reads no more than it takes.
    """
    told = (*_OF_CLOCK, *(f"ticket__{name}" for name in _OF_TICKET))
    organizations = Organization.objects.only("name")
    workers = User.objects.only("email", "language", "time_zone", "is_active", "is_staff")
    people = (
        Prefetch("ticket__organization", organizations),
        Prefetch("ticket__assigned_to", workers),
    )
    return clocks.select_related("ticket").only(*told).prefetch_related(*people).order_by(order)


def _to_warn(at: datetime) -> QuerySet[Clock]:
    return _with_tickets(Clock.objects.to_warn(at), "warn_at")


def _breached(at: datetime) -> QuerySet[Clock]:
    return _with_tickets(Clock.objects.breached(at), "due_at")


def _closing(at: datetime) -> QuerySet[Ticket]:
    return Ticket.objects.closing_by_itself(at).defer("description").order_by("auto_close_at")


def _ended(at: datetime) -> QuerySet[Ticket]:
    return Ticket.objects.window_ended(at).defer("description").order_by("reopen_until")


def _ending(at: datetime) -> QuerySet[Contract]:
    return Contract.objects.ending(at).select_related("organization", "policy", "edition", "account_manager")


def _warn(clocks: list[Clock], at: datetime) -> int:
    """Warnings, recorded even where the promise is over meanwhile; told only where it is not."""
    waiting = Clock.objects.to_warn(at).filter(pk__in=among(clock.pk for clock in clocks))
    _must_be_all(waiting.update(warned_at=at), clocks)
    record_marks(clocks, EventKind.WARNING, "warn_at")
    in_time = [clock for clock in clocks if clock.due_at is not None and clock.due_at >= at]
    if in_time:
        told = telling.leads()
        queue(
            [draft for clock in in_time for draft in telling.drafts_of_clock(clock, "warning", told)],
            at,
        )
    return len(clocks)


def _breach(clocks: list[Clock], at: datetime) -> int:
    _must_be_all(mark_breaches(clocks, at), clocks)
    touched = Ticket.objects.filter(pk__in=among({clock.ticket_id for clock in clocks}))
    touched.update(updated_at=at, version=F("version") + 1)
    return len(clocks)


def _close(tickets: list[Ticket], at: datetime) -> int:
    still_due = Ticket.objects.closing_by_itself(at).filter(pk__in=among(ticket.pk for ticket in tickets))
    closed = still_due.update(
        status=Status.CLOSED, closed_at=F("auto_close_at"), updated_at=at, version=F("version") + 1
    )
    _must_be_all(closed, tickets)
    record_once(tickets, EventKind.CLOSED_BY_ITSELF, "auto_close_at")
    open_surveys(tickets, "auto_close_at", at)
    return len(tickets)


def _end_windows(tickets: list[Ticket], at: datetime) -> int:
    still_due: TicketQuerySet = Ticket.objects.window_ended(at).filter(
        pk__in=among(ticket.pk for ticket in tickets)
    )
    ended = still_due.update(window_ended_at=F("reopen_until"), updated_at=at, version=F("version") + 1)
    _must_be_all(ended, tickets)
    record_once(tickets, EventKind.WINDOW_ENDED, "reopen_until")
    return len(tickets)


def _tell_of_contracts(contracts: list[Contract], at: datetime) -> int:
    return tell_of_endings(contracts=contracts, at=at)


def _must_be_all(written: int, rows: list[Clock] | list[Ticket]) -> None:
    if written != len(rows):
        raise Overtaken(f"{len(rows)} rows were due, {written} of them when they were written")


WARNINGS = Step("warned", _to_warn, _warn, attrgetter("ticket_id"), locks=("ticket",))
BREACHES = Step("breached", _breached, _breach, attrgetter("ticket_id"), locks=("ticket",))
CLOSINGS = Step("closed", _closing, _close, attrgetter("pk"))
WINDOWS = Step("windows_ended", _ended, _end_windows, attrgetter("pk"))
CONTRACTS = Step("contracts_told", _ending, _tell_of_contracts, lambda _: None)
