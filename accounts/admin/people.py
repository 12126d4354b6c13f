"""People: customers and the vendor's own, with their roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, SetUnusablePasswordMixin, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import check_address, check_may_go, forget_other_addresses
from accounts.admin.rules import may_grant_roles, may_manage
from accounts.admin.zones import ZoneField
from accounts.models import User
from accounts.refusals import Refused
from notices.admin import PlainAdmin


class _LowerCaseEmail:
    """Addresses are kept in lower case, as the sign-in compares them; one that is somebody else's is none."""

    cleaned_data: dict[str, Any]
    instance: User

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        try:
            check_address(email, self.instance if self.instance.pk else None)
        except Refused as refusal:
            raise forms.ValidationError(f"{refusal.detail} {refusal.next_step}") from None
        return email


class PersonCreationForm(_LowerCaseEmail, SetUnusablePasswordMixin, BaseUserCreationForm):
    usable_password = SetUnusablePasswordMixin.create_usable_password_field()
    time_zone = ZoneField(label=_("time zone"), initial="UTC")

    class Meta:
        model = User
        fields = ("email", "name", "language", "time_zone")


class PersonForm(_LowerCaseEmail, UserChangeForm):
    time_zone = ZoneField(label=_("time zone"))

    def clean_is_active(self) -> bool:
        stays = bool(self.cleaned_data["is_active"])
        if self.instance.is_active and not stays:
            try:
                check_may_go(self.instance)
            except Refused as refusal:
                raise forms.ValidationError(f"{refusal.detail} {refusal.next_step}") from None
        return stays

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        works_here = self.cleaned_data.get("is_staff", self.instance.is_staff)
        if self.cleaned_data.get("role") and not works_here:
            raise forms.ValidationError(
                {
                    "role": _(
                        "Only people of support have a role. Tick “works for support”, or take the role away."
                    )
                }
            )
        return cleaned


@admin.register(User)
class PersonAdmin(UserAdmin, PlainAdmin):
    list_help = _(
        "Everybody who signs in. What a customer may see follows from their contacts, not from here."
    )
    add_form = PersonCreationForm
    form = PersonForm
    list_display = ("name", "email", "role", "is_staff", "is_active", "last_login")
    list_display_links = ("name", "email")
    list_filter = ("is_staff", "role", "is_active", "language")
    search_fields = ("name", "email")
    search_help_text = _("Name or address")
    ordering = ("name", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "created_at")
    fieldsets = (
        (None, {"fields": ("email", "name", "phone", "language", "time_zone")}),
        (
            _("Signing in"),
            {
                "fields": ("password", "is_active", "last_login", "created_at"),
                "description": _("Who is not active can't sign in, and their API tokens stop at once."),
            },
        ),
        (_("Working for support"), {"fields": ("is_staff", "role", "is_superuser")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "email",
                    "name",
                    "language",
                    "time_zone",
                    "usable_password",
                    "password1",
                    "password2",
                ),
                "description": _(
                    "The address is the login. Without a password they set one by “Forgot the password”."
                ),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            forget_other_addresses(obj)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_manage(request.user, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted: history names them. “Active” is taken away instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = list(super().get_readonly_fields(request, obj))
        if not may_grant_roles(request.user):
            fields += ["is_staff", "role"]
        if not request.user.is_superuser:
            fields.append("is_superuser")
        return fields
