"""When a calendar is open: the week as a picture, the next days off and the days that differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from plans.admin.reading import open_hours, zone_words
from plans.held import next_days_off, week_of
from plans.models import BusinessCalendar, HolidaySet
from plans.terms import TermsError, policy_terms
from plans.texts import text_in

MOST_DAYS = 6


def open_times(calendar: BusinessCalendar, at: datetime) -> dict[str, Any]:
    """What the calendar's page draws, in its own zone (where that is the customer's: on the customer's wall).

    Empty where the draft holds hours that can't be read yet.
    """
    zone = "UTC" if calendar.time_zone == BusinessCalendar.CUSTOMER_ZONE else calendar.time_zone
    try:
        coverage = policy_terms(calendar.edition).coverage_of((calendar.code,), zone)
        place = ZoneInfo(zone)
    except (TermsError, ValueError, KeyError):
        return {}
    today = at.astimezone(place).date()
    monday = today - timedelta(days=today.weekday())
    spans, closed = week_of(coverage, monday, place)
    return {
        "monday": monday,
        "spans": spans,
        "closed": closed,
        "zone": place,
        "zone_words": zone_words(calendar.time_zone),
        "days_off": next_days_off(coverage, at, MOST_DAYS),
        "special": _special(calendar, today),
    }


def _special(calendar: BusinessCalendar, today: date) -> list[dict[str, Any]]:
    """Days from today on that differ from the week; of one date the one that was said last."""
    last: dict[date, Any] = {}
    for row in calendar.special_days.filter(date__gte=today).order_by("date", "amended_at"):
        if row.date not in last or row.amended_at is not None:
            last[row.date] = row
    return [
        {"date": row.date, "hours": open_hours(row.spans), "reason": row.reason, "added": row.amended_at}
        for row in list(last.values())[:MOST_DAYS]
    ]


def days_by_year(holidays: HolidaySet, at: datetime) -> list[dict[str, Any]]:
    """The days of a set by year, the present year open. One query."""
    days: Iterable[Any] = holidays.days.order_by("date")
    return [
        {"year": year, "is_open": year == at.year, "days": [(d.date, text_in(d.name)) for d in of_year]}
        for year, of_year in groupby(days, key=lambda row: row.date.year)
    ]
