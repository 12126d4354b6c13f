"""The weekly hours of calendars in words: "Mon–Fri 09:00–17:00, Los Angeles"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.moments import city, writing
from accounts.punctuation import labelled, listed, mark, strung
from plans.models import BusinessCalendar as CalendarRow
from plans.terms import PolicyTerms, TermsError, minutes_of
from timekeeping import BusinessCalendar, Coverage, MinuteSpan

ALL_DAY = ((0, 1440),)
# Stands in while the hours of no customer in particular are read; it is never named.
_NO_ZONE = "UTC"


def hours_in_words(coverage: Coverage, language: str, of_customer: Collection[str] = ()) -> list[str]:
    """A line for each calendar; holidays and special days aside.

    ``of_customer`` are names of calendars that run in the customer's own zone, whichever that is.
    """
    return [_calendar(calendar, language, calendar.name in of_customer) for calendar in coverage.calendars]


def options_in_words(book: PolicyTerms, plan: str) -> dict[str, str]:
    """The hours of each coverage option of a plan, by the option's code; nothing for a plan that isn't there.

    Hours that can't be read yet, in a draft, are left empty.
    """
    if not book.has_plan(plan):
        return {}
    return {code: option_in_words(book, names) for code, names in book.plan(plan)["coverage"].items()}


def option_in_words(book: PolicyTerms, calendars: Sequence[str]) -> str:
    """The hours of one coverage, open when any of its calendars is."""
    known = book.document["calendars"]
    try:
        coverage = book.coverage_of(tuple(calendars), _NO_ZONE)
    except (TermsError, KeyError, ValueError):
        return ""
    of_customer = [code for code in calendars if known[code]["time_zone"] == CalendarRow.CUSTOMER_ZONE]
    return mark("; ").join(hours_in_words(coverage, get_language() or "en", of_customer))


def calendar_in_words(row: CalendarRow) -> str:
    """The hours of a stored calendar, saved so far; where it has a zone that nobody knows, nothing."""
    week: list[tuple[MinuteSpan, ...]] = [()] * 7
    for day in row.weekly_hours.all():
        week[day.weekday] = minutes_of(day.spans)
    is_customers = row.time_zone == CalendarRow.CUSTOMER_ZONE
    try:
        calendar = BusinessCalendar(row.code, _NO_ZONE if is_customers else row.time_zone, tuple(week))
    except ValueError:
        return ""
    return _calendar(calendar, get_language() or "en", is_customers)


def named_option(code: str, words: str) -> str:
    """An option as people read it: its code, by which the policy file knows it, and its hours."""
    return labelled(code, words) if words else code


def _calendar(calendar: BusinessCalendar, language: str, is_customers: bool) -> str:
    place = _("the customer's own zone") if is_customers else city(ZoneInfo(calendar.time_zone), language)
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
