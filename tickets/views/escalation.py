"""Ask for a lead: the page that says who hears, asks why, and escalates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tickets.actions import Refused, Stale, escalate
from tickets.actions.escalating import at_top, not_in_plan
from tickets.actions.history import told_version
from tickets.actions.refusals import move_not_allowed
from tickets.enums import UNSOLVED, Side
from tickets.escalation_views import ladder_of, next_level, why_no_lead
from tickets.forms.escalating import EscalateForm
from tickets.models import Ticket
from tickets.views.doors import CustomerRequest, acting_for, begun, door, may_act, reading_only, ticket_for

INVALID, FORBIDDEN, CONFLICT = 422, 403, 409


@door("GET", "HEAD", "POST")
def ask_for_a_lead(request: CustomerRequest, number: int) -> HttpResponseBase:
    """The level that asking leads to, why, and done."""
    ticket = ticket_for(request, number)
    refusal, status = _obstacle(request, ticket)
    form = _form(ticket, request.POST) if request.method == "POST" else begun(request, _form(ticket))
    if request.method == "POST" and refusal is None:
        if not form.is_valid():
            return _page(request, ticket, form, None, INVALID)
        try:
            _escalate(request, ticket, form)
        except Refused as error:
            return _page(request, ticket, form, error, FORBIDDEN)
        except Stale:
            ticket.refresh_from_db()
            typed = request.POST.copy()
            typed["version"] = str(told_version(ticket))
            return _page(request, ticket, _form(ticket, typed), _changed_meanwhile(), CONFLICT, can=True)
        return redirect("tickets:detail", number=ticket.pk)
    return _page(request, ticket, form, refusal, status)


def _escalate(request: CustomerRequest, ticket: Ticket, form: EscalateForm) -> None:
    escalate(
        ticket=ticket,
        actor=request.user,
        at=request.at,
        reason=form.cleaned_data["reason"],
        side=Side.CUSTOMER,
        expected_version=form.cleaned_data["version"],
    )
    ladder = ladder_of(ticket, request.at)
    if ladder is not None:
        messages.success(
            request, _("Your request is now with: %(name)s. They are told.") % {"name": ladder.now.name}
        )


def _obstacle(request: CustomerRequest, ticket: Ticket) -> tuple[Refused | None, int]:
    """Why the reader may not ask, and the status that says so; the verb says what is left."""
    if not may_act(request, ticket):
        return reading_only(request, ticket), FORBIDDEN
    if not ticket.plan.customer_may_escalate or not ticket.plan.escalation_levels.exists():
        return not_in_plan(), FORBIDDEN
    status = ticket.status_at(request.at)
    if status not in UNSOLVED:
        return move_not_allowed(str(status.label).lower()), CONFLICT
    ladder = ladder_of(ticket, request.at)
    if ladder is not None and ladder.next is None:
        return at_top(ladder.now.name), CONFLICT
    return None, 200


def _page(
    request: CustomerRequest,
    ticket: Ticket,
    form: EscalateForm,
    refusal: Refused | None,
    status: int,
    *,
    can: bool = False,
) -> HttpResponseBase:
    ladder = ladder_of(ticket, request.at)
    name = next_level(ticket, ladder)
    context: dict[str, Any] = {
        "title": _("Ask for a lead"),
        "sentences": [
            _("Your request goes to: %(name)s. They are told at once, and you see who takes over.")
            % {"name": name},
            _("Its promises go on as they are. Your reason stands in the conversation."),
        ],
        "verb": _("Ask for a lead"),
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "can": can or (refusal is None and name != ""),
        "acting_for": acting_for(request, ticket.organization),
    }
    return render(request, "tickets/act.html", context, status=status)


def _form(ticket: Ticket, data: Any = None) -> EscalateForm:
    return EscalateForm(data, initial={"version": told_version(ticket)})


def _changed_meanwhile() -> Refused:
    return Refused(
        "stale",
        _("Somebody changed the request while this page was open."),
        _("Look at it again. What you wrote is kept below: send it once more if it still holds."),
    )


def lead_context(ticket: Ticket, at: datetime, acts: bool) -> dict[str, Any]:
    """What the request page shows of it: the ladder, and whether a lead may be asked for."""
    may_ask = acts and ticket.status_at(at) in UNSOLVED
    found = ladder_of(ticket, at)
    return {
        "ladder": found,
        "may_ask_for_a_lead": may_ask,
        "no_lead": why_no_lead(ticket, found, at) if may_ask else "",
    }
