"""Escalate, acknowledge a level, and end an escalation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tickets import actions
from tickets.admin.verbs.basics import Again, Verb, plain, reason_of
from tickets.models import Ticket


def escalate(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """``level`` is the one on the page, 0 for none: a double click is one level."""
    done = _("Escalated. Those on duty and the customer are told.")
    return plain(request, ticket, done, actions.escalate, reason=reason_of(request), level=_level(request))


def acknowledge(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """``level`` is the one on the page that was read: one reached since is not acknowledged unseen."""
    done = _("Acknowledged. The next level does not come by itself; the customer is told.")
    return plain(request, ticket, done, actions.acknowledge, level=_level(request))


def end(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    done = _("The escalation has ended. The customer is told.")
    return plain(request, ticket, done, actions.end_escalation, reason=reason_of(request))


def _level(request: HttpRequest) -> int | None:
    level = request.POST.get("level", "")
    return int(level) if level.isdecimal() and len(level) < 5 else None


VERBS: dict[str, Verb] = {"escalate": escalate, "acknowledge": acknowledge, "end_escalation": end}
