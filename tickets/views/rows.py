"""Rows of requests as lists show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.moments import day
from accounts.templatetags.moments import reader
from plans.pictures.clockview import ClockView
from plans.severity_words import spoken
from tickets.clock_views import row_clocks, row_views
from tickets.enums import ClockState, EventKind, Status, Visibility
from tickets.models import Message, Ticket, TicketEvent, TicketQuerySet

# What a row reads beside the ticket: its terms (for the promise) and the people it names.
QUESTION_LENGTH = 120
ROW_JOINS = ("organization", "plan__edition", "requester", "assigned_to")


@dataclass(frozen=True)
class Step:
    """A severity for its picture: rank 1 is the most severe of ``steps``."""

    rank: int
    code: str
    name: str
    steps: int


@dataclass(frozen=True)
class Row:
    """One request of a list; the fields are those of ``components/request_row.html``."""

    url: str
    subject: str
    number: int
    status: str
    status_label: str
    severity: Step
    steps: int
    note: str
    needs_reply: bool
    clock: ClockView | None
    promise_note: str
    is_done: bool
    kept: ClockView | None
    asked: str = ""


def with_joins(tickets: TicketQuerySet) -> TicketQuerySet:
    return tickets.select_related(*ROW_JOINS).prefetch_related("plan__edition__severities")


def rows_of(tickets: Sequence[Ticket], user: User, at: datetime, *, several: bool = False) -> list[Row]:
    """The rows of ``tickets`` (read through ``with_joins``). ``several``: name the organization too.

    Three queries, and one where any waits for an answer.
    """
    clocks = row_clocks(tickets, at)
    views = row_views(tickets, at, clocks=clocks)
    states: dict[int, set[str]] = defaultdict(set)
    for clock in clocks:
        states[clock.ticket_id].add(clock.state)
    asked = _questions(tickets, at)
    return [
        replace(
            _row(ticket, views[ticket.pk], states[ticket.pk], user, at, several),
            asked=asked.get(ticket.pk, ""),
        )
        for ticket in tickets
    ]


def _questions(tickets: Sequence[Ticket], at: datetime) -> dict[int, str]:
    """What support asked where it waits for the customer: who, when, and how the question begins."""
    waiting = [ticket.pk for ticket in tickets if ticket.status_at(at) == Status.WAITING]
    if not waiting:
        return {}
    events = TicketEvent.objects.filter(
        ticket__in=waiting, kind=EventKind.ASK, message__visibility=Visibility.PUBLIC
    )
    newest = events.select_related("message__author").order_by("ticket", "-at", "-pk").distinct("ticket")
    return {event.ticket_id: _question(event.message, at) for event in newest if event.message}


def _question(message: Message, at: datetime) -> str:
    words = {
        "name": message.author.name if message.author else _("Support"),
        "day": _day(message.at, at),
        "text": Truncator(" ".join(message.body.split())).chars(QUESTION_LENGTH),
    }
    return _("%(name)s asked on %(day)s: %(text)s") % words


def _kept(states: set[str], at: datetime) -> tuple[ClockView | None, str]:
    """How the promises of a request that is done were kept: a clock for the chip's look, and the words."""
    if ClockState.MISSED in states:
        return ClockView("", "", "missed", at), _("A promise was missed")
    if ClockState.MET in states:
        return ClockView("", "", "met", at), _("Every promise met")
    return None, _("No promised time")


def step_of(ticket: Ticket) -> Step:
    """The ticket's severity among those of its edition, which are prefetched in lists."""
    rows = list(ticket.plan.edition.severities.all())
    lead, name = next((spoken(row) for row in rows if row.code == ticket.severity), (ticket.severity, ""))
    return Step(ticket.severity_rank, lead, name, len(rows))


def _row(
    ticket: Ticket, clock: ClockView | None, ended: set[str], user: User, at: datetime, several: bool
) -> Row:
    status = ticket.status_at(at)
    is_done = status in (Status.RESOLVED, Status.CLOSED)
    kept, words = _kept(ended, at) if is_done else (None, "")
    step = step_of(ticket)
    return Row(
        url=reverse("tickets:detail", args=[ticket.number]),
        subject=ticket.subject,
        number=ticket.number,
        status=status.value,
        status_label=str(status.label),
        severity=step,
        steps=step.steps,
        note=_note(ticket, status, user, at, several),
        needs_reply=status == Status.WAITING,
        clock=clock,
        promise_note=words,
        is_done=is_done,
        kept=kept,
    )


def _note(ticket: Ticket, status: Status, user: User, at: datetime, several: bool) -> str:
    """One thing to know of the request, in words."""
    words = _state_words(ticket, status, user, at)
    return f"{ticket.organization.name} · {words}" if several else words


def _state_words(ticket: Ticket, status: Status, user: User, at: datetime) -> str:
    if status == Status.RESOLVED and ticket.auto_close_at:
        return _("Closes by itself on %(day)s") % {"day": _day(ticket.auto_close_at, at)}
    if ticket.merged_into_id is not None:
        return _("Goes on in another request")
    if status == Status.CLOSED:
        if ticket.may_be_reopened(at) and ticket.reopen_until:
            return _("Closed; may be reopened until %(day)s") % {"day": _day(ticket.reopen_until, at)}
        return _("Closed on %(day)s") % {"day": _day(ticket.closed_instant(at), at)}
    if status != Status.NEW and ticket.assigned_to:
        return _("%(name)s is working on it") % {"name": ticket.assigned_to.name}
    asked = {"name": ticket.requester.name, "day": _day(ticket.submitted_at, at)}
    if ticket.requester_id == user.pk:
        return _("Asked by you, %(day)s") % asked
    return _("Asked by %(name)s, %(day)s") % asked


def _day(value: Any, at: datetime) -> str:
    zone, language = reader()
    return day(value, at, zone, language)
