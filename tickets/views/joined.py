"""Requests that belong together, as a customer sees them: merged, linked and split, as far as they exist."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tickets.link_views import links_of
from tickets.models import Ticket
from tickets.origins import Brought, Promise, brought_by_merges
from tickets.views.doors import CustomerRequest
from tickets.views.promises import promise_words

MOST = 20


def joined_context(request: CustomerRequest, ticket: Ticket) -> dict[str, Any]:
    """What the request's page says of others. Three queries; more for a merged one."""
    seen = Ticket.objects.visible_to(request.user, request.at)
    return {
        "is_merged": ticket.merged_into_id is not None,
        "survivor": _seen_survivor(request, ticket),
        "links": links_of(ticket, seen),
        "merged_in": list(seen.filter(merged_into=ticket).order_by("number")[:MOST]),
    }


def origin_words(request: CustomerRequest, ticket: Ticket) -> dict[Promise, str]:
    """From which request a promise came, by metric and cycle; one that is not the reader's has no number."""
    brought = brought_by_merges(ticket)
    if not brought:
        return {}
    numbers = {one.number for one in brought.values()}
    seen = Ticket.objects.visible_to(request.user, request.at).filter(pk__in=numbers)
    shown = dict(seen.values_list("pk", "subject"))
    return {promise: _origin(one, shown) for promise, one in brought.items()}


def _origin(brought: Brought, shown: dict[int, str]) -> str:
    words = {"number": brought.number, "subject": shown.get(brought.number, "")}
    if brought.number not in shown:
        if brought.whole:
            return _("This promise came with another request that was merged into this one.")
        return _("Its time is that of another request that was merged into this one: the earlier of the two.")
    if brought.whole:
        return (
            _("This promise came with #%(number)s, %(subject)s, which was merged into this request.") % words
        )
    said = _(
        "Its time is that of #%(number)s, %(subject)s, which was merged into this request: it is earlier."
    )
    return said % words


def reached(request: CustomerRequest, ticket: Ticket) -> HttpResponseRedirect:
    """After a message on a merged request: to where it went, if the reader may see that."""
    survivor = _seen_survivor(request, ticket)
    if survivor is None:
        messages.success(request, _("Sent. It reached the people who work on this."))
        return redirect("tickets:detail", number=ticket.pk)
    words = {"old": ticket.pk, "number": survivor.pk}
    said = _("Sent. #%(old)s goes on here, in #%(number)s, and so does your message.") % words
    messages.success(request, f"{said} {promise_words(survivor, request.at)}".strip())
    return redirect("tickets:detail", number=survivor.pk)


def _seen_survivor(request: CustomerRequest, ticket: Ticket) -> Ticket | None:
    if ticket.merged_into_id is None:
        return None
    seen = Ticket.objects.visible_to(request.user, request.at).select_related("plan__edition__policy")
    return seen.filter(pk=ticket.survivor.pk).first()
