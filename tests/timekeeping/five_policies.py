"""The terms of the five shipped policies, told again so that the library is tried alone."""

from typing import Any

from .policy_files import Policy

ALL_DAY = {"mon-sun": ["00:00-24:00"]}


def _calendar(zone: str, hours: dict[str, list[str]], *holidays: str) -> dict[str, Any]:
    return {"time_zone": zone, "hours": hours, "holidays": list(holidays)}


def _severities(*codes: str) -> list[dict[str, str]]:
    return [{"code": code} for code in codes]


def _plan(code: str, coverage: dict[str, list[str]], targets: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "coverage": coverage, "targets": targets, "auto_close_days": 7, **more}


_BETTER = {
    "first_response": {"P1": "1h", "P2": "2h", "P3": "2h", "P4": "8h"},
    "next_update": {"P1": "2h", "P2": "8h", "P3": "48h", "P4": "48h"},
}
_US_OR_EMEA = {"us": ["us"], "emea": ["emea"]}
_HOURLY = {"first_response": {"A": "1h", "B": "2h", "C": "4h"}}
_NEXRAID = {"always": ["always"]}
_LOCAL = {"pre-sales": ["local"], "billing": ["local"]}

NEXTPLANE = {
    "holiday_sets": {"us": {"country": "US"}, "ecb": {"market": "ECB"}},
    "calendars": {
        "la": _calendar("America/Los_Angeles", {"mon-fri": ["09:00-17:00"]}, "us"),
        "us": _calendar("America/New_York", {"mon-fri": ["08:00-20:00"]}, "us"),
        "emea": _calendar("Europe/Paris", {"mon-fri": ["09:00-18:00"]}, "ecb"),
        "always": _calendar("America/Los_Angeles", ALL_DAY, "us", "ecb"),
    },
    "severities": _severities("P1", "P2", "P3", "P4"),
    "plans": [
        _plan(
            "startup",
            {"us": ["la"]},
            {
                "first_response": {"P1": "4h", "P2": "12h", "P3": "24h", "P4": "24h"},
                "next_update": {"P1": "12h", "P2": "24h", "P3": "36h"},
            },
        ),
        _plan("business", _US_OR_EMEA, _BETTER),
        _plan("enterprise", _US_OR_EMEA, _BETTER),
        _plan("custom", {"always": ["always"]}, _BETTER),
    ],
}

JUMPCLOUD_MSP = {
    "calendars": {
        "office": _calendar("America/Denver", {"mon-fri": ["09:00-17:00"]}),
        "always": _calendar("America/Denver", ALL_DAY),
    },
    "severities": _severities("S1", "S2", "S3"),
    "plans": [
        _plan("free", {}, {}),
        _plan("standard", {"office": ["office"]}, {"first_response": {"S1": "4h", "S2": "8h", "S3": "nbd"}}),
        _plan("premium", {"always": ["always"]}, {"first_response": {"S1": "1h", "S2": "2h", "S3": "4h"}}),
    ],
}

OFFICE_365 = {
    "calendars": {"always": _calendar("America/Los_Angeles", ALL_DAY)},
    "severities": _severities("A", "B", "C"),
    "plans": [
        _plan("subscription", {"always": ["always"]}, {}),
        *(
            _plan(code, {"always": ["always"]}, _HOURLY)
            for code in ("base-premier", "premier-office-365", "cloud-vantage")
        ),
    ],
}

NEXRAID = {
    "calendars": {
        "always": _calendar("UTC", ALL_DAY),
        "local": _calendar("customer", {"mon-fri": ["09:00-17:00"]}),
    },
    "severities": _severities("high", "normal", "low"),
    "plans": [_plan(code, _NEXRAID, {}, coverage_for=_LOCAL) for code in ("trial", "paid", "enterprise")],
}

TWO_TIER = {
    "holiday_sets": {"us": {"country": "US"}},
    "calendars": {
        "office": _calendar("America/Chicago", {"mon-fri": ["08:00-17:00"]}, "us"),
        "always": _calendar("America/Chicago", ALL_DAY),
    },
    "severities": _severities("high", "medium", "low"),
    "plans": [
        _plan("standard", {"office": ["office"]}, {"first_response": "1bd"}),
        _plan("enterprise", {"always": ["always"]}, {"first_response": "30m"}),
    ],
}

FIVE_POLICIES = {
    "nextplane": Policy(NEXTPLANE),
    "jumpcloud-msp": Policy(JUMPCLOUD_MSP),
    "office-365": Policy(OFFICE_365),
    "nexraid": Policy(NEXRAID),
    "two-tier": Policy(TWO_TIER),
}
