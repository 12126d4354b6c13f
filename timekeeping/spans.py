"""Half-open spans of time and the few things done with them. Numbers are seconds since 1970."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Span = tuple[int, int]
"""(start, end): holds its start and not its end."""


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """A stretch in which a coverage is open: aware UTC, half-open, with the calendar that opens it."""

    start: datetime
    end: datetime
    calendar_name: str


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, with what overlaps or touches made one, and what has no length left out."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def clipped(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """What of the spans lies inside [start, end)."""
    return [(max(a, start), min(b, end)) for a, b in spans if max(a, start) < min(b, end)]


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The spans less the time in `taken`; both in order and free of overlap."""
    result: list[Span] = []
    holes = list(taken)
    for start, end in spans:
        at = start
        for hole_start, hole_end in holes:
            if hole_end <= at:
                continue
            if hole_start >= end:
                break
            if at < hole_start:
                result.append((at, hole_start))
            at = hole_end
        if at < end:
            result.append((at, end))
    return result
