"""The statement of charges for staff, beside the organization's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Organization
from tickets.charge_views import Sheet, download, month_choices
from tickets.charges import charges_of
from tickets.models import Ticket
from tickets.statements.page import month_words
from timekeeping.statement import period_of

PERMISSIONS = ("plans.view_contract", "tickets.view_ticket")


@require_http_methods(["GET", "HEAD"])
def charges(request: HttpRequest, pk: int) -> HttpResponse:
    """What work of a month is charged to an organization, case by case."""
    sheet, months = _asked(request, pk)
    context: dict[str, Any] = admin.site.each_context(request) | {
        "sheet": sheet,
        "organization": sheet.organization,
        "months": [(name, month_words(name)) for name in months],
        "month": sheet.period.month,
        "csv_url": reverse("tickets:staff_charges_csv", args=[pk]) + f"?month={sheet.period.month}",
    }
    return TemplateResponse(request, "tickets/charges_staff.html", context)


@require_http_methods(["GET", "HEAD"])
def charges_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as CSV, an entry a line."""
    sheet, _months = _asked(request, pk)
    return download(sheet.organization, sheet.period, sheet.cases)


def _asked(request: HttpRequest, pk: int) -> tuple[Sheet, list[str]]:
    if not request.user.has_perms(PERMISSIONS):  # type: ignore[union-attr]
        raise PermissionDenied
    at = request.at  # type: ignore[attr-defined]
    organization = get_object_or_404(Organization, pk=min(pk, 2**63 - 1))
    tickets = Ticket.objects.filter(organization=organization)
    months = month_choices(tickets, organization.time_zone, at)
    month = request.GET.get("month", months[0])
    if month not in months:
        raise Http404
    period = period_of(month, organization.time_zone)
    return Sheet(organization, period, charges_of(tickets, period), at, _address), months


def _address(number: int) -> str:
    return reverse("admin:tickets_ticket_change", args=[number]) + "#h-work"
