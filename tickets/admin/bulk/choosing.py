"""From the ticked rows of the list to the page of an act; and taking one row oneself."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tickets import actions
from tickets.admin.page import ticket_or_404
from tickets.typed import whole_number

# What one page of the queue can hold, and more.
MOST = 100
ACTS = ("assign", "severity", "reply", "merge")


def choose(request: HttpRequest) -> HttpResponse:
    """To the act's page, with the ticked numbers in its address: it can be loaded again, and gone back to."""
    act, numbers = request.POST.get("act", ""), numbers_in(request.POST.getlist("number"))
    if act not in ACTS:
        raise Http404
    if not numbers:
        messages.warning(request, _("Tick the requests first, then choose what is done to them."))
        return HttpResponseRedirect(back_in(request.POST.get("next", "")))
    page = reverse("admin:tickets_ticket_bulk", args=[act])
    asked = {"n": ",".join(map(str, numbers)), "next": back_in(request.POST.get("next", ""))}
    return HttpResponseRedirect(f"{page}?{urlencode(asked)}")


def take(request: HttpRequest) -> HttpResponse:
    """Take one request oneself; not from somebody who took it a moment before."""
    numbers = numbers_in([request.POST.get("take", "")])
    if not numbers:
        raise Http404
    ticket = ticket_or_404(numbers[0])
    user, at = request.user, request.at  # type: ignore[attr-defined]
    try:
        actions.assign(ticket=ticket, actor=user, at=at, to=user, only_if_free=True)  # type: ignore[arg-type]
    except actions.Refused as refusal:
        messages.error(request, f"#{ticket.pk}: {refusal.detail} {refusal.next_step}")
    else:
        messages.success(request, _("#%(number)s is yours.") % {"number": ticket.pk})
    return HttpResponseRedirect(back_in(request.POST.get("next", "")))


def numbers_in(texts: list[str]) -> list[int]:
    """Numbers of requests, each once, as they were given; what is none is left out."""
    good = [number for text in texts if (number := whole_number(text)) is not None]
    return list(dict.fromkeys(good))[:MOST]


def back_in(there: str) -> str:
    """The page of the queue that is named; never another site or another page."""
    queue = reverse("admin:tickets_ticket_changelist")
    if url_has_allowed_host_and_scheme(there, allowed_hosts=None) and there.startswith(queue):
        return there
    return queue
