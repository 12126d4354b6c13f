"""Coverage: one or more calendars, open whenever any of them is (time.md, Coverage).

Open time is kept as tables of about half a year each, built when first asked for: where each open stretch
begins and ends, and how many seconds were open up to its end. Counting and adding are then look-ups.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .calendars import TABLE_BITS, BusinessCalendar
from .instants import HORIZON, HorizonError, from_seconds, optional_from_seconds, to_seconds
from .spans import OpenSpan, Span, clipped, merged, without

TABLE_SECONDS = 1 << TABLE_BITS
LAST_SECOND = 253_402_300_799  # the end of the year 9999


@dataclass(frozen=True, slots=True)
class _Table:
    """The open stretches of one block of time; `counted[i]` is the open time up to the end of stretch i."""

    starts: list[int]
    ends: list[int]
    counted: list[int]
    total: int

    def before(self, at: int) -> int:
        """Open seconds from the beginning of the block up to an instant in it."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        left = self.ends[index] - at
        return self.counted[index] - left if left > 0 else self.counted[index]


@dataclass(frozen=True)
class Coverage:
    """The union of some calendars; without any it is never open. Overlaps count once.

    `nbd` and `bd` targets look at the first calendar alone. Instances may be shared between threads.
    """

    calendars: Sequence[BusinessCalendar]
    _tables: dict[int, _Table] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendars", tuple(self.calendars))

    def is_open(self, at: datetime) -> bool:
        """Whether any calendar is open: at an opening yes, at a closing no."""
        return self._holding(to_seconds(at)) is not None

    def current_closing(self, at: datetime) -> datetime | None:
        """When the open stretch around an instant ends; None where closed, or open beyond the horizon."""
        start = to_seconds(at)
        end = self._holding(start)
        while end is not None and (further := self._holding(end)) is not None:
            if further > start + HORIZON:
                return None
            end = further
        return optional_from_seconds(end)

    def next_opening(self, at: datetime) -> datetime | None:
        """The first instant after `at` at which the coverage opens, having been closed just before.

        None where it does not within the horizon (always open, or never again).
        """
        closing = self.current_closing(at) if self.is_open(at) else at
        if closing is None:
            return None
        start = to_seconds(closing)
        last = to_seconds(at) + HORIZON
        for number in range(start >> TABLE_BITS, (last >> TABLE_BITS) + 1):
            table = self._table(number)
            index = bisect_left(table.starts, start)
            if index < len(table.starts):
                found = table.starts[index]
                return from_seconds(found) if found <= last else None
        return None

    def spans(self, start: datetime, end: datetime) -> list[OpenSpan]:
        """The open time in [start, end) in order, without overlap; of two calendars the first is named."""
        return [
            OpenSpan(from_seconds(a), from_seconds(b), name)
            for a, b, name in self.named_between(to_seconds(start), to_seconds(end))
        ]

    def counted_seconds(self, start: datetime, end: datetime) -> int:
        """Covered seconds between two instants; 0 where the end is not after the start."""
        return self.count(to_seconds(start), to_seconds(end))

    def add(self, start: datetime, seconds: int) -> datetime:
        """The instant at which so many covered seconds have passed; at a closing: that closing.

        Nothing added moves nothing. Raises HorizonError where there is too little open time within 3,660
        days.
        """
        return from_seconds(self.advance(to_seconds(start), seconds))

    def count(self, start: int, end: int) -> int:
        """`counted_seconds` on seconds since 1970."""
        if end <= start:
            return 0
        first, last = start >> TABLE_BITS, end >> TABLE_BITS
        table = self._tables.get(first) or self._table(first)
        if first == last:
            return table.before(end) - table.before(start)
        between = sum(self._table(number).total for number in range(first + 1, last))
        return table.total - table.before(start) + between + self._table(last).before(end)

    def advance(self, start: int, seconds: int) -> int:
        """`add` on seconds since 1970."""
        if seconds <= 0:
            return start
        number = start >> TABLE_BITS
        table = self._tables.get(number) or self._table(number)
        wanted = seconds + table.before(start)
        while wanted > table.total:
            wanted -= table.total
            number += 1
            if number << TABLE_BITS > start + HORIZON:
                raise HorizonError
            table = self._tables.get(number) or self._table(number)
        index = bisect_left(table.counted, wanted)
        found = table.ends[index] - table.counted[index] + wanted
        if found > start + HORIZON:
            raise HorizonError
        return found

    def named_between(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """`spans` on seconds since 1970, as (start, end, calendar name)."""
        taken: list[Span] = []
        pieces: list[tuple[int, int, str]] = []
        for calendar in self.calendars:
            own = clipped(merged(calendar.spans_between(start, end)), start, end)
            pieces += [(a, b, calendar.name) for a, b in without(own, taken)]
            taken = merged([*taken, *own])
        return sorted(pieces)

    def _holding(self, at: int) -> int | None:
        """The end of the tabled stretch that holds an instant, None where closed."""
        table = self._table(at >> TABLE_BITS)
        index = bisect_right(table.starts, at) - 1
        if index < 0 or table.ends[index] <= at:
            return None
        return table.ends[index]

    def _table(self, number: int) -> _Table:
        table = self._tables.get(number)
        if table is None:
            table = self._tables[number] = self._build(number << TABLE_BITS)
        return table

    def _build(self, first: int) -> _Table:
        if first > LAST_SECOND:
            raise HorizonError
        last = min(first + TABLE_SECONDS, LAST_SECOND)
        touched = (span for calendar in self.calendars for span in calendar.spans_between(first, last))
        starts: list[int] = []
        ends: list[int] = []
        counted: list[int] = []
        total = 0
        for start, end in clipped(merged(touched), first, last):
            total += end - start
            starts.append(start)
            ends.append(end)
            counted.append(total)
        return _Table(starts, ends, counted, total)
