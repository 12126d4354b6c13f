"""Random policy files and questions about them: the same seed gives the same ones.

Every feature of the format that decides about time is drawn often, and drawn to where mistakes hide: changes
of the clock, midnight, holidays, spans that touch, overlap or run into the next date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import yaml

from tests.timekeeping.strategies import ZONES, changes

MORE_ZONES = (
    *("America/Los_Angeles", "America/Chicago", "America/Denver", "America/Asuncion", "Asia/Gaza"),
    *("Asia/Shanghai", "Asia/Tokyo", "Australia/Adelaide", "Australia/Eucla", "Europe/London"),
    *("Pacific/Kwajalein", "Pacific/Auckland", "Asia/Yangon", "America/Nuuk", "Europe/Istanbul"),
)
ALL_ZONES = ZONES + MORE_ZONES
METRICS = ("first_response", "next_update", "next_reply", "resolution")
SETS: tuple[dict[str, Any], ...] = (
    *({"country": code} for code in ("US", "GB", "FR", "JP", "MX", "ES", "BR", "AU")),
    *({"country": "US", "subdivision": state} for state in ("CA", "TX")),
    *({"country": "DE", "subdivision": "BY"}, {"country": "CA", "subdivision": "QC"}),
    *({"market": code} for code in ("ECB", "XNYS")),
)
DAY_KEYS = (
    *("mon-fri", "mon-sun", "sun-thu", "fri-mon", "sat-tue", "mon,wed", "tue,thu-sat", "sat", "sun"),
    *("wed", "fri,sat,sun", "thu-wed", "mon-fri,mon", "wed , fri"),
)
TIMES = ("00:00", "00:15", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "06:00", "08:00", "09:00")
LATE = ("12:00", "12:30", "17:00", "17:30", "18:00", "20:00", "22:00", "23:00", "23:30", "23:59")
WALK_BEFORE, WALK_DAYS = 8, 56
"""The minutes of this many days are walked by the counter, from some days before the first question."""


@dataclass(frozen=True)
class Made:
    """A policy file, and the date around which its questions lie."""

    seed: str
    document: dict[str, Any]
    text: str
    around: date


def made(seed: str) -> Made:
    """A valid policy file."""
    draw = Random(seed)
    zones, around = _zones_and_date(draw)
    document = _document(draw, zones, around)
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, default_flow_style=None, width=100)
    return Made(seed, document, text, around)


def _zones_and_date(draw: Random) -> tuple[list[str], date]:
    """Some zones, and a date that is often near a change of the first one's clock or the end of a year."""
    zones = draw.sample(ALL_ZONES, 4)
    near = changes(zones[0])
    kind = draw.random()
    if kind < 0.12:
        zones[0] = "Pacific/Apia"
        return zones, date(2011, 12, 30) + timedelta(draw.randint(-6, 1))
    if near and kind < 0.7:
        return zones, draw.choice(near).date() + timedelta(draw.randint(-6, 1))
    if kind < 0.85:
        return zones, date(draw.randint(1999, 2037), 12, 20) + timedelta(draw.randint(0, 9))
    return zones, date(1990, 1, 1) + timedelta(draw.randint(0, 45 * 365))


def time_of_day(draw: Random) -> str:
    """A wall time, often one at which clocks change or offices open."""
    if draw.random() < 0.25:
        return f"{draw.randint(0, 23):02}:{draw.randint(0, 59):02}"
    return draw.choice(TIMES + LATE)


def _span(draw: Random) -> str:
    kind = draw.random()
    if kind < 0.35:
        return draw.choice(("09:00-17:00", "08:00-12:00", "13:00-17:30", "00:00-24:00", "12:00-13:00"))
    if kind < 0.5:
        return draw.choice(("22:00-06:00", "23:30-00:30", "17:00-01:00", "20:00-00:00", "23:59-02:30"))
    opens = time_of_day(draw)
    if kind < 0.6:
        return f"{opens}-{opens}"
    return f"{opens}-{'24:00' if kind < 0.7 else time_of_day(draw)}"


def _spans(draw: Random) -> list[str]:
    if draw.random() < 0.25:
        return ["09:00-12:00", "13:00-17:00"]
    return [_span(draw) for _ in range(draw.choice((1, 1, 1, 2, 3)))]


def _hours(draw: Random) -> dict[str, list[str]]:
    keys = draw.sample(DAY_KEYS, draw.choice((1, 1, 2, 2, 3)))
    return {key: _spans(draw) for key in keys}


def _day(draw: Random, around: date, least: int = -4, most: int = 16) -> Any:
    """A date near another, as a date of YAML or as a text."""
    day = around + timedelta(draw.randint(least, most))
    return day if draw.random() < 0.7 else day.isoformat()


