"""When people of support are away, and who stands in for them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, User
from notices.admin import PlainAdmin


class AbsenceForm(forms.ModelForm):
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        begin, end = given.get("from_at"), given.get("until_at")
        if begin and end and end <= begin:
            self.add_error("until_at", _("This end lies before the beginning. Choose a later one."))
        if given.get("deputy") and given.get("deputy") == given.get("person"):
            self.add_error("deputy", _("Somebody else stands in: choose another person, or nobody."))
        return cleaned


@admin.register(Absence)
class AbsenceAdmin(PlainAdmin):
    form = AbsenceForm
    list_help = _(
        "Who is away hears of no escalation: their deputy does, and that one's deputy where they are away "
        "too. Without a deputy the others on duty hear, then the next level."
    )
    list_display = ("person", "from_at", "until_at", "deputy")
    list_select_related = ("person", "deputy")
    search_fields = ("person__name", "deputy__name")
    search_help_text = _("Person or deputy")
    ordering = ("-until_at", "-pk")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
