"""Signs between words in templates: see :mod:`accounts.punctuation`."""

from __future__ import annotations

from django import template

from accounts import punctuation

register = template.Library()

register.simple_tag(punctuation.mark, name="mark")
register.filter("listed", punctuation.listed)
register.filter("aside", punctuation.aside)
