"""Linking a request to another, and removing a link."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tickets import actions
from tickets.admin.page import TicketPage
from tickets.admin.verbs.basics import Again, Verb, at_of, back, plain
from tickets.forms.joining import LinkForm, NumberField
from tickets.models import Ticket


def link(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """Link; where that can't be, the page anew with what was typed."""
    page = TicketPage(request, ticket)
    form = LinkForm(request.POST, prefix="link")
    page.forms["link"] = form
    if not form.is_valid():
        return again(page, 400)
    try:
        actions.link(
            ticket=ticket,
            to=form.cleaned_data["other"],
            kind=form.cleaned_data["kind"],
            actor=request.user,  # type: ignore[arg-type]
            at=at_of(request),
        )
    except actions.Refused as refusal:
        form.add_error("other", f"{refusal.detail} {refusal.next_step}")
        return again(page, 409)
    messages.success(request, _("Linked to #%(number)s.") % {"number": form.cleaned_data["other"].pk})
    return back(ticket, "#related")


def unlink(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    try:
        other = NumberField().clean(request.POST.get("other", ""))
    except ValidationError:
        messages.error(request, _("There is no such link. Look again: somebody may have removed it."))
        return back(ticket)
    return plain(request, ticket, _("The link is removed."), actions.unlink, other=other)


VERBS: dict[str, Verb] = {"link": link, "unlink": unlink}
