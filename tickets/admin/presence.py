"""Someone else is writing: what the ticket page says of others who have it open, asked every 20 seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from tickets.actions.presence import be_present, others_on
from tickets.models import Ticket


def present(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Note who asks, and say who else is there; an empty answer where that is as the page shows it."""
    user: User = request.user  # type: ignore[assignment]
    at: datetime = request.at  # type: ignore[attr-defined]
    be_present(ticket=ticket, user=user, at=at)
    context = present_context(ticket, user, at)
    if request.POST.get("known") == context["known"]:
        return HttpResponse(status=204)
    return render(request, "admin/tickets/ticket/_present.html", context)


def present_context(ticket: Ticket, user: User, at: datetime) -> dict[str, Any]:
    """The others, and a sign by which the page tells whether something changed."""
    others = others_on(ticket, user, at)
    return {"others": others, "known": " ".join(f"{row.user_id}-{row.doing}" for row in others) or "none"}
