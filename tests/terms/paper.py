"""A policy file read with pencil and paper: what `due` must answer, found by walking the minutes.

Shares nothing with the product: YAML and the `holidays` package are read here anew, and the counting is that
of `tests.timekeeping.naive`, which knows no engine either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import holidays
import yaml

from tests.timekeeping.naive import NaiveCalendar, NaiveCoverage

WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Spans = tuple[tuple[int, int], ...]
Part = tuple[str, str, int]
"""A calendar's code, its zone, and how many of its amendments are in force."""


class Unreachable(Exception):
    """The answer lies beyond the days that are walked."""


@dataclass(frozen=True)
class DaysOff:
    """Holiday sets asked in order; the first that has the date names it."""

    sets: tuple[Any, ...]

    def get(self, day: date) -> str | None:
        return next((name for found in self.sets if (name := found.get(day)) is not None), None)


@dataclass(frozen=True)
class PaperCalendar:
    """What the counter reads of a calendar."""

    name: str
    time_zone: str
    hours: tuple[Spans, ...]
    holidays: DaysOff
    special_days: dict[date, Spans]

    def reason(self, day: date) -> tuple[str, str | None] | None:
        """Why a date is not as its weekday."""
        if day in self.special_days:
            return "special_day", None
        name = self.holidays.get(day)
        return None if name is None else ("holiday", name)


def _minutes(written: list[str]) -> Spans:
    found = []
    for span in written:
        opens, closes = span.split("-")
        found.append(tuple(int(time[:2]) * 60 + int(time[3:]) for time in (opens, closes)))
    return tuple(found)


def _weekdays(key: str) -> set[int]:
    found = set()
    for part in key.replace(" ", "").split(","):
        first, last = (part.split("-") * 2)[:2]
        number = WEEK.index(first)
        found.add(number)
        while number != WEEK.index(last):
            number = (number + 1) % 7
            found.add(number)
    return found


def _date(key: Any) -> date:
    return date.fromisoformat(key) if isinstance(key, str) else key


def _days_off(entry: dict[str, Any], years: range) -> Any:
    if "dates" in entry:
        names = {_date(day): name for day, name in entry["dates"].items()}
        return {day: name if isinstance(name, str) else name["en"] for day, name in names.items()}
    if "market" in entry:
        return dict(holidays.financial_holidays(entry["market"], years=years))
    return dict(holidays.country_holidays(entry["country"], subdiv=entry.get("subdivision"), years=years))


def length_of(target: Any) -> tuple[str, int]:
    """The kind of a target, and its seconds or days."""
    if isinstance(target, dict):
        return "elapsed", length_of(target["in"])[1]
    if target == "nbd":
        return "nbd", 0
    if target.endswith("bd"):
        return "bd", int(target[:-2])
    units = {"h": 3600, "m": 60}
    return "covered", sum(int(n) * units[unit] for n, unit in re.findall(r"(\d+)([hm])", target))


class Paper:
    """One policy file, walked for some days."""

    def __init__(self, text: str, first: date, days: int) -> None:
        self.data = yaml.safe_load(text)
        self.first, self.days = first, days
        self.end = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(days=days - 8)
        years = range(first.year - 1, first.year + 3)
        self.sets = {name: _days_off(entry, years) for name, entry in self.data["holiday_sets"].items()}
        self.walked: dict[Part, NaiveCalendar] = {}
        self.coverages: dict[tuple[Part, ...], NaiveCoverage] = {}

    def amended(self, name: str, at: datetime) -> int:
        """How many of a calendar's amendments are in force for what starts at an instant."""
        made = [item["at"] for item in self.data["calendars"][name].get("amendments", [])]
        return sum((datetime.fromisoformat(on) if isinstance(on, str) else on) <= at for on in made)

    def walk(self, name: str, zone: str, amended: int) -> NaiveCalendar:
        """A calendar's walked minutes."""
        if (name, zone, amended) not in self.walked:
            entry = self.data["calendars"][name]
            hours = tuple(
                tuple(
                    span
                    for key, written in entry["hours"].items()
                    if number in _weekdays(key)
                    for span in _minutes(written)
                )
                for number in range(7)
            )
            special = {}
            for days in (entry, *entry.get("amendments", [])[:amended]):
                listed = days.get("special_days", {}) if days is entry else days["days"]
                special |= {_date(day): _minutes(spans) for day, spans in listed.items()}
            off = DaysOff(tuple(self.sets[key] for key in self.sets if key in entry.get("holidays", [])))
            calendar: Any = PaperCalendar(name, zone, hours, off, special)
            self.walked[name, zone, amended] = NaiveCalendar(calendar, self.first, self.days)
        return self.walked[name, zone, amended]

    def plan(self, code: str) -> dict[str, Any]:
        """What the file says of a plan."""
        return next(plan for plan in self.data["plans"] if plan["code"] == code)

    def coverage(self, case: dict[str, Any]) -> NaiveCoverage | str | None:
        """The coverage of a case; None where the plan has none, `zone` where the customer's is missing."""
        plan = self.plan(case["plan"])
        names = plan.get("coverage_for", {}).get(case.get("support_type"))
        if names is None:
            options = plan.get("coverage", {})
            names = options[case["coverage"]] if "coverage" in case else next(iter(options.values()), [])
        zones = [self.data["calendars"][name]["time_zone"] for name in names]
        if "customer" in zones and "time_zone" not in case:
            return "zone"
        at = datetime.fromisoformat(case["at"])
        key = tuple(
            (name, case["time_zone"] if zone == "customer" else zone, self.amended(name, at))
            for name, zone in zip(names, zones, strict=True)
        )
        if key and key not in self.coverages:
            self.coverages[key] = NaiveCoverage([self.walk(*part) for part in key])
        return self.coverages[key] if key else None

    def target(self, case: dict[str, Any]) -> Any:
        """The target of a case as written, None where nothing is promised."""
        cells = self.plan(case["plan"])["targets"].get(case["metric"])
        if isinstance(cells, dict) and "in" not in cells:
            return cells.get(case["severity"])
        return cells

    def due(self, coverage: NaiveCoverage | None, target: Any, at: datetime) -> datetime | str | None:
        """When a target falls due: `horizon` where there is too little open time, for good."""
        if target is None:
            return None
        kind, length = length_of(target)
        if kind == "elapsed":
            return at + timedelta(seconds=length)
        assert coverage is not None
        if kind == "covered":
            found, counts = coverage.add(at, length), coverage.calendars
        else:
            counts = coverage.calendars[:1]
            found = coverage.next_business_day(at) if kind == "nbd" else coverage.business_days(at, length)
        if found is None and not any(any(walked.calendar.hours) for walked in counts):
            return "horizon"
        if found is None or found > self.end:
            raise Unreachable
        return found
