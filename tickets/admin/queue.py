"""The queue: one page of a tab, its rows in groups, and the filter row above them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import moments
from accounts.models import User
from plans.enums import EditionState
from plans.models import Plan, Severity
from plans.pictures.clockview import ClockView
from tickets.admin.drafts import drafts_line
from tickets.admin.marks import with_worse
from tickets.admin.tabs import FILTERS, SEARCH, TABS, Tab, counts_of, filtered, found, rows_of
from tickets.clock_views import row_views
from tickets.enums import Status
from tickets.models import Ticket
from tickets.paging import Page, page_of

PAGE_SIZE = 50
LONGEST_SEARCH = 200
GROUPS = ("missed", "soon", "later", "none", "paused")


@dataclass(frozen=True)
class Grade:
    """A severity as the stair of bars needs it."""

    rank: int
    code: str
    steps: int


@dataclass(frozen=True)
class Row:
    """A request of the queue with its next promise."""

    ticket: Ticket
    clock: ClockView | None
    group: str
    grade: Grade | None


@dataclass
class Group:
    """Rows that ask for the same haste."""

    code: str
    title: str
    hint: str
    rows: list[Row] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many of the page stand in it."""
        return len(self.rows)


class Queue:
    """What the queue page shows to ``user`` at ``at``, for the address of the request."""

    def __init__(self, request: HttpRequest, tab: str = "") -> None:
        self.user: User = request.user  # type: ignore[assignment]
        self.at: datetime = request.at  # type: ignore[attr-defined]
        self.path = request.path
        self.given = {name: str(value).replace("\x00", "") for name, value in request.GET.items()}
        self.words = " ".join(self.given.get("q", "").split())[:LONGEST_SEARCH]
        self.wanted = {name: self.given[name] for name in FILTERS if self.given.get(name)}
        self.tab = SEARCH if self.words else self._tab(tab or self.given.get("tab", ""))

    @staticmethod
    def _tab(code: str) -> Tab:
        return next((tab for tab in TABS if tab.code == code), TABS[0])

    def context(self) -> dict[str, Any]:
        """Everything of the page; the same number of queries for one row and for fifty."""
        page = self._page()
        severities = self._severities(page.rows)
        rows = self._rows(page.rows, severities)
        staff = list(User.objects.filter(is_staff=True, is_active=True).order_by("name")[:200])
        return {
            "queue": self,
            "tabs": self._tabs(),
            "groups": self._groups(rows),
            "shown": len(rows),
            "filters": self._filters(severities, staff),
            "has_filters": bool(self.wanted),
            "reset_url": self.address(**dict.fromkeys(FILTERS, "")),
            "pager": self._pager(page),
            "staff": staff,
            "find_words": self.words,
            **(drafts_line(self.user, self.at) if self.tab.code == "mine" else {}),
        }

    def address(self, **changes: str) -> str:
        """This page with some values of its address changed; empty ones are left out."""
        kept = {"tab": self.tab.code if self.tab is not SEARCH else "", "q": self.words} | self.wanted
        values = {name: value for name, value in (kept | changes).items() if value}
        return f"?{urlencode(values)}"

    def _page(self) -> Page[Ticket]:
        rows = filtered(rows_of(self.tab, self.user), self.wanted, self.user)
        if self.words:
            rows = found(rows, self.words)
        shown = (
            with_worse(rows)
            .select_related("organization", "requester", "assigned_to", "plan__edition__policy")
            .defer(
                "description", "impact", "best_time_to_contact", "organization__address", "plan__description"
            )
        )
        return page_of(shown, self.tab.order, self.given.get("cursor", ""), PAGE_SIZE)

    def _severities(self, tickets: list[Ticket]) -> list[Severity]:
        """Those of published editions and of the page's own editions. One query."""
        editions = {ticket.plan.edition_id for ticket in tickets}
        wanted = Q(edition__state=EditionState.PUBLISHED) | Q(edition__in=editions)
        return list(Severity.objects.filter(wanted).order_by("rank", "code").only("edition", "code", "rank"))

    def _rows(self, tickets: list[Ticket], severities: list[Severity]) -> list[Row]:
        steps: dict[int, int] = {}
        for severity in severities:
            steps[severity.edition_id] = max(steps.get(severity.edition_id, 0), severity.rank)
        views = row_views(tickets, self.at, for_staff=True)
        return [
            Row(t, views.get(t.pk), _group(t, views.get(t.pk), self.at), _grade(t, steps)) for t in tickets
        ]

    def _groups(self, rows: list[Row]) -> list[Group]:
        """Rows by haste, in the order of the page; other orders than by promise have one group."""
        if self.tab.order.name != "due":
            return [Group("all", "", "", rows)] if rows else []
        named = {
            "missed": Group("missed", _("Missed"), _("a breach stays; answer first, explain after")),
            "soon": Group("soon", _("Less than a quarter left"), ""),
            "later": Group("later", _("Later"), ""),
            "none": Group("none", _("No promise"), _("none in these terms; the oldest first")),
            "paused": Group("paused", _("Paused"), _("while paused no time is counted")),
        }
        for row in rows:
            named[row.group].rows.append(row)
        return [named[code] for code in GROUPS if named[code].rows]

    def _tabs(self) -> Iterator[dict[str, Any]]:
        """The saved views, with how many each holds; a search spends its query on names instead."""
        counts = {} if self.words else counts_of(TABS, self.user)
        for tab in TABS:
            yield {
                "label": tab.label,
                "url": f"?{urlencode({'tab': tab.code} | self.wanted)}",
                "count": counts.get(tab.code, ""),
                "current": tab is self.tab,
            }

    def _pager(self, page: Page[Ticket]) -> dict[str, str]:
        zone, language = timezone.get_current_timezone(), get_language() or "en"
        return {
            "words": _("%(rows)s rows, as of %(time)s")
            % {"rows": len(page.rows), "time": moments.short_moment(self.at, self.at, zone, language)},
            "earlier_url": self.address(cursor=page.earlier) if page.earlier else "",
            "later_url": self.address(cursor=page.later) if page.later else "",
        }

    def _filters(self, severities: list[Severity], staff: list[User]) -> list[dict[str, Any]]:
        codes = sorted({severity.code for severity in severities})
        plans = (
            Plan.objects.filter(edition__state=EditionState.PUBLISHED)
            .select_related("edition__policy")
            .order_by("edition__policy__slug", "position")
        )
        people = [("me", _("Me")), ("nobody", _("Nobody"))]
        people += [(str(person.pk), str(person)) for person in staff if person.pk != self.user.pk]
        return [
            self._filter("severity", _("Severity"), [(code, code) for code in codes]),
            self._filter("plan", _("Plan"), [(plan_value(p), plan_words(p)) for p in plans]),
            self._filter("assigned", _("Assigned"), people),
        ]

    def _filter(self, name: str, label: str, choices: list[tuple[str, str]]) -> dict[str, Any]:
        value = self.wanted.get(name, "")
        words = dict(choices).get(value, value)
        return {
            "label": label,
            "value": words,
            "clear_url": self.address(**{name: ""}),
            "choices": [
                {"words": said, "url": self.address(**{name: code}), "current": code == value}
                for code, said in choices
            ],
        }


def plan_value(plan: Plan) -> str:
    """A plan in an address: policy and plan, whatever the edition."""
    return f"{plan.edition.policy.slug}/{plan.code}"


def plan_words(plan: Plan) -> str:
    return f"{plan.edition.title()}: {plan.title()}"


def _group(ticket: Ticket, clock: ClockView | None, at: datetime) -> str:
    if clock is None:
        return "paused" if ticket.status in (Status.WAITING, Status.ON_HOLD) else "none"
    return {"missed": "missed", "soon": "soon", "paused": "paused"}.get(clock.state, "later")


def _grade(ticket: Ticket, steps: dict[int, int]) -> Grade | None:
    if not ticket.severity:
        return None
    return Grade(ticket.severity_rank, ticket.severity, steps.get(ticket.plan.edition_id, 4))
