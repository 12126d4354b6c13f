"""Exclusions of a request as its pages show them, to customers and staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tickets.clock_views import label
from tickets.models import ExclusionNote, Ticket


@dataclass(frozen=True)
class NoteView:
    """A note with what it is about, and its rule quoted from the terms (empty where they have it no more)."""

    note: ExclusionNote
    promise: str
    rule: str


def note_views(ticket: Ticket, *, for_staff: bool) -> list[NoteView]:
    """Every note of the request, the oldest first. One query, and one more where there are any."""
    notes = list(ticket.exclusions.told())
    rules = {row.code: row.words() for row in ticket.plan.edition.exclusions.all()} if notes else {}
    return [NoteView(note, _promise(note, for_staff), rules.get(note.code, "")) for note in notes]


def promise_words(metric: str, cycle: int, for_staff: bool) -> str:
    """What a note is about: "First answer", "Next news 2", or all of the request for no metric."""
    if not metric:
        return _("The whole request")
    name = label(metric, for_staff)
    return f"{name} {cycle}" if cycle > 1 else name


def _promise(note: ExclusionNote, for_staff: bool) -> str:
    if note.clock is None:
        return promise_words("", 1, for_staff)
    return promise_words(note.clock.metric, note.clock.cycle, for_staff)
