"""Who is told of a request besides those it concerns: the reader, and colleagues who may see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Contact, User
from tickets.actions import Refused
from tickets.actions.watching import contacts_who_may_watch, unwatch, watch
from tickets.models import Ticket
from tickets.views.doors import CustomerRequest, door, may_act, ticket_for

MOST_LISTED = 200


@door("POST")
def watching(request: CustomerRequest, number: int) -> HttpResponseBase:
    """``do``: watch or stop, for which reading suffices; add (a ``contact``) or remove (a ``person``)."""
    ticket = ticket_for(request, number)
    do = request.POST.get("do", "")
    try:
        if do == "watch":
            watch(ticket=ticket, person=request.user, actor=request.user, at=request.at)
            messages.success(request, _("You watch this request: news of it reach you by mail."))
        elif do == "stop":
            unwatch(ticket=ticket, person=request.user, actor=request.user)
            messages.success(request, _("You no longer watch this request."))
        elif do == "add" and may_act(request, ticket):
            person = _contact(request, ticket).user
            watch(ticket=ticket, person=person, actor=request.user, at=request.at)
            messages.success(request, _("%(name)s watches this request from now on.") % {"name": person})
        elif do == "remove" and may_act(request, ticket):
            person = _watcher(request, ticket)
            unwatch(ticket=ticket, person=person, actor=request.user)
            messages.success(request, _("%(name)s no longer watches this request.") % {"name": person})
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, f"{refused.detail} {refused.next_step}")
    return redirect(reverse("tickets:detail", args=[number]) + "#watchers")


def watch_context(request: CustomerRequest, ticket: Ticket, acts: bool) -> dict[str, Any]:
    """The customers who watch, and who may be added; of staff nothing. Two queries at most."""
    rows = list(ticket.watchers.filter(user__is_staff=False).select_related("user").order_by("pk"))
    return {
        "watchers": rows,
        "is_watching": any(row.user_id == request.user.pk for row in rows),
        "may_be_added": [
            contact
            for contact in contacts_who_may_watch(ticket)[:MOST_LISTED]
            if contact.user_id not in (request.user.pk, ticket.requester_id)
        ]
        if acts
        else [],
    }


def _contact(request: CustomerRequest, ticket: Ticket) -> Contact:
    """A contact of the request's organization; another one does not exist here."""
    rows = Contact.objects.active(request.at).filter(organization=ticket.organization_id, waits_for="")
    found = rows.select_related("user").filter(pk=_key(request, "contact")).first()
    if found is None:
        raise Http404
    return found


def _watcher(request: CustomerRequest, ticket: Ticket) -> User:
    rows = ticket.watchers.filter(user__is_staff=False).select_related("user")
    found = rows.filter(user=_key(request, "person")).first()
    if found is None:
        raise Http404
    return found.user


def _key(request: CustomerRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 16 else 0
