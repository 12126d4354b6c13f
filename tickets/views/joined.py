"""Requests that belong together, as a customer sees them: merged, linked and split, as far as they exist."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tickets.link_views import links_of
from tickets.models import Ticket
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
