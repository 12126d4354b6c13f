"""API tokens: made here, shown once, revoked at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.actions import create_token
from accounts.admin.rules import may_manage
from accounts.models import ApiToken
from notices.admin import PlainAdmin


class ApiTokenForm(forms.ModelForm):
    actor: Any = None

    class Meta:
        model = ApiToken
        fields = ("user", "name", "scope", "expires_at")
        help_texts = {
            "user": _("The token sees and does what this person may."),
            "name": _("What it is for, such as the name of the system that uses it."),
            "expires_at": _("Empty: until it is revoked."),
        }

    def clean_user(self) -> Any:
        person = self.cleaned_data["user"]
        if not may_manage(self.actor, person):
            raise forms.ValidationError(
                _("You may not act for this person. Ask a manager, or somebody who sets up the system.")
            )
        return person


@admin.register(ApiToken)
class ApiTokenAdmin(PlainAdmin):
    form = ApiTokenForm
    list_help = _("A token is shown once, when it is made; only a digest of it is kept.")
    list_display = (
        "name",
        "user",
        "shown_as",
        "scope",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_filter = ("scope", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("name", "user__email", "shown_as")
    search_help_text = _("Name, person or beginning")
    autocomplete_fields = ("user",)
    ordering = ("-pk",)
    change_form_template = "admin/accounts/apitoken/change_form.html"

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        made = ("shown_as", "created_at", "last_used_at", "revoked_at") if obj else ()
        return ("user", "name", "scope", "expires_at", *made)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        """What a token may do is settled when it is made."""
        return self.get_fields(request, obj) if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.actor = request.user
        return form

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_manage(
            request.user, obj.user if obj else None
        )

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        if change:
            return
        text = create_token(user=obj.user, name=obj.name, scope=obj.scope, expires_at=obj.expires_at)
        obj.pk = ApiToken.objects.values_list("pk", flat=True).get(
            shown_as=text[:12], user=obj.user, name=obj.name
        )
        obj.shown_as = text[:12]
        request.new_token = text  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> Any:
        """The one page that ever shows the token; it is never stored, so no redirect can bring it."""
        context = self.admin_site.each_context(request) | {
            "title": _("Token made"),
            "token": request.new_token,  # type: ignore[attr-defined]
            "made": obj,
            "opts": self.opts,  # type: ignore[attr-defined]
        }
        return TemplateResponse(request, "admin/accounts/apitoken/made.html", context)

    def response_change(self, request: HttpRequest, obj: ApiToken) -> HttpResponse:
        if "_revoke" in request.POST and obj.revoked_at is None:
            obj.revoked_at = request.at  # type: ignore[attr-defined]
            obj.save(update_fields=["revoked_at"])
            self.message_user(request, _("Revoked. Calls with it are refused from now on."), messages.SUCCESS)
        return self.response_post_save_change(request, obj)
