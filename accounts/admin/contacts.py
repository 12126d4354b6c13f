"""Contacts with their approvals, and mandates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Mandate, User
from notices.admin import DaysForm, PlainAdmin


def approve_for_us(contact: Contact, actor: User, at: datetime) -> str:
    """Record the vendor's approval. Returns what stands in the way, or an empty string."""
    if contact.revoked_at:
        return str(_("This contact is revoked. Add the person anew."))
    if contact.vendor_approved_at is None:
        contact.vendor_approved_by, contact.vendor_approved_at = actor, at
        contact.save(update_fields=["vendor_approved_by", "vendor_approved_at"])
    return ""


def approve_for_customer(contact: Contact, actor: User, at: datetime) -> str:
    """Record that the customer agreed (by a letter or a call); ``actor`` vouches for it."""
    if contact.revoked_at:
        return str(_("This contact is revoked. Add the person anew."))
    if contact.customer_approved_at is None:
        contact.customer_approved_by, contact.customer_approved_at = actor, at
        contact.save(update_fields=["customer_approved_by", "customer_approved_at"])
    return ""


def revoke(contact: Contact, actor: User, at: datetime) -> str:
    """Revoke from this instant on. The last administrator of an organization stays."""
    if contact.revoked_at:
        return ""
    others = Contact.objects.active(at).filter(organization=contact.organization_id, is_administrator=True)
    if contact.is_administrator and not others.exclude(pk=contact.pk).exists():
        return str(_("This is the last administrator of the organization. Make somebody else one first."))
    contact.revoked_by, contact.revoked_at = actor, at
    contact.save(update_fields=["revoked_by", "revoked_at"])
    return ""


# Name of the button, what it does, what is said afterwards.
DEEDS = {
    "_approve": (approve_for_us, _("Approved for us.")),
    "_approve_customer": (approve_for_customer, _("The customer's approval is recorded.")),
    "_revoke": (revoke, _("Revoked. It holds from the very next request on.")),
}


@admin.register(Contact)
class ContactAdmin(PlainAdmin):
    list_help = _(
        "Who may ask for support, for which organization. Approvals are kept with who gave them and when."
    )
    list_display = (
        "user",
        "organization",
        "is_administrator",
        "sees",
        "customer_approved_at",
        "vendor_approved_at",
        "revoked_at",
    )
    list_filter = (
        "is_administrator",
        "sees",
        ("vendor_approved_at", admin.EmptyFieldListFilter),
        ("revoked_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("user", "organization")
    search_fields = ("user__name", "user__email", "organization__name", "access_id")
    search_help_text = _("Person, organization or access id")
    autocomplete_fields = ("user", "organization")
    actions = ("approve_selected",)
    change_form_template = "admin/accounts/contact/change_form.html"
    readonly_fields = (
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
        (None, {"fields": ("user", "organization", "is_administrator", "functions", "sees", "access_id")}),
        (
            _("Approvals"),
            {
                "fields": (
                    ("proposed_by", "proposed_at"),
                    ("customer_approved_by", "customer_approved_at"),
                    ("vendor_approved_by", "vendor_approved_at"),
                    ("revoked_by", "revoked_at"),
                ),
                "description": _("The plan says whose approval a contact needs before it may ask."),
            },
        ),
    )

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
        if not change:
            obj.proposed_by, obj.proposed_at = request.user, request.at  # type: ignore[assignment, attr-defined]
        super().save_model(request, obj, form, change)

    def response_change(self, request: HttpRequest, obj: Contact) -> HttpResponse:
        for button, (deed, done) in DEEDS.items():
            if button in request.POST:
                fault = deed(obj, request.user, request.at)  # type: ignore[arg-type, attr-defined]
                self.message_user(request, fault or done, messages.ERROR if fault else messages.SUCCESS)
                return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    @admin.action(description=_("Approve for us"), permissions=["change"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        for contact in queryset:
            fault = approve_for_us(contact, request.user, request.at)  # type: ignore[arg-type, attr-defined]
            if fault:
                self.message_user(request, f"{contact}: {fault}", messages.ERROR)
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
