"""The page of one request: its promises, its conversation, and what a customer does with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.actions import (
    Refused,
    Stale,
    close_by_customer,
    follow_up,
    forget_draft,
    hear,
    reopen,
    window_closed,
)
from tickets.actions.elsewhere import day_begins
from tickets.actions.history import told_version
from tickets.actions.refusals import merged_away
from tickets.charge_views import charged_words
from tickets.charges import so_far
from tickets.enums import UNSOLVED, EventKind, Status
from tickets.exclusion_views import note_views
from tickets.forms.conversation import ReasonForm, ReplyForm
from tickets.forms.drafts import DraftBox, key_of, seen_in
from tickets.models import Ticket
from tickets.views.doors import CustomerRequest, acting_for, begun, door, may_act, reading_only, ticket_for
from tickets.views.drafts import kept, page_url, reply_place, restored
from tickets.views.escalation import lead_context
from tickets.views.facts import details
from tickets.views.joined import joined_context, reached
from tickets.views.promises import promise_words, short
from tickets.views.repeats import said_already
from tickets.views.rows import step_of
from tickets.views.shown_clocks import chosen_clock, heading_of, shown_clocks
from tickets.views.survey import survey_of
from tickets.views.timeline import timeline
from tickets.views.watching import watch_context

INVALID, FORBIDDEN, CONFLICT = 422, 403, 409


@door("GET", "HEAD")
def detail(request: CustomerRequest, number: int) -> HttpResponseBase:
    """The request, its promises explained, and the conversation."""
    return _page(request, ticket_for(request, number))


@door("POST")
def reply(request: CustomerRequest, number: int) -> HttpResponseBase:
    """A message; after the reopen window it becomes a new request linked to this one."""
    ticket = ticket_for(request, number)
    if not may_act(request, ticket):
        return _page(request, ticket, refusal=reading_only(request, ticket), status=FORBIDDEN)
    if "save_draft" in request.POST:
        return _saved(request, ticket)
    form = _reply_form(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, ticket, form, status=INVALID, draft=kept(request, reply_place(request, ticket)))
    if sent := said_already(request, ticket, form):
        _forget_reply(request, ticket)
        messages.success(
            request, _("This was sent already: %(moment)s.") % {"moment": short(sent.at, request.at)}
        )
        return redirect(reverse("tickets:detail", args=[number]) + "#reply")
    words = {
        "body": form.cleaned_data["body"],
        "files": form.cleaned_data["files"],
        "client_key": form.cleaned_data["client_key"],
    }
    try:
        new = _sent(request, ticket, words)
    except Refused as refused:
        draft = kept(request, reply_place(request, ticket))
        return _page(request, ticket, form, refusal=refused, status=FORBIDDEN, draft=draft)
    if new is not None:
        return _followed_up(request, ticket, new)
    if ticket.merged_into_id is not None:
        return reached(request, ticket)
    messages.success(request, _("Sent.") + " " + promise_words(ticket, request.at))
    return redirect(reverse("tickets:detail", args=[number]) + "#reply")


def _sent(request: CustomerRequest, ticket: Ticket, words: dict[str, Any]) -> Ticket | None:
    """The message and the end of its draft, in one transaction. Returns the request that it opened, if any.

    A refusal is raised after the transaction: the decision that refused a new request is kept.
    """
    with transaction.atomic():
        new, refused = _heard(request, ticket, words)
        if refused is None:
            _forget_reply(request, ticket)
    if refused is not None:
        raise refused
    return new


def _forget_reply(request: CustomerRequest, ticket: Ticket) -> None:
    place = reply_place(request, ticket)
    forget_draft(place=place, key=key_of(request.POST), seen=seen_in(request.POST))


def _heard(
    request: CustomerRequest, ticket: Ticket, words: dict[str, Any]
) -> tuple[Ticket | None, Refused | None]:
    """After the reopen window the words open a new request; the new request, or the refusal."""
    try:
        hear(ticket=ticket, author=request.user, at=request.at, **words)
    except Refused as refused:
        if refused.code != "reopen_window_closed":
            return None, refused
    else:
        return None, None
    try:
        return follow_up(ticket=ticket, person=request.user, at=request.at, **words), None
    except Refused as refused:
        return None, refused


def _saved(request: CustomerRequest, ticket: Ticket) -> HttpResponseBase:
    """The draft of a reply, by its button; where it can't be kept, the page anew with what was typed."""
    place = reply_place(request, ticket)
    box = kept(request, place)
    if box.trouble:
        form = _reply_form(initial=request.POST.dict())
        return _page(request, ticket, form, status=box.status, draft=box)
    messages.success(request, _("The draft is saved. Chosen files are not part of it."))
    return redirect(page_url(place))


