"""What the pages of acts have in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.actions import Refused
from tickets.models import Ticket


def page_context(base: dict[str, Any], ticket: Ticket, title: str, refusal: Refused | None) -> dict[str, Any]:
    return base | {
        "title": title,
        "ticket": ticket,
        "refusal": refusal,
        "back_url": reverse("admin:tickets_ticket_change", args=[ticket.pk]),
    }


def back_to(ticket: Ticket) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:tickets_ticket_change", args=[ticket.pk]))


def changed_meanwhile() -> Refused:
    return Refused(
        "stale",
        _("Somebody changed the request while this page was open."),
        _("Look at what follows once more, then do it."),
    )
