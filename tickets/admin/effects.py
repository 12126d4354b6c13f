"""What sending an answer will do, in words: the history is read once more with the answer in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import moments
from tickets.actions import THEN
from tickets.clock_views import label
from tickets.enums import EventKind, Status
from tickets.models import Ticket
from tickets.reading import counted_between, seconds_left
from timekeeping import ClockReading, Event, HistoryError, Reading, Terms, replay


def effects(ticket: Ticket, terms: Terms, history: Sequence[Event], at: datetime) -> dict[str, str]:
    """For each status that may go with a public answer, the sentence that says what sending does."""
    at = max(at, ticket.last_event_at)
    before = replay(terms, history, at)
    return {then: _effect(kind, terms, history, before, at) for then, kind in THEN.items()}


def _effect(kind: EventKind, terms: Terms, history: Sequence[Event], before: Reading, at: datetime) -> str:
    event = Event(at=at, do=kind.value, by="support")
    try:
        after = replay(terms, [*history, event], at)
    except HistoryError:
        return _("This can't be sent while the request is %(status)s.") % {
            "status": str(Status(before.status or Status.NEW).label).lower()
        }
    parts = [*_met(before, after, at), *_begun(before, after, at)]
    if not parts:
        parts = [_("It meets no clock and starts none")]
    parts += _status(before, after, at)
    return " ".join(_("%(words)s.") % {"words": part} for part in parts)


def _met(before: Reading, after: Reading, at: datetime) -> list[str]:
    """Clocks that the answer meets, early or late."""
    said = []
    for clock in before.clocks:
        then = after.clock(clock.metric, clock.cycle)
        if then is None or clock.met_at is not None or then.met_at is None:
            continue
        said.append(_met_words(clock, at))
    return said


def _met_words(clock: ClockReading, at: datetime) -> str:
    name = label(clock.metric, True).lower()
    language = get_language() or "en"
    if clock.state == "missed" and clock.due_at is not None:
        late = counted_between(clock.target, clock.coverage, clock.due_at, at)
        late = late or int((at - clock.due_at).total_seconds())
        return _("Answers the %(clock)s %(length)s late; the breach stays") % {
            "clock": name,
            "length": moments.length(max(late, 1), language),
        }
    early = seconds_left(clock, at)
    return _("Meets the %(clock)s, %(length)s early") % {
        "clock": name,
        "length": moments.length(early, language),
    }


def _begun(before: Reading, after: Reading, at: datetime) -> list[str]:
    """Clocks that start with the answer."""
    known = {(clock.metric, clock.cycle) for clock in before.clocks}
    return [_begun_words(clock, at) for clock in after.clocks if (clock.metric, clock.cycle) not in known]


def _begun_words(clock: ClockReading, at: datetime) -> str:
    zone, language = timezone.get_current_timezone(), get_language() or "en"
    name = label(clock.metric, True).lower()
    if clock.state == "paused" or clock.due_at is None:
        return _(
            "A new %(clock)s clock starts paused; it counts %(target)s from the customer's answer on"
        ) % {
            "clock": name,
            "target": moments.length(clock.target.seconds, language)
            if clock.target.seconds
            else clock.target,
        }
    return _("A new %(clock)s clock starts, due %(moment)s") % {
        "clock": name,
        "moment": moments.short_moment(clock.due_at, at, zone, language),
    }


def _status(before: Reading, after: Reading, at: datetime) -> list[str]:
    if before.status == after.status:
        return []
    words = _("The request becomes %(status)s") % {"status": str(Status(after.status or "new").label).lower()}
    if after.status == Status.RESOLVED and after.auto_close_at is not None:
        zone, language = timezone.get_current_timezone(), get_language() or "en"
        day = moments.day(after.auto_close_at, at, zone, language)
        words += _(" and closes by itself on %(day)s") % {"day": day}
    return [words]
