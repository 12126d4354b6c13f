"""The engine against its floor and its closest peer, in one run: `python -m bench.engine`.

Monday to Friday 09:00-17:00 New York with US federal holidays, 500 random starts in 2026; spans are business
time (4 h, 24 h = 3 days, 240 h = 30 days). The floor is a plain precomputed table with bisect. Every figure
handed on is a ratio, because the speed of a machine drifts and the ratio does not.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django_bizcal import WorkingCalendar

from timekeeping import BusinessCalendar, Coverage, due_at, parse_target

ZONE = "America/New_York"
SPANS = {"4h": 4, "24h": 24, "30d": 240}
FIRST, LAST = date(2025, 12, 1), date(2028, 12, 1)
Timed = tuple[Callable[..., object], Sequence[tuple[Any, ...]]]
"""What is called, and the arguments of each call."""


class Floor:
    """Windows of three years precomputed, prefix sums, bisect: hard to beat in plain Python."""

    def __init__(self, off: Any) -> None:
        zone = ZoneInfo(ZONE)
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.sums: list[int] = []
        total, day = 0, FIRST
        while day < LAST:
            if day.weekday() < 5 and day not in off:
                start = int(datetime.combine(day, time(9), zone).astimezone(UTC).timestamp())
                end = int(datetime.combine(day, time(17), zone).astimezone(UTC).timestamp())
                total += end - start
                self.starts.append(start)
                self.ends.append(end)
                self.sums.append(total)
            day += timedelta(days=1)

    def before(self, at: int) -> int:
        index = bisect_right(self.starts, at) - 1
        return self.sums[index] - max(0, self.ends[index] - at)

    def due(self, start: datetime, seconds: int) -> datetime:
        wanted = self.before(int(start.timestamp())) + seconds
        index = bisect_left(self.sums, wanted)
        return datetime.fromtimestamp(self.ends[index] - self.sums[index] + wanted, UTC)

    def between(self, start: datetime, end: datetime) -> int:
        return self.before(int(end.timestamp())) - self.before(int(start.timestamp()))


def calendar(off: Any) -> BusinessCalendar:
    """Ours, fresh: nothing is tabled yet."""
    return BusinessCalendar("office", ZONE, (((540, 1020),),) * 5 + ((),) * 2, off)


def bizcal() -> WorkingCalendar:
    """The closest peer's."""
    week: Any = dict.fromkeys(range(5), [("09:00", "17:00")])
    return WorkingCalendar.from_country(country="US", years=range(2025, 2029), tz=ZONE, weekly_schedule=week)


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The shortest processor time of some rounds, in seconds."""
    times = []
    for _ in range(rounds):
        began = process_time()
        work()
        times.append(process_time() - began)
    return min(times)


def per_call(call: Callable[..., object], arguments: Sequence[tuple[Any, ...]], times: int = 1) -> float:
    """Processor seconds of one call, from the best round over all the arguments."""
    listed = list(arguments) * times

    def work() -> None:
        for given in listed:
            call(*given)

    return best(work) / len(listed)


def run() -> dict[str, float]:
    """Measure, print a table, and give flat ratios.

    `engine_due_4h_over_floor`: our time over the floor's (lower is better); `engine_due_4h_times_bizcal`: how
    many times faster than django-bizcal; the same for `between` and the other spans; what a longer span and
    a cold start cost.
    """
    off = holidays.country_holidays("US", years=range(2024, 2031))
    drawn = random.Random(7)
    opened = datetime(2026, 1, 2, tzinfo=UTC)
    starts = [opened + timedelta(seconds=drawn.randrange(300 * 86400)) for _ in range(500)]
    coverage, floor, peer = Coverage([calendar(off)]), Floor(off), bizcal()
    result: dict[str, float] = {}
    times: dict[str, float] = {}
    print(f"{'':16}{'microseconds':>14}{'over floor':>12}{'times bizcal':>14}")
    for name, hours in SPANS.items():
        dues = agreed(starts, hours, coverage, floor, peer)
        pairs = list(zip(starts, dues, strict=True))
        added = [(start, hours * 3600) for start in starts]
        work: dict[str, tuple[Timed, Timed, Timed]] = {
            "due": (
                (coverage.add, added),
                (floor.due, added),
                (peer.add_business_hours, [(a, hours) for a in starts]),
            ),
            "between": (
                (coverage.counted_seconds, pairs),
                (floor.between, pairs),
                (peer.business_time_between, pairs),
            ),
        }
        for kind, (own, low, other) in work.items():
            times[f"{kind}_{name}"] = mine = per_call(*own, 10)
            over = result[f"engine_{kind}_{name}_over_floor"] = round(mine / per_call(*low, 10), 2)
            faster = per_call(other[0], other[1][:40]) / mine
            result[f"engine_{kind}_{name}_times_bizcal"] = round(faster, 1)
            print(f"{kind + ' ' + name:16}{mine * 1e6:14.2f}{over:12.2f}{faster:14.1f}")
    result["engine_30d_over_4h"] = round(times["due_30d"] / times["due_4h"], 2)
    result["engine_30bd_over_4h"] = round(business_days_over_hours(coverage, starts), 2)
    result["engine_cold_3_years_over_floor"] = round(cold_start(off), 2)
    for key in ("engine_30d_over_4h", "engine_30bd_over_4h", "engine_cold_3_years_over_floor"):
        print(f"{key:40}{result[key]:8.2f}")
    return result


def agreed(
    starts: list[datetime], hours: int, coverage: Coverage, floor: Floor, peer: WorkingCalendar
) -> list[datetime]:
    """The due instants, after making sure that all three give the same: a fast wrong answer is no figure."""
    seconds = hours * 3600
    dues = [floor.due(start, seconds) for start in starts]
    assert dues == [coverage.add(start, seconds) for start in starts]
    assert dues[:40] == [peer.add_business_hours(start, hours).astimezone(UTC) for start in starts[:40]]
    for start, due in zip(starts, dues, strict=True):
        assert coverage.counted_seconds(start, due) == floor.between(start, due) == seconds
    return dues


def business_days_over_hours(coverage: Coverage, starts: list[datetime]) -> float:
    """What `30bd`, which follows the wall clock, costs against `4h`."""
    days, hours = (
        per_call(due_at, [(parse_target(text), coverage, start) for start in starts], 5)
        for text in ("30bd", "4h")
    )
    return days / hours


def cold_start(off: Any) -> float:
    """Building three years of open time from nothing, against building the floor."""
    begin, end = datetime.combine(FIRST, time(), UTC), datetime.combine(LAST, time(), UTC)
    return best(lambda: Coverage([calendar(off)]).counted_seconds(begin, end)) / best(lambda: Floor(off))


if __name__ == "__main__":
    run()
