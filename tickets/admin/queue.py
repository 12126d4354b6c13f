"""The queue: one page of a view, its rows in groups, the tabs and the filter row above them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import moments
from accounts.models import User
from plans.enums import EditionState
from plans.models import Severity
from tickets.admin.chips import chips_of, organization_chip, sortings
from tickets.admin.drafts import drafts_line
from tickets.admin.marks import with_last_word, with_worse
from tickets.admin.neighbours import place_of_row
from tickets.admin.rows import Group, Row, grouped, rows_for
from tickets.desk.asked import FILTERS, Asked, asked_by
from tickets.desk.counting import Count, desk_of
from tickets.desk.tabs import TABS
from tickets.models import SavedView, Ticket
from tickets.paging import Page, page_of
from tickets.typed import whole_number

PAGE_SIZE = 50


class Queue:
    """What the queue page shows to who asks, at the instant of the request, for its address."""

    def __init__(self, request: HttpRequest, tab: str = "") -> None:
        self.desk = desk_of(request)
        self.user: User = self.desk.user
        self.at: datetime = self.desk.at
        self.asked = asked_by(request.GET, tab)
        self.cursor = str(request.GET.get("cursor", ""))
        first = whole_number(str(request.GET.get("row", "")), digits=9)
        self.first = 1 if first is None else first

    @property
    def tab(self) -> Any:
        return self.asked.tab

    @property
    def words(self) -> str:
        return self.asked.words

    def context(self) -> dict[str, Any]:
        """Everything of the page; the same number of queries for one row and for fifty."""
        page = self._page()
        severities = self._severities(page.rows)
        places = [place_of_row(self.asked, row) for row in page.rows]
        rows = rows_for(page.rows, severities, self.at, places)
        staff = list(User.objects.filter(is_staff=True, is_active=True).order_by("name")[:200])
        views = list(SavedView.objects.offered_to(self.user))
        kept = [asked_by(view.asked) for view in views]
        counts = self.desk.count(self.asked, views, kept)
        tabs = list(self._tabs(views, kept, counts))
        codes = sorted({severity.code for severity in severities})
        shown = ",".join(str(row.pk) for row in page.rows)
        return {
            "queue": self,
            "tabs": tabs,
            "is_kept": any(tab["current"] and tab["is_saved"] for tab in tabs),
            "save_url": f"{reverse('admin:tickets_ticket_views')}?{self.asked.query()}",
            "groups": self._groups(rows, (bool(page.earlier), bool(page.later))),
            "filters": chips_of(self.asked, codes, staff, self.user, self.desk.teams),
            "organization": organization_chip(self.asked),
            "sortings": sortings(self.asked),
            "has_filters": bool(self.asked.wanted),
            "reset_url": f"?{replace(self.asked, wanted={}).query()}",
            "pager": self._pager(page, counts.get("here")),
            "changed_url": f"{reverse('admin:tickets_ticket_changed')}?"
            + self.asked.query(since=self.at.isoformat(), shown=shown),
            "find_words": self.words,
            **(drafts_line(self.user, self.at) if self.tab.code == "mine" else {}),
        }

    @property
    def address(self) -> str:
        """This view, from its beginning."""
        return f"?{self.asked.query()}"

    def _page(self) -> Page[Ticket]:
        shown = (
            with_last_word(with_worse(self.desk.rows(self.asked)))
            .select_related("organization", "requester", "assigned_to", "team", "plan__edition__policy")
            .defer(
                "description", "impact", "best_time_to_contact", "organization__address", "plan__description"
            )
        )
        return page_of(shown, self.asked.order, self.cursor, PAGE_SIZE)

    def _severities(self, tickets: list[Ticket]) -> list[Severity]:
        """Those of published editions and of the page's own editions. One query."""
        editions = {ticket.plan.edition_id for ticket in tickets}
        wanted = Q(edition__state=EditionState.PUBLISHED) | Q(edition__in=editions)
        return list(Severity.objects.filter(wanted).order_by("rank", "code").only("edition", "code", "rank"))

    def _groups(self, rows: list[Row], goes_on: tuple[bool, bool]) -> list[Group]:
        """Rows by haste, in the order of the page; other orders than by promise have one group."""
        if self.asked.order.name == "due":
            return grouped(list(self._in_line(rows)), goes_on)
        return [Group("all", "", "", rows)] if rows else []

    def _in_line(self, rows: list[Row]) -> Iterator[Row]:
        """Requests without a promise are worked the oldest first: the first ones are told their turn.

        Where the page begins in the middle of them, or filters hide some, nobody knows it.
        """
        is_known = not self.asked.wanted and self.tab.code == "due"
        is_known = is_known and bool(rows) and not (self.cursor and rows[0].group == "none")
        turn = 0
        for row in rows:
            if row.group == "none" and is_known:
                turn += 1
                yield replace(row, in_line=turn)
            else:
                yield row

    def _tabs(
        self, views: list[SavedView], kept: list[Asked], counts: Mapping[str, Count]
    ) -> Iterator[dict[str, Any]]:
        """What everybody has, then the saved views; of two that ask the same the saved one is open."""
        saved = next((view.pk for view, asked in zip(views, kept, strict=True) if asked == self.asked), None)
        for tab in TABS:
            current = tab is self.tab and saved is None
            if tab.is_rare and not counts[tab.code] and not current:
                continue
            if tab.code == "team" and not self.desk.own_teams and not current:
                continue
            yield {
                "label": tab.label,
                "url": f"?{Asked(tab).query()}",
                "count": counts[tab.code],
                "current": current,
                "is_saved": False,
            }
        for view, asked in zip(views, kept, strict=True):
            yield {
                "label": view.name,
                "url": f"?{asked.query()}",
                "count": counts.get(f"view-{view.pk}", ""),
                "current": view.pk == saved,
                "is_saved": True,
                "is_shared": view.is_shared,
            }

    def _pager(self, page: Page[Ticket], count: Count | None) -> dict[str, Any]:
        zone, language = timezone.get_current_timezone(), get_language() or "en"
        # Where the page began is carried along; at the beginning and where all is shown it is known.
        first = self.first if page.earlier else 1
        last = first + len(page.rows) - 1
        total = str(last) if not page.later else _at_least(count, last)
        said = {
            "first": first,
            "last": last,
            "total": total,
            "time": moments.short_moment(self.at, self.at, zone, language),
        }
        of_all = _("Rows %(first)s–%(last)s of %(total)s, as of %(time)s")
        words = of_all if total else _("Rows %(first)s–%(last)s, as of %(time)s")
        earlier = str(max(1, first - PAGE_SIZE))
        return {
            "words": words % said,
            "earlier_url": f"?{self.asked.query(cursor=page.earlier, row=earlier)}" if page.earlier else "",
            "later_url": f"?{self.asked.query(cursor=page.later, row=str(last + 1))}" if page.later else "",
        }

    @property
    def filters_set(self) -> list[str]:
        """The names of the filters that are set."""
        return [name for name in FILTERS if name in self.asked.wanted]


def _at_least(count: Count | None, last: int) -> str:
    """The number of all rows of a view that goes on behind the row ``last``; empty where it isn't counted."""
    if count is None:
        return ""
    return f"{max(count.number, last)}+" if count.is_more or count.number < last else str(count.number)
