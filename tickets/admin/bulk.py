"""What is done to several requests of the queue at once: the same verbs, one after the other."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from tickets import actions
from tickets.admin.forms import AssignForm
from tickets.models import Ticket

MOST = 100


def assign_several(request: HttpRequest) -> HttpResponse:
    """Assign what was ticked to oneself (``take`` names one more) or to somebody else."""
    numbers = [
        value for value in request.POST.getlist("number")[:MOST] if value.isdecimal() and len(value) < 19
    ]
    one = request.POST.get("take", "")
    if one.isdecimal() and len(one) < 19:
        numbers = [one]
    form = AssignForm(request.POST)
    if not numbers:
        messages.warning(request, _("Tick the requests first, then choose who takes them."))
    elif one or "mine" in request.POST:
        _assign(request, numbers, request.user)  # type: ignore[arg-type]
    elif form.is_valid():
        _assign(request, numbers, form.cleaned_data["assigned_to"])
    else:
        messages.error(request, " ".join(map(str, form.errors["assigned_to"])))
    return HttpResponseRedirect(_back(request))


def _assign(request: HttpRequest, numbers: list[str], to: User | None) -> None:
    tickets = list(Ticket.objects.filter(pk__in=numbers))
    for ticket in tickets:
        actions.assign(ticket=ticket, actor=request.user, at=request.at, to=to)  # type: ignore[arg-type, attr-defined]
    words = ngettext(
        "%(n)s request assigned to %(name)s.", "%(n)s requests assigned to %(name)s.", len(tickets)
    )
    messages.success(request, words % {"n": len(tickets), "name": to or _("nobody")})


def _back(request: HttpRequest) -> str:
    """The page of the queue that the form stood on; never another site."""
    there = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(there, allowed_hosts=None) and there.startswith("/"):
        return there
    return reverse("admin:tickets_ticket_changelist")
