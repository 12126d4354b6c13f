"""The statement of promises for staff, beside the contract's own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from plans.models import Contract
from tickets.models import Ticket
from tickets.statements.document import statement_of
from tickets.statements.page import Page, month_words
from tickets.statements.selection import contracts, months_of, period, usual_month
from tickets.statements.writing import download

PERMISSIONS = ("plans.view_contract", "tickets.view_ticket")


@require_http_methods(["GET", "HEAD"])
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """A contract's month, for whoever may see contracts and requests."""
    contract, month = _asked(request, pk)
    page = Page(
        _statement(request, contract, month),
        contract,
        for_staff=True,
        address=_ticket_address,
        why=lambda number, metric, cycle: f"{_ticket_address(number)}#h-promises",
    )
    here = reverse("tickets:staff_statement", args=[pk])
    context = admin.site.each_context(request) | {
        "page": page,
        "contract": contract,
        "months": [(name, month_words(name)) for name in months_of(contract, _at(request))],
        "month": month,
        "csv_url": reverse("tickets:staff_statement_csv", args=[pk]) + f"?month={month}",
        "json_url": reverse("tickets:staff_statement_json", args=[pk]) + f"?month={month}",
        "check_url": request.build_absolute_uri(f"{here}?month={month}"),
    }
    return TemplateResponse(request, "tickets/statement_staff.html", context)


@require_http_methods(["GET", "HEAD"])
def statement_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same statement as CSV or JSON."""
    contract, month = _asked(request, pk)
    return download(_statement(request, contract, month), kind)


def _asked(request: HttpRequest, pk: int) -> tuple[Contract, str]:
    if not request.user.has_perms(PERMISSIONS):  # type: ignore[union-attr]
        raise PermissionDenied
    contract = get_object_or_404(contracts(), pk=min(pk, 2**63 - 1))
    months = months_of(contract, _at(request))
    month = request.GET.get("month") or usual_month(contract, _at(request))
    if month not in months:
        raise Http404
    return contract, month


def _statement(request: HttpRequest, contract: Contract, month: str) -> dict[str, Any]:
    return statement_of(contract, period(contract, month), _at(request), Ticket.objects.all())


def _at(request: HttpRequest) -> Any:
    return request.at  # type: ignore[attr-defined]


def _ticket_address(number: int) -> str:
    return reverse("admin:tickets_ticket_change", args=[number])
