"""The queue's tabs and orders, and which requests filters and a search leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, Q, QuerySet, Value
from django.db.models.fields import CharField
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from plans.models import Plan, Severity
from tickets.enums import UNSOLVED, Status
from tickets.models import Ticket, TicketQuerySet
from tickets.paging import Order
from tickets.typed import whole_number

BY_PROMISE = Order("due", (("next_due_at", False), ("number", False)))
FIRST_COME = Order(
    "first-come",
    (("severity_rank", False), ("has_priority", True), ("submitted_at", False), ("number", False)),
)
BY_CLOSING = Order("closing", (("auto_close_at", False), ("number", False)))
NEWEST = Order("newest", (("number", True),))
OLDEST = Order("oldest", (("number", False),))
MOST_FOUND = 200
# How many requests a search finds in one way, and among how many of the newest it reads each subject.
MOST_HITS = 200
MOST_READ = 20_000
_THREE_LETTERS = re.compile(r"\w{3}")
Wanted = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Sorting:
    """An order that people may choose, as a choice and as a fact."""

    order: Order
    title: Any
    words: Any


ORDERS = {
    sorting.order.name: sorting
    for sorting in (
        Sorting(BY_PROMISE, _("Next promise"), _("next promise, then first come")),
        Sorting(
            FIRST_COME,
            _("First come, first served, within severity"),
            _("severity, priority access, then when it came"),
        ),
        Sorting(NEWEST, _("Newest first"), _("newest first")),
    )
}


@dataclass(frozen=True)
class Tab:
    """A view of the queue that everybody has."""

    code: str
    label: Any
    order: Order
    sorted_by: Any
    may_be_sorted: bool = True
    # Shown only where it holds something, or is open.
    is_rare: bool = False


TABS = (
    Tab("due", _("Due next"), BY_PROMISE, ORDERS["due"].words),
    Tab("mine", _("Mine"), BY_PROMISE, ORDERS["due"].words),
    Tab("team", _("My team"), BY_PROMISE, ORDERS["due"].words),
    Tab("unassigned", _("Unassigned"), BY_PROMISE, ORDERS["due"].words),
    Tab("first-come", _("First come, first served"), FIRST_COME, ORDERS["first-come"].words),
    Tab("waiting", _("Waiting for customer"), BY_PROMISE, ORDERS["due"].words),
    Tab("on-hold", _("On hold"), BY_PROMISE, ORDERS["due"].words),
    Tab("verify", _("Emergency contacts to verify"), OLDEST, _("oldest first"), False, is_rare=True),
    Tab("resolved", _("Resolved"), BY_CLOSING, _("what closes by itself first"), False),
)
SEARCH = Tab("search", _("Found"), NEWEST, ORDERS["newest"].words, False)
# Tabs that are of one status already.
_OF_ONE_STATUS = ("waiting", "on-hold", "resolved")


def statuses_of(tab: Tab) -> tuple[Status, ...]:
    """The statuses among which the filter row lets one choose; none where the tab is of one already."""
    if tab.code in _OF_ONE_STATUS:
        return ()
    return tuple(Status) if tab is SEARCH else UNSOLVED


def rows_of(tab: Tab, user: User, teams: Iterable[int]) -> TicketQuerySet:
    """The requests of a tab, before filters. ``teams`` are the keys of the teams that ``user`` is in."""
    unsolved = Ticket.objects.unsolved()
    rows = {
        "due": unsolved,
        "mine": unsolved.filter(assigned_to=user),
        "team": unsolved.filter(team__in=list(teams)),
        "unassigned": unsolved.filter(assigned_to=None),
        "first-come": unsolved,
        "waiting": unsolved.filter(status=Status.WAITING),
        "on-hold": unsolved.filter(status=Status.ON_HOLD),
        "verify": Ticket.objects.to_verify(),
        "resolved": Ticket.objects.filter(status=Status.RESOLVED),
        "search": Ticket.objects.all(),
    }
    return rows[tab.code]


def narrowed(rows: TicketQuerySet, wanted: Wanted, user: User) -> TicketQuerySet:
    """Rows that the filters with an index leave: team, who works on it, organization."""
    if teams := wanted.get("team"):
        keys = [whole_number(value, digits=9) for value in teams]
        chosen = Q(team__in=[key for key in keys if key is not None])
        rows = rows.filter(chosen | Q(team=None) if "none" in teams else chosen)
    if name := _one(wanted, "organization"):
        rows = rows.filter(organization__in=_organizations(name))
    assigned = _one(wanted, "assigned")
    if assigned == "me":
        return rows.filter(assigned_to=user)
    if assigned == "nobody":
        return rows.filter(assigned_to=None)
    person = whole_number(assigned, digits=9)
    return rows if person is None else rows.filter(assigned_to=person)


def sifted(rows: TicketQuerySet, tab: Tab, wanted: Wanted) -> TicketQuerySet:
    """Rows that the other filters leave: status, severity, plan; what names nothing filters nothing."""
    if statuses := _statuses(tab, wanted):
        rows = rows.filter(status__in=statuses)
    if severities := wanted.get("severity"):
        rows = rows.filter(severity__in=severities)
        if tab.order is FIRST_COME:
            # The order's index begins with the rank: what has another is not read.
            ranks = Severity.objects.order_by().filter(code__in=severities).values_list("rank", flat=True)
            rows = rows.filter(severity_rank__in=set(ranks))
    if (plans := _plans(wanted)) is not None:
        # As values the planner knows how frequent they are.
        rows = rows.filter(plan__in=list(plans.values_list("pk", flat=True)))
    return rows


def sifting(tab: Tab, wanted: Wanted) -> tuple[str, list[Any]]:
    """The same as a condition on columns ``status``, ``severity`` and ``plan``, with its values."""
    parts: list[tuple[str, list[Any]]] = [("TRUE", [])]
    if statuses := _statuses(tab, wanted):
        parts.append(("status = ANY(%s)", [statuses]))
    if severities := wanted.get("severity"):
        parts.append(("severity = ANY(%s)", [list(severities)]))
    if (plans := _plans(wanted)) is not None:
        text, values = plans.query.sql_with_params()
        parts.append((f"plan IN ({text})", list(values)))
    return " AND ".join(text for text, _values in parts), [one for _text, values in parts for one in values]


def _statuses(tab: Tab, wanted: Wanted) -> list[str]:
    offered = {status.value for status in statuses_of(tab)}
    return [value for value in wanted.get("status", ()) if value in offered]


def _plans(wanted: Wanted) -> QuerySet[Any, Any] | None:
    """Keys of the plans of that name, of every edition; None where none is asked for."""
    policy, _slash, code = _one(wanted, "plan").partition("/")
    return (
        Plan.objects.order_by().filter(code=code, edition__policy__slug=policy).values("pk") if code else None
    )


def _one(wanted: Wanted, name: str) -> str:
    return wanted.get(name, ("",))[0]


def _organizations(name: str) -> list[int]:
    """Keys of organizations called so. One query: as values the planner knows how much each has."""
    named = Organization.objects.order_by().filter(Q(slug=name) | Q(name__icontains=name))
    return list(named.values_list("pk", flat=True)[:MOST_FOUND])


def found(rows: TicketQuerySet, words: str) -> TicketQuerySet:
    """Rows with the words in number, subject, person or organization: the newest of each.

    Each is looked up by itself, through its own index: asked for together, the database reads every request.
    Five queries at most.
    """
    number = words.lstrip("#")
    keys = _with_subject(rows, words)
    if number.isdecimal():
        # A number that no request can have (longer than the column) is looked for as words only.
        return rows.filter(pk__in=[*keys, *([int(number)] if len(number) < 19 else [])])
    organizations, people = _known(words)
    if organizations:
        keys += _newest(rows.filter(organization__in=organizations))
    if people:
        keys += _newest(rows.filter(requester__in=people))
    return rows.filter(pk__in=keys)


def _with_subject(rows: TicketQuerySet, words: str) -> list[int]:
    """Keys of the newest rows with the words in their subject.

    Words that many have are found among the newest requests; for others there is the index. It holds
    letters by threes: fewer are looked for among the newest alone.
    """
    named = rows.filter(subject__icontains=words)
    newest = Ticket.objects.aggregate(newest=Max("pk"))["newest"] or 0
    keys = _newest(named.filter(pk__gt=newest - MOST_READ))
    if len(keys) < MOST_HITS and newest > MOST_READ and _THREE_LETTERS.search(words):
        # Not by the key itself: the planner would take its index, and read all of a table for a rare word.
        by_index = named.annotate(place=F("pk") + 0).order_by("-place")
        keys = list(by_index.values_list("pk", flat=True)[:MOST_HITS])
    return keys


def _newest(rows: TicketQuerySet) -> list[int]:
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST_HITS])


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
