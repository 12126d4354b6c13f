"""Why an instant is due when it is: what was counted, what was passed over, and why (interfaces.md, due)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from .calendars import BusinessCalendar
from .coverage import Coverage
from .instants import from_seconds, to_seconds
from .spans import clipped, merged, without
from .targets import Pause, Target, paused_between

Why = Literal["closed", "holiday", "special_day", "paused"]
_Reason = tuple[Why, str | None]
_Skip = tuple[int, int, Why, str | None]


@dataclass(frozen=True, slots=True)
class Counted:
    """Time that counted: aware UTC, half-open; `calendar` is None for elapsed targets."""

    start: datetime
    end: datetime
    seconds: int
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Time that did not count. `name` is the holiday's, None for every other reason."""

    start: datetime
    end: datetime
    why: Why
    name: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Counted and skipped time, each in order; together they cover start to due without gap or overlap."""

    counted: tuple[Counted, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @property
    def counted_seconds(self) -> int:
        """The sum of what counted."""
        return sum(piece.seconds for piece in self.counted)


def explain(
    target: Target, coverage: Coverage, start: datetime, due: datetime, pauses: Sequence[Pause] = ()
) -> Explanation:
    """What lies between a start and a due instant: counted time, and skipped time with its reason.

    `pauses` are (from, to) pairs of aware datetimes, `to` None while a pause goes on; they may overlap or
    reach beyond either end. Time on a date that a calendar has as a special day or a holiday, and time that
    such a date took from the next morning, carries that reason; of several calendars the first that has
    one.
    """
    begin, end = to_seconds(start), to_seconds(due)
    paused = paused_between(pauses, begin, end)
    stretches = without([(begin, end)] if begin < end else [], paused)
    counted: list[tuple[int, int, str | None]] = []
    skipped: list[_Skip] = [(a, b, "paused", None) for a, b in paused]
    for a, b in stretches:
        if target.kind == "elapsed":
            counted.append((a, b, None))
            continue
        pieces = coverage.named_between(a, b)
        counted += _joined(pieces)
        for closed_start, closed_end in without([(a, b)], [(p, q) for p, q, _ in pieces]):
            skipped += _reasons(coverage, closed_start, closed_end)
    return Explanation(
        tuple(Counted(from_seconds(a), from_seconds(b), b - a, name) for a, b, name in counted),
        tuple(
            Skipped(from_seconds(a), from_seconds(b), why, name)
            for a, b, why, name in sorted(skipped, key=_start)
        ),
    )


def _start(skip: _Skip) -> int:
    return skip[0]


def _joined(pieces: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str | None]]:
    """Pieces of one calendar that touch are told as one."""
    result: list[tuple[int, int, str | None]] = []
    for start, end, name in pieces:
        if result and result[-1][1:] == (start, name):
            result[-1] = (result[-1][0], end, name)
        else:
            result.append((start, end, name))
    return result


def _reasons(coverage: Coverage, start: int, end: int) -> list[_Skip]:
    """Closed time cut into pieces by reason, in order."""
    left = [(start, end)]
    found: list[_Skip] = []
    for calendar in coverage.calendars:
        for mark_start, mark_end, (why, name) in _marks(calendar, start, end):
            taken = clipped(left, mark_start, mark_end)
            found += [(a, b, why, name) for a, b in taken]
            left = without(left, taken)
    found += [(a, b, "closed", None) for a, b in left]
    joined: list[_Skip] = []
    for skip in sorted(found, key=_start):
        if joined and joined[-1][1:] == (skip[0], skip[2], skip[3]):
            skip = (joined.pop()[0], skip[1], skip[2], skip[3])
        joined.append(skip)
    return joined


def _marks(calendar: BusinessCalendar, start: int, end: int) -> list[tuple[int, int, _Reason]]:
    """The dates that are not as their weekday, and what they took from the morning after."""
    first, _ = calendar.wall.shown_at(start)
    last, _ = calendar.wall.shown_at(end)
    days: list[tuple[int, int, _Reason]] = []
    mornings: list[tuple[int, int, _Reason]] = []
    for ordinal in range(first - 1, last + 1):
        day = date.fromordinal(ordinal)
        reason = _reason(calendar, day)
        if reason is None:
            continue
        midnight = calendar.wall.first(ordinal, 0)
        next_midnight = calendar.wall.first(ordinal + 1, 0)
        days.append((midnight, next_midnight, reason))
        cancelled = merged(calendar.resolved(ordinal, *minutes) for minutes in calendar.hours[day.weekday()])
        mornings += [(next_midnight, b, reason) for _, b in cancelled if b > next_midnight]
    return days + mornings


def _reason(calendar: BusinessCalendar, day: date) -> _Reason | None:
    if calendar.special_days.get(day) is not None:
        return "special_day", None
    name = calendar.holidays.get(day)
    return None if name is None else ("holiday", name)
