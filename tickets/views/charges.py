"""The statement of charges in the portal: for administrators and whoever asks about billing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.enums import Scope
from accounts.models import Organization
from tickets.charge_views import Sheet, download, month_choices
from tickets.charges import charges_of
from tickets.models import Ticket
from tickets.statements.page import month_words
from tickets.views.doors import CustomerRequest, acting_for, door, standing
from timekeeping.statement import period_of

BILLING = "billing"
FORBIDDEN = 403


@door("GET", "HEAD")
def charges(request: CustomerRequest) -> HttpResponseBase:
    """What work of a month is charged, case by case."""
    readable = may_read(request)
    organization = _chosen(request, readable)
    if organization is None:
        return render(request, "tickets/charges_none.html", status=FORBIDDEN)
    months = _months(request, organization)
    month = _month(request, months)
    query = f"?organization={organization.slug}&month={month}"
    return render(
        request,
        "tickets/charges.html",
        {
            "sheet": _sheet(request, organization, month),
            "organizations": readable if len(readable) > 1 else [],
            "organization": organization,
            "months": [(name, month_words(name)) for name in months],
            "month": month,
            "csv_url": reverse("tickets:charges_csv") + query,
            "acting_for": acting_for(request, organization),
        },
    )


@door("GET", "HEAD")
def charges_file(request: CustomerRequest) -> HttpResponseBase:
    """The same as CSV, an entry a line."""
    organization = _chosen(request, may_read(request))
    if organization is None:
        return render(request, "tickets/charges_none.html", status=FORBIDDEN)
    sheet = _sheet(request, organization, _month(request, _months(request, organization)))
    return download(organization, sheet.period, sheet.cases)


def may_read(request: CustomerRequest) -> list[Organization]:
    """The organizations whose charges the reader reads, by name.

    An administrator, a contact for billing, and a partner that acts for it and so accepts its rates.
    """
    held = standing(request)
    own = [
        contact.organization
        for contact in held.contacts.values()
        if contact.is_administrator or BILLING in contact.functions
    ]
    managed = [
        mandate.organization
        for pk, mandate in held.mandates.items()
        if mandate.scope == Scope.ACT and pk not in held.contacts
    ]
    return sorted(own + managed, key=lambda row: row.name)


def _chosen(request: CustomerRequest, readable: list[Organization]) -> Organization | None:
    """The organization that was named, or the first; None where the reader may not, 404 for a stranger's."""
    slug = request.GET.get("organization")
    if slug is None:
        return next(iter(readable), None)
    if all(row.slug != slug for row in standing(request).organizations):
        raise Http404
    return next((row for row in readable if row.slug == slug), None)


def _months(request: CustomerRequest, organization: Organization) -> list[str]:
    return month_choices(_tickets(organization), organization.time_zone, request.at)


def _month(request: CustomerRequest, months: list[str]) -> str:
    month = request.GET.get("month", months[0])
    if month not in months:
        raise Http404
    return month


def _sheet(request: CustomerRequest, organization: Organization, month: str) -> Sheet:
    period = period_of(month, organization.time_zone)
    cases = charges_of(_tickets(organization), period)
    return Sheet(organization, period, cases, request.at, _address)


def _tickets(organization: Organization) -> Any:
    """Every request of an organization that the reader pays for, whichever of them they see."""
    return Ticket.objects.filter(organization=organization)


def _address(number: int) -> str:
    return reverse("tickets:detail", args=[number])
