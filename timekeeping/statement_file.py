"""Terms, calendars and events as a statement's JSON has them, and back (docs/statement.md).

Writing takes values and gives plain JSON; reading goes through `Node`, which knows where in the file it
stands, so that every fault is told with its path.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .calendars import BusinessCalendar, MinuteSpan
from .clocks import METRICS, CarriedClock
from .coverage import Coverage
from .records import Event, Terms
from .statement import Excluded, Exclusion, written
from .targets import Target, parse_target

FORMAT = "kept.statement/1"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVENT_FACTS = ("severity", "to", "how", "by", "into")

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Malformed(ValueError):
    """What no statement looks like, in words that begin with its path."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file and its path; each method gives it as one kind of value, or raises Malformed."""

    value: Any
    path: str = ""

    def fault(self, words: str) -> Malformed:
        return Malformed(f"{self.path or 'the file'}: {words}")

    def __getitem__(self, key: str) -> "Node":
        if key not in self.mapping():
            raise self.fault(f"{key} is missing")
        return Node(self.value[key], f"{self.path}.{key}" if self.path else key)

    def mapping(self) -> dict[str, Any]:
        return self._of(dict, "an object")  # type: ignore[no-any-return]

    def items(self) -> Iterator[tuple[str, "Node"]]:
        return ((key, self[key]) for key in self.mapping())

    def each(self) -> "list[Node]":
        items = self._of(list, "a list")
        return [Node(value, f"{self.path}[{index}]") for index, value in enumerate(items)]

    def text(self) -> str:
        return str(self._of(str, "a text"))

    def whole(self) -> int:
        if isinstance(self.value, bool):
            raise self.fault("not a whole number")
        return int(self._of(int, "a whole number"))

    def truth(self) -> bool:
        return bool(self._of(bool, "true or false"))

    def instant(self) -> datetime:
        """An aware UTC datetime of `2026-10-01T09:12:00Z`."""
        try:
            return datetime.fromisoformat(self._like(_INSTANT)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.fault("not an instant like 2026-10-01T09:12:00Z") from None

    def day(self) -> date:
        try:
            return date.fromisoformat(self._like(_DATE))
        except ValueError:
            raise self.fault("not a date like 2026-10-01") from None

    def target(self) -> Target:
        try:
            return parse_target(self.value)
        except (ValueError, TypeError) as error:
            raise self.fault(str(error)) from None

    def spans(self) -> tuple[MinuteSpan, ...]:
        return tuple(_minutes(item) for item in self.each())

    def _like(self, pattern: re.Pattern[str]) -> str:
        return self.text() if pattern.fullmatch(self.text()) else ""

    def _of(self, kind: type, words: str) -> Any:
        if not isinstance(self.value, kind):
            raise self.fault(f"not {words}")
        return self.value


@dataclass
class TermsWriter:
    """Collects the terms and calendars of a statement, each of them once, under short keys.

    `first` and `last` are the dates whose holidays are written, both included.
    """

    first: date
    last: date
    calendars: dict[str, dict[str, Any]] = field(default_factory=dict)
    terms: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, terms: Terms, about: Mapping[str, Any]) -> str:
        """The key of terms; `about` says of which policy, edition and plan they are."""
        said = {
            **about,
            "severities": list(terms.severities),
            "targets": {
                metric: {severity: target.written for severity, target in cells.items()}
                for metric, cells in terms.targets.items()
                if cells
            },
            "coverage": self._coverage(terms.coverage),
            "amendments": [
                {"at": written(at), "coverage": self._coverage(coverage)} for at, coverage in terms.amendments
            ],
            "pause_on_hold": terms.pause_on_hold,
            "reopen_days": terms.reopen_days,
            "auto_close_days": terms.auto_close_days,
        }
        return _key_of(said, self.terms, "t")

    def _coverage(self, coverage: Coverage) -> list[str]:
        return [_key_of(self._calendar(calendar), self.calendars, "c") for calendar in coverage.calendars]

    def _calendar(self, calendar: BusinessCalendar) -> dict[str, Any]:
        days = (self.first + timedelta(days=step) for step in range((self.last - self.first).days + 1))
        return {
            "name": calendar.name,
            "time_zone": calendar.time_zone,
            "hours": {day: _spans(spans) for day, spans in zip(WEEKDAYS, calendar.hours, strict=True)},
            "special_days": {
                day.isoformat(): _spans(spans) for day, spans in sorted(calendar.special_days.items())
            },
            "holidays": {day.isoformat(): name for day in days if (name := calendar.holidays.get(day))},
        }


def event_written(event: Event, terms: str | None = None) -> dict[str, Any]:
    """What the replay needs of an event: no text and no person. `terms` is the key of those it moves to."""
    facts = {name: getattr(event, name) for name in EVENT_FACTS}
    said = {"at": written(event.at), "do": event.do} | {k: v for k, v in facts.items() if v is not None}
    if event.carried is not None:
        said["carried"] = [_carried_written(clock) for clock in event.carried]
    return said | ({"terms": terms} if terms is not None else {})


