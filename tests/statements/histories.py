"""Histories whose figures are worked out by hand, and statements made of them without a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from timekeeping import BusinessCalendar, Coverage, Event, Terms, parse_target, replay
from timekeeping.clocks import CarriedClock
from timekeeping.statement import Exclusion, History, days_needed, figures, period_of, written
from timekeeping.statement_file import FORMAT, TermsWriter, checksum, event_written, exclusion_written

OFFICE = ((540, 1020),)
CALENDAR = BusinessCalendar(
    "office",
    "America/New_York",
    (OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, (), ()),
    holidays={date(2026, 10, 12): "Columbus Day", date(2027, 1, 1): "New Year's Day"},
    special_days={date(2026, 10, 23): ((540, 720),)},
)
ALWAYS = BusinessCalendar("always", "UTC", (((0, 1440),),) * 7)

TERMS = Terms(
    severities=("P1", "P2", "P3"),
    targets={
        "first_response": {"P1": parse_target("1h"), "P2": parse_target("4h"), "P3": parse_target("2bd")},
        "next_update": {
            "P1": parse_target({"in": "2h", "counted": "elapsed"}),
            "P2": parse_target("8h"),
        },
        "next_reply": {"P1": parse_target("1h"), "P2": parse_target("nbd")},
        "resolution": {"P1": parse_target("8h")},
    },
    coverage=Coverage((CALENDAR,)),
    auto_close_days=7,
    amendments=((datetime(2026, 10, 20, tzinfo=UTC), Coverage((CALENDAR, ALWAYS))),),
)
ALL_HOURS = Terms(
    severities=("P1",),
    targets={"first_response": {"P1": parse_target("1h")}},
    coverage=Coverage((ALWAYS,)),
)


def at(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 10) -> datetime:
    """An instant of 2026; in October New York's 09:00 is 13:00 UTC."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


def asked(when: datetime, severity: str = "P2") -> Event:
    return Event(when, "submit", severity=severity)


WRITTEN_AT = at(29, 12)

MISSED_UPDATE = [
    asked(at(1, 13)),  # Thursday, 09:00 in New York: 4 h, due 13:00 there
    Event(at(1, 14, 30), "reply"),  # met, 2 h 30 min early; news within 8 h: Friday 10:30 there
    Event(at(2, 15, 30), "ask"),  # an hour late; the next one starts paused
    Event(at(5, 13, 0), "customer"),  # paused Fri 11:30 to Mon 09:00: 5 h 30 min of open time
    Event(at(5, 19, 0), "resolve"),
]
CLOSED_BY_CUSTOMER = [
    asked(at(8, 12), "P1"),
    Event(at(8, 13, 20), "reply"),
    Event(at(8, 13, 30), "severity", to="P2", how="lowered"),
    Event(at(9, 13), "close", by="customer"),
]
STILL_RUNNING = [asked(at(28, 20), "P3"), Event(at(28, 20, 30), "severity", to="P1", how="raised")]
WAITING = [asked(at(22, 13)), Event(at(22, 14), "ask")]
CONVERSATION = [
    asked(at(14, 13)),
    Event(at(14, 15), "reply"),
    Event(at(14, 16), "customer"),
    Event(at(15, 13), "no_reply_needed"),
    Event(at(15, 14), "hold"),
    Event(at(16, 14), "unhold"),
    Event(at(16, 15), "resolve"),
    Event(at(20, 15), "customer"),
    Event(at(21, 15), "close", by="support"),
]
# Merged into the next one: a response that runs, due an hour before the survivor's own.
MERGED_AWAY = [asked(at(6, 13), "P2"), Event(at(6, 15), "merged_away", into="9")]
SURVIVOR = [
    asked(at(6, 14), "P2"),
    Event(
        at(6, 15),
        "merge",
        carried=(
            CarriedClock("first_response", at(6, 13), at(6, 17), parse_target("4h"), "P2"),
            CarriedClock("resolution", at(6, 13), at(7, 13), parse_target("8h"), "P1"),
        ),
    ),
    Event(at(6, 17, 30), "reply"),
    Event(at(7, 14), "resolve"),
]
FASTER = Terms(
    severities=("P1", "P2"),
    targets={"first_response": {"P2": parse_target("1h")}, "next_update": {"P2": parse_target("1h")}},
    coverage=Coverage((ALWAYS,)),
)
# Answered in time under the old terms; the update that runs then has an hour instead of eight: missed.
MOVED = [
    asked(at(13, 13)),
    Event(at(13, 14, 30), "reply"),
    Event(at(13, 15), "terms", terms=FASTER),
    Event(at(13, 15, 45), "reply"),
    Event(at(13, 16), "resolve"),
]
EVERYTHING = [MISSED_UPDATE, CLOSED_BY_CUSTOMER, STILL_RUNNING, WAITING, CONVERSATION]


def statement(
    histories: Sequence[Sequence[Event]],
    *,
    month: str = "2026-10",
    zone: str = "America/New_York",
    written_at: datetime = WRITTEN_AT,
    terms: Terms = TERMS,
    exclusions: dict[tuple[int, str, int], Exclusion] | None = None,
    whole: dict[int, Exclusion] | None = None,
) -> dict[str, Any]:
    """A statement of tickets numbered from 1, as the portal writes it; ``whole``: notes on whole tickets."""
    noted = exclusions or {}
    told = [
        History(
            number,
            replay(terms, events, written_at),
            {(metric, cycle): note for (n, metric, cycle), note in noted.items() if n == number}
            | ({None: whole[number]} if whole and number in whole else {}),
        )
        for number, events in enumerate(histories, start=1)
    ]
    period = period_of(month, zone)
    first, last = days_needed(told, written_at)
    writer = TermsWriter(first, last)
    said = {
        "format": FORMAT,
        "written_at": written(written_at),
        "month": {
            "name": month,
            "zone": zone,
            "from": written(period.start),
            "until": written(period.end),
        },
        "contract": {"organization": {"name": "Aster Freight"}},
        "days": {"from": first.isoformat(), "until": last.isoformat()},
        "tickets": [
            {
                "number": one.number,
                "subject": f"Request {one.number}",
                "terms": writer.add(terms, {"policy": "hand-made", "edition": 1}),
                "events": [
                    event_written(
                        event,
                        writer.add(event.terms, {"policy": "hand-made", "edition": 2})
                        if event.terms
                        else None,
                    )
                    for event in events
                ],
                "exclusions": [exclusion_written(beside, note) for beside, note in one.exclusions.items()],
            }
            for one, events in zip(told, histories, strict=True)
        ],
        "terms": writer.terms,
        "calendars": writer.calendars,
        **figures(told, period, written_at),
    }
    return said | {"checksum": checksum(said)}


def row(said: dict[str, Any], ticket: int, metric: str, cycle: int = 1) -> dict[str, Any]:
    """The row of one promise, withdrawn or not."""
    return next(
        row
        for row in said["promises"] + said["withdrawn"]
        if (row["ticket"], row["metric"], row["cycle"]) == (ticket, metric, cycle)
    )
