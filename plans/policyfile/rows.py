"""Rows from a document."""

from typing import Any

from django.db import models, transaction

from plans import models as rows
from plans.models import Edition
from plans.policyfile.reading import Document

Found = dict[str, Any]

PLAN_COLUMNS = (
    "name",
    "description",
    "pricing",
    "priority_access",
    "targets_are",
    "own_targets",
    "warn_at",
    "pause_on_hold",
    "customer_may_escalate",
    "reopen_days",
    "auto_close_days",
    "grace_days",
    "emergency_contacts",
    "extraordinary_access",
    "partner_may_submit",
    "sponsored_partners",
    "survey",
)
CONTACT_COLUMNS = {
    "max": "contacts_max",
    "approval": "contacts_approval",
    "named": "contacts_named",
    "access_id": "contacts_access_id",
    "administrators_only": "contacts_administrators_only",
    "service_notices": "contacts_get_notices",
}
EDITION_COLUMNS = (
    "name",
    "description",
    "source",
    "terms",
    "language",
    "languages",
    "severity_set_by",
    "queue",
)


@transaction.atomic
def write_rows(edition: Edition, document: Document) -> None:
    """Make a draft edition's rows say what a document says; what it said before goes.

    The document's `policy` is the edition's slug, which the caller has seen to.
    """
    _clear(edition)
    _write_edition(edition, document)
    severities = _write_severities(edition, document)
    types = _write_listed(edition, rows.SupportType, document["support_types"])
    channels = _write_channels(edition, document["channels"])
    entitlements = _write_listed(edition, rows.Entitlement, document["entitlements"])
    calendars = _write_calendars(edition, document)
    _write_functions(edition, document["functions"], types)
    _write_form(edition, document["request_form"])
    _write_impact_rules(edition, document["severity_from_impact"], severities)
    _write_listed(edition, rows.Exclusion, document["exclusions"])
    _write_listed(edition, rows.Condition, document["conditions"])
    plans = {}
    for position, plan in enumerate(document["plans"]):
        plans[plan["code"]] = _write_plan(edition, position, plan)
    for plan in document["plans"]:
        row = plans[plan["code"]]
        row.support_types.set(types[code] for code in plan["support_types"])
        row.overdue_types.set(types[code] for code in plan["when_overdue"] or [])
        row.channels.set(channels[code] for code in plan["channels"])
        row.entitlements.set(entitlements[code] for code in plan["entitlements"])
        _write_coverage(row, plan, calendars, types)
        _write_promises(row, plan, severities, channels)
        _write_charges(row, plan, calendars, plans)
    for position, item in enumerate(document["scope"]):
        scope = edition.scope_items.create(code=item["code"], position=position, text=item["text"])
        scope.plans.set(plans[code] for code in item["plans"])


def _clear(edition: Edition) -> None:
    """Delete the rows, those that point to others first."""
    for relation in (
        edition.scope_items,
        edition.plans,
        edition.impact_rules,
        edition.functions,
        edition.categories,
        edition.request_fields,
        edition.exclusions,
        edition.conditions,
        edition.entitlements,
        edition.channels,
        edition.calendars,
        edition.holiday_sets,
        edition.support_types,
        edition.severities,
    ):
        relation.all().delete()


def _write_edition(edition: Edition, document: Document) -> None:
    for column in EDITION_COLUMNS:
        setattr(edition, column, document[column])
    window = document["service_window"] or {"time_zone": "", "from": "", "to": ""}
    edition.window_time_zone = window["time_zone"]
    edition.window_from = window["from"]
    edition.window_to = window["to"]
    edition.save()


def _write_listed(edition: Edition, model: type[models.Model], items: list[Found]) -> Found:
    """Rows of a list whose keys are the columns; by code."""
    made = model._default_manager.bulk_create(
        model(edition=edition, position=position, **item) for position, item in enumerate(items)
    )
    return {item["code"]: row for item, row in zip(items, made, strict=True)}


def _write_channels(edition: Edition, items: list[Found]) -> Found:
    renamed = [{"code": i["code"], "name": i["name"], "how_to": i["how"]} for i in items]
    return _write_listed(edition, rows.Channel, renamed)


def _write_severities(edition: Edition, document: Document) -> Found:
    items = [
        item | {"rank": rank, "is_default": item["code"] == document["default_severity"]}
        for rank, item in enumerate(document["severities"], start=1)
    ]
    return _write_listed(edition, rows.Severity, items)


