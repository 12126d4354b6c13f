"""Note an exclusion, withdraw it, answer the customer's objection; log work and void it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tickets.actions import Refused
from tickets.actions.exclusions import answer_objection, exclude, withdraw_exclusion
from tickets.actions.work import log_work, void_work
from tickets.admin.page import TicketPage
from tickets.admin.scope import ANSWER, exclude_form, work_form
from tickets.admin.verbs.basics import Again, Verb, at_of, back
from tickets.forms.scope import ExcludeForm, WordsForm
from tickets.models import Clock, ExclusionNote, Ticket

PANEL, WORK = "#h-scope", "#h-work"


def note_exclusion(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """A note beside the request or a promise; the customer is told."""
    page = TicketPage(request, ticket)
    form = exclude_form(page, page.reading(), request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        page.forms["exclude"] = form
        return again(page, 400)
    given = form.cleaned_data
    try:
        exclude(
            ticket=ticket,
            actor=page.user,
            at=page.at,
            code=given["code"],
            clock=_clock(ticket, given["promise"]),
            text=given["text"],
        )
    except Refused as refusal:
        form.add_error("promise", f"{refusal.detail} {refusal.next_step}")
        page.forms["exclude"] = form
        return again(page, 409)
    messages.success(request, _("Noted. The customer is told, and may object."))
    return back(ticket, PANEL)


def withdraw(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """Withdraw an exclusion, with a reason."""
    by = _by(request)
    return _said(
        request,
        ticket,
        _("Withdrawn. The customer is told."),
        lambda note, text: withdraw_exclusion(note=note, reason=text, **by),
    )


def answer(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """Uphold the exclusion or withdraw it, for leads and managers."""
    if not request.user.has_perm(ANSWER):  # type: ignore[union-attr]
        raise PermissionDenied
    by, is_upheld = _by(request), request.POST.get("outcome") == "upheld"
    return _said(
        request,
        ticket,
        _("Answered. The customer is told."),
        lambda note, text: answer_objection(note=note, is_upheld=is_upheld, text=text, **by),
    )


def _said(
    request: HttpRequest, ticket: Ticket, done: str, verb: Callable[[ExclusionNote, str], object]
) -> HttpResponse:
    """Call a verb with the note that is meant and the sentence that goes with it."""
    note: ExclusionNote = _of(ticket.exclusions, request.POST.get("note", ""))
    form = WordsForm(request.POST, prefix="words", missing=_("Write a sentence that the customer reads."))
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return back(ticket, PANEL)
    try:
        verb(note, form.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, f"{refusal.detail} {refusal.next_step}")
    else:
        messages.success(request, done)
    return back(ticket, PANEL)


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "at": at_of(request)}


def _of(rows: Any, given: str) -> Any:
    """The row of a request that a form names; 404 where there is none."""
    # 18 digits fit the column.
    row = rows.filter(pk=int(given)).first() if given.isdecimal() and len(given) <= 18 else None
    if row is None:
        raise Http404
    return row


def _clock(ticket: Ticket, promise: str) -> Clock | None:
    """The clock of ``metric-cycle``; None where the whole request is meant."""
    if promise == ExcludeForm.WHOLE:
        return None
    metric, _dash, cycle = promise.rpartition("-")
    return ticket.clocks.get(metric=metric, cycle=int(cycle))


def log(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """Time that was worked; the customer learns of it only by what is charged."""
    page = TicketPage(request, ticket)
    form = work_form(page, request.POST)
    page.forms["work"] = form
    if not form.is_valid():
        return again(page, 400)
    given = form.cleaned_data
    try:
        log_work(
            ticket=ticket,
            actor=page.user,
            at=page.at,
            seconds=given["length"],
            worked_until=given["worked_until"] or page.at,
            text=given["text"],
            is_billable=given.get("is_billable", False),
        )
    except Refused as refusal:
        form.add_error("length", f"{refusal.detail} {refusal.next_step}")
        return again(page, 409)
    messages.success(request, _("Logged."))
    return back(ticket, WORK)


def void(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """Take a mistaken entry back, with a reason."""
    entry = _of(ticket.work, request.POST.get("entry", ""))
    form = WordsForm(request.POST, prefix="words", missing=_("Write what was wrong about the entry."))
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return back(ticket, WORK)
    try:
        void_work(entry=entry, reason=form.cleaned_data["reason"][:500], **_by(request))
    except Refused as refusal:
        messages.error(request, f"{refusal.detail} {refusal.next_step}")
    else:
        messages.success(request, _("Voided: it counts no more."))
    return back(ticket, WORK)


VERBS: dict[str, Verb] = {
    "exclude": note_exclusion,
    "withdraw_exclusion": withdraw,
    "answer_objection": answer,
    "log_work": log,
    "void_work": void,
}
