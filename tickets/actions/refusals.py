"""What a verb says when it can't be done: a code, words for the reader, and the next step."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.refusals import Refused

__all__ = ["Refused", "Stale", "merged_away", "move_not_allowed", "taken", "window_closed"]


class Stale(Exception):
    """The ticket has changed since the caller read it (``expected_version`` is not its version)."""


def move_not_allowed(status: str) -> Refused:
    """The table of moves (time.md) has no such move from ``status``."""
    return Refused(
        "move_not_allowed",
        _("This can't be done while the request is %(status)s.") % {"status": status},
        _("Look at the request again: its status may have changed since you opened it."),
    )


def merged_away() -> Refused:
    """The ticket went into another one, and only that one changes. It is not named: not everybody sees it."""
    return Refused(
        "merged_away",
        _("This request was merged into another one."),
        _("Do it there. What you write here reaches it."),
    )


def taken(name: str) -> Refused:
    """Somebody else took the ticket a moment before."""
    return Refused(
        "taken",
        _("%(name)s took it meanwhile.") % {"name": name},
        _("Take another one. If it is yours all the same, assign it on its page."),
    )


def window_closed(days: int) -> Refused:
    """The reopen window of the ticket is over."""
    return Refused(
        "reopen_window_closed",
        _("This was closed more than %(days)s days ago and stays closed.") % {"days": days},
        _("Write what you need: your text goes into a new request, linked to this one."),
    )
