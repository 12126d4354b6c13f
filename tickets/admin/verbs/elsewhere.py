"""Say that a request was worked on today in another system."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions import Refused
from tickets.actions.elsewhere import work_elsewhere
from tickets.admin.verbs.basics import Again, Verb, at_of, back
from tickets.models import Ticket


def worked_elsewhere(request: HttpRequest, ticket: Ticket, again: Again) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    system, reference = request.POST.get("system", ""), request.POST.get("reference", "")
    try:
        is_new = work_elsewhere(
            ticket=ticket, actor=user, at=at_of(request), system=system, reference=reference
        )
    except Refused as refused:
        messages.error(request, f"{refused.detail} {refused.next_step}")
    else:
        said = _("Recorded: worked on today, elsewhere as %(reference)s. The customer sees it.")
        if not is_new:
            said = _("%(reference)s was recorded today already.")
        messages.success(request, said % {"reference": reference})
    return back(ticket, "#h-elsewhere")


VERBS: dict[str, Verb] = {"worked_elsewhere": worked_elsewhere}
