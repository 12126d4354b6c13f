"""What a policy file's parts say of each other: names that exist, codes that are there once, targets by cell.

Works on the cleaned values, in place. A part that was wrong in itself is None here and is passed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plans.enums import Metric
from plans.holidays import is_known_set
from plans.policyfile.faults import Faults, below


@dataclass(frozen=True)
class _Names:
    """Codes that the file declares, in its order."""

    severities: list[str]
    types: list[str]
    channels: list[str]
    plans: list[str]
    calendars: list[str]
    entitlements: list[str]


def check_references(document: dict[str, Any], faults: Faults) -> None:
    """Note every reference to something that is not there, and expand what stands for every severity."""
    _add_entitlements(document)
    names = _Names(
        severities=_codes(document["severities"], "severities", faults),
        types=_codes(document["support_types"], "support_types", faults),
        channels=_codes(document["channels"], "channels", faults),
        plans=_codes(document["plans"], "plans", faults),
        calendars=list(document["calendars"]),
        entitlements=_codes(document["entitlements"], "entitlements", faults),
    )
    for part in ("exclusions", "conditions", "scope"):
        _codes(document[part], part, faults)
    _check_form(document["request_form"], faults)
    _check_sets(document["holiday_sets"], faults)
    _check_calendars(document, faults)
    _check_severities(document, names, faults)
    for name, function in document["functions"].items():
        if function:
            place = below(below("functions", name), "types")
            function["types"] = _ordered(function["types"], names.types, "support type", place, faults)
    for index, plan in _present(document["plans"]):
        _check_plan(plan, below("plans", index), names, faults)
    for index, item in _present(document["scope"]):
        place = below(below("scope", index), "plans")
        item["plans"] = _ordered(item["plans"], names.plans, "plan", place, faults)


def _present(items: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    return ((index, item) for index, item in enumerate(items) if item is not None)


def _add_entitlements(document: dict[str, Any]) -> None:
    """What a plan entitles to and the policy does not name is added to the policy's, under its code alone."""
    declared = {item["code"] for _, item in _present(document["entitlements"])}
    for _, plan in _present(document["plans"]):
        for _, code in _present(plan["entitlements"]):
            if code not in declared:
                document["entitlements"].append({"code": code, "name": ""})
                declared.add(code)


def _codes(items: list[Any], path: str, faults: Faults) -> list[str]:
    """The codes of a list's items; one that comes twice is a fault."""
    found: list[str] = []
    for index, item in _present(items):
        code = item["code"]
        if code is not None and code in found:
            faults.add(below(below(path, index), "code"), f"{code} is there twice")
        elif code is not None:
            found.append(code)
    return found


def _exists(name: Any, allowed: Iterable[str], kind: str, path: str, faults: Faults) -> bool:
    """Whether a name is known; None, which has its fault already, is not."""
    allowed = list(allowed)
    if name is not None and name not in allowed:
        faults.add(path, f"no such {kind}: {name}{_among(allowed)}")
    return name is not None and name in allowed


def _among(allowed: list[str]) -> str:
    """What there is instead of a name that is not there, for a fault: up to twelve names."""
    shown = ", ".join(allowed[:12]) + (", ..." if len(allowed) > 12 else "")
    return f" (there is {shown})" if allowed else " (there is none)"


def _known(names: Iterable[Any], allowed: list[str], kind: str, path: str, faults: Faults) -> list[str]:
    """The names of a list that exist, each once, in the order written; the others are faults."""
    found: list[str] = []
    for index, name in _present(names or []):
        place = below(path, index)
        if name in found:
            faults.add(place, f"{name} is there twice")
        elif _exists(name, allowed, kind, place, faults):
            found.append(name)
    return found


def _ordered(names: Iterable[Any], allowed: list[str], kind: str, path: str, faults: Faults) -> list[str]:
    """The same for a set: in the order in which the file declares them."""
    found = _known(names, allowed, kind, path, faults)
    return [name for name in allowed if name in found]


def _check_form(form: dict[str, Any] | None, faults: Faults) -> None:
    if not form:
        return
    _codes(form["categories"], "request_form.categories", faults)
    seen: set[str] = set()
    for part in ("required", "optional"):
        for index, name in _present(form[part]):
            if name in seen:
                faults.add(below(f"request_form.{part}", index), f"{name} is there twice")
            seen.add(name)


def _check_sets(sets: dict[str, Any], faults: Faults) -> None:
    for name, holiday_set in sets.items():
        if not holiday_set:
            continue
        path = below("holiday_sets", name)
        country, subdivision, market = (holiday_set[key] for key in ("country", "subdivision", "market"))
        kinds = [country != "", market != "", holiday_set["dates"] is not None]
        if kinds.count(True) != 1:
            faults.add(path, "write one of country, market, dates")
        elif subdivision and not country:
            faults.add(below(path, "subdivision"), "only a country has subdivisions")
        elif not is_known_set(country or "", subdivision or "", market or ""):
            faults.add(below(path, "country" if country else "market"), "its holidays are not known")


