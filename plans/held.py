"""What an organization holds now: its contract, the plan under it, when support is open, what is promised.

For pages that show the terms to those who live under them; whether a request is taken is ``plans.decision``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from accounts.models import Organization
from plans.facts import terms_in_force
from plans.models import Contract, Edition, Plan
from plans.pictures.week import ClosedDay, OpenSpan
from plans.terms import PolicyTerms, policy_terms
from timekeeping import BusinessCalendar, Coverage, Terms
from timekeeping.instants import from_seconds

LOOK_AHEAD_DAYS = 400


@dataclass(frozen=True)
class Held:
    """The terms that an organization lives under at ``at``.

    ``grace_until`` is the last day on which requests are taken, where the contract itself has ended.
    """

    organization: Organization
    contract: Contract
    edition: Edition
    plan: Plan
    coverage_option: str
    at: datetime
    grace_until: date | None = None

    @cached_property
    def book(self) -> PolicyTerms:
        return policy_terms(self.edition)

    @cached_property
    def terms(self) -> Terms:
        """Of no support type in particular."""
        return self.terms_of(None)

    def terms_of(self, support_type: str | None) -> Terms:
        """The terms of one support type, whose coverage may differ."""
        return self.book.terms(
            self.plan.code,
            self.contract.coverage_option or None,
            support_type,
            self.organization.time_zone,
            self.contract.own_targets or None,
        )

    @property
    def coverage(self) -> Coverage:
        return self.terms.coverage_at(self.at)

    @property
    def zone(self) -> ZoneInfo:
        """The contract's zone: that of the first calendar."""
        calendars = self.coverage.calendars
        return ZoneInfo(calendars[0].time_zone if calendars else self.organization.time_zone)

    @property
    def is_open(self) -> bool:
        return self.coverage.is_open(self.at)

    @property
    def closes_at(self) -> datetime | None:
        """When the open time of now ends; None where closed or open without an end."""
        return self.coverage.current_closing(self.at) if self.is_open else None

    @property
    def opens_at(self) -> datetime | None:
        return None if self.is_open else self.coverage.next_opening(self.at)

    @cached_property
    def never_closes(self) -> bool:
        """Open all the time, as far as two weeks show."""
        return self.coverage.counted_seconds(self.at, self.at + timedelta(days=14)) == 14 * 24 * 3600


def held_by(organization: Organization, at: datetime) -> Held | None:
    """What the organization holds at ``at``, days of grace included; None without a running contract."""
    found = terms_in_force(organization, at)
    if found is None or found.state not in ("running", "grace"):
        return None
    plan = found.edition.plans.get(code=found.plan)
    until = found.taken_until if found.state == "grace" else None
    return Held(organization, found.contract, found.edition, plan, found.coverage_option, at, until)


def week_of(coverage: Coverage, monday: date, zone: ZoneInfo) -> tuple[list[OpenSpan], list[ClosedDay]]:
    """Open spans and days off of a week that begins at the reader's Monday, 00:00."""
    start = datetime.combine(monday, datetime.min.time(), zone)
    end = datetime.combine(monday + timedelta(days=7), datetime.min.time(), zone)
    spans = [OpenSpan(span.start, span.end) for span in coverage.spans(start, end)]
    closed = [
        ClosedDay(begin, finish, name)
        for calendar in coverage.calendars
        for day, name in _days_off(calendar, monday - timedelta(days=1), monday + timedelta(days=7))
        for begin, finish in _usual_hours(calendar, day)
    ]
    return spans, [
        day for day in closed if not any(span.start < day.end and day.start < span.end for span in spans)
    ]


def next_days_off(coverage: Coverage, at: datetime, most: int) -> list[tuple[date, str]]:
    """The next dates on which a calendar stays closed that would open, with their names."""
    found: dict[date, str] = {}
    for calendar in coverage.calendars:
        today = at.astimezone(ZoneInfo(calendar.time_zone)).date()
        for day, name in _days_off(calendar, today, today + timedelta(days=LOOK_AHEAD_DAYS)):
            if not coverage.spans(*_whole_day(calendar, day)):
                found.setdefault(day, name)
    return sorted(found.items())[:most]


def _days_off(calendar: BusinessCalendar, first: date, last: date) -> Iterator[tuple[date, str]]:
    """Holidays on dates on which the calendar would open."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if not calendar.hours[day.weekday()] or calendar.special_days.get(day) is not None:
            continue
        name = calendar.holidays.get(day)
        if name is not None:
            yield day, name


def _usual_hours(calendar: BusinessCalendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    for minutes in calendar.hours[day.weekday()]:
        begin, end = calendar.resolved(day.toordinal(), *minutes)
        yield from_seconds(begin), from_seconds(end)


def _whole_day(calendar: BusinessCalendar, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(calendar.time_zone)
    start = datetime.combine(day, datetime.min.time(), zone)
    return start, datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)
