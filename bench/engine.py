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


def together(*works: Callable[[], object], rounds: int = 7) -> list[float]:
    """The shortest processor time of each work, in seconds, in turns, so that a slow minute hits all."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for found, work in zip(times, works, strict=True):
            began = process_time()
            work()
            found.append(process_time() - began)
    return [min(found) for found in times]


def each(timed: Timed) -> Callable[[], None]:
    """Work that makes every call once."""
    call, arguments = timed

    def work() -> None:
        for given in arguments:
            call(*given)

    return work


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
    print(f"{'':16}{'microseconds':>14}{'over floor':>12}{'times bizcal':>14}")
    for name, hours in SPANS.items():
        dues = agreed(starts, hours, coverage, floor, peer)
        pairs = list(zip(starts, dues, strict=True))
        added = [(start, hours * 3600) for start in starts]
        work: dict[str, tuple[Timed, Timed, Timed]] = {
            "due": (
                (coverage.add, added * 5),
                (floor.due, added * 5),
                (peer.add_business_hours, [(start, hours) for start in starts[:40]]),
            ),
            "between": (
                (coverage.counted_seconds, pairs * 5),
                (floor.between, pairs * 5),
                (peer.business_time_between, pairs[:40]),
            ),
        }
        for kind, timed in work.items():
            own, low, other = (
                seconds / len(arguments)
                for seconds, (_, arguments) in zip(together(*map(each, timed)), timed, strict=True)
            )
            over = result[f"engine_{kind}_{name}_over_floor"] = round(own / low, 2)
            faster = result[f"engine_{kind}_{name}_times_bizcal"] = round(other / own, 1)
            print(f"{kind + ' ' + name:16}{own * 1e6:14.2f}{over:12.2f}{faster:14.1f}")
    result["engine_30d_over_4h"] = over_four_hours("240h", coverage, starts)
    result["engine_30bd_over_4h"] = over_four_hours("30bd", coverage, starts)
    result["engine_cold_3_years_over_floor"] = cold_start(off)
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


def over_four_hours(text: str, coverage: Coverage, starts: list[datetime]) -> float:
    """What a target costs against `4h`; one in business days follows the wall clock besides."""
    works = []
    for written in (text, "4h"):
        target = parse_target(written)
        works.append(each((due_at, [(target, coverage, start) for start in starts * 5])))
    long, short = together(*works, rounds=25)
    return round(long / short, 2)


def cold_start(off: Any) -> float:
    """Building three years of open time from nothing, against building the floor."""
    begin, end = datetime.combine(FIRST, time(), UTC), datetime.combine(LAST, time(), UTC)
    own, low = together(lambda: Coverage([calendar(off)]).counted_seconds(begin, end), lambda: Floor(off))
    return round(own / low, 2)


if __name__ == "__main__":
    run()
