"""Counting time exactly: calendars, targets, clocks and the replay of a history.

Pure: standard library only, no Django, no reading of the clock. Immutable values, half-open spans, aware UTC
datetimes in and out, whole seconds. Where a function follows a rule of time.md, it names the section.
"""

from .calendars import BusinessCalendar, Holidays, MinuteSpan
from .clocks import METRICS, CarriedClock, ClockReading, Metric, State
from .coverage import Coverage
from .explain import Counted, Explanation, Skipped, Why, explain
from .history import Event, HistoryError, Reading, Status, Terms, explain_clock, replay
from .instants import HORIZON_DAYS, HorizonError
from .spans import OpenSpan
from .stored import Difference, differences
from .targets import Pause, Target, due_at, parse_target, warn_at

__all__ = [
    "HORIZON_DAYS",
    "METRICS",
    "BusinessCalendar",
    "CarriedClock",
    "ClockReading",
    "Counted",
    "Coverage",
    "Difference",
    "Event",
    "Explanation",
    "HistoryError",
    "Holidays",
    "HorizonError",
    "Metric",
    "MinuteSpan",
    "OpenSpan",
    "Pause",
    "Reading",
    "Skipped",
    "State",
    "Status",
    "Target",
    "Terms",
    "Why",
    "differences",
    "due_at",
    "explain",
    "explain_clock",
    "parse_target",
    "replay",
    "warn_at",
]
