"""Texts and targets of a policy in templates."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.moments import length
from accounts.templatetags.moments import reader
from plans.pictures.clockview import ClockView
from plans.texts import Text, text_in
from timekeeping import Target, parse_target

register = template.Library()


@register.filter
def text(value: Text | None) -> str:
    """``{{ severity.description|text }}``: the text in the reader's language, or the nearest there is."""
    return text_in(value)


@register.filter
def promised_length(clock: ClockView) -> str:
    """``{{ clock|promised_length }}``: "4 h", "next business day"."""
    if clock.counting != "days":
        return length(clock.target_seconds or 0, reader()[1])
    return target_length(parse_target(clock.target_written))


def target_length(target: Target | None) -> str:
    """A target as people say it; nothing for no promise."""
    if target is None:
        return ""
    if target.kind == "next_business_day":
        return _("next business day")
    if target.days:
        return ngettext("%(n)s business day", "%(n)s business days", target.days) % {"n": target.days}
    words = length(target.seconds, reader()[1])
    return _("%(length)s on the wall") % {"length": words} if target.kind == "elapsed" else words
