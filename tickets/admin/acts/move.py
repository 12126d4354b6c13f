"""Moving a request to the organization it belongs to: where, under which promises, then the act."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.models import Organization
from plans.decision import Decision, terms_in_force
from plans.terms import terms_for
from tickets.actions import Refused, Stale, move_to_organization
from tickets.actions.relocating import (
    check_may_move,
    check_movable,
    decision_after_move,
    organizations_open_to,
)
from tickets.admin.acts.parts import back_to, changed_meanwhile, page_context
from tickets.admin.related import MAY_MOVE
from tickets.clock_views import label
from tickets.forms.joining import RelocateForm, WhereForm
from tickets.models import Ticket
from timekeeping import Event, replay


def view(request: HttpRequest, ticket: Ticket, base: dict[str, Any]) -> HttpResponse:
    """For leads and managers: where it belongs, what is promised there, and the act."""
    if not request.user.has_perms(MAY_MOVE):  # type: ignore[union-attr]
        raise PermissionDenied
    at = request.at  # type: ignore[attr-defined]
    organizations = organizations_open_to(ticket, at)
    acting = request.method == "POST"
    data = request.POST if acting else (request.GET if "to" in request.GET else None)
    to = _chosen(organizations, data)
    severities = _severities(ticket, to)
    kind = RelocateForm if acting else WhereForm
    form: Any = kind(data, organizations=organizations, severities=severities)
    valid = data is not None and form.is_valid()
    refusal: Refused | None = None
    decision: Decision | None = None
    try:
        check_movable(ticket, at)
        if to is not None:
            check_may_move(ticket, to, at)
        if acting and valid:
            return _moved(request, ticket, form)
    except Refused as error:
        refusal = error
    except Stale:
        refusal = changed_meanwhile()
        ticket.refresh_from_db()
    if to is not None and (refusal is None or refusal.code == "stale"):
        decision = decision_after_move(ticket, to, data.get("severity", "") if data else "", "")
    context = page_context(base, ticket, _("Move to another organization"), refusal) | {
        "form": form,
        "organizations": organizations,
        "to": to,
        "decision": decision,
        "clocks": _clocks(ticket, to, decision, at),
        "act_form": _act_form(ticket, form, to, acting, organizations, severities),
    }
    status = 409 if refusal else 400 if acting and form.errors else 200
    return TemplateResponse(request, "admin/tickets/acts/move.html", context, status=status)


def _moved(request: HttpRequest, ticket: Ticket, form: Any) -> HttpResponse:
    given = form.cleaned_data
    new = move_to_organization(
        ticket=ticket,
        to=given["to"],
        actor=request.user,  # type: ignore[arg-type]
        at=request.at,  # type: ignore[attr-defined]
        reason=given["reason"],
        severity=given.get("severity", ""),
        expected_version=given["version"],
    )
    messages.success(request, _("Moved: it goes on here, as #%(number)s.") % {"number": new.pk})
    return back_to(new)


def _act_form(
    ticket: Ticket, form: Any, to: Organization | None, acting: bool, organizations: Any, severities: Any
) -> Any:
    if to is None:
        return None
    if acting and form.errors:
        return form
    initial = {
        "to": to.slug,
        "severity": form.data.get("severity", ""),
        "reason": form.data.get("reason", "") if acting else "",
        "version": ticket.version,
    }
    return RelocateForm(initial=initial, organizations=organizations, severities=severities)


def _chosen(organizations: list[Organization], data: Any) -> Organization | None:
    slug = data.get("to", "") if data is not None else ""
    return next((row for row in organizations if row.slug == slug), None)


def _severities(ticket: Ticket, to: Organization | None) -> list[tuple[str, str]]:
    in_force = terms_in_force(to, ticket.submitted_at, ticket.product or None) if to is not None else None
    if in_force is None:
        return []
    return [(row.code, row.marked()) for row in in_force.edition.severities.all()]


def _clocks(
    ticket: Ticket, to: Organization | None, decision: Decision | None, at: Any
) -> list[dict[str, Any]]:
    """What would be promised there, counted from the first submission."""
    if to is None or decision is None or decision.is_refused or decision.plan is None:
        return []
    terms = terms_for(
        decision.plan,
        coverage=decision.coverage_option or None,
        support_type=decision.support_type or None,
        time_zone=to.time_zone,
        own_targets=decision.contract.own_targets if decision.contract else None,
    )
    submitted = Event(at=ticket.submitted_at, do="submit", severity=decision.severity)
    return [
        {"label": label(clock.metric, True), "due_at": clock.due_at, "missed": clock.state == "missed"}
        for clock in replay(terms, [submitted], max(at, ticket.submitted_at)).clocks
    ]
