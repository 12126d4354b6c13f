"""What would have been under other terms: recorded requests replayed under a draft, clock by clock.

Nothing is written. Each request is read twice from its own events: under the terms it has, and under the
draft's plan of the same code, coverage option, type and zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from plans.models import Contract, Plan
from plans.terms import PolicyTerms, TermsError, terms_for
from tickets.enums import UNSOLVED, Status
from tickets.models import Ticket, TicketEvent, TicketQuerySet
from tickets.reading import IS_REPLAYED, as_history, counted_between, sources_of, submitted_terms
from timekeeping import ClockReading, Event, HistoryError, Reading, Terms, replay

DAYS = 90
MOST = 2000
# Beyond this they are "10000+": to count all would cost more than to replay the newest.
MOST_COUNTED = 10_000
CHUNK = 500


@dataclass(frozen=True)
class ClockChange:
    """One clock under two terms. Lengths are seconds since it started, counted as the draft counts.

    ``before`` and ``after`` are None where those terms give no such promise. Of a paused clock ``due`` is the
    instant as if its pause ended at the reading.
    """

    ticket: Ticket
    metric: str
    cycle: int
    severity: str
    started_at: datetime
    met_at: datetime | None
    target_before: str
    target_after: str
    due_before: datetime | None
    due_after: datetime | None
    was_missed: bool
    is_missed: bool
    length_before: int | None
    length_after: int | None
    length_answered: int | None

    @property
    def moved_seconds(self) -> int:
        """How much later it is due under the draft, in counted time; negative is sooner."""
        if self.length_before is None or self.length_after is None:
            return 0
        return self.length_after - self.length_before

    @property
    def differs(self) -> bool:
        return self.due_before != self.due_after

    @property
    def appears(self) -> bool:
        """A breach under the draft that was none."""
        return self.is_missed and not self.was_missed

    @property
    def vanishes(self) -> bool:
        """A breach that would have been none."""
        return self.was_missed and not self.is_missed


@dataclass(frozen=True)
class Unreadable:
    """A request whose history the draft has no place for, and why."""

    ticket: Ticket
    reason: str


@dataclass
class Row:
    """The sums of one promise: a plan, a metric and a severity."""

    plan: str
    metric: str
    severity: str
    targets: dict[tuple[str, str], int] = field(default_factory=dict)
    clocks: int = 0
    sooner: int = 0
    later: int = 0
    appears: int = 0
    vanishes: int = 0

    def add(self, change: ClockChange) -> None:
        pair = (change.target_before, change.target_after)
        self.targets[pair] = self.targets.get(pair, 0) + 1
        self.clocks += 1
        if change.due_before and change.due_after:
            self.sooner += change.due_after < change.due_before
            self.later += change.due_after > change.due_before
        self.appears += change.appears
        self.vanishes += change.vanishes

    @property
    def change(self) -> str:
        """The target as it was and as it would be, where most clocks agree on both."""
        before, after = max(self.targets, key=lambda pair: self.targets[pair])
        return before if before == after else f"{before or '–'} → {after or '–'}"


@dataclass
class WhatIf:
    """What a draft would have changed from ``since`` to ``at``. ``found`` counts the requests in question."""

    since: datetime
    at: datetime
    found: int = 0
    looked_at: int = 0
    contracts: set[int] = field(default_factory=set)
    changes: list[ClockChange] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    clocks: int = 0
    met_before: int = 0
    missed_before: int = 0
    met_after: int = 0
    missed_after: int = 0
    running: int = 0
    follow: int = 0
    stay: int = 0

    @property
    def found_words(self) -> str:
        """How many requests are in question."""
        return f"{MOST_COUNTED}+" if self.found > MOST_COUNTED else str(self.found)

    @property
    def appears(self) -> list[ClockChange]:
        return [change for change in self.changes if change.appears]

    @property
    def vanishes(self) -> list[ClockChange]:
        return [change for change in self.changes if change.vanishes]

    @property
    def kept_before(self) -> float | None:
        """Percent of promises met among those decided; None where none is."""
        return _percent(self.met_before, self.missed_before)

    @property
    def kept_after(self) -> float | None:
        return _percent(self.met_after, self.missed_after)

    def rows(self) -> list[Row]:
        """The sums by plan, promise and severity; those without a difference are left out."""
        rows: dict[tuple[str, str, str], Row] = {}
        for change in self.changes:
            key = (change.ticket.plan.code, change.metric, change.severity)
            rows.setdefault(key, Row(*key)).add(change)
        return [rows[key] for key in sorted(rows)]


def what_if(draft: PolicyTerms, at: datetime, days: int = DAYS, limit: int = MOST) -> WhatIf:
    """Replay the policy's open requests, and those asked in the last ``days``, under a draft's terms.

    The newest ``limit`` are looked at; ``found`` says how many there are, up to a cap. The number of queries
    does not grow with the requests, but for three to every 500 of them.
    """
    result = WhatIf(since=at - timedelta(days=days), at=at)
    _contracts(draft, at, result)
    asked = _in_question(draft.slug, result.since, at)
    result.found = len(asked.order_by("-number").values_list("pk")[: MOST_COUNTED + 1])
    newest = list(asked.order_by("-number").values_list("pk", flat=True)[:limit])
    for first in range(0, len(newest), CHUNK):
        _look_at(draft, newest[first : first + CHUNK], result)
    return result


def _in_question(slug: str, since: datetime, at: datetime) -> TicketQuerySet:
    plans = list(Plan.objects.filter(edition__policy__slug=slug).values_list("pk", flat=True))
    asked = Ticket.objects.filter(plan__in=plans, submitted_at__lte=at)
    still_open = Q(status__in=UNSOLVED) | Q(status=Status.RESOLVED)
    return asked.filter(still_open | Q(submitted_at__gte=since))


def _contracts(draft: PolicyTerms, at: datetime, result: WhatIf) -> None:
    """Which contracts would read the draft: those without an edition of their own. One query."""
    running = Contract.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=at.date()))
    rows = list(running.filter(policy__slug=draft.slug).values_list("edition", flat=True))
    result.stay = sum(edition is not None for edition in rows)
    result.follow = len(rows) - result.stay


def _look_at(draft: PolicyTerms, numbers: list[int], result: WhatIf) -> None:
    """Add what a chunk of requests says. Three queries, more only for editions not read before."""
    tickets = list(
        Ticket.objects.filter(pk__in=numbers)
        .select_related("plan__edition__policy", "organization")
        .order_by("-number")
    )
    events: dict[int, list[TicketEvent]] = defaultdict(list)
    told = TicketEvent.objects.filter(IS_REPLAYED, ticket__in=numbers, at__lte=result.at)
    by_number = {ticket.pk: ticket for ticket in tickets}
    for event in told.order_by("at", "pk"):
        event.ticket = by_number[event.ticket_id]
        events[event.ticket_id].append(event)
    sources = sources_of(tickets)
    for ticket in tickets:
        _compare(ticket, events[ticket.pk], sources[ticket.plan.edition_id], draft, result)


def _compare(
    ticket: Ticket, events: list[TicketEvent], own: PolicyTerms, draft: PolicyTerms, result: WhatIf
) -> None:
    result.looked_at += 1
    if ticket.contract_id is not None:
        result.contracts.add(ticket.contract_id)
    history = as_history(events)
    # Under the draft a request that was moved is there from the start; a note keeps the events' places.
    stayed = [Event(event.at, "note") if event.do == "terms" else event for event in history]
    try:
        before = replay(submitted_terms(ticket, events, {ticket.plan.edition_id: own}), history, result.at)
        after = replay(_terms_under(ticket, draft), stayed, result.at)
    except (TermsError, HistoryError) as error:
        result.unreadable.append(Unreadable(ticket, str(error)))
        return
    for old, new in pairs(before, after):
        _count(old, new, result)
        change = change_between(ticket, old, new)
        if change is not None and (change.differs or change.appears or change.vanishes):
            result.changes.append(change)


def _terms_under(ticket: Ticket, draft: PolicyTerms) -> Terms:
    """The draft's terms for a request. Raises TermsError where it has no such plan, option or type."""
    plan = draft.plan(ticket.plan.code)
    return terms_for(
        draft,
        ticket.plan.code,
        ticket.coverage_option or None,
        ticket.support_type or None,
        ticket.customer_zone,
        ticket.own_targets if plan["own_targets"] else None,
    )


