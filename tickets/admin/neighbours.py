"""From a request's page back to the view it was opened from, and on to the next one of that view.

The address of the page carries the view and the place of the row in it. The place is the one that the row had
when the view was shown: an answer moves the request in the queue, and the next one is still the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tickets.desk.asked import Asked, asked_in
from tickets.desk.counting import desk_of
from tickets.models import Ticket
from tickets.paging import beside, cursor_at

VIEW, PLACE = "view", "place"


@dataclass(frozen=True)
class Neighbours:
    """``asked`` is the view; ``earlier`` and ``later`` are addresses of pages, empty at an end of it."""

    asked: Asked
    back_url: str
    earlier: str = ""
    later: str = ""


def place_of_row(asked: Asked, ticket: Ticket) -> str:
    """What the address of a row's page takes along."""
    return "?" + urlencode({VIEW: asked.query(), PLACE: cursor_at(asked.order, ticket)})


def place_in(request: HttpRequest) -> str:
    """The same, as this request's own address has it; empty where the page was opened from no view."""
    given = {name: request.GET[name] for name in (VIEW, PLACE) if request.GET.get(name)}
    return "?" + urlencode(given) if VIEW in given else ""


def neighbours(request: HttpRequest, ticket: Ticket) -> Neighbours | None:
    """The requests before and after this one in its view; None without a view. Two queries."""
    asked = asked_in(request.GET.get(VIEW, ""))
    if asked is None:
        return None
    back = f"{reverse('admin:tickets_ticket_changelist')}?{asked.query()}"
    rows = desk_of(request).rows(asked).exclude(pk=ticket.pk)
    place = request.GET.get(PLACE, "")
    earlier, later = (beside(rows, asked.order, place, backwards) for backwards in (True, False))
    return Neighbours(asked, back, _page_of(asked, earlier), _page_of(asked, later))


def after(request: HttpRequest, ticket: Ticket) -> str:
    """Where one goes on after this request: the next of its view, else the view; empty without one."""
    there = neighbours(request, ticket)
    return "" if there is None else there.later or there.back_url


def still_there(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A redirect to a request's page goes on carrying the view that this request's address names."""
    place = place_in(request)
    target = response.get("Location", "")
    pages = reverse("admin:tickets_ticket_changelist")
    path, hash_, anchor = target.partition("#")
    if place and path.startswith(pages) and path.endswith("/change/"):
        response["Location"] = path + place + hash_ + anchor
    return response


def _page_of(asked: Asked, ticket: Ticket | None) -> str:
    if ticket is None:
        return ""
    return reverse("admin:tickets_ticket_change", args=[ticket.pk]) + place_of_row(asked, ticket)
