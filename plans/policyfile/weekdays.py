"""Weekday keys of a calendar (`mon-fri`, `sat`, `mon,wed`, `sun-thu`) and weekly hours by them."""

from typing import Any

from plans.policyfile.faults import Faults, below
from plans.policyfile.shapes import span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Week = list[list[str]]


def days_of(key: Any) -> list[int] | None:
    """Weekday numbers (0 is Monday) that a key names, in its order; None where it names none.

    A range may wrap (`sun-thu`); words are joined by commas.
    """
    if not isinstance(key, str):
        return None
    found: list[int] = []
    for part in key.split(","):
        first, dash, last = part.strip().partition("-")
        ends = (first.strip(), last.strip() if dash else first.strip())
        if ends[0] not in DAYS or ends[1] not in DAYS:
            return None
        start, stop = DAYS.index(ends[0]), DAYS.index(ends[1])
        found += [(start + step) % 7 for step in range((stop - start) % 7 + 1)]
    return found


def spans(value: Any, path: str, faults: Faults) -> list[str]:
    """Spans of one day, in order of their opening; one that is written twice stands once."""
    if not isinstance(value, list):
        faults.add(path, 'write a list of spans, like ["08:00-17:00"], or [] for none')
        return []
    clean = [span(item, below(path, index), faults) for index, item in enumerate(value)]
    return sorted({item for item in clean if item is not None})


def weekly_hours(value: Any, path: str, faults: Faults) -> Week:
    """Seven lists of spans from Monday to Sunday; a weekday in two keys has the spans of both."""
    week: list[set[str]] = [set() for _ in DAYS]
    if not isinstance(value, dict):
        faults.add(path, 'write a map of weekdays, like {mon-fri: ["08:00-17:00"]}')
        return [[] for _ in DAYS]
    for key, item in value.items():
        place = below(path, str(key))
        days = days_of(key)
        if days is None:
            faults.add(place, "no weekday: write mon-fri, sat or mon,wed")
        clean = spans(item, place, faults)
        for day in days or []:
            week[day].update(clean)
    return [sorted(found) for found in week]


def grouped(week: Week) -> dict[str, list[str]]:
    """Weekly hours by the shortest keys that `weekly_hours` reads back: equal days stand together."""
    found: dict[str, list[str]] = {}
    for hours in sorted({tuple(day) for day in week if day}, key=lambda hours: week.index(list(hours))):
        days = [number for number in range(7) if week[number] == list(hours)]
        found[_key(days)] = list(hours)
    return found


def _key(days: list[int]) -> str:
    parts: list[str] = []
    start = previous = days[0]
    for day in [*days[1:], 99]:
        if day == previous + 1:
            previous = day
            continue
        parts.append(DAYS[start] if start == previous else f"{DAYS[start]}-{DAYS[previous]}")
        start = previous = day
    return ",".join(parts)