def event_of(node: Node, terms: Mapping[str, Terms]) -> Event:
    said = node.mapping()
    facts = {name: node[name].text() for name in EVENT_FACTS if name in said}
    return Event(
        at=node["at"].instant(),
        do=node["do"].text(),
        carried=tuple(_carried_of(item) for item in node["carried"].each()) if "carried" in said else None,
        terms=terms_named(node["terms"], terms) if "terms" in said else None,
        **facts,
    )


def terms_named(node: Node, terms: Mapping[str, Terms]) -> Terms:
    """The terms of the file that a key names."""
    if node.text() not in terms:
        raise node.fault("no such terms in this file")
    return terms[node.text()]


def exclusion_written(excluded: Excluded, note: Exclusion) -> dict[str, Any]:
    """A note as the file has it; `metric` and `cycle` are null where it stands beside the whole ticket."""
    metric, cycle = excluded or (None, None)
    return {
        "metric": metric,
        "cycle": cycle,
        "code": note.code,
        "note": note.note,
        "noted_at": written(note.noted_at),
        "objected_at": written(note.objected_at),
        "answered_at": written(note.answered_at),
    }


def exclusions_of(node: Node) -> dict[Excluded, Exclusion]:
    """The exclusions noted on a ticket, by what each stands beside."""
    found: dict[Excluded, Exclusion] = {}
    for item in node.each():
        whole = item["metric"].value is None and item["cycle"].value is None
        excluded = None if whole else (item["metric"].text(), item["cycle"].whole())
        if excluded in found:
            raise item.fault("two notes on one promise")
        found[excluded] = Exclusion(item["code"].text(), item["note"].text())
    return found


def _carried_written(clock: CarriedClock) -> dict[str, Any]:
    return {
        "metric": clock.metric,
        "started_at": written(clock.started_at),
        "due_at": written(clock.due_at),
        "target": clock.target.written,
        "severity": clock.severity,
    }


def _carried_of(node: Node) -> CarriedClock:
    metric = node["metric"]
    if metric.text() not in METRICS:
        raise metric.fault("no promise is called that")
    return CarriedClock(
        metric=metric.value,
        started_at=node["started_at"].instant(),
        due_at=node["due_at"].instant(),
        target=node["target"].target(),
        severity=node["severity"].text(),
    )


def terms_of(document: Node) -> dict[str, Terms]:
    """The terms of a statement by their keys, with their calendars."""
    calendars = {key: _calendar_of(node) for key, node in document["calendars"].items()}
    return {key: _terms_of(node, calendars) for key, node in document["terms"].items()}


def checksum(document: Mapping[str, Any]) -> str:
    """SHA-256 of everything but itself, as JSON with sorted keys, without spaces, in ASCII."""
    rest = {key: value for key, value in document.items() if key != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _key_of(said: dict[str, Any], known: dict[str, dict[str, Any]], letter: str) -> str:
    for key, value in known.items():
        if value == said:
            return key
    key = f"{letter}{len(known) + 1}"
    known[key] = said
    return key


def _terms_of(node: Node, calendars: Mapping[str, BusinessCalendar]) -> Terms:
    severities = tuple(item.text() for item in node["severities"].each())
    if len(set(severities)) < len(severities):
        raise node["severities"].fault("a severity is listed twice")
    closing = node["auto_close_days"]
    return Terms(
        severities=severities,
        targets={
            metric: {severity: cell.target() for severity, cell in cells.items()}
            for metric, cells in node["targets"].items()
        },
        coverage=_coverage_of(node["coverage"], calendars),
        pause_on_hold=node["pause_on_hold"].truth(),
        reopen_days=node["reopen_days"].whole(),
        auto_close_days=None if closing.value is None else closing.whole(),
        amendments=tuple(
            (item["at"].instant(), _coverage_of(item["coverage"], calendars))
            for item in node["amendments"].each()
        ),
    )


def _coverage_of(node: Node, calendars: Mapping[str, BusinessCalendar]) -> Coverage:
    for item in node.each():
        if item.text() not in calendars:
            raise item.fault("no such calendar in this file")
    return Coverage([calendars[item.value] for item in node.each()])


def _calendar_of(node: Node) -> BusinessCalendar:
    try:
        return BusinessCalendar(
            node["name"].text(),
            node["time_zone"].text(),
            tuple(node["hours"][day].spans() for day in WEEKDAYS),
            holidays={Node(day, item.path).day(): item.text() for day, item in node["holidays"].items()},
            special_days={
                Node(day, item.path).day(): item.spans() for day, item in node["special_days"].items()
            },
        )
    except Malformed:
        raise
    except ValueError as error:
        raise node.fault(str(error)) from None


def _minutes(node: Node) -> MinuteSpan:
    found = _SPAN.fullmatch(node.text())
    if found is None:
        raise node.fault("not a span like 09:00-17:00")
    closes = int(found[3]) * 60 + int(found[4]) if found[3] else 1440
    return int(found[1]) * 60 + int(found[2]), closes


def _spans(spans: Sequence[MinuteSpan]) -> list[str]:
    return [f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in spans]
