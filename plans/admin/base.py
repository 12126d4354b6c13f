"""What the admins of an edition's rows share: drafts are edited, published editions are only read."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices.admin import PlainAdmin, PlainFields
from plans.admin.reading import ReadInWords, ReadRowsInWords, named
from plans.admin.widgets import (
    ExamplesField,
    ExamplesWidget,
    SpansField,
    SpansWidget,
    TextsField,
    TextsWidget,
)
from plans.enums import EditionState
from plans.models import Edition
from plans.models.policies import EditionRow
from plans.texts import TranslatedTextField

STAYS = _(
    "This edition is published and stays as it is: requests were promised it. To change the terms, start a"
    " new draft on the policy's page and publish that."
)
LONG_TEXTS = ("description", "text", "how_to")


def edition_of(row: Any) -> Edition | None:
    """The edition that a row belongs to, through its plan or calendar where it has none of its own."""
    if row is None or isinstance(row, Edition):
        return row
    if isinstance(getattr(row, "edition", None), Edition):
        return row.edition
    for parent in ("plan", "calendar", "holiday_set"):
        if getattr(row, f"{parent}_id", None):
            return edition_of(getattr(row, parent))
    return None


class TextsMixin:
    """Texts by language and spans of a day get fields of their own."""

    def formfield_for_dbfield(self, db_field: models.Field, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, TranslatedTextField):
            rows = 3 if db_field.name in LONG_TEXTS else 1
            return TextsField(
                label=db_field.verbose_name,
                required=not db_field.blank,
                help_text=db_field.help_text,
                initial="",
                widget=TextsWidget(rows=rows),
            )
        if db_field.name == "examples":
            return ExamplesField(
                label=db_field.verbose_name,
                required=False,
                help_text=_("One a line. The same line in each language is the same example."),
                widget=ExamplesWidget(rows=4),
            )
        if isinstance(db_field, ArrayField) and db_field.name == "spans":
            return SpansField(label=_("open"), help_text=_("From and to. Leave all empty for a closed day."))
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class OfEditionMixin(TextsMixin):
    """Choices come from the edition of the row that is edited; each list is read once for a page."""

    parent_edition: Edition | None = None

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        _narrow(db_field, request, kwargs)
        return _read_once(super().formfield_for_foreignkey(db_field, request, **kwargs))  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        _narrow(db_field, request, kwargs)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        return _read_once(field)


def _narrow(db_field: Any, request: Any, kwargs: dict[str, Any]) -> None:
    """Rows of the same edition alone; a new row goes into a draft."""
    related = db_field.remote_field.model
    if related is Edition:
        kwargs["queryset"] = Edition.objects.filter(state=EditionState.DRAFT).select_related("policy")
    elif any(field.name == "edition" for field in related._meta.fields):
        edition = getattr(request, "edited_edition", None)
        rows = related._default_manager.filter(edition=edition)
        kwargs["queryset"] = rows if edition else rows.none()


def _read_once(field: Any) -> Any:
    """Inline rows share one list of choices; else each would ask the database for its own."""
    if field is not None and hasattr(field, "queryset"):
        field.label_from_instance = _choice
        field.choices = list(field.choices)
    return field


def _choice(row: Any) -> str:
    """A row to choose: its name in the reader's language with the code that the policy file has for it."""
    if not isinstance(row, EditionRow):
        return str(row)
    name = named(row)
    return name if name == row.code else f"{name} ({row.code})"


class EditionFilter(admin.RelatedFieldListFilter):
    """Editions by policy, read once with their policies' names."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        editions = Edition.objects.select_related("policy").order_by("policy__slug", "-number")
        return [(edition.pk, str(edition)) for edition in editions]


class OfEditionAdmin(ReadInWords, OfEditionMixin, PlainAdmin):
    """A row of an edition. Read only, with the reason said, once the edition is published."""

    list_select_related: ClassVar[Any] = ("edition__policy",)
    list_filter = (("edition", EditionFilter),)
    ordering = ("edition__policy__slug", "-edition__number", "pk")
    search_fields: ClassVar[Any] = ("code",)
    search_help_text = _("Code")
    change_form_template = "admin/plans/row_form.html"
    change_list_template = "admin/plans/row_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Of one edition, the list leads back to it."""
        key, context = request.GET.get("edition__id__exact", ""), dict(extra_context or {})
        if key.isdecimal() and len(key) < 18:
            context["edition"] = Edition.objects.filter(pk=key).select_related("policy").first()
        return super().changelist_view(request, context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        request.edited_edition = edition_of(obj) or _wanted(request)  # type: ignore[attr-defined]
        return super().get_form(request, obj, change=change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A single draft needs no choosing."""
        data: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        drafts = list(Edition.objects.filter(state=EditionState.DRAFT)[:2])
        if "edition" not in data and len(drafts) == 1:
            data["edition"] = drafts[0].pk
        return data

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A row stays in its edition."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, "edition"] if obj is not None and "edition" not in fields else fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_open(obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Rows are deleted one by one: a list may hold rows of published editions."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_inline_formsets(self, request: HttpRequest, formsets: Any, inlines: Any, obj: Any = None) -> Any:
        """A table without rows says nothing to somebody who can't add one."""
        shown = super().get_inline_formsets(request, formsets, inlines, obj)
        return [table for table in shown if table.has_add_permission or table.formset.forms]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        edition = edition_of(kwargs.get("obj"))
        if edition is not None:
            context["edition"] = edition
            context["row_title"] = named(kwargs["obj"])
            context["edition_url"] = reverse("admin:plans_edition_change", args=[edition.pk])
            if not edition.is_draft:
                context["read_only_because"] = STAYS
        return super().render_change_form(request, context, *args, **kwargs)


def _is_open(obj: Any) -> bool:
    edition = edition_of(obj)
    return edition is None or edition.is_draft


def _wanted(request: HttpRequest) -> Edition | None:
    """The draft that a new row goes into, as the address or the form names it."""
    key = request.POST.get("edition") or request.GET.get("edition") or ""
    if key.isdecimal() and len(key) < 18:
        return Edition.objects.filter(pk=key, state=EditionState.DRAFT).first()
    return Edition.objects.filter(state=EditionState.DRAFT).first()


class NamedCells(BaseInlineFormSet):
    """Each cell says the name of its column: in a table its fields have no labels to be known by."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            # Lists of boxes, texts and spans name each of their own.
            if not isinstance(field.widget, (forms.CheckboxSelectMultiple, TextsWidget, SpansWidget)):
                field.widget.attrs.setdefault("aria-label", str(field.label or ""))


class OfEditionInline(ReadRowsInWords, OfEditionMixin, PlainFields, admin.TabularInline):
    """Rows under a plan or a calendar; they open and close with its edition."""

    extra = 0
    formset: type[BaseInlineFormSet] = NamedCells

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and _is_open(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_open(obj)