def pairs(before: Reading, after: Reading) -> Iterator[tuple[ClockReading | None, ClockReading | None]]:
    """The clocks of two readings of one history in pairs: the same promise, begun by the same event.

    Cycles would not do: where one of the terms promises nothing, they number differently.
    """
    old = {(clock.metric, clock.started_by): clock for clock in before.clocks}
    new = {(clock.metric, clock.started_by): clock for clock in after.clocks}
    for key in dict.fromkeys([*old, *new]):
        yield old.get(key), new.get(key)


def _count(old: ClockReading | None, new: ClockReading | None, result: WhatIf) -> None:
    result.clocks += 1
    if old is not None:
        result.met_before += old.state == "met"
        result.missed_before += old.state == "missed"
        result.running += old.is_live
    if new is not None:
        result.met_after += new.state == "met"
        result.missed_after += new.state == "missed"


def change_between(ticket: Ticket, old: ClockReading | None, new: ClockReading | None) -> ClockChange | None:
    """What two terms make of one clock; None where neither has it."""
    clock = new or old
    if clock is None:
        return None
    due_before, due_after = _due(old), _due(new)
    return ClockChange(
        ticket=ticket,
        metric=clock.metric,
        cycle=clock.cycle,
        severity=clock.severity,
        started_at=clock.started_at,
        met_at=clock.met_at,
        target_before=str(old.target) if old else "",
        target_after=str(new.target) if new else "",
        due_before=due_before,
        due_after=due_after,
        was_missed=old is not None and old.state == "missed",
        is_missed=new is not None and new.state == "missed",
        length_before=_length(clock, due_before),
        length_after=_length(clock, due_after),
        length_answered=_length(clock, clock.met_at),
    )


