"""Targets as a policy writes them, and the instant at which one falls due (time.md, Targets)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Literal

from .business_days import in_business_days, on_next_business_day
from .coverage import Coverage
from .instants import HORIZON, HorizonError, from_seconds, to_seconds
from .spans import Span, clipped, merged, without

Kind = Literal["covered", "elapsed", "business_days", "next_business_day"]
Written = str | dict[str, str]
Pause = tuple[datetime, datetime | None]
"""(from, to), aware UTC; `to` is None while the pause goes on."""

_DURATION = re.compile(r"(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?")
_BUSINESS_DAYS = re.compile(r"([0-9]{1,9})bd")


@dataclass(frozen=True, slots=True)
class Target:
    """A promise's length. `seconds` for covered and elapsed ones, `days` for business days, else 0."""

    kind: Kind
    seconds: int = 0
    days: int = 0
    text: str = ""

    @property
    def written(self) -> Written:
        """The target as a policy file has it: "4h", "2bd", "nbd" or {"in": "4h", "counted": "elapsed"}."""
        return {"in": self.text, "counted": "elapsed"} if self.kind == "elapsed" else self.text

    def __str__(self) -> str:
        return f"{self.text} elapsed" if self.kind == "elapsed" else self.text


def parse_target(value: object) -> Target:
    """The target that a policy's text (or map with `in` and `counted`) stands for.

    Raises ValueError with a sentence for the reader: "4x", "0h", "-1h", a number, a map with other keys.
    """
    if isinstance(value, dict):
        if set(value) != {"in", "counted"} or value["counted"] != "elapsed":
            raise ValueError("a target as a map is {in: 4h, counted: elapsed}")
        return Target("elapsed", _seconds(value["in"]), text=value["in"])
    if value == "nbd":
        return Target("next_business_day", text="nbd")
    if isinstance(value, str) and (found := _BUSINESS_DAYS.fullmatch(value)):
        if int(found[1]) == 0:
            raise ValueError(f"{value}: a target is more than nothing")
        return Target("business_days", days=int(found[1]), text=value)
    return Target("covered", _seconds(value), text=str(value))


def due_at(target: Target, coverage: Coverage, start: datetime) -> datetime:
    """The instant at which a target that starts at `start` falls due; aware UTC in and out.

    Raises HorizonError where the coverage has too little open time, or too few business days, within 3,660
    days.
    """
    return from_seconds(due_seconds(target, coverage, to_seconds(start)))


def due_seconds(target: Target, coverage: Coverage, start: int) -> int:
    """`due_at` on seconds since 1970."""
    if target.kind == "covered":
        return coverage.advance(start, target.seconds)
    if target.kind == "elapsed":
        return start + target.seconds
    if not coverage.calendars:
        raise HorizonError("a coverage without calendars has no business days")
    if target.kind == "business_days":
        due = in_business_days(coverage.calendars[0], start, target.days)
    else:
        due = on_next_business_day(coverage.calendars[0], start)
    if due > start + HORIZON:
        raise HorizonError
    return due


def warn_at(
    target: Target,
    coverage: Coverage,
    start: datetime,
    due: datetime,
    share: float | Fraction,
    pauses: Sequence[Pause] = (),
) -> datetime:
    """The first whole second at which a share of the time counted between start and due has passed.

    Counted as the target is; covered time for `bd` and `nbd`; what was paused does not count (time.md,
    Clocks).
    """
    begin, end = to_seconds(start), to_seconds(due)
    stretches = without([(begin, end)], paused_between(pauses, begin, end))
    lengths = [counted_between(target, coverage, a, b) for a, b in stretches]
    wanted = ceil(sum(lengths) * Fraction(str(share)))
    for (a, _), length in zip(stretches, lengths, strict=True):
        if wanted <= length:
            return from_seconds(a + wanted if target.kind == "elapsed" else coverage.advance(a, wanted))
        wanted -= length
    return due if stretches else start


def counted_between(target: Target, coverage: Coverage, start: int, end: int) -> int:
    """The seconds in [start, end) that count for a target: plain ones if elapsed, else covered ones."""
    return max(0, end - start) if target.kind == "elapsed" else coverage.count(start, end)


def moved_by(target: Target, coverage: Coverage, due: int, pause: Span) -> int:
    """A due instant after a pause: later by the time that counts in it (time.md, Clocks)."""
    length = counted_between(target, coverage, *pause)
    return due + length if target.kind == "elapsed" else coverage.advance(due, length)


def paused_between(pauses: Sequence[Pause], start: int, end: int) -> list[Span]:
    """The paused time in [start, end), in order and without overlap; an open pause lasts to the end."""
    found = [(to_seconds(since), end if until is None else to_seconds(until)) for since, until in pauses]
    return clipped(merged(found), start, end)


def _seconds(text: object) -> int:
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if not text or found is None:
        raise ValueError(f"{text}: a target is written like 4h, 30m, 1h30m, 2bd or nbd")
    seconds = int(found[1] or 0) * 3600 + int(found[2] or 0) * 60
    if seconds == 0:
        raise ValueError(f"{text}: a target is more than nothing")
    return seconds
