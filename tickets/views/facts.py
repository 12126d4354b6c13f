"""What describes a request, as pairs of words for the page's side column."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.moments import city, day_and_clock
from accounts.punctuation import strung
from accounts.templatetags.moments import reader
from plans.models import Product
from tickets.models import Ticket


def details(ticket: Ticket) -> list[tuple[str, str]]:
    """Label and value of everything that was asked, in the order of the form."""
    facts = [
        (_("Asked by"), ticket.requester.name),
        (_("Kind of help"), _title(ticket.plan.edition.support_types, ticket.support_type)),
        (_("Product"), _title(Product.objects, ticket.product)),
        (_("Category"), _title(ticket.plan.edition.categories, ticket.category)),
        (_("Device"), ticket.device),
        (_("Operating system"), ticket.operating_system),
        *_impact(ticket),
        (_("Best time to call"), _contact_range(ticket.best_time_to_contact)),
        (_("Your reference"), ticket.external_reference),
    ]
    return [(label, value) for label, value in facts if value]


def _title(rows: Any, code: str) -> str:
    """The name behind a code; the code itself where nothing bears it any more."""
    if not code:
        return ""
    row = rows.filter(code=code).first()
    return row.title() if row else code


def _impact(ticket: Ticket) -> list[tuple[str, str]]:
    impact = ticket.impact or {}
    signs: dict[Any, str] = {True: _("yes"), False: _("no")}
    people = impact.get("users_affected")
    return [
        (_("People can sign in"), signs.get(impact.get("can_sign_in"), "")),
        (_("People affected"), number_format(people, force_grouping=True) if isinstance(people, int) else ""),
        (_("Executives among them"), signs.get(impact.get("executives_affected"), "")),
        (_("Since"), _moment(impact.get("since"), ticket.submitted_at)),
        (_("What can't be done"), str(impact.get("lost") or "")),
    ]


def _moment(value: Any, now: datetime) -> str:
    """A stored moment in the reader's zone; partners may have written it in words of their own."""
    if not value:
        return ""
    zone, language = reader()
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return day_and_clock(moment, now, zone, language) if moment.tzinfo else str(value)


def _contact_range(value: Any) -> str:
    if not isinstance(value, dict) or not value.get("from"):
        return ""
    words = f"{value['from']}–{value.get('to', '')}"
    try:
        zone = ZoneInfo(str(value.get("time_zone") or ""))
    except (ValueError, KeyError, OSError):
        return words
    return strung((words, city(zone, reader()[1])))
