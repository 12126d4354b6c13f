"""How many stand in each view of the queue: every number counted up to a cap, all of them in one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.http import HttpRequest

from accounts.models import Team, User
from tickets.desk.asked import Asked
from tickets.desk.tabs import TABS, found, narrowed, rows_of, sifted, sifting
from tickets.models import Escalation, SavedView, TicketQuerySet

# Beyond this a tab says "500+": an exact count of a long queue costs more than the page itself.
MOST_COUNTED = 500
# A view with filters that no index serves is counted among this many requests of its tab.
MOST_LOOKED_AT = 2000
# A part of a query that gives two numbers, and its values.
Sql = tuple[str, list[Any]]
NOTHING: Sql = ("ARRAY[0, 0]", [])


@dataclass(frozen=True)
class Count:
    """``number``, or more where it ``is_more``; to be shown as "47", "500+"."""

    number: int = 0
    is_more: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.is_more else str(self.number)

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass
class Desk:
    """What every page of the back office says of the queue, for the person who is there.

    Teams and counts are read when they are first asked for, and once for a request.
    """

    user: User
    at: datetime
    _teams: list[Team] | None = None
    _counts: dict[str, Count] = field(default_factory=dict)

    @property
    def teams(self) -> list[Team]:
        """The teams in use, with ``is_mine``. One query."""
        if self._teams is None:
            self._teams = list(Team.objects.in_use().marked_for(self.user))
        return self._teams

    @property
    def own_teams(self) -> list[Team]:
        return [team for team in self.teams if team.is_mine]  # type: ignore[attr-defined]

    def rows(self, asked: Asked) -> TicketQuerySet:
        """The requests of a view, in no order. A search takes a query more."""
        rows = narrowed(self._tab_rows(asked), asked.wanted, self.user)
        rows = sifted(rows, asked.tab, asked.wanted)
        return found(rows, asked.words) if asked.words else rows

    def rail(self) -> Mapping[str, Count]:
        """``due``, ``mine`` and ``escalations``, in one query, or none where the page has counted more."""
        if not self._counts:
            self._count({})
        return self._counts

    def count(self, here: Asked, views: list[SavedView], asked: list[Asked]) -> Mapping[str, Count]:
        """The counts of all tabs by code, of saved views as ``view-<key>``, of the view itself as ``here``.

        A search is not counted: what matches is known only by reading it.
        """
        self._count({"here": here} | {f"view-{v.pk}": a for v, a in zip(views, asked, strict=True)}, True)
        return self._counts

    def _tab_rows(self, asked: Asked) -> TicketQuerySet:
        teams = [team.pk for team in self.own_teams] if asked.tab.code == "team" else []
        return rows_of(asked.tab, self.user, teams)

    def _count(self, views: Mapping[str, Asked], all_tabs: bool = False) -> None:
        parts: dict[str, QuerySet[Any, Any]] = {
            tab.code: _capped(self._tab_rows(Asked(tab)))
            for tab in TABS
            if tab.code != "first-come" and (all_tabs or tab.code in ("due", "mine"))
        }
        parts["escalations"] = _capped(Escalation.objects.filter(ended_at=None))
        sql = {name: _counted(rows) for name, rows in parts.items()}
        for name, asked in views.items():
            if asked.wanted and not asked.words:
                sql[name] = self._among_the_first(asked)
        self._counts = _numbers(sql)
        self._counts["first-come"] = self._counts["due"]
        for name, asked in views.items():
            if not asked.words and not asked.wanted:
                self._counts[name] = self._counts[asked.tab.code]

    def _among_the_first(self, asked: Asked) -> Sql:
        """How many of the first requests of the tab the filters leave, and how many were looked at."""
        rows = narrowed(self._tab_rows(asked), asked.wanted, self.user)
        # By the order of the tab's index its first ones are found without a look at the others.
        rows = rows.order_by() if "organization" in asked.wanted else rows.order_by("next_due_at", "number")
        looked_at = rows.values("pk", "status", "severity", "plan")[:MOST_LOOKED_AT]
        try:
            base, params = looked_at.query.sql_with_params()
        except EmptyResultSet:
            return NOTHING
        where, values = sifting(asked.tab, asked.wanted)
        text = f"(SELECT ARRAY[count(*) FILTER (WHERE {where}), count(*)] FROM ({base}) looked_at)"  # noqa: S608
        return text, [*values, *params]


def desk_of(request: HttpRequest) -> Desk:
    """The desk of this request, made once."""
    desk: Desk | None = getattr(request, "desk", None)
    if desk is None:
        desk = Desk(request.user, request.at)  # type: ignore[arg-type, attr-defined]
        request.desk = desk  # type: ignore[attr-defined]
    return desk


def _capped(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().annotate(one=F("pk")).values("one")[: MOST_COUNTED + 1]


def _counted(rows: QuerySet[Any, Any]) -> Sql:
    """How many rows there are; what asks for nothing possible has none."""
    try:
        text, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return NOTHING
    return f"(SELECT ARRAY[count(*), 0] FROM ({text}) counted)", list(params)  # noqa: S608 - made by the ORM


def _numbers(parts: Mapping[str, Sql]) -> dict[str, Count]:
    """The parts' counts, each with how many were looked at. One query."""
    values = [value for _text, params in parts.values() for value in params]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(text for text, _params in parts.values()), values)
        found = cursor.fetchone()
    return {
        name: Count(min(number, MOST_COUNTED), number > MOST_COUNTED or looked_at >= MOST_LOOKED_AT)
        for name, (number, looked_at) in zip(parts, found, strict=True)
    }
