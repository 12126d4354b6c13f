"""Objecting to what support has noted as out of scope."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.punctuation import labelled
from tickets.actions import Refused
from tickets.actions.exclusions import object_to
from tickets.exclusion_views import promise_words
from tickets.forms.scope import WordsForm
from tickets.models import ExclusionNote, Ticket
from tickets.views.doors import CustomerRequest, acting_for, begun, door, may_act, reading_only, ticket_for

INVALID, FORBIDDEN, CONFLICT = 422, 403, 409


@door("GET", "HEAD", "POST")
def object_to_exclusion(request: CustomerRequest, number: int, pk: int) -> HttpResponseBase:
    """First what an objection is, then made: once for each exclusion."""
    ticket = ticket_for(request, number)
    note = ticket.exclusions.told().filter(pk=min(pk, 2**63 - 1)).first()
    if note is None:
        raise Http404
    form = _form(request.POST) if request.method == "POST" else begun(request, _form())
    refusal, status = _obstacle(request, ticket, note)
    if request.method == "POST" and refusal is None:
        if not form.is_valid():
            status = INVALID
        else:
            try:
                object_to(note=note, actor=request.user, at=request.at, text=form.cleaned_data["reason"])
            except Refused as error:
                refusal, status = error, CONFLICT
            else:
                messages.success(request, _("Sent. A lead looks at it and answers here."))
                return redirect(reverse("tickets:detail", args=[ticket.pk]) + "#h-scope")
    return render(
        request,
        "tickets/act.html",
        {
            "title": _("Object to an exclusion"),
            "sentences": [
                labelled(_about(note), note.text),
                _("You object once. A lead looks at it again, upholds or withdraws it, and answers you."),
            ],
            "verb": _("Send the objection"),
            "ticket": ticket,
            "form": form,
            "refusal": refusal,
            "can": refusal is None,
            "acting_for": acting_for(request, ticket.organization),
        },
        status=status,
    )


def _obstacle(request: CustomerRequest, ticket: Ticket, note: ExclusionNote) -> tuple[Refused | None, int]:
    """Why the reader may not object, and the status that says so."""
    if not may_act(request, ticket):
        return reading_only(request, ticket), FORBIDDEN
    if note.may_be_objected_to:
        return None, 200
    over = Refused(
        "objected_already",
        _("An objection is made once, while the exclusion stands."),
        _("Go back to the request: it shows what became of it."),
    )
    return over, CONFLICT


def _about(note: ExclusionNote) -> str:
    metric, cycle = (note.clock.metric, note.clock.cycle) if note.clock else ("", 1)
    return promise_words(metric, cycle, for_staff=False)


def _form(data: Any = None) -> WordsForm:
    return WordsForm(data, words=_("Why do you object?"), missing=_("Write what you see otherwise."))
