"""The slow way to the same answers: walk the minutes and read the clock on the wall at each.

Independent of the package in method. A span opens at the first minute that shows its opening time or a later
one, and closes at the last minute that shows its closing time or, where none does, the first that shows a
later one. Zones whose offset is no whole minute cannot be walked.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from timekeeping import BusinessCalendar

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NAIVE_EPOCH = datetime(1970, 1, 1)


@cache
def walls(zone_name: str, begin: datetime, hours: int) -> list[int]:
    """What the clock on the wall shows at each minute, as minutes since 1970 on that wall."""
    zone = ZoneInfo(zone_name)
    shown: list[int] = []
    for hour in range(hours):
        at = begin + hour * HOUR
        if at.astimezone(zone).utcoffset() == (at + HOUR).astimezone(zone).utcoffset():
            first = wall(at, zone)
            shown += range(first, first + 60)
        else:
            shown += [wall(at + minute * MINUTE, zone) for minute in range(60)]
    return shown


def wall(at: datetime, zone: ZoneInfo) -> int:
    return (at.astimezone(zone).replace(tzinfo=None) - NAIVE_EPOCH) // MINUTE


@dataclass(frozen=True)
class NaiveSpan:
    """Minutes since the walk began, and the date on which the span opens."""

    opens: int
    closes: int
    day: date


class NaiveCalendar:
    """One calendar, walked from midnight UTC of a date for some days."""

    def __init__(self, calendar: BusinessCalendar, first: date, days: int) -> None:
        self.calendar = calendar
        self.begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.minutes = days * 1440
        self.wall = walls(calendar.time_zone, self.begin, days * 24)
        self.latest = self.earliest = self.wall
        if self.wall != sorted(self.wall):  # the clock is turned back
            self.latest = list(accumulate(self.wall, max))  # the latest wall time shown so far
            self.earliest = list(accumulate(reversed(self.wall), min))[::-1]  # the earliest still to come
        self.spans = list(self._spans(first, days))

    def first_minute(self, wall: int) -> int:
        """The first minute that shows this wall time or, where it is skipped, a later one."""
        return bisect_left(self.latest, wall)

    def last_minute(self, wall: int) -> int:
        """The last minute that shows this wall time; where it is skipped, the first with a later one."""
        after = bisect_right(self.earliest, wall)
        return after - 1 if self.wall[after - 1] == wall else after

    def _spans(self, first: date, days: int) -> Iterator[NaiveSpan]:
        calendar = self.calendar
        for step in range(2, days - 4):
            day = first + timedelta(days=step)
            hours = calendar.hours[day.weekday()]
            if calendar.holidays.get(day) is not None:
                hours = ()
            if day in calendar.special_days:
                hours = calendar.special_days[day]
            midnight = (datetime(day.year, day.month, day.day) - NAIVE_EPOCH).days * 1440
            for opens, closes in hours:
                length = closes - opens if closes > opens else closes - opens + 1440
                opened = self.first_minute(midnight + opens)
                closed = self.last_minute(midnight + opens + length)
                if closed > opened:
                    yield NaiveSpan(opened, closed, day)


class NaiveCoverage:
    """The union of walked calendars, minute by minute; instants are seconds since the walk began."""

    def __init__(self, calendars: list[NaiveCalendar]) -> None:
        self.calendars = calendars
        self.begin = calendars[0].begin
        self.open = bytearray(calendars[0].minutes)
        for calendar in calendars:
            for span in calendar.spans:
                self.open[span.opens : span.closes] = b"\1" * (span.closes - span.opens)

    def seconds(self, at: datetime) -> int:
        return int((at - self.begin).total_seconds())

    def counted(self, start: datetime, end: datetime) -> int:
        return self._opened_up_to(self.seconds(end)) - self._opened_up_to(self.seconds(start))

    def _opened_up_to(self, at: int) -> int:
        minute, second = divmod(at, 60)
        return sum(self.open[:minute]) * 60 + self.open[minute] * second

    def add(self, start: datetime, seconds: int) -> datetime | None:
        """None where the walk ends before."""
        at = self.seconds(start)
        while at // 60 < len(self.open):
            left_in_minute = 60 - at % 60
            if self.open[at // 60]:
                if seconds <= left_in_minute:
                    return self.begin + timedelta(seconds=at + seconds)
                seconds -= left_in_minute
            at += left_in_minute
        return None

    def next_business_day(self, start: datetime) -> datetime | None:
        calendar = self.calendars[0]
        today = start.astimezone(ZoneInfo(calendar.calendar.time_zone)).date()
        later = sorted({span.day for span in calendar.spans if span.day > today})
        return self._last_closing(later[0]) if later else None

    def business_days(self, start: datetime, days: int) -> datetime | None:
        calendar = self.calendars[0]
        at = self.seconds(start)
        business = sorted({span.day for span in calendar.spans})
        inside = [span.day for span in calendar.spans if span.opens * 60 <= at < span.closes * 60]
        if not inside:
            following = [span.day for span in calendar.spans if span.opens * 60 > at]
            left = [day for day in business if following and day >= min(following)]
            return self._last_closing(left[days - 1]) if len(left) >= days else None
        left = [day for day in business if day > min(inside)]
        if len(left) < days:
            return None
        return self._same_time(at, min(inside), left[days - 1])

    def _same_time(self, at: int, opened: date, day: date) -> datetime:
        calendar = self.calendars[0]
        wanted = calendar.wall[at // 60] + (day - opened).days * 1440
        minute = calendar.first_minute(wanted)
        found = minute * 60 + (at % 60 if calendar.wall[minute] == wanted else 0)
        spans = sorted((span.opens * 60, span.closes * 60) for span in calendar.spans if span.day == day)
        if any(opens <= found <= closes for opens, closes in spans):
            return self.begin + timedelta(seconds=found)
        later = [opens for opens, _ in spans if opens > found]
        found = min(later) if later else max(closes for _, closes in spans)
        return self.begin + timedelta(seconds=found)

    def _last_closing(self, day: date) -> datetime:
        closes = max(span.closes for span in self.calendars[0].spans if span.day == day)
        return self.begin + timedelta(minutes=closes)
