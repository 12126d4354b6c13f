"""One promise on one ticket, while its history is being read, and what it reads (time.md, Clocks)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from .coverage import Coverage
from .instants import HorizonError, from_seconds, optional_from_seconds
from .targets import Pause, Target, due_seconds, moved_by, warn_at

Metric = Literal["first_response", "next_update", "next_reply", "resolution"]
METRICS: tuple[Metric, ...] = ("first_response", "next_update", "next_reply", "resolution")
PAUSABLE: frozenset[Metric] = frozenset({"next_update", "resolution"})

State = Literal["running", "paused", "met", "missed", "withdrawn", "merged"]
OpenPause = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class CarriedClock:
    """A clock that runs on a ticket which is merged into another: what the survivor needs of it."""

    metric: Metric
    started_at: datetime
    due_at: datetime
    target: Target
    severity: str


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a clock reads at an instant. Instants are aware UTC, absent values None.

    `due_at` is None while paused and after a withdrawal or a merge; of a missed clock it is the instant at
    which it was missed. `counting_from` is where counting under the present target begins: the start, or
    the change that raised the severity. `would_be_due` is the due instant as if an open pause ended at the
    reading. `started_by` is the index of the event that started the clock. `coverage` is what the clock
    counts in.
    """

    metric: Metric
    cycle: int
    started_at: datetime
    due_at: datetime | None
    state: State
    met_at: datetime | None
    paused_since: datetime | None
    target: Target
    severity: str
    coverage: Coverage
    pauses: tuple[Pause, ...]
    counting_from: datetime
    warn_at: datetime | None
    would_be_due: datetime | None
    started_by: int

    @property
    def is_live(self) -> bool:
        """Whether it may still be kept: running or paused."""
        return self.state in ("running", "paused")


