"""An unlisted person in an emergency: for which organization, then who it is and what happens.

Works at once where the plan has emergency contacts; the request is unverified until a named contact was
brought in and the verification is recorded (``tickets.actions.verification``).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions import unlisted_person
from accounts.models import Organization
from plans.decision import Decision, Question, decide
from tickets import actions
from tickets.admin.forms import CallerMixin, ReceivedMixin
from tickets.enums import Channel
from tickets.forms.asking import RequestForm
from tickets.forms.offer import offer_of
from tickets.models import Ticket

MOST_FOUND = 20
LONGEST_SEARCH = 200


class EmergencyForm(CallerMixin, ReceivedMixin, RequestForm):
    """Who asks, how it came, and the request as a contact would write it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["caller_name", "caller_phone", "caller_email"])


def take_emergency(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """The two steps; ``emergency`` in the address is the organization, once it is chosen."""
    organization = _organization(request.GET.get("emergency", ""))
    base = base | {"title": _("Unlisted person in an emergency")}
    if organization is None:
        return _choose(request, base)
    decision = _first_decision(organization, request.at)  # type: ignore[attr-defined]
    offer = offer_of(decision, request.user, organization, request.at)  # type: ignore[arg-type, attr-defined]
    base |= {"organization": organization}
    if decision.is_refused or offer is None:
        return _page(request, base | {"refusal": decision}, 200)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EmergencyForm(*posted, offer=offer)
    if not posted or not form.is_valid():
        return _page(request, base | {"form": form}, 400 if posted else 200)
    try:
        ticket = _submit(request, organization, form)
    except actions.Refused as refusal:
        return _page(request, base | {"form": form, "refusal": refusal}, 409)
    messages.success(request, _("Request #%(number)s is in, unverified.") % {"number": ticket.pk})
    return HttpResponseRedirect(reverse("admin:tickets_ticket_change", args=[ticket.pk]))


def _organization(key: str) -> Organization | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    return Organization.objects.filter(pk=key).first()


def _choose(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    words = " ".join(request.GET.get("who", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    found = Organization.objects.filter(name__icontains=words)[:MOST_FOUND] if words else []
    context = base | {"words": words, "found": list(found), "most": MOST_FOUND}
    return TemplateResponse(request, "admin/tickets/ticket/emergency_where.html", context)


def _first_decision(organization: Organization, at: Any) -> Decision:
    """Whether the terms help somebody unlisted at all, before anything is typed."""
    return decide(
        Question(
            person=None,
            organization=organization,
            at=at,
            channel=Channel.PHONE,
            entered_by_staff=True,
            is_emergency=True,
        )
    )


def _submit(request: HttpRequest, organization: Organization, form: forms.Form) -> Ticket:
    given = form.cleaned_data
    person = unlisted_person(
        organization=organization,
        key=given["client_key"],
        name=given["caller_name"],
        email=given["caller_email"],
        phone=given["caller_phone"],
    )
    return actions.submit(
        person=person,
        organization=organization,
        submission=form.submission(),  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
        channel=given["channel"],
        received_at=given["received_at"],
        entered_by=request.user,  # type: ignore[arg-type]
        client_key=given["client_key"],
        is_emergency=True,
    )


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return TemplateResponse(request, "admin/tickets/ticket/emergency.html", context, status=status)
