"""What a replay is given and what it gives back: terms, events and readings, all immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Literal

from .clocks import CarriedClock, ClockReading, Metric
from .coverage import Coverage
from .targets import Target

Status = Literal["new", "open", "waiting", "on_hold", "resolved", "closed"]


class HistoryError(ValueError):
    """An event that the table of moves forbids, or that is no event. `index` counts events from 0."""

    def __init__(self, message: str, index: int) -> None:
        super().__init__(message)
        self.message = message
        self.index = index


@dataclass(frozen=True)
class Terms:
    """What was promised to a ticket: severities (most severe first), targets, coverage.

    `targets` go by metric, then severity; a severity that a metric's map leaves out is promised nothing.
    `amendments` are (instant, coverage) pairs in order: a clock that starts later than the instant counts
    in that coverage, one that started before or at it keeps the earlier one. `auto_close_days` None: a
    resolved ticket stays resolved. Days are 24 hours each.
    """

    severities: tuple[str, ...]
    targets: Mapping[str, Mapping[str, Target]]
    coverage: Coverage
    pause_on_hold: bool = False
    reopen_days: int = 14
    auto_close_days: int | None = None
    warn_share: float | Fraction | None = None
    amendments: tuple[tuple[datetime, Coverage], ...] = ()

    def target(self, metric: Metric, severity: str) -> Target | None:
        """The promise for a severity, None where nothing is promised."""
        return self.targets.get(metric, {}).get(severity)

    def coverage_at(self, started_at: datetime) -> Coverage:
        """The coverage that a clock counts in which starts at this instant."""
        found = self.coverage
        for amended_at, coverage in self.amendments:
            if started_at > amended_at:
                found = coverage
        return found


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `at` is aware UTC; what an event does not need is None.

    `do`: submit (`severity`), reply, ask, note, auto_reply, customer, hold, unhold, no_reply_needed,
    severity (`to`; `how` raised, corrected or lowered), resolve, close (`by` support or customer), reopen.
    Four more are acts of staff that the replay command does not take: merge (`carried`: the clocks that
    run on the ticket which is merged into this one), merged_away (`into`: the survivor's number), moved_away
    (it goes on as another organization's ticket) and terms (`terms`).
    """

    at: datetime
    do: str
    severity: str | None = None
    to: str | None = None
    how: str | None = None
    by: str | None = None
    carried: tuple[CarriedClock, ...] | None = None
    into: str | None = None
    terms: Terms | None = None


@dataclass(frozen=True)
class Reading:
    """A ticket at an instant. Before its submission `status` is None and there are no clocks.

    `clocks` are ordered by metric, then cycle. `auto_close_at` is when a resolved ticket will close by
    itself; `reopen_until` the end of a closed one's window; `answered_at` the first public message by
    support; `unanswered_since` the oldest customer message that has no answer.
    """

    status: Status | None = None
    severity: str | None = None
    clocks: tuple[ClockReading, ...] = field(default=())
    submitted_at: datetime | None = None
    answered_at: datetime | None = None
    unanswered_since: datetime | None = None
    waiting_since: datetime | None = None
    on_hold_since: datetime | None = None
    resolved_at: datetime | None = None
    auto_close_at: datetime | None = None
    closed_at: datetime | None = None
    reopen_until: datetime | None = None

    def clock(self, metric: Metric, cycle: int) -> ClockReading | None:
        """The clock of a metric and cycle, None where there is none."""
        return next((clock for clock in self.clocks if (clock.metric, clock.cycle) == (metric, cycle)), None)
