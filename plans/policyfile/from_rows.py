"""A document from the rows of an edition: the same as of the file that they came from."""

from typing import Any

from plans.enums import Metric
from plans.models import BusinessCalendar, Edition, HolidaySet, Plan
from plans.policyfile.reading import Document
from plans.policyfile.rows import CONTACT_COLUMNS, EDITION_COLUMNS, PLAN_COLUMNS


def document_of(edition: Edition) -> Document:
    """The document that an edition's rows say."""
    default = next((row.code for row in edition.severities.all() if row.is_default), None)
    window = {
        "time_zone": edition.window_time_zone,
        "from": edition.window_from,
        "to": edition.window_to,
    }
    head = {column: getattr(edition, column) for column in EDITION_COLUMNS}
    return {
        "policy": edition.policy.slug,
        **head,
        "service_window": window if edition.window_time_zone else None,
        "holiday_sets": {
            row.code: _holiday_set(row) for row in edition.holiday_sets.prefetch_related("days")
        },
        "calendars": {row.code: _calendar(row) for row in _calendars(edition)},
        "severities": [
            _columns(row, "code", "name", "description", "examples") for row in edition.severities.all()
        ],
        "default_severity": default,
        "severity_from_impact": [
            {"severity": row.severity.code}
            | _columns(row, "can_sign_in", "executives_affected", "users_affected")
            for row in edition.impact_rules.select_related("severity")
        ],
        "support_types": [
            _columns(row, "code", "name", "description", "examples", "needs_licence", "identity_check")
            for row in edition.support_types.all()
        ],
        "functions": {
            row.code: {"name": row.name, "types": [t.code for t in row.support_types.all()]}
            for row in edition.functions.prefetch_related("support_types")
        },
        "channels": [{"code": r.code, "name": r.name, "how": r.how_to} for r in edition.channels.all()],
        "request_form": _form(edition),
        "entitlements": [_columns(row, "code", "name") for row in edition.entitlements.all()],
        "plans": [_plan(row) for row in _plans(edition)],
        "scope": [
            {"code": row.code, "text": row.text, "plans": [plan.code for plan in row.plans.all()]}
            for row in edition.scope_items.prefetch_related("plans")
        ],
        "exclusions": [_columns(row, "code", "text") for row in edition.exclusions.all()],
        "conditions": [_columns(row, "code", "text") for row in edition.conditions.all()],
    }


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _holiday_set(row: HolidaySet) -> dict[str, Any]:
    is_own = not row.country and not row.market
    days = {day.date: day.name for day in row.days.all()}
    return _columns(row, "country", "subdivision", "market") | {"dates": days if is_own else None}


def _calendars(edition: Edition) -> Any:
    return edition.calendars.prefetch_related("weekly_hours", "special_days", "holiday_sets")


def _calendar(row: BusinessCalendar) -> dict[str, Any]:
    week: list[list[str]] = [[] for _ in range(7)]
    for hours in row.weekly_hours.all():
        week[hours.weekday] = hours.spans
    amendments: dict[Any, dict[Any, list[str]]] = {}
    for day in row.special_days.all():
        amendments.setdefault(day.amended_at, {})[day.date] = day.spans
    return {
        "time_zone": row.time_zone,
        "hours": week,
        "holidays": [holiday_set.code for holiday_set in row.holiday_sets.all()],
        "special_days": amendments.pop(None, {}),
        "amendments": [{"at": at, "days": days} for at, days in sorted(amendments.items())],
    }


def _form(edition: Edition) -> dict[str, Any]:
    fields = list(edition.request_fields.all())
    return {
        "required": [row.code for row in fields if row.is_required],
        "optional": [row.code for row in fields if not row.is_required],
        "categories": [_columns(row, "code", "name") for row in edition.categories.all()],
    }


def _plans(edition: Edition) -> Any:
    return edition.plans.prefetch_related(
        "channels",
        "support_types",
        "overdue_types",
        "entitlements",
        "coverage_options__calendar_rows__calendar",
        "type_coverages__support_type",
        "type_coverages__calendar_rows__calendar",
        "targets__severity",
        "channel_limits__channel",
        "channel_limits__severities",
        "escalation_levels",
        "rates__calendar",
        "programs__gives",
    )


def _plan(row: Plan) -> dict[str, Any]:
    return {
        "code": row.code,
        **_columns(row, *PLAN_COLUMNS),
        "severity_set_by": row.severity_set_by or None,
        "contacts": {key: getattr(row, column) for key, column in CONTACT_COLUMNS.items()},
        "coverage": {o.code: _names(o.calendar_rows.all()) for o in row.coverage_options.all()},
        "coverage_for": {
            c.support_type.code: _names(c.calendar_rows.all()) for c in row.type_coverages.all()
        },
        "channels": [channel.code for channel in row.channels.all()],
        "channel_limits": {
            limit.channel.code: [severity.code for severity in limit.severities.all()]
            for limit in row.channel_limits.all()
        },
        "support_types": [support_type.code for support_type in row.support_types.all()],
        "when_overdue": [t.code for t in row.overdue_types.all()] if row.overdue_limits else None,
        "targets": _targets(row),
        "escalation": [_columns(level, "level", "name", "after") for level in row.escalation_levels.all()],
        "rates": {rate.code: _rate(rate) for rate in row.rates.all()},
        "entitlements": [entitlement.code for entitlement in row.entitlements.all()],
        "programs": {program.code: program.gives.code for program in row.programs.all()},
    }


def _names(calendar_rows: Any) -> list[str]:
    return [row.calendar.code for row in calendar_rows]


def _targets(row: Plan) -> dict[str, Any]:
    cells: dict[str, dict[str, Any]] = {metric: {} for metric in Metric.values}
    for target in row.targets.all():
        written = {"in": target.written, "counted": "elapsed"} if target.is_elapsed else target.written
        cells[target.metric][target.severity.code] = written
    return {metric: found for metric, found in cells.items() if found}


def _rate(rate: Any) -> dict[str, Any]:
    columns = _columns(rate, "currency", "per", "round_up_to", "rounding")
    return (
        {"amount": str(rate.amount)} | columns | {"coverage": rate.calendar.code if rate.calendar else None}
    )
