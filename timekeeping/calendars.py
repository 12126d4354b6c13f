"""Business calendars: the spans that open on a date, and which dates are business days."""

import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from .instants import HORIZON_DAYS, HorizonError
from .spans import Span, merged
from .zones import first_occurrence, last_occurrence, wall_clock

MinuteSpan = tuple[int, int]
"""(opens, closes) in minutes from midnight; closes <= opens runs past midnight; 1440 is 24:00."""

MIDNIGHT = 1440
LAST_ORDINAL = date.max.toordinal() - 2
BLOCK_BITS = 7
BLOCK_DAYS = 1 << BLOCK_BITS

building = threading.Lock()
"""Held while days are read for the first time: a lazy holiday mapping may fill itself while being read."""


class Holidays(Protocol):
    """What names the holidays of a calendar. Only `get` is called, for any year; it may be lazy."""

    def get(self, key: date, /) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _DayBlock:
    """128 dates: the spans that open on each, and which of the dates are business days."""

    spans: tuple[tuple[Span, ...], ...]
    business: tuple[int, ...]


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
    zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _blocks: dict[int, _DayBlock] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.hours) != 7:
            raise ValueError(f"{self.name}: hours need seven weekdays, Monday to Sunday")
        for spans in (*self.hours, *self.special_days.values()):
            for opens, closes in spans:
                if not (0 <= opens < MIDNIGHT and 0 <= closes <= MIDNIGHT):
                    raise ValueError(f"{self.name}: {opens}-{closes} are no minutes of a day")
        try:
            zone = ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{self.name}: no such time zone: {self.time_zone}") from None
        object.__setattr__(self, "zone", zone)

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
        if not 1 < ordinal <= LAST_ORDINAL:
            return ()
        return self._block(ordinal >> BLOCK_BITS).spans[ordinal & (BLOCK_DAYS - 1)]

    def business_day_after(self, ordinal: int, days: int) -> int:
        """The Nth business day after a date, N >= 1, as ordinals (time.md, Targets).

        Raises HorizonError where it does not come within 3,660 days.
        """
        number = ordinal >> BLOCK_BITS
        business = self._block(number).business
        index = bisect_right(business, ordinal) + days - 1
        while index >= len(business):
            index -= len(business)
            number += 1
            if (number << BLOCK_BITS) > min(ordinal + HORIZON_DAYS + 1, LAST_ORDINAL):
                raise HorizonError(f"{self.name}: too few business days within 3,660 days")
            business = self._block(number).business
        return business[index]

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
        first, _ = wall_clock(self.zone, start)
        last, _ = wall_clock(self.zone, end)
        for ordinal in range(first - 2, last + 1):
            yield from self.opened_on(ordinal)

    def _block(self, number: int) -> _DayBlock:
        block = self._blocks.get(number)
        if block is None:
            with building:
                block = self._blocks[number] = self._build(number << BLOCK_BITS)
        return block

    def _build(self, first: int) -> _DayBlock:
        spans = tuple(self._resolve(ordinal) for ordinal in range(first, first + BLOCK_DAYS))
        return _DayBlock(spans, tuple(first + index for index, found in enumerate(spans) if found))

    def _resolve(self, ordinal: int) -> tuple[Span, ...]:
        if not 1 < ordinal <= LAST_ORDINAL:
            return ()
        minutes = self.minutes_on(date.fromordinal(ordinal))
        if not minutes:
            return ()
        return tuple(merged(self.resolved(ordinal, opens, closes) for opens, closes in minutes))

    def resolved(self, ordinal: int, opens: int, closes: int) -> Span:
        """The instants of one wall-clock span that opens on a date (time.md, Coverage)."""
        if closes <= opens:
            closes += MIDNIGHT
        return first_occurrence(self.zone, ordinal, opens * 60), last_occurrence(
            self.zone, ordinal, closes * 60
        )
