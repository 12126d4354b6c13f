"""The promises of a request as its page shows them: with what they come from, and why they are paused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from plans.pictures.clockview import PAUSED, ClockView
from tickets.clock_views import clock_views, label
from tickets.enums import EventKind, Metric, Status
from tickets.models import Ticket
from tickets.views.doors import CustomerRequest
from tickets.views.joined import origin_words


def shown_clocks(request: CustomerRequest, ticket: Ticket) -> list[ClockView]:
    """Every promise of the request, the one to look at first at its head; one without a time for none."""
    terms_url = f"{reverse('plans:your_support')}?organization={ticket.organization.slug}"
    held = _held_since(ticket)
    origins = origin_words(request, ticket)
    return [
        replace(
            clock,
            origin=origins.get((clock.metric, clock.cycle), ""),
            terms_url=terms_url,
            why_url=f"?clock={clock.metric}-{clock.cycle}#promise" if clock.explanation else "",
            pause_reason=_pause_reason(ticket, clock),
            explanation=tuple(
                replace(one, name=_("On hold")) if one.kind == PAUSED and one.start in held else one
                for one in clock.explanation
            ),
        )
        for clock in clock_views(ticket, request.at)
    ] or [ClockView(Metric.FIRST_RESPONSE, label(Metric.FIRST_RESPONSE, False), "none", ticket.submitted_at)]


def _held_since(ticket: Ticket) -> set[datetime]:
    """When the request was put on hold, where that pauses promises; a query only where the plan says so."""
    if not ticket.plan.pause_on_hold:
        return set()
    return set(ticket.events.filter(kind=EventKind.HOLD).values_list("at", flat=True))


def _pause_reason(ticket: Ticket, clock: ClockView) -> str:
    """Why a promise is paused now, or was: the customer is not asked for what somebody else owes."""
    if ticket.status == Status.WAITING:
        return _("We wait for your answer")
    if ticket.status == Status.ON_HOLD and clock.state == "paused":
        return _("On hold: we wait for somebody else")
    return _("Waiting for you")


def chosen_clock(clocks: list[ClockView], wanted: str) -> ClockView:
    """The clock that the address names, or the one to look at first."""
    return next((clock for clock in clocks if f"{clock.metric}-{clock.cycle}" == wanted), clocks[0])


def heading_of(clock: ClockView) -> str:
    """What stands over the promise where its own name would not say it; empty for the name."""
    if clock.state in ("running", "soon", "missed") and clock.metric == Metric.NEXT_UPDATE:
        return _("Next news from us by")
    return ""
