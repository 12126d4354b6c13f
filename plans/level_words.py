"""Levels of an escalation in words: how each is reached."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plans.templatetags.texts import target_length
from timekeeping import parse_target


def how_reached(after: str, *, is_first: bool = False, goes_on: bool = True) -> str:
    """How a level that lies ahead is reached, by its ``after``; it stands beside the level before.

    ``goes_on`` is whether levels come by themselves as it stands.
    """
    if after == "breach" and is_first:
        return _("when it is asked for, or a promise is missed")
    if after == "breach":
        return _("when it is asked for, or another promise is missed")
    if after == "request" or not goes_on:
        return _("when it is asked for")
    words = {"length": target_length(parse_target(after))}
    return _("%(length)s after that, unless acknowledged") % words
