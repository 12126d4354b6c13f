"""The keys of a policy file, part by part: the shape of each and what stands for it when it is left out."""

import re
from typing import Any

from plans.enums import (
    Approval,
    ChannelCode,
    ContractTerms,
    FormField,
    Metric,
    Queue,
    RateUnit,
    Rounding,
    SeveritySetBy,
    SponsoredPartners,
    TargetsAre,
)
from plans.models.codes import CODE_PATTERN
from plans.policyfile import shapes
from plans.policyfile.faults import Faults, below
from plans.policyfile.shapes import Key, choice, keyed, list_of, map_of, or_none, whole
from plans.policyfile.weekdays import spans, weekly_hours


def _targets(value: Any, path: str, faults: Faults) -> dict[str, Any]:
    """Targets by metric: a map by severity, or one target for all of them under the key None."""
    if not isinstance(value, dict):
        faults.add(path, "write a map of metrics")
        return {}
    clean: dict[str, Any] = {}
    for metric, cells in value.items():
        place = below(path, str(metric))
        if metric not in Metric.values:
            faults.add(place, f"no such metric: write one of {', '.join(Metric.values)}")
        elif not isinstance(cells, dict) or "in" in cells:
            clean[metric] = {} if cells is None else {None: shapes.target(cells, place, faults)}
        else:
            clean[metric] = _cells(cells, place, faults)
    return clean


def _cells(cells: dict[Any, Any], path: str, faults: Faults) -> dict[str, Any]:
    """The targets of a metric by severity, null where nothing is promised."""
    clean: dict[str, Any] = {}
    for severity, cell in cells.items():
        place = below(path, str(severity))
        if isinstance(severity, str):
            clean[severity] = None if cell is None else shapes.target(cell, place, faults)
        else:
            faults.add(place, f"no such severity{shapes.unquoted(severity)}")
    return clean


def _named(value: Any, path: str, faults: Faults) -> Any:
    """A code alone, or a code with a name."""
    return _NAMED(_long(value, str, "code", path, faults), path, faults)


def _category(value: Any, path: str, faults: Faults) -> Any:
    """A code, alone or with a name, or a name alone (`Login problems`), from which the code is made."""
    if isinstance(value, str) and not re.fullmatch(CODE_PATTERN, value):
        made = re.sub("[^A-Za-z0-9._]+", "-", value).strip("-._")[:50].rstrip("-._")
        if made:
            return _NAMED({"code": made.lower(), "name": value}, path, faults)
    return _named(value, path, faults)


def _channel(value: Any, path: str, faults: Faults) -> Any:
    """A channel's code alone, or with the vendor's name for it and how to use it."""
    return _CHANNEL(_long(value, str, "code", path, faults), path, faults)


def _function(value: Any, path: str, faults: Faults) -> Any:
    """The support types that a function opens, alone or with a name."""
    return _FUNCTION(_long(value, list, "types", path, faults), path, faults)


def _long(value: Any, short: type, key: str, path: str, faults: Faults) -> Any:
    """A short form as the map that it stands for; its faults keep the path at which it is written."""
    if not isinstance(value, short):
        return value
    faults.reads_short(path, key)
    return {key: value}


def _after(value: Any, path: str, faults: Faults) -> str | None:
    """When an escalation level comes: `breach`, `request`, or a duration of coverage."""
    if value in ("breach", "request"):
        return str(value)
    return _wait(value, path, faults)


_wait = shapes.more_than_nothing(
    shapes.written_as(shapes.DURATION_PATTERN, "write breach, request, or a duration like 4h")
)
_code = Key(shapes.code, is_required=True)
_text = Key(shapes.text, "")
_needed_text = Key(shapes.needed_text, "", is_required=True)
_no = Key(shapes.boolean, False)
_codes = list_of(shapes.code)
_code_list = Key(_codes, list)
_calendars = list_of(shapes.code, at_least=1)
_form_fields = list_of(choice(FormField.values))

