"""The first page: does anything wait for me, and what is promised next."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.standing import standing_of
from plans.held import held_by, next_days_off
from plans.hours import hours_in_words
from tickets.enums import Status
from tickets.models import Ticket
from tickets.views.doors import CustomerRequest
from tickets.views.drafts import drafts_line
from tickets.views.rows import rows_of, with_joins

MOST_WAITING, MOST_PROMISED, MOST_RESOLVED = 5, 6, 3


@require_http_methods(["GET", "HEAD"])
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, what is promised next, the terms in short. Staff go to their own page."""
    if request.user.is_staff:
        return redirect("admin:index")
    at: datetime = request.at  # type: ignore[attr-defined]
    reader = cast(User, request.user)
    standing = standing_of(reader, at)
    organizations = standing.organizations
    organization = organizations[0] if len(organizations) == 1 else None
    held = held_by(organization, at) if organization else None
    context: dict[str, Any] = _requests(reader, at, several=len(organizations) > 1)
    context |= {
        "organization": organization,
        "organizations": organizations,
        "held": held,
        "hours": hours_in_words(held.coverage, get_language() or "en") if held else [],
        "next_closed": next(iter(next_days_off(held.coverage, at, 1)), None) if held else None,
        "may_ask": any(standing.may_act_for(row.pk) for row in organizations),
        **drafts_line(cast(CustomerRequest, request)),
    }
    return render(request, "portal/home.html", context)


def _requests(reader: User, at: datetime, several: bool) -> dict[str, Any]:
    """Waiting, promised next and resolved requests: three queries for the tickets, two for their rows."""
    seen = with_joins(Ticket.objects.visible_to(reader, at))
    waiting = list(seen.filter(status=Status.WAITING).order_by("waiting_since", "number")[: MOST_WAITING + 1])
    working = seen.filter(status__in=(Status.NEW, Status.OPEN, Status.ON_HOLD))
    promised = list(working.by_next_promise()[: MOST_PROMISED + 1])
    resolved = list(seen.resolved_at(at).order_by("-number")[:MOST_RESOLVED])
    shown = [*waiting[:MOST_WAITING], *promised[:MOST_PROMISED], *resolved]
    rows = {row.number: row for row in rows_of(shown, reader, at, several=several)}
    return {
        "waiting": [rows[ticket.pk] for ticket in waiting[:MOST_WAITING]],
        "count_waiting": min(len(waiting), MOST_WAITING),
        "more_waiting": len(waiting) > MOST_WAITING,
        "promised": [rows[ticket.pk] for ticket in promised[:MOST_PROMISED]],
        "more_promised": len(promised) > MOST_PROMISED or len(waiting) > MOST_WAITING,
        "count_open": len(promised) + len(waiting),
        "resolved": [rows[ticket.pk] for ticket in resolved],
    }
