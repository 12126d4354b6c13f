"""Contacts with their approvals, and mandates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.forms.contacts import LONGEST_REASON
from accounts.models import Contact, Mandate
from accounts.people_rules import rules_of
from accounts.refusals import Refused
from accounts.templatetags.moments import record as in_record
from notices.admin import DaysForm, PlainAdmin
from notices.bounces import standing_bounces


class NamingForm(forms.ModelForm):
    """What staff say of a contact; what the verbs would refuse is said at the form."""

    actor: Any = None
    at: Any = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        try:
            self._ask_the_verbs(cleaned)
        except Refused as refusal:
            self.add_error(None, said(refusal))
        return cleaned

    def _ask_the_verbs(self, cleaned: dict[str, Any]) -> None:
        if self.instance.pk:
            stored = Contact.objects.get(pk=self.instance.pk)
            actions.check_change(stored, self.actor, different(stored, cleaned))
        elif cleaned.get("user") and self._organization(cleaned):
            organization = self._organization(cleaned)
            rules = rules_of(organization, self.at)
            actions.check_proposal(organization, rules, cleaned["user"].email, cleaned.get("access_id", ""))

    def _organization(self, cleaned: dict[str, Any]) -> Any:
        """The one of the form; in a table under an organization that one, once it is stored."""
        found = cleaned.get("organization")
        return found if found is not None and found.pk else None


def said(refusal: Refused) -> str:
    return f"{refusal.detail} {refusal.next_step}"


def different(stored: Contact, values: dict[str, Any]) -> dict[str, Any]:
    """What of a form's values is not what the row holds."""
    return {
        name: values[name]
        for name in actions.CHANGEABLE
        if name in values and getattr(stored, name) != values[name]
    }


def name_contact(row: Contact, by: Any, at: Any) -> Contact:
    """Propose the person of an unsaved row through the verb."""
    return actions.propose(
        organization=row.organization,
        by=by,
        at=at,
        email=row.user.email,
        functions=row.functions,
        is_administrator=row.is_administrator,
        sees=row.sees,
        access_id=row.access_id,
    )


