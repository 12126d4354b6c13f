"""How the rows of an edition read where they are not edited: words instead of what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from accounts.punctuation import aside, listed
from plans.models import BusinessCalendar
from plans.plan_facts import week_moment
from plans.templatetags.texts import target_length
from plans.texts import Text, TranslatedTextField, text_in
from timekeeping import parse_target

NOTHING = "-"


class Shown:
    """A column for a page that is only read: called with a row, it gives words."""

    do_not_call_in_templates = True

    def __init__(self, name: str, label: Any, words: Callable[[Any], Any]) -> None:
        self.__name__ = name
        self.short_description = label
        self.words = words

    def __call__(self, row: Any) -> Any:
        found = self.words(row)
        return NOTHING if found in (None, "") else found


def named(row: Any) -> str:
    """A row by its name in the reader's language, or its text, else by its code."""
    for method in ("title", "words"):
        if hasattr(row, method):
            return str(getattr(row, method)() or row)
    return str(row)


def everylanguage_name(value: Text | None) -> SafeString | str:
    """A text in each language that there is, the language said where there is more than one."""
    if not isinstance(value, dict) or len(value) < 2:
        return text_in(value)
    rows = ((code, language_name(code), text) for code, text in value.items())
    return format_html_join(
        "", '<p class="adm-said" lang="{}"><span class="muted tiny">{}</span> {}</p>', rows
    )


def every_example(examples: Sequence[Text]) -> SafeString | str:
    """Examples as a list, in each language that there is."""
    rows = format_html_join("", "<li>{}</li>", ((everylanguage_name(text),) for text in examples))
    return format_html("<ul>{}</ul>", rows) if rows else ""


def open_hours(spans: Sequence[str]) -> str:
    """Spans of a day as people write them; none is a closed day."""
    return listed(span.replace("-", "–") for span in spans) or _("closed")


def calendars_of(row: Any) -> str:
    """The calendars of a coverage in their order, each with its zone."""
    names = [
        f"{link.calendar.code}{aside(zone_words(link.calendar.time_zone))}"
        for link in row.calendar_rows.all()
    ]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s, and open too when %(others)s is") % {
        "first": names[0],
        "others": listed(names[1:]),
    }


def zone_words(zone: str) -> str:
    """A zone by its name, or that it is the customer's own."""
    return _("the customer's own zone") if zone == BusinessCalendar.CUSTOMER_ZONE else zone.replace("_", " ")


def escalates(after: str) -> str:
    """When a level is reached, in words."""
    plain = {"breach": _("when a promise is missed"), "request": _("when someone asks for it")}
    if after in plain:
        return plain[after]
    return _("%(length)s of open time after the level before, unacknowledged") % {
        "length": target_length(parse_target(after))
    }


CALENDARS = Shown("calendars", gettext_lazy("calendars"), calendars_of)
# Model and field, or field alone, that need words of their own.
SPECIAL: dict[str, Callable[[Any], Any]] = {
    "businesscalendar.time_zone": lambda row: zone_words(row.time_zone),
    "escalationlevel.after": lambda row: escalates(row.after),
    "edition.languages": lambda row: listed(map(language_name, row.languages)),
    "edition.language": lambda row: language_name(row.language),
    "edition.window_time_zone": lambda row: zone_words(row.window_time_zone),
    "edition.window_from": lambda row: row.window_from and week_moment(row.window_from),
    "edition.window_to": lambda row: row.window_to and week_moment(row.window_to),
    "plan.severity_set_by": lambda row: (
        row.get_severity_set_by_display()
        or _("As the policy says: %(rule)s") % {"rule": row.edition.get_severity_set_by_display()}
    ),
    "plan.contacts_max": lambda row: row.contacts_max or _("no limit"),
    "plan.auto_close_days": lambda row: _("never") if row.auto_close_days is None else row.auto_close_days,
    "plan.warn_at": lambda row: f"{row.warn_at} %",
}


@cache
def in_words(model: type[models.Model], name: Any) -> Any:
    """What shows a field of ``model`` in words; the field's own name where Django's way is good enough.

    The same object each time: Django tells by it that the form has no such field.
    """
    if not isinstance(name, str) or name == "edition":
        return name
    if name in ("first", "others"):
        return CALENDARS
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    words = SPECIAL.get(f"{model._meta.model_name}.{name}") or _words_of(field)
    return Shown(name, field.verbose_name, words) if words else name


def _words_of(field: Any) -> Callable[[Any], Any] | None:
    name = field.name
    if isinstance(field, TranslatedTextField):
        return lambda row: everylanguage_name(getattr(row, name))
    if name == "examples":
        return lambda row: every_example(row.examples)
    if isinstance(field, models.BooleanField):
        return lambda row: {True: _("Yes"), False: _("No")}.get(getattr(row, name), _("does not matter"))
    if isinstance(field, models.ManyToManyField):
        return lambda row: listed(named(other) for other in getattr(row, name).all()) or _("none")
    if isinstance(field, models.ForeignKey):
        return lambda row: named(getattr(row, name)) if getattr(row, f"{name}_id") else ""
    if isinstance(field, ArrayField) and name == "spans":
        return lambda row: open_hours(row.spans)
    return None


def language_name(code: str) -> str:
    """A language as the portal calls it, or in its own name, or by its code."""
    if code in dict(settings.LANGUAGES):
        return str(dict(settings.LANGUAGES)[code])
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _all_in_words(model: type[models.Model], fields: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for name in fields:
        shown = tuple(_all_in_words(model, name)) if isinstance(name, tuple | list) else in_words(model, name)
        if shown not in found:
            found.append(shown)
    return found


class ReadInWords:
    """An admin page whose fields are words where the person may not change them."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is None or self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return sets
        model = self.model  # type: ignore[attr-defined]
        return [(name, parts | {"fields": _all_in_words(model, parts["fields"])}) for name, parts in sets]


class ReadRowsInWords(ReadInWords):
    """Rows under such a page; the words stand in for the fields of their form."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        if obj is None or self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return fields
        return [
            *fields,
            *(name for name in flatten_fieldsets(self.get_fieldsets(request, obj)) if callable(name)),
        ]
