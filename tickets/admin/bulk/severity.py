"""Another severity for several requests, in one way and for one reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plans.models import Severity
from tickets import actions
from tickets.admin.bulk.parts import Several
from tickets.admin.forms import SeverityForm
from tickets.admin.verbs.basics import fits
from tickets.enums import UNSOLVED
from tickets.models import Ticket


def view(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """Which one, how and why; by POST each is changed."""
    several = Several(request, base, _("Set severity"))
    data = request.POST if request.method == "POST" else None
    form = SeverityForm(data, severities=_severities(several.tickets), prefix="severity")
    if data is None or not form.is_valid():
        return several.page("severity", 400 if form.errors else 200, form=form)
    return several.told(several.each(lambda ticket, seen: _changed(several, form.cleaned_data, ticket, seen)))


def _severities(tickets: list[Ticket]) -> list[Severity]:
    """The severities of the requests' editions, each code once: a code means what each one's terms say."""
    rows = [row for ticket in tickets for row in ticket.plan.edition.severities.all()]
    return list({row.code: row for row in sorted(rows, key=lambda row: (row.rank, row.code))}.values())


def _changed(several: Several, given: dict[str, Any], ticket: Ticket, seen: int) -> str:
    before = ticket.severity
    if before == given["to"]:
        raise actions.Refused("same_severity", _("It is %(to)s already.") % given, "")
    try:
        actions.change_severity(
            ticket=ticket,
            actor=several.user,
            at=several.at,
            to=given["to"],
            how=given["how"],
            reason=given["reason"],
            expected_version=seen,
        )
    except actions.Refused as refusal:
        # Of one that may change it is the way that does not fit.
        if refusal.code == "move_not_allowed" and ticket.status_at(several.at) in UNSOLVED:
            raise actions.Refused(refusal.code, fits(given["how"]), "") from refusal
        raise
    return _("%(from)s became %(to)s") % {"from": before, "to": given["to"]}
