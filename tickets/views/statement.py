"""The statement of promises in the portal: for those who see all requests of the organization."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from plans.models import Contract
from tickets.clock_views import clock_views
from tickets.models import Ticket
from tickets.statements.document import statement_of
from tickets.statements.page import Page, month_words
from tickets.statements.selection import contracts, months_of, period, seen_whole, usual_month
from tickets.statements.writing import download
from tickets.views.doors import CustomerRequest, acting_for, door, standing, ticket_for

FORBIDDEN = 403


@door("GET", "HEAD")
def statement(request: CustomerRequest) -> HttpResponseBase:
    """A contract's month: each promise and how it was kept."""
    found = _readable(request)
    contract = _chosen(request, found)
    if contract is None:
        return _nothing_to_read(request)
    month = _month(request, contract)
    said = _statement(request, contract, month)
    page = Page(said, contract, for_staff=False, address=_ticket_address, why=_why_address)
    query = f"?contract={contract.pk}&month={month}"
    return render(
        request,
        "tickets/statement.html",
        {
            "page": page,
            "contracts": found if len(found) > 1 else [],
            "contract": contract,
            "months": [(name, month_words(name)) for name in months_of(contract, request.at)],
            "month": month,
            "csv_url": reverse("tickets:statement_csv") + query,
            "json_url": reverse("tickets:statement_json") + query,
            "check_url": request.build_absolute_uri(reverse("tickets:statement") + query),
            "acting_for": acting_for(request, contract.organization),
        },
    )


@door("GET", "HEAD")
def statement_file(request: CustomerRequest, kind: str) -> HttpResponseBase:
    """The same statement as CSV or JSON."""
    contract = _chosen(request, _readable(request))
    if contract is None:
        return _nothing_to_read(request)
    return download(_statement(request, contract, _month(request, contract)), kind)


@door("GET", "HEAD")
def why(request: CustomerRequest, number: int, metric: str, cycle: int) -> HttpResponseBase:
    """Why one promise of a request is due when it is: its picture and every stretch in words."""
    ticket = ticket_for(request, number)
    views = clock_views(ticket, request.at)
    view = next((view for view in views if (view.metric, view.cycle) == (metric, cycle)), None)
    if view is None:
        raise Http404
    return render(
        request,
        "tickets/why.html",
        {"ticket": ticket, "clock": view, "acting_for": acting_for(request, ticket.organization)},
    )


def _readable(request: CustomerRequest) -> list[Contract]:
    """The contracts of organizations all of whose requests the reader sees."""
    seen = contracts().visible_to(request.user, request.at)
    return list(seen.filter(organization__in=seen_whole(standing(request))))


def _chosen(request: CustomerRequest, found: list[Contract]) -> Contract | None:
    """The contract that was named, or the newest (of the organization that was named).

    None where the reader reaches it without seeing all of it, or has none to read; 404 for what they do not
    reach.
    """
    named, slug = request.GET.get("contract"), request.GET.get("organization")
    reached = contracts().visible_to(request.user, request.at)
    if named is not None:
        # 18 digits fit the column.
        if not named.isdecimal() or len(named) > 18 or not reached.filter(pk=int(named)).exists():
            raise Http404
        return next((row for row in found if row.pk == int(named)), None)
    if slug is not None:
        if all(row.slug != slug for row in standing(request).organizations):
            raise Http404
        found = [row for row in found if row.organization.slug == slug]
    return _newest(found, request)


def _newest(found: list[Contract], request: CustomerRequest) -> Contract | None:
    """One that has begun, the newest of the first organization; else any."""
    begun = [row for row in found if row.starts_on <= request.at.date()]
    return next(iter(begun or found), None)


def _month(request: CustomerRequest, contract: Contract) -> str:
    """The month that was named, if the contract has a statement of it; else the usual one."""
    named = request.GET.get("month")
    if named is None:
        return usual_month(contract, request.at)
    if named not in months_of(contract, request.at):
        raise Http404
    return named


def _statement(request: CustomerRequest, contract: Contract, month: str) -> dict[str, Any]:
    tickets = Ticket.objects.visible_to(request.user, request.at)
    return statement_of(contract, period(contract, month), request.at, tickets)


def _nothing_to_read(request: CustomerRequest) -> HttpResponseBase:
    """Why there is no statement for this reader, and who may help."""
    reached = contracts().visible_to(request.user, request.at).exists()
    return render(
        request,
        "tickets/statement_none.html",
        {"has_contract": reached},
        status=FORBIDDEN if reached else 200,
    )


def _ticket_address(number: int) -> str:
    return reverse("tickets:detail", args=[number])


def _why_address(number: int, metric: str, cycle: int) -> str:
    return reverse("tickets:why", args=[number, metric, cycle])
