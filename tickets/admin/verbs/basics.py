"""Answer, assign, hold, severity, close, reopen, and finding out who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Team
from tickets import actions
from tickets.admin.drafts import kept, place_of
from tickets.admin.forms import AssignForm, BringInForm, ReasonForm
from tickets.admin.inserting import insert
from tickets.admin.page import TicketPage
from tickets.enums import Side
from tickets.forms.drafts import key_of, seen_in
from tickets.models import Ticket

# An answer that can't go back to the page at once: the page anew, with what was typed.
Again = Callable[[TicketPage, int], HttpResponse]
Verb = Callable[[HttpRequest, Ticket, Again], HttpResponse]


def say(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """A public answer or a note. Where somebody wrote meanwhile, both texts are shown and nothing is sent."""
    page = TicketPage(request, ticket)
    if "save_draft" in request.POST:
        return _saved(request, page, again)
    if "insert" in request.POST:
        return insert(request, page, again)
    form = page.fresh_answer(request.POST, request.FILES)
    page.forms["answer"] = form
    if not form.is_valid():
        page.forms["draft"] = kept(request, ticket)
        return again(page, 400)
    try:
        _say(request, ticket, form)
    except actions.Stale:
        page = TicketPage(request, ticket)
        page.forms["answer"] = _with_version_now(page, form)
        page.forms["conflict"] = page.said_since(form.cleaned_data["seen"] or 0) or [None]
        page.forms["draft"] = kept(request, ticket)
        return again(page, 409)
    except actions.Refused as refusal:
        page.forms["draft"] = kept(request, ticket)
        page.forms["refused"] = refusal
        return again(page, 409)
    # Who goes on to the next request reads this there.
    words = _("Note added to #%(number)s.") if form.is_note else _("Answer to #%(number)s sent.")
    messages.success(request, words % {"number": ticket.pk})
    return back(ticket.survivor, "#conversation-end")


def _saved(request: HttpRequest, page: TicketPage, again: Again) -> HttpResponse:
    """The draft, by its button; where it can't be kept, the page anew with what was typed."""
    box = kept(request, page.ticket)
    if box.trouble:
        page.forms["answer"] = page.fresh_answer(typed=request.POST.dict())
        page.forms["draft"] = box
        return again(page, box.status)
    messages.success(request, _("The draft is saved. Chosen files are not part of it."))
    return back(page.ticket, "#reply")


def _say(request: HttpRequest, ticket: Ticket, form: Any) -> None:
    """The message and the end of its draft, in one transaction."""
    given = form.cleaned_data
    common = {
        "ticket": ticket,
        "author": request.user,
        "body": given["body"],
        "at": at_of(request),
        "files": given["files"],
        "client_key": given["client_key"],
    }
    with transaction.atomic():
        if form.is_note:
            actions.note(**common)
        else:
            actions.say(**common, then=given["then"], expected_version=given["version"])
        place = place_of(request, ticket)
        actions.forget_draft(place=place, key=key_of(request.POST), seen=seen_in(request.POST))


def _with_version_now(page: TicketPage, form: Any) -> Any:
    """The same text in a box that knows the newest version: sent again, it is sent."""
    data = form.data.copy()
    fresh = page.fresh_answer()
    data["version"], data["seen"] = fresh.initial["version"], fresh.initial["seen"]
    return page.fresh_answer(data)


