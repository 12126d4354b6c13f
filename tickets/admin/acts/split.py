"""Splitting: what customers wrote about another matter opens a request of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from tickets.actions import Refused, split
from tickets.admin.acts.parts import back_to, page_context
from tickets.enums import Side, Visibility
from tickets.forms.joining import SplitForm
from tickets.models import Ticket


def view(request: HttpRequest, ticket: Ticket, base: dict[str, Any]) -> HttpResponse:
    """The texts to choose from; by POST: done."""
    form = _form(ticket, request.POST if request.method == "POST" else None)
    refusal: Refused | None = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            new = split(
                ticket=ticket,
                messages=list(given["messages"]),
                subject=given["subject"],
                severity=given["severity"],
                actor=request.user,  # type: ignore[arg-type]
                at=request.at,  # type: ignore[attr-defined]
                with_submission=given["with_submission"],
                client_key=given["client_key"],
            )
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("Opened from #%(number)s.") % {"number": ticket.pk})
            return back_to(new)
    context = page_context(base, ticket, _("Split into another request"), refusal) | {
        "form": form,
        "texts": form.fields["messages"].queryset,  # type: ignore[attr-defined]
        "chosen": set(form["messages"].value() or ()),
    }
    status = 409 if refusal else 400 if form.errors else 200
    return TemplateResponse(request, "admin/tickets/acts/split.html", context, status=status)


def _form(ticket: Ticket, data: Any) -> SplitForm:
    texts = ticket.messages.filter(side=Side.CUSTOMER, visibility=Visibility.PUBLIC)
    severities = [(row.code, row.marked()) for row in ticket.plan.edition.severities.all()]
    return SplitForm(
        data,
        texts=texts.select_related("author").order_by("at", "pk"),
        severities=severities,
        initial={"severity": ticket.severity},
    )