def _days(draw: Random, around: date, most: int) -> list[Any]:
    """Different dates."""
    found = {str(day): day for day in (_day(draw, around) for _ in range(draw.randint(0, most)))}
    return list(found.values())


def _calendar(draw: Random, zone: str, sets: list[str], around: date) -> dict[str, Any]:
    calendar: dict[str, Any] = {"time_zone": zone, "hours": _hours(draw)}
    if draw.random() < 0.6:
        calendar["holidays"] = draw.sample(sets, draw.randint(1, len(sets)))
    if draw.random() < 0.6:
        calendar["special_days"] = {
            day: _spans(draw) if draw.random() < 0.6 else [] for day in _days(draw, around, 4)
        }
    if draw.random() < 0.3:
        calendar["amendments"] = _amendments(draw, around)
    return calendar


def _amendments(draw: Random, around: date) -> list[dict[str, Any]]:
    """Special days that were added later: only what starts from then on reads them."""
    first = datetime(around.year, around.month, around.day, 0, 0, 7, tzinfo=UTC)
    moments = [first + timedelta(hours=hours) for hours in sorted(draw.sample(range(-48, 240), 2))]
    return [
        {
            "at": at if draw.random() < 0.5 else f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "days": {day: _spans(draw) if draw.random() < 0.5 else [] for day in _days(draw, around, 3)},
        }
        for at in moments[: draw.randint(1, 2)]
    ]


def _rare(draw: Random, zone: str, around: date) -> dict[str, Any]:
    """A calendar that opens on a few dates and then never again: searches run out of their horizon."""
    days = [around + timedelta(step) for step in draw.sample(range(-2, 14), 3)]
    return {"time_zone": zone, "hours": {}, "special_days": {day: _spans(draw) for day in days}}


def _document(draw: Random, zones: list[str], around: date) -> dict[str, Any]:
    own = {"dates": {day: draw.choice(("Company day", {"en": "Party", "zh-hans": "聚会"}))
                     for day in _days(draw, around, 4)}}  # fmt: skip
    sets: dict[str, Any] = {"public": dict(draw.choice(SETS)), "other": dict(draw.choice(SETS)), "own": own}
    names = list(sets)
    calendars = {
        "office": _calendar(draw, zones[0], names, around),
        "second": _calendar(draw, draw.choice(zones), names, around),
        "local": _calendar(draw, "customer", names, around),
        "always": {"time_zone": zones[1], "hours": {"mon-sun": ["00:00-24:00"]}, "holidays": names[:1]},
        "rare": _rare(draw, zones[2], around),
    }
    severities = [f"s{rank}" for rank in range(1, draw.randint(2, 5))]
    types = ["technical", "billing", "sales"]
    return {
        "policy": f"random-{draw.randint(0, 10**9)}",
        "name": {"en": "Random support", "zh-hant": "隨機支援"},
        "source": "drawn by lot",
        "terms": draw.choice(("pinned", "follow-latest")),
        "languages": ["en", "zh-hans"],
        "service_window": {"time_zone": zones[0], "from": "sat 00:00", "to": "sun 24:00"},
        "holiday_sets": sets,
        "calendars": calendars,
        "severities": [
            {"code": code, "name": code.upper(), "description": "How bad it is.", "examples": ["It broke."]}
            for code in severities
        ],
        "default_severity": draw.choice(severities),
        "severity_set_by": draw.choice(("customer", "proposed", "support")),
        "support_types": [
            {"code": "technical", "name": "Technical", "needs_licence": draw.random() < 0.5},
            {"code": "billing", "identity_check": True},
            {"code": "sales"},
        ],
        "functions": {"money": ["billing", "sales"], "service": {"name": "Service", "types": types}},
        "channels": ["portal", "email", {"code": "phone", "name": "Call us", "how": "By day."}],
        "request_form": {"required": ["subject", "category"], "optional": ["impact"], "categories": ["x"]},
        "queue": draw.choice(("first-come", "next-due")),
        "plans": [
            _plan(draw, f"p{number}", list(calendars), severities) for number in range(draw.randint(2, 4))
        ]
        + [{"code": "none", "targets": {"resolution": _elapsed(draw)}}],
        "exclusions": [{"code": "third-party", "text": "Somebody else did it."}],
        "conditions": [{"code": "reasonable-effort", "text": "You tried."}],
    }


def _union(draw: Random, calendars: list[str]) -> list[str]:
    return draw.sample(calendars, draw.choice((1, 1, 1, 2, 2, 3)))