def _check_calendars(document: dict[str, Any], faults: Faults) -> None:
    for name, calendar in document["calendars"].items():
        if not calendar:
            continue
        path = below("calendars", name)
        sets = list(document["holiday_sets"])
        place = below(path, "holidays")
        calendar["holidays"] = _ordered(calendar["holidays"], sets, "holiday set", place, faults)
        if not any(calendar["hours"]) and not any(calendar["special_days"].values()):
            faults.add(below(path, "hours"), "the calendar never opens")
        last = None
        for index, amendment in _present(calendar["amendments"]):
            at = amendment["at"]
            if at and last and at <= last:
                place = below(below(path, "amendments"), index)
                faults.add(below(place, "at"), "is not later than the amendment before")
            last = at or last


def _check_severities(document: dict[str, Any], names: _Names, faults: Faults) -> None:
    """Note unknown severities outside the plans; without a default the least severe stands for it."""
    if document["default_severity"] is None and names.severities:
        document["default_severity"] = names.severities[-1]
    _exists(document["default_severity"], names.severities, "severity", "default_severity", faults)
    for index, rule in _present(document["severity_from_impact"]):
        place = below(below("severity_from_impact", index), "severity")
        _exists(rule["severity"], names.severities, "severity", place, faults)


def _check_plan(plan: dict[str, Any], path: str, names: _Names, faults: Faults) -> None:
    def at(*keys: str) -> str:
        place = path
        for key in keys:
            place = below(place, key)
        return place

    for key, listed in plan["coverage"].items():
        plan["coverage"][key] = _known(listed, names.calendars, "calendar", at("coverage", key), faults)
    plan["channels"] = _ordered(plan["channels"], names.channels, "channel", at("channels"), faults)
    plan["support_types"] = _ordered(
        plan["support_types"], names.types, "support type", at("support_types"), faults
    )
    if plan["when_overdue"] is not None:
        plan["when_overdue"] = _ordered(
            plan["when_overdue"], names.types, "support type", at("when_overdue"), faults
        )
    plan["entitlements"] = _ordered(
        plan["entitlements"], names.entitlements, "entitlement", at("entitlements"), faults
    )
    _check_type_coverage(plan, at("coverage_for"), names, faults)
    _check_limits(plan, at("channel_limits"), names, faults)
    _check_targets(plan, at("targets"), names.severities, faults)
    _check_escalation(plan["escalation"], at("escalation"), faults)
    for key, rate in plan["rates"].items():
        if rate:
            _exists(rate["coverage"], names.calendars, "calendar", at("rates", key, "coverage"), faults)
    others = [code for code in names.plans if code != plan["code"]]
    for key, gives in plan["programs"].items():
        _exists(gives, others, "other plan", at("programs", key), faults)


def _check_type_coverage(plan: dict[str, Any], path: str, names: _Names, faults: Faults) -> None:
    found = {}
    for key, listed in plan["coverage_for"].items():
        _exists(key, plan["support_types"], "support type in this plan", below(path, key), faults)
        found[key] = _known(listed, names.calendars, "calendar", below(path, key), faults)
    plan["coverage_for"] = {key: found[key] for key in names.types if key in found}


def _check_limits(plan: dict[str, Any], path: str, names: _Names, faults: Faults) -> None:
    found = {}
    for key, listed in plan["channel_limits"].items():
        _exists(key, plan["channels"], "channel in this plan", below(path, key), faults)
        found[key] = _ordered(listed, names.severities, "severity", below(path, key), faults)
    plan["channel_limits"] = {key: found[key] for key in names.channels if key in found}


def _check_targets(plan: dict[str, Any], path: str, severities: list[str], faults: Faults) -> None:
    """Note cells of severities that are not there; give every metric its cells in order of severity."""
    expanded: dict[str, dict[str, Any]] = {}
    for metric in Metric.values:
        cells = plan["targets"].get(metric, {})
        if None in cells:
            cells = dict.fromkeys(severities, cells[None])
        for severity in cells:
            if severity not in severities:
                faults.add(below(below(path, metric), severity), "no such severity")
        kept = {severity: cells[severity] for severity in severities if cells.get(severity) is not None}
        if kept:
            expanded[metric] = kept
        if any(isinstance(cell, str) for cell in kept.values()) and not plan["coverage"]:
            faults.add(below(path, metric), "counts while the coverage is open, and the plan has none")
    plan["targets"] = expanded


def _check_escalation(levels: list[Any], path: str, faults: Faults) -> None:
    for index, level in _present(levels):
        place = below(path, index)
        if level["level"] is not None and level["level"] != index + 1:
            faults.add(below(place, "level"), "levels are numbered 1, 2, 3 in order")
        if index == 0 and level["after"] not in (None, "breach", "request"):
            faults.add(below(place, "after"), "the first level comes after breach or request")
