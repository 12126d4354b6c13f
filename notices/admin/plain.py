"""What every plain list of the back office shares: no count of a whole table, and no N+1."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

MOST_ROWS = 1000


class CappedPaginator(Paginator):
    """Counts up to a cap: at a million rows an exact count costs more than the page itself."""

    @cached_property
    def _found(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by()[: MOST_ROWS + 1].count()

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than the pages show."""
        return self._found > MOST_ROWS

    @cached_property
    def count(self) -> int:
        return min(self._found, MOST_ROWS)


class PlainAutocomplete(AutocompleteSelect):
    """Shown again, it leaves out what can be no key: Django's own asks the database for it, and fails."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if self._may_be_key(key)], attr)

    def _may_be_key(self, key: Any) -> bool:
        try:
            self.field.remote_field.model._meta.pk.to_python(key)
        except ValidationError:
            return False
        return True


class PlainFields:
    """Days and moments are the browser's own fields; a related row is edited on its own page, in no popup."""

    formfield_overrides: Any = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        },
    }

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs["widget"] = PlainAutocomplete(db_field, self.admin_site)  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: models.Field, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class DaysForm(forms.ModelForm):
    """A row that lasts from one day to another: the last is never before the first."""

    first, last = "starts_on", "ends_on"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        begin, end = self.cleaned_data.get(self.first), self.cleaned_data.get(self.last)
        if begin and end and end < begin:
            self.add_error(self.last, _("The last day lies before the first. Choose a later one."))
        return cleaned


class PlainAdmin(PlainFields, admin.ModelAdmin):
    """A list with filters on top and a form in cards.

    ``list_title`` is what the rail calls the list, where that is not the plural of its rows; ``list_help`` is
    said above it.
    """

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    list_max_show_all = 0
    view_on_site = False
    list_title: Any = ""
    list_help: Any = ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        if any("\0" in value for _name, values in request.GET.lists() for value in values):
            # A sign that nobody types and no row holds.
            messages.warning(request, _("This address could not be read. Here is the whole list."))
            return HttpResponseRedirect(request.path)
        context = {"title": self._list_title(), "list_help": self.list_help}
        return super().changelist_view(request, context | (extra_context or {}))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The window is named after the row, and leads back to the list by its name."""
        row = kwargs.get("obj")
        if row is not None:
            context["title"] = context.get("row_title") or str(row) or context["title"]
        context["list_title"] = self._list_title()
        # Rows are added one after the other; who changes one is done with it.
        if row is not None:
            context.setdefault("show_save_and_add_another", False)
        return super().render_change_form(request, context, *args, **kwargs)

    def _list_title(self) -> str:
        return capfirst(str(self.list_title or self.opts.verbose_name_plural))


class ReadOnlyAdmin(PlainAdmin):
    """Rows that are looked at and never edited here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
