"""Identity checks: recorded on a page of their organization, and asked for before billing data change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.actions import CONFIRMED, record_identity_check
from accounts.models import IdentityCheck, Organization
from notices.admin import ReadOnlyAdmin

LONGEST_KEY = 18
_WORDS = {
    "name": _("Their name"),
    "company": _("The company's name"),
    "address": _("The company's address"),
    "alternate_email": _("The alternate email"),
}


class IdentityCheckForm(forms.Form):
    """Who was asked, and what of the four they said rightly."""

    person_name = forms.CharField(
        label=_("Who was asked"),
        max_length=150,
        error_messages={"required": _("Write whom you asked.")},
    )
    confirmed = forms.MultipleChoiceField(
        label=_("Confirmed"),
        choices=[(code, _WORDS[code]) for code in CONFIRMED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Let them say it; do not read it out. What they could not say stays unticked."),
    )
    use_required_attribute = False


def check_identity(request: HttpRequest, base: dict[str, Any], pk: str) -> HttpResponse:
    """The form of a check; ``ticket`` in the address names the request in which it was asked."""
    if not request.user.has_perm("tickets.change_ticket"):
        raise PermissionDenied
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if not pk.isdecimal() or len(pk) > LONGEST_KEY:
        raise Http404
    organization = get_object_or_404(Organization, pk=int(pk))
    form = IdentityCheckForm(request.POST or None)
    number = _number(request.GET.get("ticket", ""))
    if request.method == "POST" and form.is_valid():
        check = record_identity_check(
            organization=organization,
            by=request.user,  # type: ignore[arg-type]
            at=request.at,  # type: ignore[attr-defined]
            ticket_number=number,
            **form.cleaned_data,
        )
        messages.success(request, _told(check))
        return HttpResponseRedirect(_back(organization, number))
    context = base | {
        "title": _("Check an identity"),
        "organization": organization,
        "form": form,
        "back_url": _back(organization, number),
        "earlier": organization.identity_checks.select_related("by")[:10],
    }
    status = 400 if form.errors else 200
    return TemplateResponse(
        request, "admin/accounts/organization/identity_check.html", context, status=status
    )


def _told(check: IdentityCheck) -> Any:
    if check.is_complete:
        return _("Recorded. Billing data may be changed for a day.")
    return _("Recorded as not passed: not everything was confirmed. Billing data stay as they are.")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _back(organization: Organization, number: int | None) -> str:
    try:
        if number is not None:
            return reverse("admin:tickets_ticket_change", args=[number])
    except NoReverseMatch:
        pass
    return reverse("admin:accounts_organization_change", args=[organization.pk])


@admin.register(IdentityCheck)
class IdentityCheckAdmin(ReadOnlyAdmin):
    list_help = _("Who was asked to confirm their identity, by whom, and how it came out.")
    list_display = ("at", "organization", "person_name", "passed", "by", "ticket_number")
    list_select_related = ("organization", "by")
    list_filter = ("at",)
    search_fields = ("organization__name", "person_name")
    search_help_text = _("Organization or person")
    ordering = ("-at", "-pk")

    @admin.display(description=_("passed"), boolean=True)
    def passed(self, check: IdentityCheck) -> bool:
        return check.is_complete