def _write_calendars(edition: Edition, document: Document) -> Found:
    sets = {}
    for position, (code, item) in enumerate(document["holiday_sets"].items()):
        kind = {key: item[key] for key in ("country", "subdivision", "market")}
        sets[code] = edition.holiday_sets.create(code=code, position=position, **kind)
        rows.HolidayDay.objects.bulk_create(
            rows.HolidayDay(holiday_set=sets[code], date=day, name=name)
            for day, name in (item["dates"] or {}).items()
        )
    calendars = {}
    for position, (code, item) in enumerate(document["calendars"].items()):
        calendar = edition.calendars.create(code=code, position=position, time_zone=item["time_zone"])
        calendar.holiday_sets.set(sets[name] for name in item["holidays"])
        rows.WeeklyHours.objects.bulk_create(
            rows.WeeklyHours(calendar=calendar, weekday=weekday, spans=spans)
            for weekday, spans in enumerate(item["hours"])
            if spans
        )
        amendments = [(None, item["special_days"]), *((a["at"], a["days"]) for a in item["amendments"])]
        rows.SpecialDay.objects.bulk_create(
            rows.SpecialDay(calendar=calendar, date=day, spans=spans, amended_at=at)
            for at, days in amendments
            for day, spans in days.items()
        )
        calendars[code] = calendar
    return calendars


def _write_functions(edition: Edition, functions: Found, types: Found) -> None:
    for position, (code, item) in enumerate(functions.items()):
        row = edition.functions.create(code=code, position=position, name=item["name"])
        row.support_types.set(types[name] for name in item["types"])


def _write_form(edition: Edition, form: Found) -> None:
    listed = [(code, True) for code in form["required"]] + [(code, False) for code in form["optional"]]
    rows.RequestField.objects.bulk_create(
        rows.RequestField(edition=edition, position=position, code=code, is_required=is_required)
        for position, (code, is_required) in enumerate(listed)
    )
    _write_listed(edition, rows.RequestCategory, form["categories"])


def _write_impact_rules(edition: Edition, rules: list[Found], severities: Found) -> None:
    rows.ImpactRule.objects.bulk_create(
        rows.ImpactRule(
            edition=edition, position=position, **(rule | {"severity": severities[rule["severity"]]})
        )
        for position, rule in enumerate(rules)
    )


def _write_plan(edition: Edition, position: int, plan: Found) -> rows.Plan:
    columns = {column: plan[column] for column in PLAN_COLUMNS}
    columns |= {column: plan["contacts"][key] for key, column in CONTACT_COLUMNS.items()}
    columns["severity_set_by"] = plan["severity_set_by"] or ""
    columns["overdue_limits"] = plan["when_overdue"] is not None
    return edition.plans.create(code=plan["code"], position=position, **columns)


def _write_coverage(row: rows.Plan, plan: Found, calendars: Found, types: Found) -> None:
    for position, (code, names) in enumerate(plan["coverage"].items()):
        option = row.coverage_options.create(code=code, position=position)
        rows.CoverageCalendar.objects.bulk_create(
            rows.CoverageCalendar(option=option, calendar=calendars[name], position=place)
            for place, name in enumerate(names)
        )
    for code, names in plan["coverage_for"].items():
        coverage = row.type_coverages.create(support_type=types[code])
        rows.TypeCalendar.objects.bulk_create(
            rows.TypeCalendar(type_coverage=coverage, calendar=calendars[name], position=place)
            for place, name in enumerate(names)
        )


def _write_promises(row: rows.Plan, plan: Found, severities: Found, channels: Found) -> None:
    rows.Target.objects.bulk_create(
        rows.Target(
            plan=row,
            metric=metric,
            severity=severities[severity],
            written=cell["in"] if isinstance(cell, dict) else cell,
            is_elapsed=isinstance(cell, dict),
        )
        for metric, cells in plan["targets"].items()
        for severity, cell in cells.items()
    )
    for channel, listed in plan["channel_limits"].items():
        limit = row.channel_limits.create(channel=channels[channel])
        limit.severities.set(severities[code] for code in listed)
    rows.EscalationLevel.objects.bulk_create(
        rows.EscalationLevel(plan=row, **item) for item in plan["escalation"]
    )


def _write_charges(row: rows.Plan, plan: Found, calendars: Found, plans: Found) -> None:
    for position, (code, item) in enumerate(plan["rates"].items()):
        columns = {key: item[key] for key in ("amount", "currency", "per", "round_up_to", "rounding")}
        calendar = calendars[item["coverage"]] if item["coverage"] else None
        row.rates.create(code=code, position=position, calendar=calendar, **columns)
    for code, gives in plan["programs"].items():
        row.programs.create(code=code, gives=plans[gives])