def _followed_up(request: CustomerRequest, ticket: Ticket, new: Ticket) -> HttpResponseBase:
    messages.success(
        request,
        _("Your text opened request #%(number)s, linked to #%(old)s.")
        % {"number": new.pk, "old": new.follows_id}
        + " "
        + promise_words(new, request.at),
    )
    return redirect("tickets:detail", number=new.pk)


@door("GET", "HEAD", "POST")
def close(request: CustomerRequest, number: int) -> HttpResponseBase:
    """Close: first what that means, then done."""
    ticket = ticket_for(request, number)
    days = {"days": ticket.plan.reopen_days}
    page = {
        "title": _("Close this request"),
        "sentences": [
            _("Support stops working on it, and promises that still run end."),
            _("You may open it again for %(days)s days; its history stays.") % days,
        ],
        "verb": _("Close the request"),
        "hint": _("Tell us what solved it, if you like."),
    }

    def act(form: ReasonForm) -> str:
        asked = form.cleaned_data
        close_by_customer(
            ticket=ticket,
            actor=request.user,
            at=request.at,
            reason=asked["reason"],
            expected_version=asked["version"],
        )
        return _("Closed. You may open it again until %(moment)s.") % {
            "moment": short(ticket.reopen_until, request.at)
        }

    return _act(request, ticket, page, act, lambda: ticket.status_at(request.at) != Status.CLOSED)


@door("GET", "HEAD", "POST")
def open_again(request: CustomerRequest, number: int) -> HttpResponseBase:
    """Reopen, within the window."""
    ticket = ticket_for(request, number)
    page = {
        "title": _("Open this request again"),
        "sentences": [_("It comes back with its history, under the terms it had. Our clocks start anew.")],
        "verb": _("Open it again"),
        "hint": _("What is not solved, or came back?"),
        "too_late": _window_over(ticket, request),
    }

    def act(form: ReasonForm) -> str:
        asked = form.cleaned_data
        reopen(
            ticket=ticket,
            actor=request.user,
            at=request.at,
            reason=asked["reason"],
            expected_version=asked["version"],
        )
        return _("Open again.") + " " + promise_words(ticket, request.at)

    return _act(request, ticket, page, act, lambda: ticket.may_be_reopened(request.at))


def _act(
    request: CustomerRequest, ticket: Ticket, page: dict[str, Any], act: Any, possible: Any
) -> HttpResponseBase:
    """A page that says what an act means, asks for a reason, and does it."""
    make = _reason_form(ticket, page)
    refusal: Refused | None = None
    status = 200
    if not may_act(request, ticket):
        refusal, status = reading_only(request, ticket), FORBIDDEN
    elif not possible():
        refusal, status = page.get("too_late") or not_now(ticket, request), CONFLICT
    form = make(request.POST) if request.method == "POST" else begun(request, make())
    if request.method == "POST" and refusal is None:
        if not form.is_valid():
            status = INVALID
        else:
            try:
                messages.success(request, act(form))
                return redirect("tickets:detail", number=ticket.pk)
            except Refused as error:
                refusal, status = error, FORBIDDEN
            except Stale:
                refusal, status = _changed_meanwhile(), CONFLICT
                ticket.refresh_from_db()
                form = _renewed(form, ticket)
    context = page | {
        "ticket": ticket,
        "form": form,
        "refusal": refusal,
        "can": status != FORBIDDEN and possible(),
    }
    context["acting_for"] = acting_for(request, ticket.organization)
    return render(request, "tickets/act.html", context, status=status)


def _reason_form(ticket: Ticket, page: dict[str, Any]) -> Any:
    def make(data: Any = None) -> ReasonForm:
        form = ReasonForm(data, initial={"version": told_version(ticket)})
        form.fields["reason"].help_text = page["hint"]
        return form

    return make


def _renewed(form: ReasonForm, ticket: Ticket) -> ReasonForm:
    """The form with what was typed, ready to be sent on the request as it is now."""
    data = dict(form.data.items())
    data["version"] = str(told_version(ticket))
    return ReasonForm(data)


