"""Clocks to draw: made-up values, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from plans.pictures.clockview import CLOSED, COUNTED, HOLIDAY, PAUSED, ClockView, Stretch

NEW_YORK = ZoneInfo("America/New_York")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
TAIPEI = ZoneInfo("Asia/Taipei")
NOW = datetime(2026, 11, 30, 18, 40, tzinfo=UTC)
HOUR = 3600


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """An instant of 2026 in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


THANKSGIVING = (
    Stretch(at(25, 23, 30), at(26, 1), COUNTED, 5400, "us"),
    Stretch(at(26, 1), at(26, 8), CLOSED),
    Stretch(at(26, 8), at(27, 8), HOLIDAY, name="Thanksgiving <Day>"),
    Stretch(at(27, 8), at(27, 17), CLOSED),
    Stretch(at(27, 17), at(27, 19, 30), COUNTED, 9000, "us"),
)
WEEKEND = (
    Stretch(at(27, 17, 48), at(27, 19, 20), PAUSED, name="Waiting for you"),
    Stretch(at(27, 19, 20), at(28, 1), COUNTED, 20400, "us"),
    Stretch(at(28, 1), at(30, 17), CLOSED),
    Stretch(at(30, 17), at(30, 23, 20), COUNTED, 22800, "us"),
)


def clock(state: str = "running", **values: Any) -> ClockView:
    """An update clock of 12 h, paused at its start, over a weekend."""
    base: dict[str, Any] = {
        "metric": "next_update",
        "label": "Next news",
        "started_at": at(27, 17, 48),
        "due_at": at(30, 23, 20),
        "zone": LOS_ANGELES,
        "target_written": "12h",
        "target_seconds": 12 * HOUR,
        "counted_seconds": 26400,
        "remaining_seconds": 16800,
        "explanation": WEEKEND,
    }
    return ClockView(state=state, **(base | values))


def first_answer(state: str, **values: Any) -> ClockView:
    """A first answer of 4 h over a holiday."""
    base = {
        "metric": "first_response",
        "label": "First answer",
        "started_at": at(25, 23, 30),
        "due_at": at(27, 19, 30),
        "target_written": "4h",
        "target_seconds": 4 * HOUR,
        "explanation": THANKSGIVING,
    }
    return clock(state, **(base | values))


def nights(count: int) -> tuple[Stretch, ...]:
    """So many days of eight hours with the nights between."""
    stretches: list[Stretch] = []
    for day in range(count):
        opens = at(2, 17) + timedelta(days=day)
        if stretches:
            stretches.append(Stretch(stretches[-1].end, opens, CLOSED))
        stretches.append(Stretch(opens, opens + timedelta(hours=8), COUNTED, 8 * HOUR))
    return tuple(stretches)