class WaitsForFilter(admin.SimpleListFilter):
    """Whose approval is missing: "waits for us" is what staff have to do."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return [
            ("vendor", _("Waits for us")),
            ("customer", _("Waits for the customer")),
            ("approved", _("In effect")),
            ("ended", _("Revoked or declined")),
        ]

    def queryset(self, request: Any, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        value = self.value()
        if value == "ended":
            return queryset.filter(revoked_at__isnull=False)
        if value == "approved":
            return queryset.filter(waits_for="", revoked_at=None)
        return queryset.filter(waits_for=value, revoked_at=None) if value else queryset


# Name of the button, what it does, whether it takes a reason, what is said afterwards.
DEEDS: dict[str, tuple[Any, bool, Any]] = {
    "_approve": (actions.approve_for_vendor, False, _("Approved for us.")),
    "_approve_customer": (
        actions.approve_for_customer,
        False,
        _("The customer's approval is recorded."),
    ),
    "_decline": (actions.decline, True, _("Declined. The proposal stays on record.")),
    "_revoke": (actions.revoke, True, _("Revoked. It holds from the very next request on.")),
}


@admin.register(Contact)
class ContactAdmin(PlainAdmin):
    form = NamingForm
    list_help = _(
        "Who may ask for support, for which organization. Approvals are kept with who gave them and when."
    )
    list_display = (
        "user",
        "organization",
        "is_administrator",
        "sees",
        "state_words",
        "customer_approved_at",
        "vendor_approved_at",
    )
    list_filter = (WaitsForFilter, "is_administrator", "sees")
    list_select_related = ("user", "organization")
    search_fields = ("user__name", "user__email", "organization__name", "access_id")
    search_help_text = _("Person, organization or access id")
    autocomplete_fields = ("user", "organization")
    actions = ("approve_selected",)
    change_form_template = "admin/accounts/contact/change_form.html"
    readonly_fields = (
        "state_words",
        "mail_words",
        "record",
        "proposed_by",
        "proposed_at",
        "customer_approved_by",
        "customer_approved_at",
        "vendor_approved_by",
        "vendor_approved_at",
        "revoked_by",
        "revoked_at",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "user",
                    "organization",
                    "mail_words",
                    "is_administrator",
                    "functions",
                    "sees",
                    "access_id",
                )
            },
        ),
        (
            _("Approvals"),
            {
                "fields": (
                    "state_words",
                    ("proposed_by", "proposed_at"),
                    ("customer_approved_by", "customer_approved_at"),
                    ("vendor_approved_by", "vendor_approved_at"),
                    ("revoked_by", "revoked_at"),
                    "record",
                ),
                "description": _("The plan says whose approval a contact needs before it may ask."),
            },
        ),
    )

    @admin.display(description=_("state"), ordering="waits_for")
    def state_words(self, contact: Contact) -> Any:
        return {
            "vendor": _("waits for us"),
            "customer": _("waits for the customer"),
            "approved": _("in effect"),
            "revoked": _("revoked"),
            "declined": _("declined"),
        }[contact.state if contact.pk else "vendor"]

    @admin.display(description=_("mail"))
    def mail_words(self, contact: Contact) -> Any:
        """Since when mail to the person's address comes back, and where staff see and clear it."""
        bounce = standing_bounces([contact.user.email]).get(contact.user.email) if contact.pk else None
        if bounce is None:
            return _("Nothing came back.") if contact.pk else "-"
        return format_html(
            '{} <a href="{}?q={}">{}</a>',
            _("Mail to this address has come back since %(since)s.") % {"since": in_record(bounce.at)},
            reverse("admin:notices_bounce_changelist"),
            bounce.email,
            _("See what came back"),
        )

    @admin.display(description=_("on record"))
    def record(self, contact: Contact) -> Any:
        """Every event: what, who, when, why."""
        rows = [
            (in_record(row.at), row.get_kind_display(), row.by or "", row.data.get("reason", ""))
            for row in contact.events.select_related("by")
        ]
        if not rows:
            return "-"
        return format_html(
            '<ul class="list small">{}</ul>',
            format_html_join("", "<li>{} <b>{}</b> {} {}</li>", rows),
        )

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.actor, form.at = request.user, request.at  # type: ignore[attr-defined]
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Contact | None = None) -> Any:
        """Whose contact it is stays: another person is another contact."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "user", "organization"] if obj else fields

    def get_autocomplete_fields(self, request: HttpRequest) -> Any:
        return self.autocomplete_fields

    def has_change_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.revoked_at)

    def has_delete_permission(self, request: HttpRequest, obj: Contact | None = None) -> bool:
        """A contact is revoked, never deleted: its approvals stay on record."""
        return False

    def save_model(self, request: HttpRequest, obj: Contact, form: Any, change: bool) -> None:
        """Through the verbs, which keep the record; the row is read anew from what they wrote."""
        by, at = request.user, request.at  # type: ignore[attr-defined]
        if not change:
            obj.__dict__.update(name_contact(obj, by, at).__dict__)
            return
        stored = Contact.objects.get(pk=obj.pk)
        values = {name: getattr(obj, name) for name in actions.CHANGEABLE}
        actions.change(contact=stored, by=by, at=at, **values)  # type: ignore[arg-type]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """What a verb refuses after the form was asked (somebody was quicker) is said above the page."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            self.message_user(request, said(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def response_change(self, request: HttpRequest, obj: Contact) -> HttpResponse:
        for button, (deed, takes_reason, done) in DEEDS.items():
            if button in request.POST:
                reason = {"reason": request.POST.get("reason", "")[:LONGEST_REASON]} if takes_reason else {}
                deed(contact=obj, by=request.user, at=request.at, **reason)  # type: ignore[attr-defined]
                self.message_user(request, done, messages.SUCCESS)
                return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    @admin.action(description=_("Approve for us"), permissions=["change"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        approved = 0
        for contact in queryset.select_related("organization"):
            try:
                actions.approve_for_vendor(contact=contact, by=request.user, at=request.at)  # type: ignore[arg-type, attr-defined]
            except Refused as refusal:
                self.message_user(request, f"{contact}: {said(refusal)}", messages.ERROR)
            else:
                approved += 1
        if approved:
            self.message_user(request, _("Approved for us."), messages.SUCCESS)


class MandateForm(DaysForm):
    first, last = "from_on", "until_on"


@admin.register(Mandate)
class MandateAdmin(PlainAdmin):
    form = MandateForm
    list_help = _(
        "A partner manages an organization from one day to another, both included, in its own zone."
    )
    list_display = ("partner", "organization", "from_on", "until_on", "scope")
    list_filter = ("scope",)
    list_select_related = ("partner", "organization")
    search_fields = ("partner__name", "organization__name")
    search_help_text = _("Partner or organization")
    autocomplete_fields = ("partner", "organization")
