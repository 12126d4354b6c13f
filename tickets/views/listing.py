"""The list of requests, and its export."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.moments import clock as wall_clock
from accounts.templatetags.moments import reader
from tickets.cells import safe_cell
from tickets.forms.finding import Wanted, found, wanted
from tickets.models import Ticket, TicketQuerySet
from tickets.paging import Page, page_of
from tickets.views.doors import CustomerRequest, door, standing
from tickets.views.drafts import drafts_line
from tickets.views.rows import rows_of, with_joins

PAGE_SIZE = 25
EXPORT_SIZE = 20_000
_COLUMNS = (
    "number",
    "organization",
    "subject",
    "status",
    "severity",
    "support_type",
    "category",
    "product",
    "requester",
    "submitted_at",
    "next_due_at",
    "closed_at",
    "reopen_until",
)


@door("GET", "HEAD")
def listing(request: CustomerRequest) -> HttpResponseBase:
    """Requests by state and filters, a page at a time."""
    want = wanted(request.GET)
    tickets = found(Ticket.objects.visible_to(request.user, request.at), want, request.user, request.at)
    page = page_of(with_joins(tickets), want.order, want.cursor, PAGE_SIZE)
    several = len(standing(request).organization_ids) > 1
    context = {
        "want": want,
        "rows": rows_of(page.rows, request.user, request.at, several=several),
        "tabs": _tabs(want, request.GET),
        "filters": _filters(request, want),
        "pager": _pager(page, request),
        "export": _address(request.GET, cursor=""),
        "reset": reverse("tickets:list") + _address(QueryDict(), state=want.state),
        **drafts_line(request),
    }
    return render(request, "tickets/list.html", context)


def _tabs(want: Wanted, query: QueryDict) -> list[dict[str, Any]]:
    names = {
        "open": _("Open"),
        "waiting": _("Waiting for you"),
        "resolved": _("Resolved"),
        "closed": _("Recently closed"),
        "all": _("All"),
    }
    return [
        {"words": words, "url": _address(query, state=state, cursor=""), "current": state == want.state}
        for state, words in names.items()
    ]


def _filters(request: CustomerRequest, want: Wanted) -> list[dict[str, Any]]:
    mine = {
        "label": _("Asked by"),
        "value": _("you") if want.mine else "",
        "clear_url": _address(request.GET, mine="", cursor=""),
        "choices": [
            {"words": _("You"), "url": _address(request.GET, mine="1", cursor=""), "current": want.mine},
        ],
    }
    reached = standing(request).organizations
    if len(reached) < 2:
        return [mine]
    chosen = next((row.name for row in reached if row.slug == want.organization), "")
    return [
        mine,
        {
            "label": _("Organization"),
            "value": chosen or want.organization,
            "clear_url": _address(request.GET, organization="", cursor=""),
            "choices": [
                {
                    "words": row.name,
                    "url": _address(request.GET, organization=row.slug, cursor=""),
                    "current": row.slug == want.organization,
                }
                for row in reached
            ],
        },
    ]


def _pager(page: Page[Ticket], request: CustomerRequest) -> dict[str, str]:
    zone, _language = reader()
    as_of = wall_clock(request.at, zone)
    return {
        "words": _("%(n)s on this page, as of %(time)s") % {"n": len(page.rows), "time": as_of},
        "earlier_url": _address(request.GET, cursor=page.earlier) if page.earlier else "",
        "later_url": _address(request.GET, cursor=page.later) if page.later else "",
    }


def _address(query: QueryDict, **changes: str) -> str:
    """The page's query with some values changed; an empty one takes it out."""
    changed = query.copy()
    for name, value in changes.items():
        if value:
            changed[name] = value
        else:
            changed.pop(name, None)
    return f"?{changed.urlencode()}" if changed else "?"


@door("GET", "HEAD")
def export(request: CustomerRequest, written: str) -> HttpResponseBase:
    """The rows that the filters find, as CSV or JSON, sent as they are read."""
    want = wanted(request.GET)
    tickets = found(Ticket.objects.visible_to(request.user, request.at), want, request.user, request.at)
    rows = _exported(tickets.order_by("-number"), request)
    lines, kind = (_csv(rows), "text/csv") if written == "csv" else (_json(rows), "application/json")
    response = StreamingHttpResponse(lines, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="requests-{request.at:%Y-%m-%d}.{written}"'
    return response


def _exported(tickets: TicketQuerySet, request: CustomerRequest) -> Iterator[list[Any]]:
    read = tickets.select_related("organization", "requester")[:EXPORT_SIZE]
    for ticket in read.iterator(chunk_size=500):
        facts = {
            "organization": ticket.organization.slug,
            "status": ticket.status_at(request.at).value,
            "requester": ticket.requester.name,
            "closed_at": ticket.closed_instant(request.at),
        }
        yield [facts[name] if name in facts else getattr(ticket, name) for name in _COLUMNS]


class _Line:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterator[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    # The mark tells spreadsheets that this is UTF-8.
    yield "\ufeff" + writer.writerow(_COLUMNS)
    for row in rows:
        yield writer.writerow([safe_cell(_plain(value)) for value in row])


def _json(rows: Iterator[list[Any]]) -> Iterator[str]:
    opening = "["
    for row in rows:
        facts = {name: _plain(value) for name, value in zip(_COLUMNS, row, strict=True)}
        yield opening + json.dumps(facts, ensure_ascii=False)
        opening = ",\n"
    yield "[]" if opening == "[" else "]\n"


def _plain(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value
