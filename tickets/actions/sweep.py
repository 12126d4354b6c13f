"""What the scheduler runs every minute: it asks once which steps have something due, and runs those.

Late, twice, beside another sweep or after an outage it leaves the same record with the same instants. Each
batch is one transaction, with the notices that tell of it. A row that fails is parked, the rest go on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import BooleanField, CharField, Value

from notices.models import Heartbeat
from tickets.actions import parking
from tickets.actions.due import Step
from tickets.actions.escalating import LEVELS
from tickets.actions.recording import BREACHES, CLOSINGS, CONTRACTS, WARNINGS, WINDOWS
from tickets.models import ParkedRow

logger = logging.getLogger(__name__)
BATCH = 2500
# The order within a run: a warning comes before the breach of the same clock, as it does without an outage.
# What a step makes due for another (a window that ended with the closing) is found by the next look.
STEPS: tuple[Step, ...] = (WARNINGS, BREACHES, LEVELS, CLOSINGS, WINDOWS, CONTRACTS)
# The database away, a deadlock, a time-out: no fault of a row.
_NO_FAULT_OF_A_ROW = (OperationalError, InterfaceError)


def sweep(*, at: datetime, limit: int | None = None) -> dict[str, int]:
    """Record what is due at ``at``, at most ``limit`` rows of each kind.

    Returns counts by kind, with ``parked`` for the rows that failed. What kept a whole step from being run is
    raised after the other steps, and then no heartbeat is left.
    """
    run = _Run(at, limit)
    while run.pass_over_steps():
        pass
    run.finish()
    return run.counts


def instant(now: datetime) -> datetime:
    """The instant to sweep at: ``now``, or the database's where that is earlier, in whole seconds.

    A machine whose clock runs ahead must not record breaches that have not happened.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return min(now, cursor.fetchone()[0]).replace(microsecond=0)


class _Run:
    """One sweep: what it recorded of each kind, which steps have parked rows, and which could not be run."""

    def __init__(self, at: datetime, limit: int | None) -> None:
        self.at = at
        self.limit = limit
        self.counts = dict.fromkeys([*(step.name for step in STEPS), "parked"], 0)
        self.with_parked: set[str] = set()
        self.faults: dict[str, Exception] = {}

    def pass_over_steps(self) -> bool:
        """Run once the steps that have something due. Returns whether anything was done."""
        before = sum(self.counts.values())
        due, parked = _look(self.at)
        self.with_parked |= parked
        for step in STEPS:
            if step.name in due and step.name not in self.faults:
                try:
                    self._in_batches(step)
                except _NO_FAULT_OF_A_ROW as error:
                    logger.exception("sweep: %s could not be run", step.name)
                    self.faults[step.name] = error
        return sum(self.counts.values()) > before

    def finish(self) -> None:
        """Clear up what was parked, and leave the heartbeat."""
        for step in STEPS:
            if step.name in self.with_parked:
                parking.forget_settled(step, self.at)
        for error in self.faults.values():
            raise error
        beat = Heartbeat(name="sweep", beat_at=self.at, counts=self.counts)
        Heartbeat.objects.bulk_create(
            [beat], update_conflicts=True, unique_fields=["name"], update_fields=["beat_at", "counts"]
        )

    def _in_batches(self, step: Step) -> None:
        while size := self._room(step):
            before = self.counts[step.name] + self.counts["parked"]
            taken = self._record(step, size)
            if taken < size or self.counts[step.name] + self.counts["parked"] == before:
                break

    def _room(self, step: Step) -> int:
        """How many rows the next batch of a step may have."""
        return BATCH if self.limit is None else min(BATCH, self.limit - self.counts[step.name])

    def _record(self, step: Step, size: int, keys: Iterable[int] | None = None) -> int:
        """Take rows and record them, in one transaction. Returns how many were taken.

        Where that fails each half is tried alone, and so on: the row that fails alone is parked.
        """
        rows: list[Any] = []
        try:
            with transaction.atomic():
                rows = step.take(self.at, size, keys)
                recorded = step.record(rows, self.at) if rows else 0
                if rows and step.name in self.with_parked:
                    parking.succeeded(step, rows)
        except _NO_FAULT_OF_A_ROW:
            raise
        except Exception as error:
            if not rows:
                raise
            self._apart(step, rows, error)
        else:
            self.counts[step.name] += recorded
        return len(rows)

    def _apart(self, step: Step, rows: list[Any], error: Exception) -> None:
        if len(rows) == 1:
            parking.park(step, rows[0], error, self.at)
            self.counts["parked"] += 1
            return
        middle = len(rows) // 2
        for part in (rows[:middle], rows[middle:]):
            self._record(step, len(part), [row.pk for row in part])


def _look(at: datetime) -> tuple[set[str], set[str]]:
    """The names of the steps that have something due, and of those that have parked rows. One query."""
    found = [
        step.waiting(at)
        .annotate(
            step_name=Value(step.name, output_field=CharField()),
            is_due=Value(True, output_field=BooleanField()),
        )
        .values_list("step_name", "is_due")[:1]
        for step in STEPS
    ]
    parked = ParkedRow.objects.order_by().annotate(is_due=Value(False, output_field=BooleanField()))
    named = set(parked.values_list("step", "is_due").distinct().union(*found, all=True))
    return {name for name, is_due in named if is_due}, {name for name, is_due in named if not is_due}
