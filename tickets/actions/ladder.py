"""Levels of escalations: reached at their own instants, recorded once, and told.

The caller has locked the tickets, so an escalation has one writer at a time; the database's unique keys hold
the same for whoever forgets. Late, or after an outage, every level stands at the instant that time decides
(time.md, What time decides), and each person hears once, of the highest level that concerns them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from accounts.models import User
from notices.adding import add, among
from notices.outbox import Draft, queue
from plans.models import EscalationLevel, Plan
from tickets.actions import telling
from tickets.actions.duties import Roster, Told
from tickets.enums import EventKind, Metric, Origin, Side, Why
from tickets.models import Clock, Escalation, EscalationStep, Ticket, TicketEvent
from tickets.reading import sources_of, terms_of
from timekeeping import HorizonError, Terms, due_at, parse_target

# What a climb needs of the ticket, for many tickets in one query.
JOINED = ("plan__edition__policy", "organization", "requester", "named_contact__user", "assigned_to")

# What no climb needs of it.
_NOT_TOLD = (
    "description",
    "impact",
    "best_time_to_contact",
    "category",
    "product",
    "device",
    "operating_system",
    "external_reference",
    "client_key",
    "recorded_at",
    "submitted_at",
    "waiting_since",
    "resolved_at",
    "auto_close_at",
    "closed_at",
    "reopen_until",
    "window_ended_at",
    "last_event_at",
    "updated_at",
)


@dataclass
class Climb:
    """An escalation on its way up; ``write`` stores what it reached."""

    escalation: Escalation
    ticket: Ticket
    terms: Terms
    steps: list[EscalationStep] = field(default_factory=list)
    events: list[TicketEvent] = field(default_factory=list)

    @property
    def top(self) -> int:
        return len(self.escalation.levels)

    def after(self, level: int) -> str:
        """When a level comes, as the plan has it; nothing above the top."""
        return str(self.escalation.levels[level - 1]["after"]) if level <= self.top else ""

    def advance(self, until: datetime) -> None:
        """Reach what comes by itself up to and including ``until``, each level at its own instant."""
        while (next_at := self.escalation.next_level_at) is not None and next_at <= until:
            self.reach(next_at, Why.UNACKNOWLEDGED)

    def reach(
        self, at: datetime, why: Why, event: TicketEvent | None = None, clock: Clock | None = None
    ) -> None:
        """Reach the next level at ``at``. ``event`` where a verb has recorded it, ``clock`` of a breach."""
        escalation = self.escalation
        escalation.level += 1
        escalation.next_level_at = self._counted(self.after(escalation.level + 1), at)
        step = EscalationStep(
            escalation=escalation,
            level=escalation.level,
            why=why,
            reached_at=at,
            acknowledge_by=escalation.next_level_at or self._own_target(at),
        )
        self.steps.append(step)
        self.events.append(event or self._event(step, clock))

    def data(self, level: int) -> dict[str, Any]:
        """What an event says of a level."""
        return {
            "escalation": self.escalation.number,
            "level": level,
            "name": self.escalation.levels[level - 1]["name"],
        }

    def _event(self, step: EscalationStep, clock: Clock | None) -> TicketEvent:
        promise = {"metric": clock.metric, "cycle": clock.cycle} if clock else {}
        return TicketEvent(
            ticket=self.ticket,
            at=step.reached_at,
            kind=EventKind.ESCALATED,
            side=Side.SYSTEM,
            data=self.data(step.level) | {"why": step.why} | promise,
        )

    def _own_target(self, at: datetime) -> datetime | None:
        """By when a level is acknowledged that no other follows by itself (decision 15)."""
        own = self._counted(self.after(self.escalation.level), at)
        if own is not None:
            return own
        target = self.terms.target(Metric.FIRST_RESPONSE.value, self.ticket.severity)  # type: ignore[arg-type]
        return _due(target, self.terms, at) if target else None

    def _counted(self, after: str, at: datetime) -> datetime | None:
        """``at`` and a duration of the ticket's coverage; None for what is no duration."""
        if after in ("", "breach", "request"):
            return None
        return _due(parse_target(after), self.terms, at)


def _due(target: Any, terms: Terms, at: datetime) -> datetime | None:
    """None where the coverage never has that much open time."""
    try:
        return due_at(target, terms.coverage_at(at), at)
    except HorizonError:
        return None


def new_climb(ticket: Ticket, terms: Terms, levels: list[dict[str, Any]], **fields: Any) -> Climb:
    """An escalation of a ticket that has none open, not saved and not on any level yet."""
    return Climb(Escalation(ticket=ticket, levels=levels, level=0, **fields), ticket, terms)


def open_climb(ticket: Ticket) -> Climb | None:
    """The ticket's open escalation, if there is one. One query, and the terms'."""
    escalation = ticket.escalations.open().first()
    return Climb(escalation, ticket, terms_of(ticket)) if escalation else None


