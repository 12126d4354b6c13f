"""What falls due in a trial, and what is to be recorded of it: kind, ticket and instant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from notices.enums import NoticeState
from notices.models import Notice
from tests.factories.accounts import ContactFactory, StaffFactory
from tests.factories.many import copies
from tests.factories.plans import ContractFactory, published
from tickets.actions import Submission, say, submit
from tickets.enums import EventKind
from tickets.models import Clock, Ticket, TicketEvent

KINDS = (EventKind.WARNING, EventKind.BREACH, EventKind.CLOSED_BY_ITSELF, EventKind.WINDOW_ENDED)
Fact = tuple[str, int, datetime]


@dataclass
class Due:
    """The facts that are to be recorded, and which tickets escalate."""

    facts: set[Fact]
    escalating: set[int]


def fill(now: datetime, count: int, *, seconds: int, overdue_days: int) -> Due:
    """Make ``count`` clocks that fall due within ``seconds`` from ``now``, a fifth of them long before it.

    And a tenth as many warnings, closings, ends of windows and escalations.
    """
    StaffFactory(role="lead")
    agent = StaffFactory()
    asked_at = now - timedelta(days=overdue_days + 40)
    plain = _asked("nextplane", "startup", "P1", asked_at)
    urgent = _asked("two-tier", "enterprise", "high", asked_at)
    done = _asked("nextplane", "startup", "P1", asked_at)
    say(ticket=done, author=agent, body="Done.", at=asked_at + timedelta(minutes=1), then="resolved")
    far, warned = now + timedelta(days=300), now - timedelta(days=1)
    Clock.objects.filter(state="running").update(due_at=far, warn_at=far)
    late = count // 5
    part = count // 10
    _spread("due_at", copies(plain, late), now - timedelta(days=overdue_days), overdue_days * 86_400)
    _spread("due_at", copies(plain, count - late - part), now, seconds)
    escalating = copies(urgent, part)
    _spread("due_at", escalating, now, seconds)
    Clock.objects.filter(due_at__lt=far).update(warned_at=warned)
    _spread("warn_at", copies(plain, part), now, seconds)
    closing = copies(done, part)
    _spread("auto_close_at", closing, now, seconds)
    ending = copies(done, part)
    _spread("reopen_until", ending, now, seconds)
    Ticket.objects.filter(pk__in=ending).update(auto_close_at=now - timedelta(days=1))
    Ticket.objects.filter(pk__in=closing).update(reopen_until=far)
    Ticket.objects.filter(pk=done.pk).update(auto_close_at=far, reopen_until=far)
    # What was told on the way here is no part of the trial.
    Notice.objects.update(state=NoticeState.SENT, sent_at=now)
    return Due(_facts(far), set(escalating))


def _asked(policy: str, plan: str, severity: str, at: datetime) -> Ticket:
    before = at - timedelta(days=1)
    contact = ContactFactory(customer_approved_at=before, vendor_approved_at=before)
    published(policy, at - timedelta(days=30))
    days: dict[str, Any] = {
        "starts_on": (at - timedelta(days=20)).date(),
        "ends_on": (at + timedelta(days=700)).date(),
    }
    ContractFactory(organization=contact.organization, policy=policy, plan_code=plan, **days)
    return submit(
        person=contact.user,
        organization=contact.organization,
        submission=Submission(subject="Late", description="", severity=severity, support_type="technical"),
        at=at,
    )


def _spread(column: str, numbers: list[int], start: datetime, seconds: int) -> None:
    """Set an instant of tickets, or of their clocks, evenly from ``start`` on."""
    of_ticket = column in ("auto_close_at", "reopen_until")
    table, key = ("tickets_ticket", "number") if of_ticket else ("tickets_clock", "ticket_id")
    step = seconds / max(1, len(numbers))
    instants = [start + timedelta(seconds=int(step * place) + 1) for place in range(len(numbers))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = spread.at FROM unnest(%s::bigint[], %s::timestamptz[]) "
            f"AS spread (of, at) WHERE {key} = spread.of",
            [numbers, instants],
        )


def _facts(far: datetime) -> set[Fact]:
    running = Clock.objects.filter(state="running")
    resolved = Ticket.objects.filter(status="resolved")
    found: list[tuple[str, Any]] = [
        (EventKind.BREACH, running.filter(due_at__lt=far).values_list("ticket", "due_at")),
        (EventKind.WARNING, running.filter(warned_at=None, warn_at__lt=far).values_list("ticket", "warn_at")),
        (
            EventKind.CLOSED_BY_ITSELF,
            resolved.filter(auto_close_at__lt=far).values_list("pk", "auto_close_at"),
        ),
        (EventKind.WINDOW_ENDED, resolved.filter(reopen_until__lt=far).values_list("pk", "reopen_until")),
    ]
    return {(str(kind), number, at) for kind, rows in found for number, at in rows}


def recorded() -> Counter[Fact]:
    """What stands in the histories, and how often."""
    rows = TicketEvent.objects.filter(kind__in=KINDS).values_list("kind", "ticket", "at")
    return Counter((str(kind), number, at) for kind, number, at in rows)


def figures_of_record(due: Due) -> dict[str, int]:
    """How far the record is from what it must be; all 0 where it is right."""
    found = recorded()
    escalated = Counter(
        TicketEvent.objects.filter(kind=EventKind.ESCALATED, ticket__in=due.escalating).values_list(
            "ticket", flat=True
        )
    )
    return {
        "lost": len(due.facts - set(found)) + len(due.escalating - set(escalated)),
        "recorded_twice": sum(count - 1 for count in found.values())
        + sum(count - 1 for count in escalated.values()),
        "recorded_wrongly": len(set(found) - due.facts),
        "untold": _untold(due),
    }


def _untold(due: Due) -> int:
    """Breaches and warnings of plain requests without a notice."""
    told = set(
        Notice.objects.filter(event__in=("breach", "warning", "escalated")).values_list(
            "context__number", flat=True
        )
    )
    return len({number for kind, number, _at in due.facts if kind in ("breach", "warning")} - told)


def waiting() -> int:
    """Facts that are due now and not recorded, and notices whose time has come and that are not sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM tickets_clock WHERE state = 'running' AND due_at < now()) "
            "+ (SELECT count(*) FROM tickets_clock WHERE state = 'running' AND warned_at IS NULL "
            "AND warn_at <= now()) "
            "+ (SELECT count(*) FROM tickets_ticket WHERE status = 'resolved' AND auto_close_at <= now()) "
            "+ (SELECT count(*) FROM notices_notice WHERE state = 'waiting' AND next_try_at <= now())"
        )
        return int(cursor.fetchone()[0])


def early() -> int:
    """Breaches that are recorded though their instant has not come, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_clock WHERE state = 'missed' AND due_at > now()")
        return int(cursor.fetchone()[0])


def lateness() -> list[float]:
    """Seconds from the instant of each breach to its record, the shortest first."""
    rows = Clock.objects.filter(state="missed").values_list("due_at", "breach_recorded_at")
    return sorted(
        (noted - due).total_seconds() for due, noted in rows if noted is not None and due is not None
    )