def _page(
    request: CustomerRequest,
    ticket: Ticket,
    form: ReplyForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
    draft: DraftBox | None = None,
) -> HttpResponseBase:
    at = request.at
    acts = may_act(request, ticket)
    now = ticket.status_at(at)
    typed: dict[str, str] = {}
    if draft is None and acts:
        draft, typed = restored(reply_place(request, ticket))
    clocks = shown_clocks(request, ticket)
    chosen = chosen_clock(clocks, request.GET.get("clock", ""))
    context = {
        "ticket": ticket,
        "status": now.value,
        "status_label": now.label,
        "step": step_of(ticket),
        "clock": chosen,
        "clock_label": heading_of(chosen),
        "others": [clock for clock in clocks if clock is not chosen],
        "timeline": timeline(ticket, request.user, at),
        "details": details(ticket),
        "notes": note_views(ticket, for_staff=False),
        "charged": _charged(ticket),
        "survey": survey_of(request, ticket) if now == Status.CLOSED else None,
        "follow_ups": _linked(request, ticket),
        "may_act": acts,
        "may_close": acts and now != Status.CLOSED,
        "may_reopen": acts and ticket.may_be_reopened(at),
        "may_worsen": acts and now in UNSOLVED,
        "is_over": _is_over(ticket, request),
        "is_worked_on": now in UNSOLVED and ticket.assigned_to is not None,
        "closed_at": ticket.closed_instant(at),
        "elsewhere": _worked_on_today(ticket, request) if now in UNSOLVED else "",
        "form": form or _reply_form(initial=typed | request.typed),
        "draft": draft,
        "refusal": refusal,
        "effect": _effect(ticket, now, request),
        "own": ticket.requester_id == request.user.pk,
        "acting_for": acting_for(request, ticket.organization),
        **joined_context(request, ticket),
        **watch_context(request, ticket, acts),
        **lead_context(ticket, at, acts),
    }
    return render(request, "tickets/detail.html", context, status=status)


def _worked_on_today(ticket: Ticket, request: CustomerRequest) -> str:
    """As what it was worked on elsewhere on this day of the customer's zone; empty if it was not."""
    since = day_begins(request.at, ticket.customer_zone)
    rows = ticket.events.filter(kind=EventKind.WORKED_ELSEWHERE, at__gte=since).order_by("-at", "-pk")
    return str(rows.values_list("data__reference", flat=True).first() or "")


def _charged(ticket: Ticket) -> str:
    """What the request costs at the rate that was agreed to; empty where nothing is charged."""
    case = so_far(ticket) if ticket.rate_code else None
    return charged_words(case) if case else ""


def _linked(request: CustomerRequest, ticket: Ticket) -> dict[str, Any]:
    """The request that this one follows, and those that follow it, as far as they exist for the reader."""
    seen = Ticket.objects.visible_to(request.user, request.at)
    return {
        "before": seen.filter(pk=ticket.follows_id).first() if ticket.follows_id else None,
        "after": list(seen.filter(follows=ticket).order_by("number")[:20]),
    }


def _reply_form(data: Any = None, files: Any = None, initial: dict[str, str] | None = None) -> ReplyForm:
    return ReplyForm(data, files, initial=initial, placeholder=_("Write to support."))


def _effect(ticket: Ticket, now: Status, request: CustomerRequest) -> str:
    """What sending does, in words."""
    if ticket.merged_into_id is not None:
        return _("Sending reaches the request that this one went into.")
    if now == Status.WAITING:
        return _("Sending starts our clock again.")
    if now in (Status.RESOLVED, Status.CLOSED):
        if ticket.may_be_reopened(request.at):
            return _("Sending opens this request again.")
        return _("Sending opens a new request, linked to this one.")
    return _("Support reads this, and everyone of %(organization)s who sees the request.") % {
        "organization": ticket.organization.name
    }


def not_now(ticket: Ticket, request: CustomerRequest) -> Refused:
    if ticket.merged_into_id is not None:
        return merged_away()
    status = str(ticket.status_at(request.at).label).lower()
    return Refused(
        "move_not_allowed",
        _("This can't be done while the request is %(status)s.") % {"status": status},
        _("Go back to the request: it shows what can be done now."),
    )


def _window_over(ticket: Ticket, request: CustomerRequest) -> Refused | None:
    """The refusal of a closed request whose reopen window is over, or that went into another."""
    if ticket.merged_into_id is not None:
        return merged_away()
    return window_closed(ticket.plan.reopen_days) if _is_over(ticket, request) else None


def _is_over(ticket: Ticket, request: CustomerRequest) -> bool:
    """Whether what is written now opens a new request."""
    is_closed = ticket.status_at(request.at) == Status.CLOSED and not ticket.may_be_reopened(request.at)
    return is_closed and ticket.merged_into_id is None


def _changed_meanwhile() -> Refused:
    return Refused(
        "stale",
        _("Somebody changed the request while this page was open."),
        _("Look at it again. What you wrote is kept below: send it once more if it still holds."),
    )
