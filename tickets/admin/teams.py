"""Teams of support: who is in them, and which new requests come to them.

It stands in this room because its choices are codes of terms, which the room of people does not know.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from notices.admin import PlainAdmin
from plans.enums import EditionState
from plans.models import Plan, Product, SupportType

RULES = ("support_types", "products", "plans")
Choices = list[tuple[str, str]]


class TeamForm(forms.ModelForm):
    """A team; its rules are chosen among the codes of the editions in force."""

    support_types = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds of help"), required=False, widget=forms.CheckboxSelectMultiple
    )
    products = forms.MultipleChoiceField(
        label=gettext_lazy("Products"), required=False, widget=forms.CheckboxSelectMultiple
    )
    plans = forms.MultipleChoiceField(
        label=gettext_lazy("Plans"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Team
        fields = ("name", "members", *RULES, "position", "is_active")
        widgets = {"members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {"support_types": _support_types, "products": _products, "plans": _plans}
        for name, choices in known.items():
            if name in self.fields:
                field: Any = self.fields[name]
                field.choices = _with_kept(choices(), getattr(self.instance, name))

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


@admin.register(Team)
class TeamAdmin(PlainAdmin):
    form = TeamForm
    list_help = gettext_lazy(
        "A new request comes to the first team whose choices all fit it; where none is ticked under a "
        "heading, that heading fits everything. A team with no choice at all gets what staff give it."
    )
    list_display = ("name", "people", "takes", "position", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name")
    ordering = ("position", "name")
    fieldsets = (
        (None, {"fields": ("name", "members", "is_active")}),
        (
            gettext_lazy("What comes to it by itself"),
            {
                "fields": (*RULES, "position"),
                "description": gettext_lazy(
                    "Under each heading one of the ticked ones must fit. Requests that are there already "
                    "stay where they are."
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("members")

    def has_delete_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        """A team goes out of use; its requests and their history go on naming it."""
        return False

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by("name")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("people"))
    def people(self, team: Team) -> str:
        return ", ".join(sorted(str(person) for person in team.members.all()))

    @admin.display(description=gettext_lazy("gets by itself"))
    def takes(self, team: Team) -> str:
        return " · ".join(", ".join(getattr(team, name)) for name in RULES if getattr(team, name)) or "-"


def _support_types() -> Choices:
    """Kinds of help of the editions in force, each code once."""
    rows = SupportType.objects.filter(edition__state=EditionState.PUBLISHED).order_by("code", "edition")
    return list({row.code: (row.code, f"{row.title()} ({row.code})") for row in rows}.values())


def _products() -> Choices:
    return [(row.code, row.title()) for row in Product.objects.filter(is_active=True).order_by("code")]


def _plans() -> Choices:
    rows = (
        Plan.objects.filter(edition__state=EditionState.PUBLISHED)
        .select_related("edition__policy")
        .order_by("edition__policy__slug", "position")
    )
    return [
        (f"{row.edition.policy.slug}/{row.code}", f"{row.edition.title()}: {row.title()}") for row in rows
    ]


def _with_kept(choices: Choices, kept: list[str]) -> Choices:
    """The choices, and those that were made when their code was still in force: saving loses none."""
    known = {code for code, _words in choices}
    gone = [(code, _("%(code)s (in no edition in force)") % {"code": code}) for code in kept]
    return choices + [choice for choice in gone if choice[0] not in known]