class Clock:
    """A clock that follows events in order. Instants are seconds since 1970.

    While it is paused, `due` is the due instant that it had when the pause began; `pause_counts_from` is
    where the open pause begins to move it, later than `paused_since` where the severity was raised in
    between.
    """

    def __init__(
        self,
        metric: Metric,
        cycle: int,
        started_at: int,
        started_by: int,
        stretch: int | None,
        coverage: Coverage,
    ) -> None:
        self.metric = metric
        self.cycle = cycle
        self.started_at = started_at
        self.started_by = started_by
        self.stretch = stretch
        self.coverage = coverage
        self.severity = ""
        self.target: Target
        self.due = 0
        self.counting_from = started_at
        self.pauses: list[tuple[int, int]] = []
        self.paused_since: int | None = None
        self.pause_counts_from = 0
        self.limit: tuple[int, int] | None = None
        self.met_at: int | None = None
        self.was_kept = False
        self.ended: Literal["withdrawn", "merged"] | None = None

    def is_open(self) -> bool:
        """Not met and not ended; an overdue clock stays open until it is met after all."""
        return self.met_at is None and self.ended is None

    def is_overdue(self, at: int) -> bool:
        """Past its due instant; at that instant it is not, and while it is paused it cannot be."""
        return self.paused_since is None and self.due < at

    def is_live(self, at: int) -> bool:
        """Runs or is paused, and may still be kept."""
        return self.is_open() and not self.is_overdue(at)

    def count_anew(self, target: Target, severity: str, pauses: Iterable[OpenPause]) -> None:
        """The target from the start of the clock, with every pause since (corrected, lowered, or started)."""
        self.target, self.severity = target, severity
        self.due = due_seconds(target, self.coverage, self.started_at)
        self.counting_from = self.started_at
        self.pauses, self.paused_since = [], None
        self._follow(pauses, self.started_at)

    def raised(self, target: Target, severity: str, at: int) -> None:
        """The earlier of the old due instant and the new target counted from the change (severity raised)."""
        due = due_seconds(target, self.coverage, at)
        if due < self.moved_due(at):
            self.target, self.severity = target, severity
            self._go_on_from(at, due)

    def limited(self, due: int, at: int) -> None:
        """Merged at `at`: runs to the earlier of two due instants, and never past it again."""
        own = self.moved_due(at)
        if due < own:
            self._go_on_from(at, due)
        self.limit = (min(due, own), at)

    def keep_limit(self, pauses: Iterable[OpenPause], at: int) -> None:
        """After a correction: never past the due instant of a merge, moved by the pauses since."""
        if self.limit is None:
            return
        own = (self.due, self.pause_counts_from, self.counting_from)
        told = (self.pauses, self.paused_since)
        own_due = self.moved_due(at)
        self.due, merged_at = self.limit
        self.counting_from = merged_at
        self.pauses, self.paused_since = [], None
        self._follow(pauses, merged_at)
        if own_due <= self.moved_due(at):
            self.due, self.pause_counts_from, self.counting_from = own
        self.pauses, self.paused_since = told

    def pause(self, at: int) -> None:
        """Begin a pause; one whose due instant lies before it is missed and stays so."""
        if self.is_live(at) and self.paused_since is None:
            self.paused_since = self.pause_counts_from = max(at, self.started_at)

    def unpause(self, at: int) -> None:
        """End the open pause, if any: the due instant moves by the pause's counted time."""
        if self.is_open() and self.paused_since is not None:
            self.due = self.moved_due(at)
            self.pauses.append((self.paused_since, at))
            self.paused_since = None

    def moved_due(self, at: int) -> int:
        """The due instant as if an open pause ended at `at`."""
        if self.paused_since is None:
            return self.due
        return moved_by(self.target, self.coverage, self.due, (self.pause_counts_from, at))

    def meet(self, at: int) -> None:
        """Done at `at`: kept if not overdue, else it was met after all."""
        if self.is_open():
            self.was_kept = not self.is_overdue(at)
            self.unpause(at)
            self.met_at = at

    def withdraw(self, at: int) -> None:
        """No longer promised; an overdue clock is left as it is."""
        self._end("withdrawn", at)

    def merge(self, at: int) -> None:
        """Its ticket went into another; an overdue clock is left as it is."""
        self._end("merged", at)

    def reading(self, now: int, warn_share: float | Fraction | None) -> ClockReading:
        """The facts of the clock at `now`."""
        state = self._state(now)
        gone = state in ("withdrawn", "merged")
        due = None if gone or state == "paused" else from_seconds(self.due)
        started_at = from_seconds(self.started_at)
        pauses = self._pauses()
        warning = None
        if state == "running" and due is not None and warn_share is not None:
            warning = warn_at(self.target, self.coverage, started_at, due, warn_share, pauses)
        return ClockReading(
            metric=self.metric,
            cycle=self.cycle,
            started_at=started_at,
            due_at=due,
            state=state,
            met_at=optional_from_seconds(self.met_at),
            paused_since=optional_from_seconds(self.paused_since),
            target=self.target,
            severity=self.severity,
            coverage=self.coverage,
            pauses=pauses,
            counting_from=from_seconds(self.counting_from),
            warn_at=warning,
            would_be_due=None if gone else self._would_be_due(now),
            started_by=self.started_by,
        )

    def _follow(self, pauses: Iterable[OpenPause], since: int) -> None:
        """Let the pauses after `since` move the due instant, until one finds the clock missed."""
        if self.metric not in PAUSABLE:
            return
        for start, end in pauses:
            if end is not None and end <= since:
                continue
            self.pause(max(start, since))
            if end is not None:
                self.unpause(end)

    def _go_on_from(self, at: int, due: int) -> None:
        """Run to another due instant; of an open pause only what follows counts."""
        self.due = due
        self.counting_from = at
        self.pause_counts_from = at

    def _end(self, how: Literal["withdrawn", "merged"], at: int) -> None:
        if self.is_live(at):
            if self.paused_since is not None:
                self.pauses.append((self.paused_since, at))
                self.paused_since = None
            self.ended = how

    def _state(self, now: int) -> State:
        if self.ended is not None:
            return self.ended
        if self.met_at is not None:
            return "met" if self.was_kept else "missed"
        if self.paused_since is not None:
            return "paused"
        return "missed" if self.is_overdue(now) else "running"

    def _pauses(self) -> tuple[Pause, ...]:
        ended: list[Pause] = [(from_seconds(a), from_seconds(b)) for a, b in self.pauses]
        if self.paused_since is not None:
            ended.append((from_seconds(self.paused_since), None))
        return tuple(ended)

    def _would_be_due(self, now: int) -> datetime | None:
        try:
            return from_seconds(self.moved_due(now))
        except HorizonError:
            return None
