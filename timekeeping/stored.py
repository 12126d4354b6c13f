"""Comparing what is stored beside a clock with what its history says (time.md, Clocks)."""

from collections.abc import Mapping
from dataclasses import dataclass

from .clocks import Metric
from .records import Reading

FACTS = ("started_at", "due_at", "state", "met_at", "paused_since")


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that is not stored as it reads. For a whole clock too many or too few, `fact` is "clock"."""

    metric: Metric
    cycle: int
    fact: str
    stored: object
    read: object


def differences(
    stored: Mapping[tuple[Metric, int], Mapping[str, object]], reading: Reading
) -> tuple[Difference, ...]:
    """Every fact in which stored clocks differ from a reading; empty where they agree.

    `stored` goes by (metric, cycle); of each clock the facts in `FACTS` are compared that it has.
    """
    found = [
        Difference(metric, cycle, "clock", "stored", None)
        for metric, cycle in stored
        if reading.clock(metric, cycle) is None
    ]
    for clock in reading.clocks:
        facts = stored.get((clock.metric, clock.cycle))
        if facts is None:
            found.append(Difference(clock.metric, clock.cycle, "clock", None, "read"))
            continue
        for fact in FACTS:
            read = getattr(clock, fact)
            if fact in facts and facts[fact] != read:
                found.append(Difference(clock.metric, clock.cycle, fact, facts[fact], read))
    return tuple(found)