def write(climbs: Iterable[Climb], at: datetime) -> dict[int, set[str]]:
    """Store what was reached and tell of it. Returns the keys of the recipients who hear, by ticket.

    A constant number of queries, however many climbs.
    """
    moved = [climb for climb in climbs if climb.steps]
    if not moved:
        return {}
    _store(moved)
    roster = Roster({climb.ticket.plan.edition.policy_id for climb in moved}, at)
    told = {id(step): _told(roster, climb, step) for climb in moved for step in climb.steps}
    for climb in moved:
        for step in climb.steps:
            # Set anew: a new escalation has its key only now.
            step.escalation = climb.escalation
            step.told = [one.written() for one in told[id(step)]]
    add([step for climb in moved for step in climb.steps])
    _record_what_came_by_itself(moved)
    watchers = telling.watching([climb.ticket for climb in moved], at)
    drafts = {climb.ticket.pk: _drafts(climb, told, watchers) for climb in moved}
    queue([draft for found in drafts.values() for draft in found], at)
    return {number: {draft.recipient.key for draft in found} for number, found in drafts.items()}


def _store(climbs: list[Climb]) -> None:
    new = [climb.escalation for climb in climbs if climb.escalation.pk is None]
    known = [climb.escalation for climb in climbs if climb.escalation.pk is not None]
    add(new)
    if known:
        # As an upsert: bulk_update builds a CASE a row, which costs more than all the rest.
        Escalation.objects.bulk_create(
            known, update_conflicts=True, unique_fields=["id"], update_fields=["level", "next_level_at"]
        )


def _told(roster: Roster, climb: Climb, step: EscalationStep) -> list[Told]:
    return roster.told(climb.ticket.plan.edition.policy_id, step.level, climb.top)


def _record_what_came_by_itself(climbs: list[Climb]) -> None:
    events: list[TicketEvent] = []
    for climb in climbs:
        for step, event in zip(climb.steps, climb.events, strict=True):
            if event.pk is None:
                event.key = f"escalated:{climb.escalation.pk}:{step.level}"
                events.append(event)
    add(events)


def _drafts(climb: Climb, told: dict[int, list[Told]], watchers: dict[int, list[User]]) -> list[Draft]:
    """One mail a person: of the highest level that they hear of; the customer of the highest of all."""
    drafts: dict[str, Draft] = {}
    for step, event in reversed(list(zip(climb.steps, climb.events, strict=True))):
        facts = _facts(climb, step, event)
        for one in told[id(step)]:
            own = facts | {"instead_of": one.instead_of.name if one.instead_of else ""}
            for draft in telling.drafts(climb.ticket, event, "escalated", [one.person], own):
                drafts.setdefault(draft.recipient.key, draft)
    step, event = climb.steps[-1], climb.events[-1]
    news: list[tuple[str, list[User]]] = [("escalated", telling.customers(climb.ticket, watchers))]
    # Of a breach the person who works on it hears anyway.
    if climb.ticket.assigned_to is not None and step.why != Why.BREACH:
        news.append(("colleague", [climb.ticket.assigned_to]))
    for kind, people in news:
        facts = _facts(climb, step, event) | {"kind": kind}
        for draft in telling.drafts(climb.ticket, event, "escalation_news", people, facts):
            drafts.setdefault(draft.recipient.key, draft)
    return list(drafts.values())


def _facts(climb: Climb, step: EscalationStep, event: TicketEvent) -> dict[str, Any]:
    return {
        "level": step.level,
        "level_name": climb.escalation.levels[step.level - 1]["name"],
        "why": step.why,
        "since_at": step.reached_at.isoformat(),
        "answer_by_at": step.acknowledge_by.isoformat() if step.acknowledge_by else "",
        "reason": event.data.get("reason") or climb.escalation.reason,
        "author": event.actor.name if event.actor else "",
        "metric": event.data.get("metric", ""),
    }


