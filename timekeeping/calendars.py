"""Business calendars: the spans that open on a date, and which dates are business days."""

import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from .instants import DAY, HORIZON_DAYS, HorizonError
from .spans import Span, merged
from .zones import EPOCH_ORDINAL, WallClock, wall_clock

MinuteSpan = tuple[int, int]
"""(opens, closes) in minutes from midnight; closes <= opens runs past midnight; 1440 is 24:00."""

MIDNIGHT = 1440
FIRST_ORDINAL, LAST_ORDINAL = 8, date.max.toordinal() - 8
BLOCK_BITS = 7
TABLE_BITS = 24
REACH_DAYS = HORIZON_DAYS + 5
"""Searches by date begin up to three days before an instant; the horizon itself is judged in seconds."""

building = threading.Lock()
"""Held while days are read for the first time: a lazy holiday mapping may fill itself while being read."""


class Holidays(Protocol):
    """What names the holidays of a calendar. Only `get` is called, for any year; it may be lazy."""

    def get(self, key: date, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class DayTable:
    """The business days whose first opening lies in one block of about half a year, in order.

    `midnights` has None for a day that is not plain: one whose wall clock changes within two days of its
    midnight, or that begins while an earlier day's spans still last.
    """

    openings: list[int]
    midnights: list[int | None]
    spans: list[tuple[Span, ...]]


@dataclass(frozen=True)
class BusinessCalendar:
    """A time zone, weekly hours, holidays and special days (time.md, Coverage).

    `hours` has seven entries, Monday to Sunday, each a tuple of (opens, closes) in minutes from midnight. A
    special day overrides both the weekly hours and a holiday. Raises ValueError for an unknown zone or for
    hours that are no times of a day.
    """

    name: str
    time_zone: str
    hours: tuple[tuple[MinuteSpan, ...], ...]
    holidays: Holidays = field(default_factory=dict[date, str], hash=False)
    special_days: Mapping[date, tuple[MinuteSpan, ...]] = field(default_factory=dict, hash=False)
    wall: WallClock = field(init=False, repr=False, compare=False)
    _opened: dict[int, tuple[Span, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _business: dict[int, list[int]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _day_tables: dict[int, DayTable] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.hours) != 7:
            raise ValueError(f"{self.name}: hours need seven weekdays, Monday to Sunday")
        for spans in (*self.hours, *self.special_days.values()):
            for opens, closes in spans:
                if not (0 <= opens < MIDNIGHT and 0 <= closes <= MIDNIGHT):
                    raise ValueError(f"{self.name}: {opens}-{closes} are no minutes of a day")
        try:
            wall = wall_clock(self.time_zone)
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from None
        object.__setattr__(self, "wall", wall)

    def minutes_on(self, day: date) -> tuple[MinuteSpan, ...]:
        """The wall-clock spans that open on a date: its special ones, none on a holiday, else the week's."""
        special = self.special_days.get(day)
        if special is not None:
            return special
        if self.holidays.get(day) is not None:
            return ()
        return self.hours[day.weekday()]

    def opened_on(self, ordinal: int) -> tuple[Span, ...]:
        """The spans of some length that open on a date, in order; overlapping ones are one."""
        opened = self._opened.get(ordinal)
        if opened is None:
            self._business_days(ordinal >> BLOCK_BITS)
            opened = self._opened[ordinal]
        return opened

    def business_day_after(self, ordinal: int, days: int) -> int:
        """The Nth business day after a date, N >= 1, as ordinals (time.md, Targets).

        Raises HorizonError where it does not come within 3,660 days; of a few days more it may be found.
        """
        number = ordinal >> BLOCK_BITS
        business = self._business_days(number)
        index = bisect_right(business, ordinal) + days - 1
        while index >= len(business):
            index -= len(business)
            number += 1
            if (number << BLOCK_BITS) > min(ordinal + REACH_DAYS, LAST_ORDINAL):
                raise HorizonError(f"{self.name}: too few business days within 3,660 days")
            business = self._business_days(number)
        return business[index]

    def day_table(self, number: int) -> DayTable:
        """The business days of one block of 2 ** TABLE_BITS seconds; looked up when first asked for."""
        table = self._day_tables.get(number)
        if table is None:
            table = self._day_tables[number] = self._build(number << TABLE_BITS)
        return table

    def opening_date(self, at: int, today: int) -> int | None:
        """The date on which the span that holds an instant opened (of two, the first), or None if closed.

        `today` is the local date of the instant, as ordinal: no span lasts into a third date, save where a
        change of the clock skips a whole one.
        """
        for day in (today - 2, today - 1, today):
            for start, end in self.opened_on(day):
                if start <= at < end:
                    return day
        return None

    def next_opening_date(self, at: int, today: int) -> int:
        """The date of the first span that opens after an instant. May raise HorizonError."""
        day = today - 3
        while True:
            day = self.business_day_after(day, 1)
            if any(start > at for start, _ in self.opened_on(day)):
                return day

    def spans_between(self, start: int, end: int) -> Iterator[Span]:
        """Every span that may touch [start, end), by opening date; those of two dates may overlap."""
        first, _ = self.wall.shown_at(start)
        last, _ = self.wall.shown_at(end)
        for ordinal in range(first - 2, last + 1):
            yield from self.opened_on(ordinal)

    def _business_days(self, number: int) -> list[int]:
        """The business days among 128 dates; looks up what opens on each of them when first asked."""
        business = self._business.get(number)
        if business is None:
            with building:
                dates = range(number << BLOCK_BITS, (number + 1) << BLOCK_BITS)
                self._opened.update({ordinal: self._resolve(ordinal) for ordinal in dates})
                business = self._business[number] = [ordinal for ordinal in dates if self._opened[ordinal]]
        return business

    def _build(self, first: int) -> DayTable:
        last = first + (1 << TABLE_BITS)
        table = DayTable([], [], [])
        lasting = first
        # A local date is at most one away from that in UTC, and spans may last into the third date.
        for ordinal in range(first // DAY + EPOCH_ORDINAL - 4, last // DAY + EPOCH_ORDINAL + 2):
            spans = self.opened_on(ordinal)
            if spans and first <= spans[0][0] < last:
                table.openings.append(spans[0][0])
                table.midnights.append(self.wall.plain_midnight(ordinal) if lasting <= spans[0][0] else None)
                table.spans.append(spans)
            if spans:
                lasting = max(lasting, spans[-1][1])
        return table

    def _resolve(self, ordinal: int) -> tuple[Span, ...]:
        if not FIRST_ORDINAL <= ordinal <= LAST_ORDINAL:
            return ()
        minutes = self.minutes_on(date.fromordinal(ordinal))
        if not minutes:
            return ()
        return tuple(merged(self.resolved(ordinal, opens, closes) for opens, closes in minutes))

    def resolved(self, ordinal: int, opens: int, closes: int) -> Span:
        """The instants of one wall-clock span that opens on a date (time.md, Coverage)."""
        if closes <= opens:
            closes += MIDNIGHT
        return self.wall.first(ordinal, opens * 60), self.wall.last(ordinal, closes * 60)
