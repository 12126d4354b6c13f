"""One made-up promise, so that a page without a reader can show what the ribbon is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from plans.pictures.clockview import CLOSED, COUNTED, HOLIDAY, ClockView, Stretch

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 27, 18, 42, tzinfo=UTC)


def clock() -> ClockView:
    """A first answer asked for on a Wednesday evening and given on Friday, with Thanksgiving between."""
    hours = [(25, 23, 30), (26, 1, 0), (26, 5, 0), (27, 5, 0), (27, 17, 0), (27, 19, 30)]
    at = [datetime(2026, 11, day, hour, minute, tzinfo=UTC) for day, hour, minute in hours]
    return ClockView(
        metric="first_response",
        label=gettext("First answer"),
        state="met",
        started_at=at[0],
        due_at=at[5],
        met_at=NOW,
        counted_seconds=3 * 3600 + 12 * 60,
        zone=ZONE,
        target_written="4h",
        target_seconds=4 * 3600,
        explanation=(
            Stretch(at[0], at[1], COUNTED, 5400),
            Stretch(at[1], at[2], CLOSED),
            Stretch(at[2], at[3], HOLIDAY, name=gettext("Thanksgiving Day")),
            Stretch(at[3], at[4], CLOSED),
            Stretch(at[4], at[5], COUNTED, 9000),
        ),
    )