_NAMED = keyed({"code": _code, "name": _text})
_CHANNEL = keyed({"code": Key(choice(ChannelCode.values), is_required=True), "name": _text, "how": _text})
_FUNCTION = keyed({"name": _text, "types": Key(_codes, list, is_required=True)})
_CLAUSE = keyed({"code": _code, "text": _needed_text})
_SCOPE = keyed({"code": _code, "text": _needed_text, "plans": _code_list})
_HOLIDAY_SET = keyed(
    {
        "country": Key(shapes.written_as(r"^[A-Z]{2,3}$", "write a country code like US"), ""),
        "subdivision": Key(shapes.written_as(r"^[A-Z0-9-]{1,10}$", "write a subdivision code like CA"), ""),
        "market": Key(shapes.written_as(r"^[A-Z]{2,10}$", "write a market code like ECB"), ""),
        "dates": Key(map_of(shapes.day, shapes.text), None),
    }
)
_AMENDMENT = keyed(
    {
        "at": Key(shapes.instant, is_required=True),
        "days": Key(map_of(shapes.day, spans), dict, is_required=True),
    }
)
_CALENDAR = keyed(
    {
        "time_zone": Key(shapes.zone_or_customer, is_required=True),
        "hours": Key(weekly_hours, lambda: [[] for _ in range(7)], is_required=True),
        "holidays": _code_list,
        "special_days": Key(map_of(shapes.day, spans), dict),
        "amendments": Key(list_of(_AMENDMENT), list),
    }
)
_SEVERITY = keyed(
    {"code": _code, "name": _text, "description": _text, "examples": Key(list_of(shapes.text), list)}
)
_IMPACT_RULE = keyed(
    {
        "severity": _code,
        "can_sign_in": Key(or_none(shapes.boolean)),
        "executives_affected": Key(or_none(shapes.boolean)),
        "users_affected": Key(or_none(whole(0, 1_000_000_000))),
    }
)
_SUPPORT_TYPE = keyed(
    {
        "code": _code,
        "name": _text,
        "description": _text,
        "examples": Key(list_of(shapes.text), list),
        "needs_licence": _no,
        "identity_check": _no,
    }
)
_REQUEST_FORM = keyed(
    {
        "required": Key(_form_fields, list),
        "optional": Key(_form_fields, list),
        "categories": Key(list_of(_category), list),
    }
)
_CONTACTS = keyed(
    {
        "max": Key(or_none(whole(1, 10_000))),
        "approval": Key(choice(Approval.values), Approval.NONE.value),
        "named": _no,
        "access_id": _no,
        "administrators_only": _no,
        "service_notices": _no,
    }
)
_RATE = keyed(
    {
        "amount": Key(shapes.amount, is_required=True),
        "currency": Key(shapes.currency, is_required=True),
        "per": Key(choice(RateUnit.values), is_required=True),
        "round_up_to": Key(shapes.duration, ""),
        "rounding": Key(choice(Rounding.values), Rounding.CASE.value),
        "coverage": Key(or_none(shapes.code)),
    }
)
_LEVEL = keyed(
    {
        "level": Key(whole(1, 100), is_required=True),
        "name": _needed_text,
        "after": Key(_after, is_required=True),
    }
)
_PLAN = keyed(
    {
        "code": _code,
        "name": _text,
        "description": _text,
        "pricing": _text,
        "severity_set_by": Key(or_none(choice(SeveritySetBy.values))),
        "coverage": Key(map_of(shapes.code, _calendars), dict),
        "coverage_for": Key(map_of(shapes.code, _calendars), dict),
        "channels": _code_list,
        "channel_limits": Key(map_of(shapes.code, _codes), dict),
        "support_types": _code_list,
        "priority_access": _no,
        "targets": Key(_targets, dict),
        "targets_are": Key(choice(TargetsAre.values), TargetsAre.COMMITMENTS.value),
        "own_targets": _no,
        "warn_at": Key(shapes.percent, 75),
        "pause_on_hold": _no,
        "escalation": Key(list_of(_LEVEL), list),
        "customer_may_escalate": _no,
        "reopen_days": Key(whole(0, 3_660), 14),
        "auto_close_days": Key(or_none(whole(0, 3_660))),
        "grace_days": Key(whole(0, 3_660), 0),
        "when_overdue": Key(or_none(_codes)),
        "contacts": Key(_CONTACTS, lambda: _CONTACTS({}, "", Faults())),
        "emergency_contacts": _no,
        "extraordinary_access": _no,
        "partner_may_submit": _no,
        "sponsored_partners": Key(choice(SponsoredPartners.values), SponsoredPartners.NONE.value),
        "rates": Key(map_of(shapes.code, _RATE), dict),
        "entitlements": _code_list,
        "programs": Key(map_of(shapes.code, shapes.code), dict),
        "survey": _no,
    }
)
_SERVICE_WINDOW = keyed(
    {
        "time_zone": Key(shapes.zone, is_required=True),
        "from": Key(shapes.week_moment, is_required=True),
        "to": Key(shapes.week_moment, is_required=True),
    }
)
POLICY = keyed(
    {
        "policy": Key(shapes.slug, is_required=True),
        "name": _needed_text,
        "description": _text,
        "source": _text,
        "terms": Key(choice(ContractTerms.values), ContractTerms.PINNED.value),
        "language": Key(shapes.language, "en"),
        "languages": Key(list_of(shapes.language), list),
        "service_window": Key(or_none(_SERVICE_WINDOW)),
        "holiday_sets": Key(map_of(shapes.code, _HOLIDAY_SET), dict),
        "calendars": Key(map_of(shapes.code, _CALENDAR), dict),
        "severities": Key(list_of(_SEVERITY, at_least=1), list, is_required=True),
        "default_severity": Key(or_none(shapes.code)),
        "severity_set_by": Key(choice(SeveritySetBy.values), SeveritySetBy.PROPOSED.value),
        "severity_from_impact": Key(list_of(_IMPACT_RULE), list),
        "support_types": Key(list_of(_SUPPORT_TYPE), list),
        "functions": Key(map_of(shapes.code, _function), dict),
        "channels": Key(list_of(_channel), list),
        "request_form": Key(_REQUEST_FORM, lambda: _REQUEST_FORM({}, "", Faults())),
        "queue": Key(choice(Queue.values), Queue.FIRST_COME.value),
        "entitlements": Key(list_of(_named), list),
        "plans": Key(list_of(_PLAN, at_least=1), list, is_required=True),
        "scope": Key(list_of(_SCOPE), list),
        "exclusions": Key(list_of(_CLAUSE), list),
        "conditions": Key(list_of(_CLAUSE), list),
    }
)
