"""The statement as a document: plain JSON with its figures and with everything they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from plans.models import Contract
from tickets.enums import EventKind, Metric
from tickets.models import Ticket, TicketQuerySet
from tickets.reading import as_history, sources_of, terms_of
from tickets.statements.selection import tickets_of
from timekeeping import Event, Reading, Terms, replay
from timekeeping.statement import Exclusion, History, Period, days_needed, figures, written
from timekeeping.statement_file import FORMAT, TermsWriter, checksum, event_written

Noted = Mapping[tuple[int, str, int], Exclusion]
"""Exclusions by ticket number, metric and cycle."""

NOTHING_NOTED: Noted = {}


class Told:
    """A ticket with its terms, the events that its clocks are read from, and what it reads."""

    def __init__(self, ticket: Ticket, terms: Terms, at: datetime, noted: Noted) -> None:
        self.ticket = ticket
        self.terms = terms
        self.events = _events(ticket, terms)
        self.reading: Reading = replay(terms, self.events, at)
        self.exclusions = {
            (metric, cycle): note for (number, metric, cycle), note in noted.items() if number == ticket.pk
        }

    @property
    def history(self) -> History:
        return History(self.ticket.pk, self.reading, self.exclusions)


def statement_of(
    contract: Contract, month: Period, at: datetime, among: TicketQuerySet, noted: Noted = NOTHING_NOTED
) -> dict[str, Any]:
    """The statement of a contract's month, written at ``at``, over the tickets of ``among``.

    ``noted`` are the exclusions beside missed promises. Four queries, and more for editions not read yet.
    """
    tickets = tickets_of(contract, month, at, among)
    sources = sources_of(tickets)
    told = [Told(ticket, terms_of(ticket, sources[ticket.plan.edition_id]), at, noted) for ticket in tickets]
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
        "contract": _contract(contract, tickets),
        "days": {"from": first.isoformat(), "until": last.isoformat()},
        "tickets": [_ticket(one, terms) for one in told],
        "terms": terms.terms,
        "calendars": terms.calendars,
        **figures(histories, month, at),
    }
    return said | {"checksum": checksum(said)}


def _events(ticket: Ticket, terms: Terms) -> list[Event]:
    """What a replay needs; that no answer is needed only where the terms promise answers to messages."""
    told = as_history(ticket.recorded)  # type: ignore[attr-defined]
    if terms.targets.get(Metric.NEXT_REPLY):
        return told
    return [event for event in told if event.do != EventKind.NO_REPLY_NEEDED]


def _contract(contract: Contract, tickets: Sequence[Ticket]) -> dict[str, Any]:
    return {
        "id": contract.pk,
        "reference": contract.reference,
        "organization": {"slug": contract.organization.slug, "name": contract.organization.name},
        "policy": contract.policy.slug,
        "plan": contract.plan_code,
        "editions": sorted({ticket.plan.edition.number for ticket in tickets}),
        "coverage_option": contract.coverage_option,
        "time_zone": contract.zone,
        "starts_on": contract.starts_on.isoformat(),
        "ends_on": contract.ends_on.isoformat() if contract.ends_on else None,
        "is_trial": contract.is_trial,
    }


def _ticket(told: Told, terms: TermsWriter) -> dict[str, Any]:
    ticket, edition = told.ticket, told.ticket.plan.edition
    about = {
        "policy": edition.policy.slug,
        "edition": edition.number,
        "plan": ticket.plan.code,
        "coverage_option": ticket.coverage_option,
        "support_type": ticket.support_type,
    }
    return {
        "number": ticket.pk,
        "subject": ticket.subject,
        "terms": terms.add(told.terms, about),
        "events": [event_written(event) for event in told.events],
        "exclusions": [
            {"metric": metric, "cycle": cycle, "code": note.code, "note": note.note}
            for (metric, cycle), note in told.exclusions.items()
        ],
    }