def severity(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    page = TicketPage(request, ticket)
    form = page.severity_form(request.POST)
    page.forms["severity"] = form
    if not form.is_valid():
        return again(page, 400)
    given = form.cleaned_data
    try:
        actions.change_severity(
            ticket=ticket,
            actor=request.user,  # type: ignore[arg-type]
            at=at_of(request),
            to=given["to"],
            how=given["how"],
            reason=given["reason"],
            expected_version=given["version"],
        )
    except actions.Stale:
        return again(_severity_again(request, ticket), 409)
    except actions.Refused:
        form.add_error("how", fits(given["how"]))
        return again(page, 409)
    messages.success(request, _("Severity changed to %(to)s.") % {"to": given["to"]})
    return back(ticket)


def _severity_again(request: HttpRequest, ticket: Ticket) -> TicketPage:
    """The page as it is now, with what was typed on the version that somebody changed meanwhile."""
    page = TicketPage(request, ticket)
    data = request.POST.copy()
    data["severity-version"] = str(ticket.version)
    form = page.severity_form(data)
    form.add_error("to", _("Somebody changed the request meanwhile. Look at it, then change it again."))
    page.forms["severity"] = form
    return page


def fits(how: str) -> str:
    """Why a severity does not change this way, in words."""
    if how == "raised":
        return _("Only a more severe one is “got worse”. For a wrong one choose “wrong from the start”.")
    if how == "lowered":
        return _(
            "Only a less severe one is “less severe now”. For a wrong one choose “wrong from the start”."
        )
    return _("The severity can't be changed while the request is solved. Reopen it first.")


def assign(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    form = AssignForm(request.POST, prefix="assign")
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["assigned_to"])))
        return back(ticket)
    to = request.user if "take" in request.POST else form.cleaned_data["assigned_to"]
    actions.assign(ticket=ticket, actor=request.user, at=at_of(request), to=to)  # type: ignore[arg-type]
    said = _("Assigned to %(name)s.") % {"name": to} if to else _("Assigned to nobody.")
    messages.success(request, said)
    return back(ticket)


def team(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """Give it to a team that is in use, or to none."""
    key = request.POST.get("team", "")
    to = next((row for row in Team.objects.in_use() if str(row.pk) == key), None)
    if key and to is None:
        messages.error(request, _("Choose a team that is in use."))
        return back(ticket)
    actions.give_to_team(ticket=ticket, actor=request.user, at=at_of(request), to=to)  # type: ignore[arg-type]
    said = _("Given to %(name)s.") % {"name": to} if to else _("Given to no team.")
    messages.success(request, said)
    return back(ticket)


def hold(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    return plain(request, ticket, _("On hold."), actions.hold, reason=reason_of(request))


def unhold(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    return plain(request, ticket, _("The hold has ended."), actions.end_hold)


def confirm(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    return plain(request, ticket, _("Severity confirmed."), actions.confirm_severity)


def no_reply(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    return plain(request, ticket, _("Marked: no answer needed."), actions.mark_no_reply_needed)


def close(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    return plain(request, ticket, _("Closed."), actions.close_by_support, reason=reason_of(request))


def reopen(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    return plain(
        request, ticket, _("Reopened."), actions.reopen, side=Side.SUPPORT, reason=reason_of(request)
    )


def bring_in(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    form = BringInForm(request.POST, organization=ticket.organization, prefix="bring_in")
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["contact"])))
        return back(ticket)
    contact = form.cleaned_data["contact"]
    done = _("%(name)s is brought in, and told by mail.") % {"name": contact.user.name}
    return plain(request, ticket, done, actions.bring_in, contact=contact)


def verify(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    done = _("Recorded: it is known who asked. Mail says everything again.")
    return plain(request, ticket, done, actions.verify, how=reason_of(request))


def shut_out(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    done = _("Closed to who asked: they hear nothing more.")
    return plain(request, ticket, done, actions.shut_out, reason=reason_of(request))


def plain(
    request: HttpRequest, ticket: Ticket, done: str, verb: Callable[..., Any], **values: Any
) -> HttpResponse:
    """Call a verb that needs nothing typed but a reason; a refusal is said in words above the page."""
    try:
        verb(ticket=ticket, actor=request.user, at=at_of(request), **values)
    except actions.Refused as refusal:
        messages.error(request, f"{refusal.detail} {refusal.next_step}")
    else:
        messages.success(request, done)
    return back(ticket)


def reason_of(request: HttpRequest) -> str:
    form = ReasonForm(request.POST, prefix="reason")
    return form.cleaned_data["reason"] if form.is_valid() else ""


def at_of(request: HttpRequest) -> Any:
    return request.at  # type: ignore[attr-defined]


def back(ticket: Ticket, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:tickets_ticket_change", args=[ticket.pk]) + anchor)


VERBS: dict[str, Verb] = {
    "say": say,
    "assign": assign,
    "team": team,
    "hold": hold,
    "unhold": unhold,
    "severity": severity,
    "confirm": confirm,
    "no_reply": no_reply,
    "close": close,
    "reopen": reopen,
    "bring_in": bring_in,
    "verify": verify,
    "shut_out": shut_out,
}
