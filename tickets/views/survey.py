"""Rating a closed request: by who asked, or an administrator, while its window lasts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tickets.actions import Refused
from tickets.actions.surveys import rate, survey_over
from tickets.forms.surveys import SurveyForm
from tickets.models import Survey, Ticket
from tickets.views.doors import CustomerRequest, acting_for, begun, door, may_act, standing, ticket_for

INVALID, FORBIDDEN, CONFLICT = 422, 403, 409


@door("GET", "HEAD", "POST")
def survey(request: CustomerRequest, number: int, cycle: int) -> HttpResponseBase:
    """Five words to choose from, and room for a comment; changed the same way."""
    ticket = ticket_for(request, number)
    asked = ticket.surveys.filter(cycle=min(cycle, 2**31 - 1)).first()
    if asked is None:
        raise Http404
    # A comment is read by its writer and by support: who answers for somebody else neither sees nor loses it.
    is_own = asked.answered_by_id in (None, request.user.pk)
    first = {"score": asked.score, "comment": asked.comment if is_own else ""}
    form = begun(request, SurveyForm(request.POST or None, initial=first))
    refusal, status = _obstacle(request, ticket, asked)
    if request.method == "POST" and refusal is None:
        if not form.is_valid():
            status = INVALID
        else:
            given = form.cleaned_data
            try:
                rate(survey=asked, actor=request.user, at=request.at, **given)
            except Refused as error:
                refusal, status = error, CONFLICT
            else:
                messages.success(request, _("Thank you. You may change it until the time to reopen is over."))
                return redirect("tickets:detail", number=ticket.pk)
    context = {
        "ticket": ticket,
        "survey": asked,
        "form": form,
        "refusal": refusal,
        "acting_for": acting_for(request, ticket.organization),
    }
    return render(request, "tickets/survey.html", context, status=status)


def may_rate(request: CustomerRequest, ticket: Ticket) -> bool:
    """Whoever asked, as far as they may still act there, or an administrator."""
    is_theirs = ticket.requester_id == request.user.pk
    return may_act(request, ticket) and (is_theirs or standing(request).administers(ticket.organization_id))


def survey_of(request: CustomerRequest, ticket: Ticket) -> Survey | None:
    """The newest survey of a closed request that the reader may answer or change now. One query."""
    if not may_rate(request, ticket):
        return None
    found = ticket.surveys.filter(until__gte=request.at).order_by("-cycle").first()
    return found if found is not None and ticket.closed_instant(request.at) == found.closed_at else None


def _obstacle(request: CustomerRequest, ticket: Ticket, asked: Survey) -> tuple[Refused | None, int]:
    if not may_rate(request, ticket):
        return _not_theirs(), FORBIDDEN
    if request.at > asked.until:
        return survey_over(), CONFLICT
    return None, 200


def _not_theirs() -> Refused:
    return Refused(
        "not_yours",
        _("A request is rated by the person who asked, or by an administrator."),
        _("Tell them what you think of it."),
    )
