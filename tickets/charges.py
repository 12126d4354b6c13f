"""What is charged for work: of one request up to now, and of an organization's month.

The sums are ``timekeeping.charges``; which month a case's time belongs to stands in docs/decisions/0017.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef

from plans.terms import PolicyTerms, TermsError
from tickets.models import Ticket, TicketQuerySet, WorkEntry
from tickets.reading import sources_of
from timekeeping import parse_target
from timekeeping.charges import Rate, Work, amount, billed, counted
from timekeeping.statement import Period


@dataclass(frozen=True)
class Line:
    """An entry of the work log, and the seconds of it that the rate counts."""

    entry: WorkEntry
    counted: int


@dataclass(frozen=True)
class Case:
    """One request's charge. ``lines`` are those of the period; ``told`` is the rate as the terms say it.

    ``billed`` and ``amount`` are what the period adds to what earlier ones have charged for the case.
    """

    ticket: Ticket
    rate: Rate
    told: dict[str, Any]
    lines: list[Line]
    billed: int
    amount: Decimal
    billed_before: int = 0

    @property
    def worked(self) -> int:
        return sum(line.entry.seconds for line in self.lines)

    @property
    def counted(self) -> int:
        return sum(line.counted for line in self.lines)


def so_far(ticket: Ticket) -> Case | None:
    """All that is charged for a request by now; None where no rate was agreed to. One query."""
    told = rate_told(ticket)
    if told is None:
        return None
    return _case(ticket, *told, list(ticket.work.billable().select_related("person")))


def charges_of(tickets: TicketQuerySet, period: Period) -> list[Case]:
    """The cases with billable work in a period, by number. Two queries, more for editions not read yet.

    Work belongs to the period in which it ended. A case is rounded as a whole, once: a later period is
    charged what all time up to its end comes to, less what all time before it came to.
    """
    billable = WorkEntry.objects.billable()
    within = billable.filter(
        ticket=OuterRef("pk"), worked_until__gte=period.start, worked_until__lt=period.end
    )
    rows = list(
        tickets.exclude(rate_code="")
        .filter(Exists(within))
        .select_related("plan__edition__policy", "organization", "requester")
        .order_by("number")
    )
    entries: dict[int, list[WorkEntry]] = defaultdict(list)
    found = billable.filter(ticket__in=rows, worked_until__lt=period.end).select_related("person")
    for entry in found.order_by("worked_until", "pk"):
        entries[entry.ticket_id].append(entry)
    sources = sources_of(rows)
    cases = []
    for ticket in rows:
        told = rate_told(ticket, sources[ticket.plan.edition_id])
        if told is not None:
            cases.append(_case(ticket, *told, entries[ticket.pk], period))
    return cases


def totals(cases: Sequence[Case]) -> list[tuple[str, Decimal]]:
    """What the cases come to, by currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for case in cases:
        sums[case.rate.currency] += case.amount
    return sorted(sums.items())


def rate_told(ticket: Ticket, source: PolicyTerms | None = None) -> tuple[Rate, dict[str, Any]] | None:
    """The rate that was agreed to for the request, as a value and as its terms say it; None without one."""
    if not ticket.rate_code:
        return None
    terms = source or sources_of([ticket])[ticket.plan.edition_id]
    try:
        told = terms.plan(ticket.plan.code)["rates"].get(ticket.rate_code)
    except TermsError:
        return None
    if told is None:
        return None
    hours = terms.coverage_of((told["coverage"],), ticket.customer_zone) if told["coverage"] else None
    rate = Rate(
        amount=Decimal(told["amount"]),
        currency=told["currency"],
        per=told["per"],
        round_up_to=parse_target(told["round_up_to"]).seconds if told["round_up_to"] else 0,
        rounding=told["rounding"],
        coverage=hours,
        zone=ticket.customer_zone,
    )
    return rate, told


def _case(
    ticket: Ticket, rate: Rate, told: dict[str, Any], entries: list[WorkEntry], period: Period | None = None
) -> Case:
    """The charge of entries up to a period's end; without one, of all of them."""
    works = [Work(entry.seconds, entry.worked_until) for entry in entries]
    earlier = [work for work in works if period is not None and work.until < period.start]
    within = entries[len(earlier) :]
    return Case(
        ticket=ticket,
        rate=rate,
        told=told,
        lines=[Line(entry, counted(rate, Work(entry.seconds, entry.worked_until))) for entry in within],
        billed=billed(rate, works) - billed(rate, earlier),
        amount=amount(rate, works) - amount(rate, earlier),
        billed_before=billed(rate, earlier),
    )
