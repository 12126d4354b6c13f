"""Texts of a policy in templates."""

from __future__ import annotations

from django import template

from plans.texts import Text, text_in

register = template.Library()


@register.filter
def text(value: Text | None) -> str:
    """``{{ severity.description|text }}``: the text in the reader's language, or the nearest there is."""
    return text_in(value)
