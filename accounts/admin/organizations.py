"""Organizations, with their contacts and the mandates over them as tables."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.admin.contacts import MandateForm, name_contact, said
from accounts.admin.identity import check_identity
from accounts.admin.zones import ZoneField
from accounts.models import Contact, IdentityCheck, Mandate, Organization
from accounts.people_rules import rules_of
from accounts.refusals import Refused
from notices.admin import PlainAdmin, PlainFields

BILLING_DATA = ("name", "address", "alternate_email")


class OrganizationForm(forms.ModelForm):
    time_zone = ZoneField(
        label=_("time zone"), initial="UTC", help_text=_("Where their contract's days begin and end.")
    )
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)

    at: Any = None

    class Meta:
        model = Organization
        widgets: ClassVar = {"address": forms.Textarea(attrs={"rows": 3})}
        fields = ("name", "slug", "kind", "address", "alternate_email", "time_zone", "language")
        help_texts = {
            "slug": _("Short and lasting: scripts and partners know the organization by it."),
            "kind": _("A partner manages customers by mandates."),
            "alternate_email": _("Asked for when an identity is checked before billing is changed."),
        }

    def clean(self) -> dict[str, Any] | None:
        """Billing data change only after an identity check, where the plan asks for one."""
        cleaned = super().clean()
        changed = [name for name in BILLING_DATA if name in self.changed_data]
        if self.instance.pk and changed and self._needs_check():
            for name in changed:
                self.add_error(
                    name,
                    _(
                        "Check the identity first (“Check an identity” above), and record it: this plan asks "
                        "for that within the 24 hours before a billing change."
                    ),
                )
        return cleaned

    def _needs_check(self) -> bool:
        stored = Organization.objects.get(pk=self.instance.pk)
        if not rules_of(stored, self.at).needs_identity_check:
            return False
        return not IdentityCheck.objects.opening(stored, self.at).exists()


class ContactInline(PlainFields, admin.TabularInline):
    """Contacts are added here, and changed on their own pages, where the record is."""

    model = Contact
    fields = (
        "user",
        "is_administrator",
        "functions",
        "sees",
        "access_id",
        "waits_for",
        "revoked_at",
    )
    readonly_fields = ("waits_for", "revoked_at")
    autocomplete_fields = ("user",)
    extra = 0
    show_change_link = True
    can_delete = False

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("user", "organization")

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False


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

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.at = request.at
        return form

    def get_urls(self) -> list[Any]:
        own = path(
            "<path:object_id>/identity-check/",
            self.admin_site.admin_view(self.identity_view),
            name="accounts_organization_identity",
        )
        return [own, *super().get_urls()]

    def identity_view(self, request: Any, object_id: str) -> Any:
        return check_identity(request, self.admin_site.each_context(request) | {"opts": self.opts}, object_id)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Who adds a contact here proposes it."""
        if formset.model is not Contact:
            super().save_formset(request, form, formset, change)
            return
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for row in formset.save(commit=False):
            formset.new_objects[-1] = name_contact(row, request.user, request.at)

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """What a verb refuses is said above the page; nothing of it was saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            self.message_user(request, said(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)
