"""What a statement of promises says of a month: its rows and totals, from readings alone.

The portal writes a statement with these functions and the verifier recomputes it with them, so that a figure
has one definition (docs/statement.md). Rows and totals are plain values, as they stand in the file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from .clocks import METRICS, ClockReading
from .instants import from_seconds, to_seconds
from .records import Reading
from .spans import Span, merged
from .targets import counted_between, paused_between
from .zones import wall_clock

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
MARGIN_DAYS = 7
"""Spans last into the third date and searches begin three days early: a week on each side is enough."""


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month in a zone: `start` and `end` are aware UTC, half-open."""

    month: str
    zone: str
    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether an instant lies in the month; the first second of the next month does not."""
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A note beside a missed promise: the code of an exclusion of the terms, and words for the customer.

    `noted_at`, `objected_at` and `answered_at` say what became of it; no figure rests on them.
    """

    code: str
    note: str
    noted_at: datetime | None = None
    objected_at: datetime | None = None
    answered_at: datetime | None = None


Excluded = tuple[str, int] | None
"""What a note stands beside: a promise by metric and cycle, or None for every miss of the ticket."""


@dataclass(frozen=True, slots=True)
class History:
    """A ticket as it reads when the statement is written, with the exclusions noted on it."""

    number: int
    reading: Reading
    exclusions: Mapping[Excluded, Exclusion] = field(default_factory=dict)

    def exclusion_of(self, clock: ClockReading) -> Exclusion | None:
        """The note beside a missed promise: its own, else that of the whole ticket."""
        if clock.state != "missed":
            return None
        return self.exclusions.get((clock.metric, clock.cycle)) or self.exclusions.get(None)


GONE = ("withdrawn", "merged")
"""States of promises that ended without a due instant."""
Listed = tuple[dict[str, Any], ClockReading]
"""A row of the statement, and the clock that it tells of."""


def period_of(month: str, zone: str) -> Period:
    """The month written `2026-10`, from its first midnight to the next month's, in an IANA zone.

    Raises ValueError for what is no month or no zone.
    """
    if not _MONTH.fullmatch(month):
        raise ValueError(f"{month} is no month like 2026-10")
    first = date.fromisoformat(f"{month}-01")
    wall = wall_clock(zone)
    after = (first + timedelta(days=31)).replace(day=1)
    start, end = (from_seconds(wall.first(day.toordinal(), 0)) for day in (first, after))
    return Period(month, zone, start, end)


def figures(histories: Sequence[History], period: Period, written_at: datetime) -> dict[str, Any]:
    """`promises`, `withdrawn` and `totals` of a month, as a statement written at an instant has them.

    A promise belongs to the month in which it falls due. A paused one has no due instant and stands in the
    month of writing; a withdrawn or merged one never has, and is listed apart where it started.
    """
    listed: list[Listed] = sorted(
        (
            (_row(history, clock, written_at), clock)
            for history in histories
            for clock in history.reading.clocks
            if period.holds(_belongs_at(clock, written_at))
        ),
        key=_place,
    )
    promises = [pair for pair in listed if pair[1].state not in GONE]
    withdrawn = [pair for pair in listed if pair[1].state in GONE]
    return {
        "promises": [row for row, _ in promises],
        "withdrawn": [row for row, _ in withdrawn],
        "totals": _totals(promises, withdrawn, period, written_at),
    }


def days_needed(histories: Iterable[History], written_at: datetime) -> tuple[date, date]:
    """The first and the last date whose hours and holidays the readings can rest on, both included."""
    instants = [written_at]
    for history in histories:
        instants += [at for at in (history.reading.submitted_at,) if at is not None]
        for clock in history.reading.clocks:
            instants += [at for at in (clock.due_at, clock.would_be_due, clock.met_at) if at is not None]
    margin = timedelta(days=MARGIN_DAYS)
    return (min(instants) - margin).date(), (max(instants) + margin).date()