def open_by_breach(clocks: list[Clock], at: datetime) -> dict[int, set[str]]:
    """Escalate what missed promises escalate by themselves. Returns the keys of who hears, by clock.

    Level 1 opens at the instant of the breach where the plan says so and nothing is open; a level above that
    comes after a breach is reached by a further one, while the level before is not acknowledged. A constant
    number of queries, one where no plan has such a level.
    """
    levels = _levels({clock.ticket.plan_id for clock in clocks})
    concerned = [clock for clock in clocks if clock.ticket.plan_id in levels and clock.due_at is not None]
    if not concerned:
        return {}
    tickets = _with_people({clock.ticket_id for clock in concerned})
    sources = sources_of(tickets.values())
    past = _escalations_of(tickets)
    climbs: dict[int, Climb] = {}
    moved = []
    for clock in sorted(concerned, key=lambda clock: (clock.due_at, clock.pk)):
        ticket = tickets[clock.ticket_id]
        climb = climbs.get(ticket.pk) or _open_among(past[ticket.pk], ticket, sources)
        if climb is not None:
            climbs[ticket.pk] = climb
            if _climb_by_breach(climb, clock):
                moved.append(clock)
        elif levels[ticket.plan_id][0]["after"] == "breach" and not _is_covered(past[ticket.pk], clock):
            climb = new_climb(
                ticket,
                terms_of(ticket, sources[ticket.plan.edition_id]),
                levels[ticket.plan_id],
                number=1 + max((row.number for row in past[ticket.pk]), default=0),
                origin=Origin.BREACH,
                clock=clock,
                opened_at=clock.due_at,
            )
            climb.reach(clock.due_at, Why.BREACH, clock=clock)  # type: ignore[arg-type]
            climbs[ticket.pk] = climb
            moved.append(clock)
    # After an outage all that came meanwhile is recorded, and told, at once.
    for climb in climbs.values():
        climb.advance(at)
    heard = write(climbs.values(), at)
    return {clock.pk: heard[clock.ticket_id] for clock in moved}


def _with_people(numbers: set[int]) -> dict[int, Ticket]:
    """Tickets with what a climb needs. Plans, organizations and people are fewer: each is read once."""
    shared = ("organization", "requester", "assigned_to", "named_contact__user")
    plans = Prefetch("plan", Plan.objects.select_related("edition__policy"))
    rows = Ticket.objects.filter(pk__in=among(numbers)).order_by().defer(*_NOT_TOLD)
    return {row.pk: row for row in rows.prefetch_related(plans, *shared)}


def _levels(plans: set[int]) -> dict[int, list[dict[str, Any]]]:
    """The levels of those plans of which one comes after a breach, as an escalation pins them."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in EscalationLevel.objects.filter(plan__in=plans).order_by("plan", "level"):
        found[row.plan_id].append(pinned(row))
    return {plan: levels for plan, levels in found.items() if any(one["after"] == "breach" for one in levels)}


def pinned(row: EscalationLevel) -> dict[str, Any]:
    """A level as an escalation keeps it."""
    return {"level": row.level, "name": row.name, "after": row.after}


def _escalations_of(tickets: Iterable[int]) -> dict[int, list[Escalation]]:
    found: dict[int, list[Escalation]] = defaultdict(list)
    for row in Escalation.objects.filter(ticket__in=among(tickets)).prefetch_related("steps"):
        found[row.ticket_id].append(row)
    return found


def _open_among(rows: list[Escalation], ticket: Ticket, sources: Any) -> Climb | None:
    escalation = next((row for row in rows if row.ended_at is None), None)
    if escalation is None:
        return None
    return Climb(escalation, ticket, terms_of(ticket, sources[ticket.plan.edition_id]))


def _climb_by_breach(climb: Climb, clock: Clock) -> bool:
    """Reach the next level where it comes after a breach, and this is one after the level before."""
    due = clock.due_at
    if due is None:
        return False
    climb.advance(due)
    step = climb.steps[-1] if climb.steps else _current(climb.escalation)
    if climb.after(climb.escalation.level + 1) != "breach" or step is None:
        return False
    if step.acknowledged_at is not None or step.reached_at >= due:
        return False
    climb.reach(due, Why.BREACH, clock=clock)
    return True


def _current(escalation: Escalation) -> EscalationStep | None:
    return next((step for step in escalation.steps.all() if step.level == escalation.level), None)


def _is_covered(rows: list[Escalation], clock: Clock) -> bool:
    """Whether the breach fell into an escalation that has ended since: noticed in time, it opened none."""
    due = clock.due_at
    return any(
        due is not None and row.opened_at <= due and (row.ended_at is None or due < row.ended_at)
        for row in rows
    )


def end(ticket: Ticket, at: datetime, why: str, event: TicketEvent | None = None) -> None:
    """End the ticket's open escalation, if it has one; what came by itself before is recorded first.

    ``why``: resolved, closed or merged; or the reason that somebody gave, whose ``event`` is recorded.
    """
    climb = open_climb(ticket)
    if climb is None:
        return
    climb.advance(at)
    write([climb], at)
    escalation = climb.escalation
    escalation.ended_at, escalation.ended_why, escalation.next_level_at = at, why[:200], None
    escalation.save(update_fields=["ended_at", "ended_why", "next_level_at"])
    if event is None:
        TicketEvent.objects.create(
            ticket=ticket,
            at=at,
            kind=EventKind.ESCALATION_ENDED,
            side=Side.SYSTEM,
            data=climb.data(escalation.level) | {"why": why},
            key=f"escalation_ended:{escalation.pk}",
        )
