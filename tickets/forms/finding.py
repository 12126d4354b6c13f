"""The filters of the list, as they stand in its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import QueryDict

from accounts.models import User
from accounts.standing import standing_of
from tickets.enums import Status
from tickets.models import TicketQuerySet
from tickets.paging import Order

BY_PROMISE = Order("promise", (("next_due_at", False), ("number", False)))
NEWEST = Order("newest", (("number", True),))
STATES = {
    "open": BY_PROMISE,
    "waiting": BY_PROMISE,
    "resolved": NEWEST,
    "closed": NEWEST,
    "all": NEWEST,
}
_LONGEST_SEARCH = 100
_NUMBER = re.compile(r"#?([0-9]{1,18})")


@dataclass(frozen=True)
class Wanted:
    """What the reader wants to see. A value that means nothing here counts as not given."""

    state: str = "open"
    q: str = ""
    mine: bool = False
    organization: str = ""
    cursor: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state narrows the list."""
        return bool(self.q or self.mine or self.organization)

    @property
    def order(self) -> Order:
        return STATES[self.state]


def wanted(query: QueryDict) -> Wanted:
    """Read the filters of an address; whatever stands there, the page has an answer."""
    clean = {name: _line(query.get(name, "")) for name in ("state", "q", "mine", "organization", "cursor")}
    return Wanted(
        state=clean["state"] if clean["state"] in STATES else "open",
        q=clean["q"][:_LONGEST_SEARCH],
        mine=clean["mine"] == "1",
        organization=clean["organization"],
        cursor=clean["cursor"],
    )


def found(tickets: TicketQuerySet, want: Wanted, reader: User, at: datetime) -> TicketQuerySet:
    """Narrow what the reader may see to what is wanted."""
    tickets = _in_state(tickets, want.state, at)
    if want.mine:
        tickets = tickets.filter(requester=reader)
    if want.organization:
        tickets = tickets.filter(organization__in=_organization_ids(reader, want.organization, at))
    if want.q:
        tickets = tickets.filter(_words(want.q))
    return tickets


def _in_state(tickets: TicketQuerySet, state: str, at: datetime) -> TicketQuerySet:
    if state == "open":
        return tickets.unsolved()
    if state == "waiting":
        return tickets.filter(status=Status.WAITING)
    if state == "resolved":
        return tickets.resolved_at(at)
    if state == "closed":
        return tickets.reopenable(at)
    return tickets


def _organization_ids(reader: User, slug: str, at: datetime) -> list[int]:
    """The organization of that name among those that the reader reaches, without a query."""
    return [row.pk for row in standing_of(reader, at).organizations if row.slug == slug]


def _words(q: str) -> Q:
    """Subject or description holds the words; a number finds its request too."""
    words = Q(subject__icontains=q) | Q(description__icontains=q)
    if match := _NUMBER.fullmatch(q):
        words |= Q(number=int(match[1]))
    return words


def _line(value: str) -> str:
    """The value without what no database takes (NUL) and without space around it."""
    return value.replace("\0", "").strip()