def written(at: datetime | None) -> str | None:
    """An instant as the file has it, `2026-10-01T09:12:00Z`; None stays None."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def percent(part: int, whole: int) -> str | None:
    """`95.0`, rounded down so that one miss never reads 100.0; None of nothing."""
    if whole == 0:
        return None
    mille = part * 1000 // whole
    return f"{mille // 10}.{mille % 10}"


def _belongs_at(clock: ClockReading, written_at: datetime) -> datetime | None:
    """The instant whose month lists the promise."""
    if clock.state in GONE:
        return clock.started_at
    return written_at if clock.state == "paused" else clock.due_at


def _row(history: History, clock: ClockReading, written_at: datetime) -> dict[str, Any]:
    note = history.exclusion_of(clock)
    early = _counted(clock, clock.met_at, clock.due_at) if clock.state == "met" else None
    late = _counted(clock, clock.due_at, clock.met_at or written_at) if clock.state == "missed" else None
    return {
        "ticket": history.number,
        "metric": clock.metric,
        "cycle": clock.cycle,
        "severity": clock.severity,
        "target": clock.target.written,
        "started_at": written(clock.started_at),
        "due_at": written(clock.due_at),
        "met_at": written(clock.met_at),
        "paused_since": written(clock.paused_since),
        "state": clock.state,
        "early_seconds": early,
        "late_seconds": late,
        "excluded": {"code": note.code, "note": note.note} if note else None,
    }


def _counted(clock: ClockReading, start: datetime | None, end: datetime | None) -> int | None:
    """Seconds between two instants, counted as the clock's target is; 0 where the end comes first."""
    if start is None or end is None:
        return None
    return counted_between(clock.target, clock.coverage, to_seconds(start), to_seconds(end))


def _place(listed: Listed) -> tuple[bool, str, int, int, int]:
    """In order of due; what has no due instant last."""
    row, clock = listed
    due: str | None = row["due_at"]
    return due is None, due or row["started_at"], row["ticket"], METRICS.index(clock.metric), clock.cycle


def _totals(
    promises: Sequence[Listed], withdrawn: Sequence[Listed], period: Period, written_at: datetime
) -> dict[str, Any]:
    rows, others = [row for row, _ in promises], [row for row, _ in withdrawn]
    severities = sorted({row["severity"] for row in rows + others})
    metrics = [metric for metric in METRICS if any(row["metric"] == metric for row in rows + others)]
    return {
        "all": _tally(rows, others),
        "by_metric": {metric: _tally(*_of("metric", metric, rows, others)) for metric in metrics},
        "by_severity": {code: _tally(*_of("severity", code, rows, others)) for code in severities},
        "tickets": len({row["ticket"] for row in rows}),
        "median_first_response_seconds": _median_first_response(promises),
        "paused_seconds": _paused(promises, period, written_at),
    }


def _of(name: str, value: str, *lists: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    return ([row for row in rows if row[name] == value] for rows in lists)


def _tally(rows: Sequence[dict[str, Any]], withdrawn: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Counts of promises. `raw` is met of all that fell due; `adjusted` leaves the excluded misses out."""
    states = [row["state"] for row in rows]
    met, missed = states.count("met"), states.count("missed")
    excluded = sum(row["excluded"] is not None for row in rows)
    return {
        "promises": len(rows),
        "met": met,
        "missed": missed,
        "excluded": excluded,
        "running": len(rows) - met - missed,
        "withdrawn": len(withdrawn),
        "raw": percent(met, met + missed),
        "adjusted": percent(met, met + missed - excluded),
    }


def _median_first_response(promises: Iterable[Listed]) -> int | None:
    """The median of the time from asking to the first answer, counted as promised; None without an answer."""
    taken = sorted(
        seconds
        for _, clock in promises
        if clock.metric == "first_response"
        and (seconds := _counted(clock, clock.started_at, clock.met_at)) is not None
    )
    middle = len(taken) // 2
    if not taken:
        return None
    return taken[middle] if len(taken) % 2 else (taken[middle - 1] + taken[middle]) // 2


def _paused(promises: Iterable[Listed], period: Period, written_at: datetime) -> int:
    """Covered time of the month in which promises stood still; of one ticket each stretch counts once."""
    start, end = to_seconds(period.start), min(to_seconds(period.end), to_seconds(written_at))
    spans: dict[int, list[Span]] = {}
    clocks: dict[int, ClockReading] = {}
    for row, clock in promises:
        if clock.pauses:
            clocks.setdefault(row["ticket"], clock)
            spans.setdefault(row["ticket"], []).extend(paused_between(clock.pauses, start, max(start, end)))
    return sum(
        counted_between(clocks[number].target, clocks[number].coverage, a, b)
        for number, found in spans.items()
        for a, b in merged(found)
    )
