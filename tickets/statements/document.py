"""The statement as a document: plain JSON with its figures and with everything they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from plans.models import Contract
from plans.terms import PolicyTerms
from tickets.enums import EventKind, Metric
from tickets.models import Ticket, TicketEvent, TicketQuerySet
from tickets.reading import as_history, is_move, submitted_terms
from tickets.statements.selection import noted_on, terms_read, tickets_of
from timekeeping import Event, Reading, Terms, replay
from timekeeping.statement import Excluded, Exclusion, History, Period, days_needed, figures, written
from timekeeping.statement_file import FORMAT, TermsWriter, checksum, event_written, exclusion_written

Noted = Mapping[int, Mapping[Excluded, Exclusion]]
"""Exclusions by ticket number and by what each stands beside."""


class Told:
    """A ticket with the terms it began under, the events that its clocks are read from, and what it reads."""

    def __init__(
        self, ticket: Ticket, sources: Mapping[int, PolicyTerms], at: datetime, noted: Noted
    ) -> None:
        self.ticket = ticket
        rows: list[TicketEvent] = ticket.recorded  # type: ignore[attr-defined]
        self.terms = submitted_terms(ticket, rows, sources)
        self.about = _about_first(ticket, rows)
        self.events = _events(rows, self.terms, sources)
        self.reading: Reading = replay(self.terms, [event for event, _row in self.events], at)
        self.exclusions = noted.get(ticket.pk, {})

    @property
    def history(self) -> History:
        return History(self.ticket.pk, self.reading, self.exclusions)


def statement_of(contract: Contract, month: Period, at: datetime, among: TicketQuerySet) -> dict[str, Any]:
    """The statement of a contract's month, written at ``at``, over the tickets of ``among``.

    Five queries, one more where requests were moved to other terms, and more for editions not read yet.
    """
    tickets = tickets_of(contract, month, at, among)
    sources, noted = terms_read(tickets), noted_on(tickets, at)
    told = [Told(ticket, sources, at, noted) for ticket in tickets]
    histories = [one.history for one in told]
    first, last = days_needed(histories, at)
    terms = TermsWriter(first, last)
    said = {
        "format": FORMAT,
        "written_at": written(at),
        "month": {
            "name": month.month,
            "zone": month.zone,
            "from": written(month.start),
            "until": written(month.end),
        },
        "contract": _contract(contract, told),
        "days": {"from": first.isoformat(), "until": last.isoformat()},
        "tickets": [_ticket(one, terms) for one in told],
        "terms": terms.terms,
        "calendars": terms.calendars,
        **figures(histories, month, at),
    }
    return said | {"checksum": checksum(said)}


def _events(
    rows: Sequence[TicketEvent], begin: Terms, sources: Mapping[int, PolicyTerms]
) -> list[tuple[Event, TicketEvent]]:
    """What a replay needs; that no answer is needed only where some terms promise answers to messages."""
    told = list(zip(as_history(rows, sources), rows, strict=True))
    under = [begin, *(event.terms for event, _row in told if event.terms is not None)]
    if any(terms.targets.get(Metric.NEXT_REPLY) for terms in under):
        return told
    return [(event, row) for event, row in told if event.do != EventKind.NO_REPLY_NEEDED]


def _about_first(ticket: Ticket, rows: Sequence[TicketEvent]) -> dict[str, Any]:
    """Of which policy, edition and plan the terms are that a history begins under."""
    moved = next((row for row in rows if is_move(row)), None)
    if moved is not None:
        return _about_told(ticket, moved.data["terms"]["from"])
    return _about(ticket, ticket.plan.edition.policy.slug, ticket.plan.edition.number, ticket.plan.code)


def _about_told(ticket: Ticket, told: Mapping[str, Any]) -> dict[str, Any]:
    """The same of terms that an event names."""
    return _about(ticket, told["policy"], told["number"], told["plan"]) | {
        "coverage_option": told["coverage"]
    }


def _about(ticket: Ticket, policy: str, edition: int, plan: str) -> dict[str, Any]:
    return {
        "policy": policy,
        "edition": edition,
        "plan": plan,
        "coverage_option": ticket.coverage_option,
        "support_type": ticket.support_type,
    }


def _contract(contract: Contract, told: Sequence[Told]) -> dict[str, Any]:
    numbers = {one.about["edition"] for one in told} | {one.ticket.plan.edition.number for one in told}
    return {
        "id": contract.pk,
        "reference": contract.reference,
        "organization": {"slug": contract.organization.slug, "name": contract.organization.name},
        "policy": contract.policy.slug,
        "plan": contract.plan_code,
        "editions": sorted(numbers),
        "coverage_option": contract.coverage_option,
        "time_zone": contract.zone,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else None,
        "is_trial": contract.is_trial,
    }


def _ticket(told: Told, terms: TermsWriter) -> dict[str, Any]:
    ticket = told.ticket
    return {
        "number": ticket.pk,
        "subject": ticket.subject,
        "terms": terms.add(told.terms, told.about),
        "events": [_event(event, row, ticket, terms) for event, row in told.events],
        "exclusions": [exclusion_written(excluded, note) for excluded, note in told.exclusions.items()],
    }


def _event(event: Event, row: TicketEvent, ticket: Ticket, terms: TermsWriter) -> dict[str, Any]:
    """An event; one that moved the ticket names its new terms by their key in the file."""
    if event.terms is None:
        return event_written(event)
    return event_written(event, terms.add(event.terms, _about_told(ticket, row.data["terms"]["to"])))
