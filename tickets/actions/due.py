"""What a step of the sweep is: which rows are due for it, and what it records of them.

Each step takes due rows alone, by a partial index, skips what another process holds, and leaves out what is
parked and resting (``tickets.actions.parking``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tickets.models import ParkedRow


class Overtaken(RuntimeError):
    """A row was no longer due when it was written, though it was when it was locked. Nothing is recorded."""


@dataclass(frozen=True)
class Step:
    """One kind of thing that the sweep records.

    ``due(at)`` are its rows, the longest overdue first. ``record(rows, at)`` records them, locked, in one
    transaction and in a number of queries that does not depend on how many they are, and returns how many it
    recorded: what it leaves must not be due any more. It raises where it can't; then they are tried in ever
    smaller parts, and the row that fails alone is parked. ``locks`` names what is locked besides the rows;
    ``ticket(row)`` is the number of the row's ticket.
    """

    name: str
    due: Callable[[datetime], QuerySet[Any]]
    record: Callable[[list[Any], datetime], int]
    ticket: Callable[[Any], int | None]
    locks: tuple[str, ...] = ()

    def waiting(self, at: datetime) -> QuerySet[Any]:
        """Due rows without those that are parked and resting."""
        resting = ParkedRow.objects.resting(self.name, at)
        return self.due(at).exclude(pk__in=resting.values("row"))

    def take(self, at: datetime, size: int, keys: Iterable[int] | None = None) -> list[Any]:
        """At most ``size`` waiting rows (of ``keys``), locked: read again by the lock, and still due."""
        rows = self.waiting(at)
        if keys is not None:
            rows = rows.filter(pk__in=list(keys))
        return list(rows.select_for_update(skip_locked=True, of=("self", *self.locks))[:size])
