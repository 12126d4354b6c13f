"""Who may ask for an organization: the list for everybody there; administrators propose and revoke."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms.contacts import ProposalForm, ReasonForm, StandingForm, function_choices
from accounts.models import Contact, Organization, User
from accounts.people_rules import PeopleRules, function_name, rules_of
from accounts.refusals import Refused
from accounts.standing import Standing, standing_of
from notices.bounces import standing_bounces

BIGGEST_KEY = 2**63 - 1
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Row:
    """A contact as the list shows it; ``parts`` are its functions in words."""

    contact: Contact
    parts: list[str]
    is_me: bool


def door(*methods: str) -> Callable[[View], View]:
    """A page for signed-in customers and partners; staff go to the back office's list."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_staff:  # type: ignore[union-attr]
                return redirect("admin:accounts_contact_changelist")
            return view(request, *args, **kwargs)

        return require_http_methods(list(methods))(login_required(inner))

    return wrap


@door("GET", "HEAD")
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody who may ask, or is proposed to, for one organization."""
    standing = _standing(request)
    organization = _chosen(standing, request.GET.get("organization", ""))
    if organization is None:
        return render(request, "accounts/contacts.html", {"organization": None})
    rules = rules_of(organization, standing.at)
    rows = _rows(request, organization, rules)
    waiting = [row for row in rows if row.contact.waits_for == "customer"]
    context = {
        "organization": organization,
        "organizations": standing.organizations if len(standing.organizations) > 1 else [],
        "rows": rows,
        "waiting": waiting,
        "rules": rules,
        "is_full": rules.contacts_max is not None and len(rows) >= rules.contacts_max,
        "may_manage": standing.administers(organization.pk),
        "acting_for": organization if standing.is_partner_for(organization.pk) else None,
    }
    return render(request, "accounts/contacts.html", context)


@door("GET", "HEAD", "POST")
def propose(request: HttpRequest) -> HttpResponse:
    """A person to add; the terms say whose approval is needed besides the administrator's."""
    standing = _standing(request)
    organization = _administered(standing, request.GET.get("organization", ""))
    rules = rules_of(organization, standing.at)
    form = ProposalForm(request.POST or None, rules=rules, initial={"language": organization.language})
    if request.method == "POST" and form.is_valid():
        try:
            contact = actions.propose(
                organization=organization, by=standing.user, at=standing.at, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, _said(refusal))
        else:
            messages.success(request, _proposed(contact))
            return _back(organization)
    context = {"form": form, "organization": organization, "rules": rules}
    return render(request, "accounts/contact_new.html", context, status=422 if form.errors else 200)


@door("GET", "HEAD", "POST")
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What a contact may do and see, and what is on record about it."""
    contact = _managed(request, pk)
    standing = _standing(request)
    rules = rules_of(contact.organization, standing.at)
    form = StandingForm(request.POST or None, rules=rules, contact=contact)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(contact=contact, by=standing.user, at=standing.at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, _said(refusal))
        else:
            messages.success(request, _("Saved. It holds from the next request on."))
            return _back(contact.organization)
    context = {
        "form": form,
        "contact": contact,
        "bounce": standing_bounces([contact.user.email]).get(contact.user.email),
        "events": contact.events.select_related("by"),
        "may_be_invited": contact.state == "approved" and not contact.user.has_usable_password(),
    }
    return render(request, "accounts/contact.html", context, status=422 if form.errors else 200)


@door("GET", "HEAD", "POST")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke, or decline what waits: nothing takes it back, so the page says what happens first."""
    contact = _managed(request, pk)
    standing = _standing(request)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb = actions.decline if contact.waits_for else actions.revoke
        try:
            verb(contact=contact, by=standing.user, at=standing.at, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, _said(refusal))
        else:
            messages.success(request, _ended(contact))
            return _back(contact.organization)
    context = {"form": form, "contact": contact, "sentences": _consequences(contact)}
    return render(request, "accounts/contact_revoke.html", context, status=422 if form.errors else 200)


@door("POST")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree, for the customer, to a contact that support proposed."""
    contact = _managed(request, pk)
    standing = _standing(request)
    try:
        done = actions.approve_for_customer(contact=contact, by=standing.user, at=standing.at)
    except Refused as refusal:
        messages.error(request, _said(refusal))
    else:
        messages.success(request, _proposed(done))
    return _back(contact.organization)


@door("POST")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation once more."""
    contact = _managed(request, pk)
    standing = _standing(request)
    actions.invite_again(contact=contact, by=standing.user, at=standing.at)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": contact.user.email})
    return _back(contact.organization)


def _standing(request: HttpRequest) -> Standing:
    at: datetime = request.at  # type: ignore[attr-defined]
    return standing_of(cast(User, request.user), at)


def _chosen(standing: Standing, slug: str) -> Organization | None:
    """The one that was named, else the first that the reader administers, else the first reached."""
    reached = standing.organizations
    if slug:
        found = next((row for row in reached if row.slug == slug), None)
        if found is None:
            raise Http404
        return found
    own = [row for row in reached if standing.administers(row.pk)]
    return next(iter(own or reached), None)


def _administered(standing: Standing, slug: str) -> Organization:
    organization = _chosen(standing, slug)
    if organization is None or not standing.administers(organization.pk):
        raise PermissionDenied
    return organization


def _managed(request: HttpRequest, pk: int) -> Contact:
    """The contact that the reader may manage; one that they can't see does not exist."""
    standing = _standing(request)
    rows = Contact.objects.visible_to(standing.user, standing.at).select_related("user", "organization")
    contact = rows.filter(pk=pk).first() if pk <= BIGGEST_KEY else None
    if contact is None:
        raise Http404
    if not standing.administers(contact.organization_id):
        raise PermissionDenied
    return contact


def _rows(request: HttpRequest, organization: Organization, rules: PeopleRules) -> list[Row]:
    standing = _standing(request)
    names = dict(function_choices(rules))
    found = (
        Contact.objects.visible_to(standing.user, standing.at)
        .filter(organization=organization)
        .select_related("user", "proposed_by")
        .order_by("-is_administrator", "user__name", "pk")
    )
    return [
        Row(
            row,
            [str(names.get(code) or function_name(code)) for code in row.functions],
            row.user_id == standing.user.pk,
        )
        for row in found
    ]


def _said(refusal: Refused) -> str:
    return f"{refusal.detail} {refusal.next_step}"


def _proposed(contact: Contact) -> str:
    name = {"name": contact.user.name}
    if contact.waits_for == "vendor":
        return _("%(name)s is proposed. Support has to approve; then the invitation goes out.") % name
    return _("%(name)s may ask from now on. A mail says so.") % name


def _ended(contact: Contact) -> str:
    words = (
        _("%(name)s is declined.") if contact.waits_for else _("%(name)s is revoked, from this moment on.")
    )
    return words % {"name": contact.user.name}


def _consequences(contact: Contact) -> list[str]:
    """What revoking does, as sentences."""
    names = {"name": contact.user.name, "organization": contact.organization.name}
    if contact.waits_for:
        return [
            _("%(name)s does not become a contact of %(organization)s.") % names,
            _("The proposal stays on record. To change your mind, propose them anew."),
        ]
    return [
        _("From the next request on %(name)s sees nothing of %(organization)s and can ask nothing for it.")
        % names,
        _("API tokens of theirs stop reaching it too. Requests they asked stay, with their name."),
        _("Nothing takes this back: to have them again, propose them anew."),
    ]


def _back(organization: Organization) -> HttpResponseRedirect:
    query = urlencode({"organization": organization.slug})
    return HttpResponseRedirect(f"{reverse('people:contacts')}?{query}")
