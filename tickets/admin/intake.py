"""Take a call or mail: first whose request it is, then the same form as in the portal, with how it came.

Somebody unlisted in an emergency is taken too, where the plan has that: see ``tickets.admin.emergency``.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Contact
from tickets import actions
from tickets.admin.emergency import take_emergency
from tickets.admin.forms import OutOfReachMixin, ReceivedMixin
from tickets.admin.mail_intake import initial_of, mail_of, note_opened, with_files
from tickets.forms.asking import RequestForm
from tickets.forms.offer import Offer, first_decision, offer_of
from tickets.models import Ticket

MOST_FOUND = 20
MOST_OPEN = 5
LONGEST_SEARCH = 200


class IntakeForm(OutOfReachMixin, ReceivedMixin, RequestForm):
    """A request as the contact would write it, and how and when it reached support."""


def take_in(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """The two steps at one address; ``contact`` in it names whose request it is, ``emergency`` for whom."""
    if "emergency" in request.GET:
        return take_emergency(request, base)
    contact = _contact(request)
    if contact is None:
        return _choose(request, base)
    return _ask(request, base, contact)


def _contact(request: HttpRequest) -> Contact | None:
    key = request.GET.get("contact", "")
    if not key.isdecimal() or len(key) > 18:
        return None
    contacts = Contact.objects.active(request.at).select_related("user", "organization")  # type: ignore[attr-defined]
    return contacts.filter(pk=key).first()


def _choose(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """Find the person by name, address, organization or access id."""
    words = " ".join(request.GET.get("who", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    found: list[Contact] = []
    if words:
        named = Q(user__name__icontains=words) | Q(user__email__icontains=words)
        named |= Q(organization__name__icontains=words) | Q(access_id=words)
        active = Contact.objects.active(request.at).filter(named)  # type: ignore[attr-defined]
        found = list(
            active.select_related("user", "organization").order_by("organization__name")[:MOST_FOUND]
        )
    context = base | {"title": _("Take a call or mail"), "words": words, "found": found, "most": MOST_FOUND}
    context["mail"] = mail_of(request)
    return TemplateResponse(request, "admin/tickets/ticket/who.html", context)


def _ask(request: HttpRequest, base: dict[str, Any], contact: Contact) -> HttpResponse:
    at = request.at  # type: ignore[attr-defined]
    decision = first_decision(contact.user, contact.organization, at)
    offer = offer_of(decision, contact.user, contact.organization, at)
    if offer is None:
        return _page(request, base, contact, None, decision, 200)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = IntakeForm(*posted, offer=offer, initial=initial_of(request))
    if not posted:
        return _page(request, base, contact, form, None, 200)
    if not form.is_valid():
        return _page(request, base, contact, form, None, 400)
    try:
        ticket = _submit(request, contact, form, offer)
    except actions.Refused as refusal:
        return _page(request, base, contact, form, refusal, 409)
    note_opened(request, ticket)
    messages.success(request, _("Request #%(number)s is in.") % {"number": ticket.pk})
    return HttpResponseRedirect(reverse("admin:tickets_ticket_change", args=[ticket.pk]))


def _submit(request: HttpRequest, contact: Contact, form: IntakeForm, offer: Offer) -> Any:
    given = form.cleaned_data
    return actions.submit(
        person=contact.user,
        organization=contact.organization,
        submission=with_files(form.submission(), request),
        at=request.at,  # type: ignore[attr-defined]
        channel=given["channel"],
        received_at=given["received_at"],
        entered_by=request.user,  # type: ignore[arg-type]
        client_key=given["client_key"],
        is_extraordinary=given.get("is_extraordinary", False),
    )


def _page(
    request: HttpRequest,
    base: dict[str, Any],
    contact: Contact,
    form: IntakeForm | None,
    refusal: Any,
    status: int,
) -> HttpResponse:
    context = base | {"title": _("Take a call or mail"), "contact": contact, "form": form, "refusal": refusal}
    theirs = Ticket.objects.unsolved().filter(organization=contact.organization_id)
    context["open_requests"] = theirs.select_related("requester").order_by("-number")[:MOST_OPEN]
    return TemplateResponse(request, "admin/tickets/ticket/intake.html", context, status=status)
