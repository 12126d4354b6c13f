"""What every door of the portal does first: who asks, and what of it exists for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.laid_aside import lay_aside, taken_up
from accounts.models import User
from accounts.standing import Standing, standing_of
from tickets.actions import Refused
from tickets.models import Ticket

View = Callable[..., HttpResponseBase]
AnyForm = TypeVar("AnyForm", bound=Form)
BIGGEST_NUMBER = 2**63 - 1


class CustomerRequest(HttpRequest):
    """A request by somebody of a customer or a partner, with its one instant."""

    user: User
    at: datetime
    typed: dict[str, str]


def door(*methods: str) -> Callable[[View], View]:
    """A page for signed-in customers and partners, by these methods alone; staff go to their own page.

    What somebody sends after their session has ended stands in its form again once they have signed in.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: CustomerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request, methods, kwargs.get("number"))
            if request.user.is_staff:
                return HttpResponseRedirect(_back_office(kwargs.get("number")))
            request.typed = taken_up(request) if request.method == "GET" else {}
            if request.typed:
                messages.warning(request, _signed_out_meanwhile())
            return view(request, *args, **kwargs)

        return require_http_methods(list(methods))(inner)

    return wrap


def _to_sign_in(request: CustomerRequest, methods: tuple[str, ...], number: int | None) -> HttpResponseBase:
    """To the sign-in, and from there to the page with the form: an address that only takes posts has none."""
    page = request.get_full_path()
    if request.method == "POST":
        if "GET" not in methods:
            page = reverse("tickets:detail", args=[number]) if number else reverse("tickets:new")
        lay_aside(request, page.split("?")[0])
    return redirect_to_login(page)


def _signed_out_meanwhile() -> str:
    return _(
        "You were signed out before this was sent, so nothing was. What you typed stands here again: "
        "look at it, choose files anew, and send it."
    )


def begun(request: CustomerRequest, form: AnyForm) -> AnyForm:
    """``form``, not sent yet, with what its reader typed before their session ended."""
    if not form.is_bound:
        form.initial = {
            **form.initial,
            **{name: text for name, text in request.typed.items() if name in form.fields},
        }
    return form


def _back_office(number: int | None) -> str:
    """Where support works on the same thing."""
    try:
        if number is not None:
            return reverse("admin:tickets_ticket_change", args=[number])
        return reverse("admin:tickets_ticket_changelist")
    except NoReverseMatch:
        return reverse("admin:index")


def ticket_for(request: CustomerRequest, number: int) -> Ticket:
    """The request of that number if it exists for who asks; else 404, as for what never was."""
    if number > BIGGEST_NUMBER:
        raise Http404
    rows = Ticket.objects.visible_to(request.user, request.at).select_related(
        "organization", "plan__edition__policy", "requester", "assigned_to", "contract"
    )
    ticket = rows.filter(pk=number).first()
    if ticket is None:
        raise Http404
    return ticket


def standing(request: CustomerRequest) -> Standing:
    """Whom the reader acts for at the instant of the request."""
    return standing_of(request.user, request.at)


def may_act(request: CustomerRequest, ticket: Ticket) -> bool:
    """Whether the reader may change anything of the request, or may only read it."""
    held, organization = standing(request), ticket.organization_id
    return held.may_act_for(organization) and not held.is_read_only_contact_of(organization)


def acting_for(request: CustomerRequest, organization: Any) -> Any:
    """The organization for the strip under the bar, where the reader is a partner of it; else None."""
    return organization if standing(request).is_partner_for(organization.pk) else None


def reading_only(request: CustomerRequest, ticket: Ticket) -> Refused:
    """What somebody is told who tries to change what they may only read."""
    if standing(request).is_read_only_contact_of(ticket.organization_id):
        name = {"name": ticket.organization.name}
        return Refused(
            "contact_not_authorised",
            _("You are a read-only contact of %(name)s.") % name,
            _("Ask an administrator of %(name)s for another function.") % name,
        )
    return Refused(
        "mandate_read_only",
        _("Your mandate lets you read the requests of %(organization)s, not change them.")
        % {"organization": ticket.organization.name},
        _("Ask an administrator of %(organization)s to do it, or to widen the mandate.")
        % {"organization": ticket.organization.name},
    )
