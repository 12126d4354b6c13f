"""What work costs at a rate: the time that counts, how it is rounded, and the amount, exact to the cent.

Whose work it is and which month it belongs to is the caller's; here are the sums (docs/decisions/0017).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from .coverage import Coverage

HOUR = 3600
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """A price for work. `coverage` is when it holds (None: always), in `zone` the dates of `per` day.

    `round_up_to` is in seconds, 0 where nothing is rounded; `rounding` says whether the time of a whole case
    is rounded up, or that of each piece of work.
    """

    amount: Decimal
    currency: str
    per: Literal["hour", "day", "case"] = "hour"
    round_up_to: int = 0
    rounding: Literal["case", "entry"] = "case"
    coverage: Coverage | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Work:
    """`seconds` of work that ended at `until`, an aware instant, without a break."""

    seconds: int
    until: datetime

    @property
    def since(self) -> datetime:
        return self.until - timedelta(seconds=self.seconds)


def counted(rate: Rate, work: Work) -> int:
    """The seconds of work that lie in the rate's hours: outside of them no price was agreed to."""
    return work.seconds if rate.coverage is None else rate.coverage.counted_seconds(work.since, work.until)


def billed(rate: Rate, works: Iterable[Work]) -> int:
    """The seconds that all work on one case is charged as: what counts, rounded up as the rate says."""
    seconds = [counted(rate, work) for work in works]
    if rate.rounding == "entry":
        return sum(_rounded_up(one, rate.round_up_to) for one in seconds)
    return _rounded_up(sum(seconds), rate.round_up_to)


def amount(rate: Rate, works: Iterable[Work]) -> Decimal:
    """The price of all work on one case, to the cent, a half upwards.

    Per day: each date, in the rate's zone, on which work that counts ended. Per case: once, if any counts.
    """
    done = [work for work in works if counted(rate, work)]
    if rate.per == "hour":
        price = rate.amount * billed(rate, done) / HOUR
    elif rate.per == "day":
        zone = ZoneInfo(rate.zone)
        price = rate.amount * len({work.until.astimezone(zone).date() for work in done})
    else:
        price = rate.amount * bool(done)
    return price.quantize(_CENT, ROUND_HALF_UP)


def _rounded_up(seconds: int, step: int) -> int:
    return -(-seconds // step) * step if step else seconds
