"""Several requests merged into one of them, after a look at what becomes of their clocks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tickets.actions import Refused, merge
from tickets.admin.acts.merge import preview_of
from tickets.admin.bulk.parts import Several
from tickets.forms.joining import ReasonOfMergeForm
from tickets.models import Ticket

# Each is read anew before and after: more than these are no longer looked at with care.
MOST_MERGED = 20


def view(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """Which one stays; then what would change, request by request; by POST the others go into it."""
    several = Several(request, base, _("Merge requests"))
    into = _chosen(several)
    acting = request.method == "POST" and into is not None
    form = ReasonOfMergeForm(request.POST if acting else None)
    if into is not None and acting and form.is_valid():
        return _merged(several, into, form.cleaned_data["reason"])
    others = [ticket for ticket in several.tickets if into is not None and ticket.pk != into.pk]
    trouble = _trouble(several.tickets)
    previews = [] if into is None or trouble else [_preview(several, other, into) for other in others]
    return several.page(
        "merge",
        400 if form.errors else 200,
        form=form,
        into=into,
        trouble=trouble,
        previews=previews,
        may_be_done=any(one["preview"] for one in previews),
        asked=[(name, request.GET.get(name, "")) for name in ("n", "next")],
    )


def _chosen(several: Several) -> Ticket | None:
    wanted = several.request.GET.get("into", "")
    return next((ticket for ticket in several.tickets if str(ticket.pk) == wanted), None)


def _trouble(tickets: list[Ticket]) -> str:
    if len(tickets) < 2:
        return _("A merge takes two requests or more: go back and tick the others too.")
    if len(tickets) > MOST_MERGED:
        return _("At most %(most)s requests are merged at once: go back and tick fewer.") % {
            "most": MOST_MERGED
        }
    return ""


def _preview(several: Several, ticket: Ticket, into: Ticket) -> dict[str, Any]:
    """What its merge would change, or why it can't be merged."""
    try:
        return {"ticket": ticket, "preview": preview_of(ticket, into, several.at), "refusal": None}
    except Refused as refusal:
        return {"ticket": ticket, "preview": None, "refusal": refusal}


def _merged(several: Several, into: Ticket, reason: str) -> HttpResponse:
    def act(ticket: Ticket, seen: int) -> str:
        survivor = merge(
            ticket=ticket,
            into=into,
            actor=several.user,
            at=several.at,
            reason=reason,
            expected_version=seen,
        )
        return _("goes on in #%(number)s") % {"number": survivor.pk}

    others = [ticket for ticket in several.tickets if ticket.pk != into.pk]
    return several.told(several.each(act, others))
