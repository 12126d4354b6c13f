"""Drafts of the portal: saved while somebody types, shown when they come back, discarded on their word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization
from tickets.actions import Place, discard_draft, draft_at
from tickets.forms.drafts import NEW_FIELDS, REPLY_FIELDS, DraftBox, fields_of, save_typed, shown
from tickets.models import Draft, Ticket
from tickets.views.doors import CustomerRequest, door, may_act, standing, ticket_for

MOST_SHOWN = 5


@door("POST")
def new_draft(request: CustomerRequest) -> HttpResponseBase:
    """Save or discard the draft of a new request for one organization."""
    return _answer(request, asking_place(request, _organization(request)), NEW_FIELDS)


@door("POST")
def reply_draft(request: CustomerRequest, number: int) -> HttpResponseBase:
    """Save or discard the draft of a reply; who only reads a request has none."""
    ticket = ticket_for(request, number)
    if not may_act(request, ticket):
        raise Http404
    return _answer(request, reply_place(request, ticket), REPLY_FIELDS)


def _answer(request: CustomerRequest, place: Place, names: tuple[str, ...]) -> HttpResponseBase:
    if "discard" in request.POST:
        discard_draft(place=place)
        messages.success(request, _("The draft is gone."))
        return redirect(page_url(place))
    box = save_typed(place, draft_url(place), names, request.POST, request.at)
    return JsonResponse(box.document(), status=box.status)


def asking_place(request: CustomerRequest, organization: Organization) -> Place:
    return Place(user=request.user, organization=organization)


def reply_place(request: CustomerRequest, ticket: Ticket) -> Place:
    return Place(user=request.user, ticket=ticket)


def restored(place: Place) -> tuple[DraftBox, dict[str, str]]:
    """The box of a form that is opened, and what was typed in it before. One query."""
    draft = draft_at(place)
    return shown(draft_url(place), draft), fields_of(draft)


def kept(request: CustomerRequest, place: Place) -> DraftBox:
    """What was just posted, kept: by the button, or because it was not taken as it is."""
    names = REPLY_FIELDS if place.ticket else NEW_FIELDS
    return save_typed(place, draft_url(place), names, request.POST, request.at)


def draft_url(place: Place) -> str:
    """Where the draft is saved and discarded."""
    if place.ticket is not None:
        return reverse("tickets:reply_draft", args=[place.ticket.pk])
    return reverse("tickets:new_draft")


def page_url(place: Place) -> str:
    """The page on which the draft is written on."""
    if place.ticket is not None:
        return reverse("tickets:detail", args=[place.ticket.pk]) + "#reply"
    organization = place.organization.slug if place.organization else ""
    return f"{reverse('tickets:new')}?organization={organization}"


def drafts_line(request: CustomerRequest) -> dict[str, Any]:
    """The reader's drafts for the lists: the newest with their addresses, and whether there are more."""
    rows = list(Draft.objects.reachable_by(request.user, request.at)[: MOST_SHOWN + 1])
    found = [
        {
            "url": page_url(Place(user=request.user, organization=row.organization, ticket=row.ticket)),
            "ticket": row.ticket,
            "words": fields_of(row).get("subject", ""),
            "at": row.updated_at,
        }
        for row in rows[:MOST_SHOWN]
    ]
    return {"drafts": found, "more_drafts": len(rows) > MOST_SHOWN}


def _organization(request: CustomerRequest) -> Organization:
    held = standing(request)
    slug = request.POST.get("organization", "")
    for row in held.organizations:
        if row.slug == slug and held.may_act_for(row.pk):
            return row
    raise Http404
