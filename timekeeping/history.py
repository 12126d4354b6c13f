"""What clocks read: a pure function of terms, recorded events and an instant (time.md, Clocks)."""

from collections.abc import Sequence
from datetime import datetime

from .clocks import METRICS, CarriedClock, ClockReading
from .explain import Explanation, explain
from .instants import to_seconds
from .records import Event, HistoryError, Reading, Status, Terms
from .ticket import Ticket

__all__ = [
    "METRICS",
    "CarriedClock",
    "ClockReading",
    "Event",
    "HistoryError",
    "Reading",
    "Status",
    "Terms",
    "explain_clock",
    "replay",
]


def replay(terms: Terms, events: Sequence[Event], now: datetime) -> Reading:
    """What a history reads at `now`: every event up to and including that instant, none behind it.

    Raises HistoryError, with the event's index, for the first event that may not stand where it stands, for
    an instant before the one before, and where a due instant lies beyond the horizon.
    """
    ticket = Ticket(terms)
    if not events:
        raise HistoryError("a history begins with a submission", 0)
    until = to_seconds(now)
    last: int | None = None
    for index, event in enumerate(events):
        at = to_seconds(event.at)
        if at > until:
            break
        if last is not None and at < last:
            raise HistoryError("the event lies before the one before it", index)
        ticket.follow(event, at, index)
        last = at
    return ticket.reading(until)


def explain_clock(clock: ClockReading, now: datetime) -> Explanation:
    """Why a clock is due when it is: counted and skipped time from `counting_from` to its due instant.

    So the counted seconds add up to the target also where the severity was raised. A paused clock is
    explained up to `now`; a withdrawn or merged one not at all.
    """
    end = now if clock.state == "paused" else clock.due_at
    if end is None:
        return Explanation()
    return explain(clock.target, clock.coverage, clock.counting_from, end, clock.pauses)
