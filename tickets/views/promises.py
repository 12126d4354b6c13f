"""Promises in a sentence, for toasts and buttons."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.moments import short_moment
from accounts.templatetags.moments import reader
from tickets.enums import UNSOLVED, Metric
from tickets.models import Ticket


def short(value: datetime | None, at: datetime) -> str:
    """A moment for a sentence: "today, 18:20"."""
    zone, language = reader()
    return short_moment(value, at, zone, language) if value else ""


def promise_words(ticket: Ticket, at: datetime) -> str:
    """What is promised next, as a sentence; without one, that it was told to support."""
    due = ticket.next_due_at
    if due is None or due < at or ticket.status_at(at) not in UNSOLVED:
        return _("Support has it.")
    moment = {"moment": short(due, at)}
    sentences = {
        Metric.FIRST_RESPONSE: _("First answer by %(moment)s."),
        Metric.NEXT_UPDATE: _("Next news by %(moment)s."),
        Metric.NEXT_REPLY: _("Answer by %(moment)s."),
        Metric.RESOLUTION: _("Solution by %(moment)s."),
    }
    return sentences[Metric(ticket.next_metric)] % moment
