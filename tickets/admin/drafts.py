"""The draft of an answer or a note: saved while its writer types, for them alone; and that they write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions import Place, discard_draft, draft_at
from tickets.actions.presence import be_present
from tickets.forms.drafts import ANSWER_FIELDS, DraftBox, fields_of, save_typed, shown
from tickets.models import Draft, Ticket

MOST_SHOWN = 5


def draft(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Save or discard it; a POST of the answer form."""
    place = place_of(request, ticket)
    if "discard" in request.POST:
        discard_draft(place=place)
        messages.success(request, _("The draft is gone."))
        return HttpResponseRedirect(page_url(ticket))
    box = kept(request, ticket)
    be_present(ticket=ticket, user=place.user, at=request.at)  # type: ignore[attr-defined]
    return JsonResponse(box.document(), status=box.status)


def place_of(request: HttpRequest, ticket: Ticket) -> Place:
    user: User = request.user  # type: ignore[assignment]
    return Place(user=user, ticket=ticket)


def restored(request: HttpRequest, ticket: Ticket) -> tuple[DraftBox, dict[str, Any]]:
    """The box of the answer form, and what was typed in it before. One query."""
    found = draft_at(place_of(request, ticket))
    return shown(draft_url(ticket), found), fields_of(found)


def kept(request: HttpRequest, ticket: Ticket) -> DraftBox:
    """What was just posted, kept."""
    at: datetime = request.at  # type: ignore[attr-defined]
    return save_typed(place_of(request, ticket), draft_url(ticket), ANSWER_FIELDS, request.POST, at)


def draft_url(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_draft", args=[ticket.pk])


def page_url(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk]) + "#reply"


def drafts_line(user: User, at: datetime) -> dict[str, Any]:
    """The reader's own drafts with their addresses, the newest first, and whether there are more."""
    rows = list(Draft.objects.reachable_by(user, at).exclude(ticket=None)[: MOST_SHOWN + 1])
    shown_rows = [
        {"url": page_url(row.ticket), "ticket": row.ticket, "at": row.updated_at}
        for row in rows[:MOST_SHOWN]
        if row.ticket is not None
    ]
    return {"drafts": shown_rows, "more_drafts": len(rows) > MOST_SHOWN}
