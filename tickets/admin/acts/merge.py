"""Merging: which request stays, what happens to each clock, then the act with its reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.actions import Refused, Stale, merge
from tickets.actions.merging import readings_after_merge
from tickets.admin.acts.parts import back_to, changed_meanwhile, page_context
from tickets.clock_views import label
from tickets.forms.joining import IntoForm, MergeForm
from tickets.models import Ticket
from timekeeping import ClockReading

MOST_OFFERED = 20


def view(request: HttpRequest, ticket: Ticket, base: dict[str, Any]) -> HttpResponse:
    """Without a number: which. With it: what would change. By POST: done."""
    acting = request.method == "POST"
    data = request.POST if acting else (request.GET if "into" in request.GET else None)
    form: Any = MergeForm(data) if acting else IntoForm(data)
    refusal: Refused | None = None
    if acting and form.is_valid():
        try:
            return _merged(request, ticket, form)
        except Refused as error:
            refusal = error
        except Stale:
            refusal = changed_meanwhile()
            ticket.refresh_from_db()
    into = form.cleaned_data.get("into") if data is not None and (form.is_valid() or acting) else None
    preview: dict[str, Any] | None = None
    if into is not None and (refusal is None or refusal.code == "stale"):
        try:
            preview = preview_of(ticket, into, request.at)  # type: ignore[attr-defined]
        except Refused as error:
            refusal = error
    context = page_context(base, ticket, _("Merge into another request"), refusal) | {
        "form": form,
        "into": into,
        "preview": preview,
        "act_form": _act_form(form, ticket, into, acting),
        "offered": _offered(ticket) if into is None else [],
        "here": request.path,
    }
    status = 409 if refusal else 400 if form.errors else 200
    return TemplateResponse(request, "admin/tickets/acts/merge.html", context, status=status)


def _merged(request: HttpRequest, ticket: Ticket, form: Any) -> HttpResponse:
    survivor = merge(
        ticket=ticket,
        into=form.cleaned_data["into"],
        actor=request.user,  # type: ignore[arg-type]
        at=request.at,  # type: ignore[attr-defined]
        reason=form.cleaned_data["reason"],
        expected_version=form.cleaned_data["version"],
    )
    said = _("#%(gone)s goes on here. Who asked it is told.") % {"gone": ticket.pk}
    messages.success(request, said)
    return back_to(survivor)


def _act_form(form: Any, ticket: Ticket, into: Ticket | None, acting: bool) -> Any:
    """The act's form for the version that is shown now, with the reason that was typed."""
    if into is None:
        return None
    if acting and form.errors:
        return form
    reason = form.data.get("reason", "") if acting else ""
    return MergeForm(initial={"into": into.pk, "version": ticket.version, "reason": reason})


def preview_of(ticket: Ticket, into: Ticket, at: datetime) -> dict[str, Any]:
    """Each clock of the two that runs or was missed, and what becomes of it.

    Raises Refused as the merge does.
    """
    before, after, other = readings_after_merge(ticket, into, at)
    rows = []
    for clock in after.clocks:
        old = before.clock(clock.metric, clock.cycle)
        if clock.is_live or (old is not None and old.is_live) or old is None:
            rows.append(_row(into, clock, _due(old), _due(clock), old is None))
    ended = [_row(ticket, clock, _due(clock), None, False) for clock in other.clocks if clock.is_live]
    missed = [label(clock.metric, True) for clock in other.clocks if clock.state == "missed"]
    return {"rows": rows, "ended": ended, "missed": missed}


def _row(ticket: Ticket, clock: ClockReading, before: Any, after: Any, starts: bool) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "label": label(clock.metric, True),
        "before": before,
        "after": after,
        "starts": starts,
        "moves": before != after,
        "paused": clock.state == "paused",
    }


def _due(clock: ClockReading | None) -> Any:
    return None if clock is None else clock.due_at or clock.would_be_due


def _offered(ticket: Ticket) -> list[dict[str, Any]]:
    """Other unsolved requests of the organization, the newest first: a merge is mostly with one of these."""
    rows = (
        Ticket.objects.unsolved()
        .filter(organization=ticket.organization_id)
        .exclude(pk=ticket.pk)
        .select_related("requester")
        .order_by("-number")[:MOST_OFFERED]
    )
    page = reverse("admin:tickets_ticket_act", args=[ticket.pk, "merge"])
    return [{"ticket": row, "url": f"{page}?into={row.pk}"} for row in rows]
