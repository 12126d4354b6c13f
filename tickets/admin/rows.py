"""The rows of the queue: a request with its next promise, and what is said of it in a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.enums import OrganizationKind
from accounts.models import Contact
from plans.hours import ALL_DAY, hours_in_words
from plans.models import Severity
from plans.pictures.clockview import ClockView
from plans.terms import PolicyTerms
from tickets.clock_views import row_clocks, row_views
from tickets.enums import Status
from tickets.models import Ticket
from tickets.reading import sources_of, terms_of
from timekeeping import Coverage

GROUPS = ("missed", "soon", "later", "none", "paused")


@dataclass(frozen=True)
class Grade:
    """A severity as the stair of bars needs it."""

    rank: int
    code: str
    steps: int


@dataclass(frozen=True)
class Row:
    """A request of the queue with its next promise.

    ``partner`` is the organization through which its requester stands there, where they are no contact of it;
    ``coverage`` the support hours of its terms in words; ``place`` what its address takes along, so that its
    page knows the view it was opened from.
    """

    ticket: Ticket
    clock: ClockView | None
    group: str
    grade: Grade | None
    partner: str = ""
    policy: str = ""
    coverage: str = ""
    place: str = ""
    in_line: int = 0


@dataclass
class Group:
    """Rows that ask for the same haste. ``is_cut``: it goes on, on the page before or behind this one."""

    code: str
    title: str
    hint: str
    rows: list[Row] = field(default_factory=list)
    is_cut: bool = False

    @property
    def count(self) -> str:
        """How many stand in it, as far as the page shows."""
        return f"{len(self.rows)}+" if self.is_cut else str(len(self.rows))


def rows_for(
    tickets: list[Ticket], severities: Iterable[Severity], at: datetime, places: list[str]
) -> list[Row]:
    """The rows of a page, in its order. Three queries for any number of them."""
    steps: dict[int, int] = {}
    for severity in severities:
        steps[severity.edition_id] = max(steps.get(severity.edition_id, 0), severity.rank)
    sources = sources_of(tickets)
    views = row_views(tickets, at, for_staff=True, clocks=row_clocks(tickets, at), sources=sources)
    partners = _partners(tickets, at)
    hours = _Hours(sources)
    return [
        Row(
            ticket,
            views.get(ticket.pk),
            _group(ticket, views.get(ticket.pk)),
            _grade(ticket, steps),
            partners.get(ticket.pk, ""),
            ticket.plan.edition.policy.slug.replace("-", " ").capitalize(),
            hours.of(ticket),
            place,
        )
        for ticket, place in zip(tickets, places, strict=True)
    ]


def grouped(rows: list[Row], goes_on: tuple[bool, bool]) -> list[Group]:
    """Rows in order of their promise, under what they have in common.

    ``goes_on``: whether there are pages before this one, and behind it.
    """
    named = {
        "missed": Group("missed", _("Missed"), _("a breach stays; answer first, explain after")),
        "soon": Group("soon", _("Less than a quarter left"), ""),
        "later": Group("later", _("Later today and after"), ""),
        "none": Group("none", _("No promise"), _("none is owed now; the oldest first")),
        "paused": Group("paused", _("Paused"), _("while paused no time is counted")),
    }
    for row in rows:
        named[row.group].rows.append(row)
    for ends, is_cut in zip((rows[:1], rows[-1:]), goes_on, strict=True):
        for end in ends:
            named[end.group].is_cut |= is_cut
    return [named[code] for code in GROUPS if named[code].rows]


def _group(ticket: Ticket, clock: ClockView | None) -> str:
    if clock is None:
        return "paused" if ticket.status in (Status.WAITING, Status.ON_HOLD) else "none"
    return {"missed": "missed", "soon": "soon", "paused": "paused"}.get(clock.state, "later")


def _grade(ticket: Ticket, steps: dict[int, int]) -> Grade | None:
    if not ticket.severity:
        return None
    return Grade(ticket.severity_rank, ticket.severity, steps.get(ticket.plan.edition_id, 4))


def _partners(tickets: list[Ticket], at: datetime) -> dict[int, str]:
    """The partner's name, by ticket, where its requester is one of a partner's people. One query."""
    people = {ticket.requester_id for ticket in tickets}
    found: dict[int, dict[int, Any]] = {}
    for contact in Contact.objects.active(at).filter(user__in=people).select_related("organization"):
        found.setdefault(contact.user_id, {})[contact.organization_id] = contact.organization
    names = {}
    for ticket in tickets:
        there = found.get(ticket.requester_id, {})
        if ticket.organization_id not in there:
            partners = [row.name for row in there.values() if row.kind == OrganizationKind.PARTNER]
            names[ticket.pk] = min(partners, default="")
    return names


class _Hours:
    """Support hours in words, worked out once for all requests of the same terms."""

    def __init__(self, sources: dict[int, PolicyTerms]) -> None:
        self.sources = sources
        self.known: dict[tuple[Any, ...], str] = {}

    def of(self, ticket: Ticket) -> str:
        edition, plan = ticket.plan.edition_id, ticket.plan.code
        key = (edition, plan, ticket.coverage_option, ticket.support_type, ticket.customer_zone)
        if key not in self.known:
            self.known[key] = _hours(terms_of(ticket, self.sources[edition]).coverage)
        return self.known[key]


def _hours(coverage: Coverage) -> str:
    """When it is open, in as few words as the column has room for."""
    if any(all(spans == ALL_DAY for spans in calendar.hours) for calendar in coverage.calendars):
        return _("24 hours")
    return "; ".join(hours_in_words(coverage, get_language() or "en"))
