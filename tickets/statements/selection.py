"""Whose statements a person reads, of which months, and the tickets that one rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q

from accounts.enums import Sees
from accounts.standing import Standing
from plans.models import Contract, Edition
from plans.models.contracts import ContractQuerySet
from plans.terms import PolicyTerms, policy_terms_of
from tickets.enums import ClockState, EventKind
from tickets.models import Clock, ExclusionNote, Ticket, TicketEvent, TicketQuerySet
from tickets.reading import IS_REPLAYED, is_move
from timekeeping.statement import Excluded, Exclusion, Period, period_of

# Notes and automatic replies touch no clock, and a customer learns nothing of notes.
TOLD = IS_REPLAYED & ~Q(kind__in=(EventKind.NOTE, EventKind.AUTO_REPLY))


def seen_whole(standing: Standing) -> set[int]:
    """The organizations all of whose requests the person sees: the same rule as ``Ticket.visible_to``."""
    whole = {
        pk
        for pk, contact in standing.contacts.items()
        if contact.is_administrator or contact.sees == Sees.ORGANIZATION
    }
    return whole | set(standing.mandates)


def contracts() -> ContractQuerySet:
    """Contracts with what a statement says of them, the newest of an organization first."""
    return Contract.objects.select_related("organization", "policy", "edition").order_by(
        "organization__name", "-starts_on", "-pk"
    )


def months_of(contract: Contract, at: datetime) -> list[str]:
    """The months that a contract has a statement of, as ``2026-10``: up to now, the newest first."""
    today = at.astimezone(ZoneInfo(contract.zone)).date()
    month = max(today, contract.starts_on).replace(day=1)
    first = contract.starts_on.replace(day=1)
    found = []
    while month >= first:
        found.append(f"{month:%Y-%m}")
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def usual_month(contract: Contract, at: datetime) -> str:
    """This month; of a contract that has ended, its last."""
    months = months_of(contract, at)
    if contract.ends_on is None:
        return months[0]
    return min(months[0], max(f"{contract.ends_on:%Y-%m}", months[-1]))


def period(contract: Contract, month: str) -> Period:
    """The month in the contract's own zone. Raises ValueError for what is no month."""
    return period_of(month, contract.zone)


def tickets_of(contract: Contract, month: Period, at: datetime, among: TicketQuerySet) -> list[Ticket]:
    """The tickets of ``among`` on which a statement of a month, written at ``at``, rests. Two queries.

    Each has its events up to ``at`` as ``recorded``. The stored clocks only find the tickets; what the
    statement says of them is read from the events.
    """
    due = Q(due_at__gte=month.start, due_at__lt=month.end)
    ended = Q(
        state__in=(ClockState.WITHDRAWN, ClockState.MERGED),
        started_at__gte=month.start,
        started_at__lt=month.end,
    )
    wanted = due | ended
    if month.holds(at):
        wanted |= Q(state=ClockState.PAUSED)
    clocks = Clock.objects.filter(wanted, contract=contract, ticket__submitted_at__lt=month.end)
    events = TicketEvent.objects.filter(TOLD, at__lte=at).order_by("at", "pk")
    return list(
        among.filter(contract=contract, pk__in=clocks.values("ticket"))
        .select_related("plan__edition__policy")
        .prefetch_related(Prefetch("events", queryset=events, to_attr="recorded"))
        .order_by("number")
    )


def terms_read(tickets: Sequence[Ticket]) -> dict[int, PolicyTerms]:
    """The terms by edition key that the tickets of ``tickets_of`` were ever under.

    One query, one more where a ticket was moved, and more for editions not read yet.
    """
    editions = {ticket.plan.edition for ticket in tickets}
    moved = {
        event.data["terms"][side]["edition"]
        for ticket in tickets
        for event in ticket.recorded  # type: ignore[attr-defined]
        if is_move(event)
        for side in ("from", "to")
    } - {edition.pk for edition in editions}
    if moved:
        editions |= set(Edition.objects.filter(pk__in=moved).select_related("policy"))
    return policy_terms_of(editions)


def noted_on(tickets: Sequence[Ticket], at: datetime) -> dict[int, dict[Excluded, Exclusion]]:
    """The exclusions that stood at ``at``, by ticket and by what each stands beside. One query."""
    notes = ExclusionNote.objects.filter(ticket__in=tickets, at__lte=at).exclude(withdrawn_at__lte=at)
    noted: dict[int, dict[Excluded, Exclusion]] = {}
    for note in notes.select_related("clock").order_by("at", "pk"):
        beside = (note.clock.metric, note.clock.cycle) if note.clock else None
        noted.setdefault(note.ticket_id, {})[beside] = Exclusion(
            note.code, note.text, note.at, note.objected_at, note.answered_at
        )
    return noted
