"""Organizations, with their contacts and the mandates over them as tables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.admin.contacts import MandateForm
from accounts.admin.zones import ZoneField
from accounts.models import Contact, Mandate, Organization
from notices.admin import PlainAdmin, PlainFields


class OrganizationForm(forms.ModelForm):
    time_zone = ZoneField(
        label=_("time zone"), initial="UTC", help_text=_("Where their contract's days begin and end.")
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    class Meta:
        model = Organization
        fields = ("name", "slug", "kind", "address", "alternate_email", "time_zone", "language")
        help_texts = {
            "slug": _("Short and lasting: scripts and partners know the organization by it."),
            "kind": _("A partner manages customers by mandates."),
            "alternate_email": _("Asked for when an identity is checked before billing is changed."),
        }


class ContactInline(PlainFields, admin.TabularInline):
    model = Contact
    fields = (
        "user",
        "is_administrator",
        "functions",
        "sees",
        "access_id",
        "vendor_approved_at",
        "revoked_at",
    )
    readonly_fields = ("vendor_approved_at", "revoked_at")
    autocomplete_fields = ("user",)
    extra = 0
    show_change_link = True
    can_delete = False

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("user", "organization")


class MandateInline(PlainFields, admin.TabularInline):
    model = Mandate
    form = MandateForm
    fk_name = "organization"
    fields = ("partner", "from_on", "until_on", "scope")
    autocomplete_fields = ("partner",)
    extra = 0
    verbose_name = _("mandate of a partner over this organization")
    verbose_name_plural = _("mandates of partners over this organization")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("partner", "organization")


@admin.register(Organization)
class OrganizationAdmin(PlainAdmin):
    form = OrganizationForm
    list_help = _("Customers and partners. Their contracts say what they were promised.")
    list_display = ("name", "slug", "kind", "time_zone", "language", "created_at")
    list_filter = ("kind", "language")
    search_fields = ("name", "slug")
    search_help_text = _("Name or short name")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (ContactInline, MandateInline)

    def get_prepopulated_fields(self, request: Any, obj: Organization | None = None) -> dict[str, Any]:
        """The short name follows the name only while it is new."""
        return {} if obj else dict(super().get_prepopulated_fields(request, obj))

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Who adds a contact here proposes it."""
        for row in formset.save(commit=False):
            if isinstance(row, Contact) and row.pk is None:
                row.proposed_by, row.proposed_at = request.user, request.at
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()
