"""One promise that terms would make, as a value for pictures and words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from plans.pictures.clockview import ClockView, from_explanation
from timekeeping import Terms, due_at, explain

_COUNTING = {"covered": "covered", "elapsed": "elapsed"}


def promised(terms: Terms, *, metric: str, label: str, severity: str, at: datetime) -> ClockView | None:
    """The promise that would start at `at`; None where these terms promise nothing.

    Raises HorizonError where there is too little open time to come.
    """
    target = terms.target(metric, severity)  # type: ignore[arg-type]
    if target is None:
        return None
    coverage = terms.coverage_at(at)
    due = due_at(target, coverage, at)
    calendars = coverage.calendars
    return ClockView(
        metric=metric,
        label=label,
        state="preview",
        started_at=at,
        zone=ZoneInfo(calendars[0].time_zone if calendars else "UTC"),
        due_at=due,
        target_written=str(target),
        target_seconds=target.seconds or None,
        remaining_seconds=target.seconds or coverage.counted_seconds(at, due),
        explanation=from_explanation(explain(target, coverage, at, due)),
        counting=_COUNTING.get(target.kind, "days"),
        severity=severity,
    )
