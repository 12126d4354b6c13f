"""Which promises of a request came from another one that was merged into it: read from the events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tickets.enums import EventKind
from tickets.models import Ticket
from tickets.reading import as_history, replayed_events, submitted_terms
from timekeeping import ClockReading, replay

Promise = tuple[str, int]


@dataclass(frozen=True)
class Brought:
    """What a merge did to a promise: ``number`` is the request that went.

    ``whole``: the promise itself came from there; else it took the due instant from there, which was earlier.
    """

    number: int
    whole: bool


def brought_by_merges(ticket: Ticket) -> dict[Promise, Brought]:
    """The promises that a merge brought or shortened, by metric and cycle; the last merge counts.

    One query; one more, and two readings for each merge, where there was any.
    """
    if not ticket.events.filter(kind=EventKind.MERGE).exists():
        return {}
    events = replayed_events(ticket)
    terms, history = submitted_terms(ticket, events), as_history(events)
    found: dict[Promise, Brought] = {}
    for index, event in enumerate(events):
        if event.kind != EventKind.MERGE:
            continue
        before = _live(replay(terms, history[:index], event.at).clocks) if index else {}
        after = _live(replay(terms, history[: index + 1], event.at).clocks)
        for carried in event.data.get("carried", ()):
            now, then = after.get(carried["metric"]), before.get(carried["metric"])
            if now is None:
                continue
            due = datetime.fromisoformat(carried["due_at"])
            if then is None or now.cycle != then.cycle:
                found[now.metric, now.cycle] = Brought(int(event.data["from"]), whole=True)
            elif due < (_due(then) or due):
                found[now.metric, now.cycle] = Brought(int(event.data["from"]), whole=False)
    return found


def _live(clocks: tuple[ClockReading, ...] | list[ClockReading]) -> dict[str, ClockReading]:
    return {clock.metric: clock for clock in clocks if clock.is_live}


def _due(clock: ClockReading) -> datetime | None:
    return clock.due_at or clock.would_be_due
