"""Watch a request, stop, and let a colleague watch."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions import Refused
from tickets.actions.watching import unwatch, watch
from tickets.admin.verbs.basics import Again, Verb, at_of, back
from tickets.models import Ticket

PANEL = "#h-people"


def start(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    """Without ``person`` it is oneself who watches."""
    user: User = request.user  # type: ignore[assignment]
    person = _colleague(request) if request.POST.get("person") else user
    if person is None:
        messages.error(request, _("Choose somebody who works for support."))
        return back(ticket, PANEL)
    try:
        watch(ticket=ticket, person=person, actor=user, at=at_of(request))
    except Refused as refused:
        messages.error(request, f"{refused.detail} {refused.next_step}")
    else:
        messages.success(request, _("%(name)s watches this request from now on.") % {"name": person})
    return back(ticket, PANEL)


def stop(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    person = _colleague(request) if request.POST.get("person") else user
    try:
        if person is not None:
            unwatch(ticket=ticket, person=person, actor=user)
    except Refused as refused:
        messages.error(request, f"{refused.detail} {refused.next_step}")
    else:
        messages.success(request, _("%(name)s no longer watches this request.") % {"name": person or user})
    return back(ticket, PANEL)


def _colleague(request: HttpRequest) -> User | None:
    key = request.POST.get("person", "")
    if not key.isdecimal() or len(key) > 15:
        return None
    return User.objects.filter(pk=int(key), is_staff=True, is_active=True).first()


VERBS: dict[str, Verb] = {"watch": start, "unwatch": stop}
