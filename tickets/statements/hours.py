"""The weekly hours of calendars in words: "Mon–Fri 09:00–17:00, Los Angeles"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.moments import city, writing
from accounts.punctuation import listed, strung
from timekeeping import BusinessCalendar, Coverage, MinuteSpan

ALL_DAY = ((0, 1440),)


def hours_in_words(coverage: Coverage, language: str) -> list[str]:
    """A line for each calendar; holidays and special days aside."""
    return [_calendar(calendar, language) for calendar in coverage.calendars]


def _calendar(calendar: BusinessCalendar, language: str) -> str:
    place = city(ZoneInfo(calendar.time_zone), language)
    if all(spans == ALL_DAY for spans in calendar.hours):
        return _("every day, around the clock, %(city)s") % {"city": place}
    weekdays = writing(language).weekdays
    parts = []
    for spans, days in groupby(zip(calendar.hours, weekdays, strict=True), key=lambda pair: pair[0]):
        names = [name for _spans, name in days]
        if spans:
            parts.append(f"{_from_to(names)} {_spans_in_words(spans)}")
    return strung([listed(parts), place])


def _from_to(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"


def _spans_in_words(spans: Sequence[MinuteSpan]) -> str:
    return listed(f"{_wall(opens)}–{_wall(closes)}" for opens, closes in spans)


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
