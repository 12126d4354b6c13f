"""A plain reader of policy files, enough to run the cases through the library alone."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import yaml

from timekeeping import BusinessCalendar, Coverage, Event, Terms, parse_target

CASES = Path(__file__).parent.parent / "cases"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def cases(name: str) -> Iterator[dict[str, Any]]:
    """The lines of one of the case files."""
    for line in (CASES / name).read_text().splitlines():
        yield json.loads(line)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def text(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


class HolidaySets:
    """Several sets asked as one; the first that knows the date names it."""

    def __init__(self, sets: list[Any]) -> None:
        self.sets = sets

    def get(self, day: date, /) -> str | None:
        return next((name for found in self.sets if (name := found.get(day)) is not None), None)


def minutes(written: str) -> tuple[int, int]:
    opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in written.split("-"))
    return opens, closes


def weekdays(key: str) -> list[int]:
    found: list[int] = []
    for part in key.split(","):
        first, _, last = part.strip().partition("-")
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - start) % 7 if last else 0
        found += [(start + step) % 7 for step in range(length + 1)]
    return found


def holiday_set(entry: dict[str, Any]) -> Any:
    if "country" in entry:
        return holidays.country_holidays(entry["country"])
    if "market" in entry:
        return holidays.financial_holidays(entry["market"])
    return entry["dates"]


class Policy:
    """A policy file as the library's values."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.plans = {plan["code"]: plan for plan in data["plans"]}
        self.holiday_sets = {name: holiday_set(entry) for name, entry in data.get("holiday_sets", {}).items()}

    @cache  # noqa: B019 (a handful of policies live as long as the tests)
    def calendar(self, name: str, time_zone: str | None) -> BusinessCalendar:
        entry = self.data["calendars"][name]
        zone = entry["time_zone"]
        hours: list[list[tuple[int, int]]] = [[] for _ in WEEKDAYS]
        for key, spans in entry["hours"].items():
            for day in weekdays(key):
                hours[day] += [minutes(span) for span in spans]
        return BusinessCalendar(
            name,
            (time_zone or "") if zone == "customer" else zone,
            tuple(tuple(spans) for spans in hours),
            HolidaySets([self.holiday_sets[key] for key in entry.get("holidays", [])]),
            {
                day: tuple(minutes(span) for span in spans)
                for day, spans in entry.get("special_days", {}).items()
            },
        )

    @cache  # noqa: B019
    def coverage(
        self, plan_code: str, option: str | None, support_type: str | None, time_zone: str | None
    ) -> Coverage:
        plan = self.plans[plan_code]
        names = plan.get("coverage_for", {}).get(support_type)
        if names is None:
            options = plan.get("coverage", {})
            names = options[option] if option else next(iter(options.values()), [])
        return Coverage([self.calendar(name, time_zone) for name in names])

    def terms(self, case: dict[str, Any]) -> Terms:
        """The terms under which a case runs."""
        plan = self.plans[case["plan"]]
        severities = tuple(severity["code"] for severity in self.data["severities"])
        targets = {}
        for metric, promised in plan.get("targets", {}).items():
            if isinstance(promised, str) or "in" in promised:
                promised = dict.fromkeys(severities, promised)
            targets[metric] = {severity: parse_target(value) for severity, value in promised.items()}
        return Terms(
            severities=severities,
            targets=targets,
            coverage=self.coverage(
                case["plan"], case.get("coverage"), case.get("support_type"), case.get("time_zone")
            ),
            pause_on_hold=plan.get("pause_on_hold", False),
            reopen_days=plan.get("reopen_days", 14),
            auto_close_days=plan.get("auto_close_days"),
        )


def read_policy(path: Path) -> Policy:
    return Policy(yaml.safe_load(path.read_text()))


def events(case: dict[str, Any]) -> list[Event]:
    """The events of a history's line."""
    names = ("severity", "to", "how", "by")
    return [
        Event(instant(entry["at"]), entry["do"], **{name: entry.get(name) for name in names})
        for entry in case["events"]
    ]