def _elapsed(draw: Random) -> dict[str, str]:
    return {"in": _duration(draw), "counted": "elapsed"}


def _duration(draw: Random) -> str:
    hours, minutes = (
        draw.choice((1, 2, 4, 8, 9, 12, 24, 36, 48, 100, draw.randint(1, 60))),
        draw.randint(1, 59),
    )
    return draw.choice((f"{hours}h", f"{hours}h", f"{hours}h{minutes}m", f"{minutes}m", f"{minutes * 9}m"))


def _target(draw: Random) -> Any:
    kind = draw.random()
    if kind < 0.45:
        return _duration(draw)
    if kind < 0.55:
        return _elapsed(draw)
    return "nbd" if kind < 0.7 else f"{draw.choice((1, 1, 1, 2, 2, 3, 5, 8))}bd"


def _cells(draw: Random, severities: list[str]) -> Any:
    if draw.random() < 0.2:
        return _target(draw)
    return {code: None if draw.random() < 0.1 else _target(draw) for code in severities}


def _plan(draw: Random, code: str, calendars: list[str], severities: list[str]) -> dict[str, Any]:
    common = [name for name in calendars if name != "rare"] * 2 + ["rare"]
    unions = [list(dict.fromkeys(_union(draw, common))) for _ in range(5)]
    plan: dict[str, Any] = {
        "code": code,
        "name": code.upper(),
        "coverage": {"x": unions[0], "y": unions[1], "z": unions[2]},
        "coverage_for": {"billing": unions[3], "sales": unions[4]},
        "channels": ["portal", "email", "phone"],
        "channel_limits": {"portal": severities[1:]},
        "support_types": ["technical", "billing", "sales"],
        "targets": {metric: _cells(draw, severities) for metric in draw.sample(METRICS, draw.randint(2, 4))},
        "targets_are": draw.choice(("commitments", "objectives")),
        "own_targets": draw.random() < 0.5,
        "warn_at": f"{draw.randint(1, 99)}%",
        "pause_on_hold": draw.random() < 0.5,
        "escalation": [
            {"level": 1, "name": "Lead", "after": draw.choice(("breach", "request"))},
            {"level": 2, "name": "Manager", "after": _duration(draw)},
        ],
        "reopen_days": draw.randint(0, 30),
        "grace_days": draw.randint(0, 30),
        "when_overdue": ["billing"],
        "contacts": {"max": draw.randint(1, 20), "approval": draw.choice(("both", "vendor", "none"))},
        "sponsored_partners": "charged",
        "rates": {"sponsored_partner": {"amount": "250.00", "currency": "USD", "per": "hour"}},
        "entitlements": ["status"],
        "programs": {"jumpstart": "none"},
    }
    if draw.random() < 0.7:
        plan["auto_close_days"] = draw.randint(0, 30)
    if draw.random() < 0.3:
        del plan["coverage_for"]
    return plan


def questions(policy: Made) -> Iterator[dict[str, Any]]:
    """Questions without end about a policy file."""
    draw = Random(f"{policy.seed} questions")
    document = policy.document
    severities = [item["code"] for item in document["severities"]]
    plans = document["plans"]
    first = datetime(policy.around.year, policy.around.month, policy.around.day, tzinfo=UTC)
    zones = draw.sample(ALL_ZONES, 3)
    while True:
        plan = draw.choice(plans[:-1]) if draw.random() < 0.97 else plans[-1]
        metrics = list(plan["targets"]) if draw.random() < 0.97 else METRICS
        case: dict[str, Any] = {
            "policy": document["policy"],
            "plan": plan["code"],
            "severity": draw.choice(severities),
            "metric": draw.choice(metrics),
            "explain": True,
        }
        if plan.get("coverage") and draw.random() < 0.8:
            case["coverage"] = draw.choice("xyz")
        if plan.get("support_types") and draw.random() < 0.5:
            case["support_type"] = draw.choice(("technical", "billing", "sales"))
        if draw.random() < 0.97:
            case["time_zone"] = draw.choice(zones)
        at = first + timedelta(days=draw.randint(-3, 13), seconds=_second(draw))
        case["at"] = f"{at:%Y-%m-%dT%H:%M:%SZ}"
        if draw.random() < 0.6:
            until = at + timedelta(seconds=draw.randint(-86400, 20 * 86400))
            case["until"] = f"{until:%Y-%m-%dT%H:%M:%SZ}"
        yield case


def _second(draw: Random) -> int:
    """A second of the day, often on a quarter of an hour or one second beside it."""
    if draw.random() < 0.4:
        return draw.randrange(86400)
    return draw.randrange(96) * 900 + draw.choice((0, 0, -1, 1))