def _due(clock: ClockReading | None) -> datetime | None:
    return None if clock is None else clock.due_at or clock.would_be_due


def _length(clock: ClockReading, until: datetime | None) -> int | None:
    """Counted seconds from the start of a clock to an instant."""
    return None if until is None else counted_between(clock.target, clock.coverage, clock.started_at, until)


def _percent(met: int, missed: int) -> float | None:
    return 100 * met / (met + missed) if met + missed else None


def preview_section(draft: PolicyTerms, at: datetime) -> Iterator[str]:
    """What the draft would have changed, as plain lines for ``policy preview``."""
    found = what_if(draft, at)
    yield (
        f"replayed {found.looked_at} of {found.found_words} requests, open or asked since "
        f"{found.since:%Y-%m-%d}, under {len(found.contracts)} contracts"
    )
    yield f"due times that would differ: {sum(c.differs for c in found.changes)} of {found.clocks}"
    yield f"new breaches: {len(found.appears)}; breaches gone: {len(found.vanishes)}"
    yield f"promises met: {_percents(found.kept_before)} -> {_percents(found.kept_after)}"
    for row in found.rows():
        yield (
            f"{row.plan} {row.metric} {row.severity} ({row.change}): {row.clocks} clocks, "
            f"{row.sooner} sooner, {row.later} later, {row.appears} new breaches, {row.vanishes} gone"
        )
    yield f"contracts that follow it: {found.follow}; that stay with theirs: {found.stay}"
    for item in found.unreadable:
        yield f"#{item.ticket.pk} has no place under it: {item.reason}"


def _percents(value: float | None) -> str:
    return "none decided" if value is None else f"{value:.1f} %"
