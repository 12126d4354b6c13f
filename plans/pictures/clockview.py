"""What a page knows of one clock, as one plain value; every picture and sentence is made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

COUNTED, CLOSED, HOLIDAY, SPECIAL, PAUSED = "counted", "closed", "holiday", "special_day", "paused"


@dataclass(frozen=True)
class Stretch:
    """A half-open stretch ``[start, end)``: counted, or skipped for one reason.

    ``seconds`` is what was counted in it (0 for skipped ones); ``name`` a holiday's or a calendar's name,
    or the reason of a pause.
    """

    start: datetime
    end: datetime
    kind: str
    seconds: int = 0
    name: str = ""

    @property
    def wall_seconds(self) -> int:
        """Seconds on the wall between its two ends."""
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True)
class ClockView:
    """One promise, ready to be shown. Instants are aware, lengths are whole seconds of counted time.

    ``state``: ``running``, ``soon`` (the warning has passed), ``paused``, ``met``, ``missed``,
    ``withdrawn``, ``merged``, ``none`` (no promised time) or ``preview`` (before submitting).
    ``counting``: ``covered``, ``elapsed`` (on the wall) or ``days`` (``bd``, ``nbd``).
    ``origin`` says from which other request the promise came, where it did.
    ``due_at`` of a missed clock is the instant it was missed; ``over_seconds`` the covered time since then,
    up to the answer. ``remaining_seconds`` may be None where the target is counted in days.
    """

    metric: str
    label: str
    state: str
    started_at: datetime
    zone: tzinfo = UTC
    due_at: datetime | None = None
    met_at: datetime | None = None
    paused_since: datetime | None = None
    warn_at: datetime | None = None
    target_written: str = ""
    target_seconds: int | None = None
    counted_seconds: int = 0
    remaining_seconds: int | None = None
    over_seconds: int | None = None
    explanation: tuple[Stretch, ...] = field(default=())
    counting: str = "covered"
    calendar: str = ""
    cycle: int = 1
    severity: str = ""
    pause_reason: str = ""
    rule: str = ""
    terms: str = ""
    terms_url: str = ""
    why_url: str = ""
    origin: str = ""

    @property
    def runs(self) -> bool:
        """Whether time is being counted now, or would be but for a pause."""
        return self.state in ("running", "soon", "paused")

    @property
    def total_seconds(self) -> int:
        """The whole of the promise: the target, or for days all that is counted up to the due instant."""
        return self.target_seconds or sum(stretch.seconds for stretch in self.explanation)


def from_explanation(explanation: Any) -> tuple[Stretch, ...]:
    """Turn ``counted`` and ``skipped`` rows into stretches in order of time.

    Takes an object or a mapping; rows are ``(start, end, seconds, calendar)`` and
    ``(start, end, why, name)``, as tuples, objects or mappings (``from``/``to`` as the API writes them).
    """
    counted = [
        Stretch(*_ends(row), COUNTED, int(_get(row, "seconds", 2)), str(_get(row, "calendar", 3) or ""))
        for row in _rows(explanation, "counted")
    ]
    skipped = [
        Stretch(*_ends(row), str(_get(row, "why", 2)), 0, str(_get(row, "name", 3) or ""))
        for row in _rows(explanation, "skipped")
    ]
    return tuple(sorted(counted + skipped, key=lambda stretch: (stretch.start, stretch.end)))


def _rows(explanation: Any, name: str) -> Iterable[Any]:
    return explanation[name] if isinstance(explanation, Mapping) else getattr(explanation, name)


def _ends(row: Any) -> tuple[datetime, datetime]:
    start, end = _get(row, "start", 0, "from"), _get(row, "end", 1, "to")
    return _instant(start), _instant(end)


def _get(row: Any, name: str, index: int, other: str = "") -> Any:
    if isinstance(row, Mapping):
        return row.get(name, row.get(other))
    if isinstance(row, tuple) and not hasattr(row, name):
        return row[index] if index < len(row) else None
    return getattr(row, name, None)


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
