"""When `N bd` and `nbd` fall due, in one calendar (time.md, Targets). Instants are seconds since 1970.

On plain days, which are nearly all, the calendar's table of business days answers: find the day, count days
on in the table, and shift the instant by the time between the two midnights. Where the clock changes, spans
of two dates overlap or the table does not reach, the rules are followed date by date.
"""

from bisect import bisect_right
from collections.abc import Sequence

from .calendars import TABLE_BITS, BusinessCalendar, DayTable
from .instants import DAY, HORIZON
from .spans import Span


def in_business_days(calendar: BusinessCalendar, start: int, days: int) -> int:
    """`N bd`: the same wall time N business days on; from closed time, a last closing.

    Raises HorizonError where there are too few business days within 3,660 days; what lies just beyond may
    be returned.
    """
    number = start >> TABLE_BITS
    table = calendar.day_table(number)
    index = bisect_right(table.openings, start) - 1
    since = table.midnights[index] if index >= 0 else None
    if since is None:
        return in_business_days_by_date(calendar, start, days)
    is_over = start >= table.spans[index][-1][1]
    is_open = not is_over and _holds(table.spans[index], start)
    # In a break the next opening is this day's own, which makes it business day 1.
    index += days if is_over or is_open else days - 1
    if index >= len(table.spans):
        table, index = _further(calendar, number, index)
    midnight = table.midnights[index] if index < len(table.spans) else None
    if midnight is None:
        return in_business_days_by_date(calendar, start, days)
    if is_open:
        return _brought_into(table.spans[index], midnight + start - since)
    return table.spans[index][-1][1]


def on_next_business_day(calendar: BusinessCalendar, start: int) -> int:
    """`nbd`: the last closing of the first business day after the local date of the start."""
    table = calendar.day_table(start >> TABLE_BITS)
    index = bisect_right(table.openings, start)
    if 0 < index < len(table.spans) - 1 and table.midnights[index - 1] is not None:
        midnight = table.midnights[index]
        if midnight is not None:  # a start on that day's own date, before its opening, takes the one after
            return table.spans[index if start < midnight else index + 1][-1][1]
    return on_next_business_day_by_date(calendar, start)


def in_business_days_by_date(calendar: BusinessCalendar, start: int, days: int) -> int:
    """`in_business_days` by the letter of the rules, whatever the clock does."""
    today, second = calendar.wall.shown_at(start)
    opened = calendar.opening_date(start, today)
    if opened is None:
        first = calendar.next_opening_date(start, today)
        last = first if days == 1 else calendar.business_day_after(first, days - 1)
        return calendar.opened_on(last)[-1][1]
    day = calendar.business_day_after(opened, days)
    at = calendar.wall.first(day, (today - opened) * DAY + second)
    return _brought_into(calendar.opened_on(day), at)


def on_next_business_day_by_date(calendar: BusinessCalendar, start: int) -> int:
    """`on_next_business_day` by the letter of the rules, whatever the clock does."""
    today, _ = calendar.wall.shown_at(start)
    return calendar.opened_on(calendar.business_day_after(today, 1))[-1][1]


def _further(calendar: BusinessCalendar, number: int, index: int) -> tuple[DayTable, int]:
    """The table that holds a place beyond the end of one; the last within the horizon where none does."""
    table = calendar.day_table(number)
    end = number + (HORIZON >> TABLE_BITS) + 1
    while index >= len(table.spans) and number < end:
        index -= len(table.spans)
        number += 1
        table = calendar.day_table(number)
    return table, index


def _holds(spans: Sequence[Span], at: int) -> bool:
    for start, end in spans:
        if at < end:
            return start <= at
    return False


def _brought_into(spans: Sequence[Span], at: int) -> int:
    """An instant moved into a day's spans: forward to the next opening, or back to the last closing."""
    for start, end in spans:
        if at <= end:
            return at if at > start else start
    return spans[-1][1]
