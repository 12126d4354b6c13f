"""What people wrote, in templates that get the bare text: mail."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from tickets.markup import rendered

register = template.Library()


@register.filter
def as_written(text: str) -> SafeString:
    """A message's Markdown as safe HTML."""
    return rendered(text)
