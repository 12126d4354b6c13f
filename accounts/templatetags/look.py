"""Small tags of the look that every app's templates use: icons, navigation, portraits, addresses."""

from __future__ import annotations

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts import laid_aside
from accounts.templatetags.icons import DRAWINGS

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "clock" %}``: one of our drawings, 16 by 16; decorative unless it has a label."""
    drawing = mark_safe(DRAWINGS[name])  # noqa: S308 - our own constants
    if label:
        return format_html(
            '<svg class="ic" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, drawing
        )
    return format_html('<svg class="ic" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', drawing)


@register.simple_tag(takes_context=True)
def nav_entry(
    context: template.Context,
    name: str,
    label: str,
    picture: str = "",
    count: int | None = None,
    also: str = "",
) -> SafeString | str:
    """A link to a URL name, marked when the page lies under it, or under the address ``also``.

    Nothing where the name is not installed.
    """
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    request: HttpRequest | None = context.get("request")
    here = request is not None and any(_lies_under(request.path, one) for one in (address, also) if one)
    return format_html(
        '<a href="{}"{}>{}<span>{}</span>{}</a>',
        address,
        mark_safe(' aria-current="page"') if here else "",  # noqa: S308 - constant
        icon(picture) if picture else "",
        label,
        format_html('<span class="cnt">{}</span>', count) if count is not None else "",
    )


def _lies_under(path: str, address: str) -> bool:
    if address == "/":
        return path == "/"
    return path == address or path.startswith(address if address.endswith("/") else address + "/")


@register.simple_tag
def url_or_none(name: str, *args: object) -> str:
    """The address of a URL name, or "" where it is not installed: ``{% url_or_none "x:y" as there %}``."""
    try:
        return reverse(name, args=args or None)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def written_by(context: template.Context) -> SafeString | str:
    """A hidden field of a form: who writes here, for when their session has ended before they send it."""
    user = context["user"]
    if not user.is_authenticated:
        return ""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', laid_aside.FIELD, laid_aside.signed(user)
    )


@register.filter
def initials(person: object) -> str:
    """Two letters for a portrait; of a Chinese name its first character."""
    words = str(person or "").split("@")[0].replace(".", " ").split()
    if not words:
        return "·"
    if ord(words[0][0]) >= 0x2E80:
        return words[0][0]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def brief_name(person: object) -> str:
    """``Sofia R.`` for a row; a name of one word, and a Chinese one, as it is."""
    words = str(person or "").split()
    if len(words) < 2 or ord(words[-1][0]) >= 0x2E80:
        return " ".join(words)
    return f"{words[0]} {words[-1][0].upper()}."


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: str | None) -> str:
    """The page's query with some values changed; None or "" takes one out. For filters and sorting."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    query.pop("cursor", None) if "cursor" not in changes else None
    return "?" + query.urlencode() if query else "?"


@register.simple_tag
def field_control(field: BoundField) -> SafeString:
    """A field's control, told what describes it and whether it is wrong."""
    attributes: dict[str, str | bool] = {}
    described = [f"{field.auto_id}-error"] if field.errors else []
    described += [f"{field.auto_id}-hint"] if field.help_text else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the field is one check box, which stands before its label."""
    return (
        getattr(field.field.widget, "input_type", "") == "checkbox"
        and not field.field.widget.attrs.get("multiple")
        and not hasattr(field.field, "choices")
    )


@register.filter
def error_links(form: BaseForm) -> SafeString:
    """Every fault of a form as list items that lead to the field."""
    rows = []
    for field in form:
        for fault in field.errors:
            label = str(field.label)
            joint = " " if label.endswith(("?", "？")) else ": "
            rows.append((field.id_for_label or field.auto_id, label + joint, fault))
    return format_html_join("", '<li><a href="#{}">{}{}</a></li>', rows)
