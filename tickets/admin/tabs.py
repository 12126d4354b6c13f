"""The queue's tabs, their orders and filters, and what a search means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.fields import CharField
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from tickets.enums import Status
from tickets.models import Ticket, TicketQuerySet
from tickets.paging import Order

BY_PROMISE = Order("due", (("next_due_at", False), ("number", False)))
FIRST_COME = Order(
    "first-come",
    (("severity_rank", False), ("has_priority", True), ("submitted_at", False), ("number", False)),
)
BY_CLOSING = Order("closing", (("auto_close_at", False), ("number", False)))
NEWEST = Order("newest", (("number", True),))
# Beyond this a tab says "500+": an exact count of a long queue costs more than the page itself.
MOST_COUNTED = 500
MOST_FOUND = 200
FILTERS = ("severity", "plan", "organization", "assigned")


@dataclass(frozen=True)
class Tab:
    """A saved view of the queue."""

    code: str
    label: Any
    order: Order
    sorted_by: Any


TABS = (
    Tab("due", _("Due next"), BY_PROMISE, _("next promise, then number")),
    Tab("mine", _("Mine"), BY_PROMISE, _("next promise, then number")),
    Tab("unassigned", _("Unassigned"), BY_PROMISE, _("next promise, then number")),
    Tab(
        "first-come",
        _("First come, first served"),
        FIRST_COME,
        _("severity, priority access, then when it came"),
    ),
    Tab("waiting", _("Waiting for customer"), BY_PROMISE, _("next promise, then number")),
    Tab("on-hold", _("On hold"), BY_PROMISE, _("next promise, then number")),
    Tab("resolved", _("Resolved"), BY_CLOSING, _("what closes by itself first")),
)
SEARCH = Tab("search", _("Found"), NEWEST, _("newest first"))


def rows_of(tab: Tab, user: User) -> TicketQuerySet:
    """The requests of a tab, before filters."""
    unsolved = Ticket.objects.unsolved()
    return {
        "due": unsolved,
        "mine": unsolved.filter(assigned_to=user),
        "unassigned": unsolved.filter(assigned_to=None),
        "first-come": unsolved,
        "waiting": unsolved.filter(status=Status.WAITING),
        "on-hold": unsolved.filter(status=Status.ON_HOLD),
        "resolved": Ticket.objects.filter(status=Status.RESOLVED),
        "search": Ticket.objects.all(),
    }[tab.code]


def filtered(rows: TicketQuerySet, wanted: Mapping[str, str], user: User) -> TicketQuerySet:
    """Rows that the chips of the filter row leave; what names nothing filters nothing."""
    if severity := wanted.get("severity"):
        rows = rows.filter(severity=severity)
    policy, _slash, plan = wanted.get("plan", "").partition("/")
    if plan:
        rows = rows.filter(plan__code=plan, plan__edition__policy__slug=policy)
    if name := wanted.get("organization"):
        rows = rows.filter(organization__in=_organizations(name))
    assigned = wanted.get("assigned", "")
    if assigned == "me":
        rows = rows.filter(assigned_to=user)
    elif assigned == "nobody":
        rows = rows.filter(assigned_to=None)
    elif assigned.isdecimal() and len(assigned) < 10:
        rows = rows.filter(assigned_to=int(assigned))
    return rows


def _organizations(name: str) -> Any:
    return Organization.objects.filter(Q(slug=name) | Q(name__icontains=name)).values("pk")[:MOST_FOUND]


def found(rows: TicketQuerySet, words: str) -> TicketQuerySet:
    """Rows with the words in number, subject, person or organization.

    People and organizations are looked up first, so that the requests are found through their indexes.
    """
    number = words.lstrip("#")
    if number.isdecimal():
        # A number that no request can have (longer than the column) is looked for as words only.
        exact = Q(number=int(number)) if len(number) < 19 else Q()
        return rows.filter(exact | Q(subject__icontains=words))
    organizations, people = _known(words)
    return rows.filter(
        Q(subject__icontains=words) | Q(organization__in=organizations) | Q(requester__in=people)
    )


def _known(words: str) -> tuple[list[int], list[int]]:
    """Keys of organizations and people called so. One query."""
    organizations = Organization.objects.order_by().filter(name__icontains=words).annotate(is_a=_kind("o"))
    people = User.objects.filter(Q(name__icontains=words) | Q(email__icontains=words)).annotate(
        is_a=_kind("p")
    )
    kinds = organizations.values_list("pk", "is_a")[:MOST_FOUND].union(
        people.values_list("pk", "is_a")[:MOST_FOUND], all=True
    )
    keys: dict[str, list[int]] = {"o": [], "p": []}
    for key, kind in kinds:
        keys[kind].append(key)
    return keys["o"], keys["p"]


def _kind(letter: str) -> Value:
    return Value(letter, output_field=CharField())


def counts_of(tabs: tuple[Tab, ...], user: User) -> dict[str, str]:
    """How many stand in each tab, as words, counted up to a cap. One query for all."""
    parts, values = [], []
    for tab in tabs:
        rows = rows_of(tab, user).order_by().annotate(one=F("number")).values("one")[: MOST_COUNTED + 1]
        sql, params = rows.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)")  # noqa: S608 - made by the ORM
        values += list(params)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        numbers = cursor.fetchone()
    return {
        tab.code: f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
        for tab, number in zip(tabs, numbers, strict=True)
    }
