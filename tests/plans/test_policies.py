"""Every cell of the tables in the five policies, as the published rows have it."""

from __future__ import annotations

from typing import Any

import pytest

from plans.models import Edition, Plan, Policy
from plans.policyfile import read_document
from plans.texts import text_in
from tests.factories.plans import POLICIES

pytestmark = pytest.mark.django_db

# policy, plan, metric -> severity: target
TARGETS: dict[tuple[str, str, str], dict[str, str]] = {
    ("nextplane", "startup", "first_response"): {"P1": "4h", "P2": "12h", "P3": "24h", "P4": "24h"},
    ("nextplane", "startup", "next_update"): {"P1": "12h", "P2": "24h", "P3": "36h"},
    ("jumpcloud-msp", "standard", "first_response"): {"S1": "4h", "S2": "8h", "S3": "nbd"},
    ("jumpcloud-msp", "premium", "first_response"): {"S1": "1h", "S2": "2h", "S3": "4h"},
    ("two-tier", "standard", "first_response"): {"high": "1bd", "medium": "1bd", "low": "1bd"},
    ("two-tier", "enterprise", "first_response"): {"high": "30m", "medium": "30m", "low": "30m"},
}
for _plan in ("business", "enterprise", "custom"):
    TARGETS["nextplane", _plan, "first_response"] = {"P1": "1h", "P2": "2h", "P3": "2h", "P4": "8h"}
    TARGETS["nextplane", _plan, "next_update"] = {"P1": "2h", "P2": "8h", "P3": "48h", "P4": "48h"}
for _plan in ("base-premier", "premier-office-365", "cloud-vantage"):
    TARGETS["office-365", _plan, "first_response"] = {"A": "1h", "B": "2h", "C": "4h"}

# policy, plan -> option -> calendars as (zone, days, spans, holiday sets)
EVERY_DAY, WEEKDAYS = range(7), range(5)
COVERAGE: dict[tuple[str, str], dict[str, tuple[str, range, str, set[str]]]] = {
    ("nextplane", "startup"): {"us": ("America/Los_Angeles", WEEKDAYS, "09:00-17:00", {"US"})},
    ("nextplane", "custom"): {"always": ("America/Los_Angeles", EVERY_DAY, "00:00-24:00", {"US", "ECB"})},
    ("jumpcloud-msp", "free"): {},
    ("jumpcloud-msp", "standard"): {"office": ("America/Denver", WEEKDAYS, "09:00-17:00", set())},
    ("jumpcloud-msp", "premium"): {"always": ("America/Denver", EVERY_DAY, "00:00-24:00", set())},
    ("office-365", "subscription"): {},
    ("two-tier", "standard"): {"office": ("America/Chicago", WEEKDAYS, "08:00-17:00", {"US"})},
    ("two-tier", "enterprise"): {"always": ("America/Chicago", EVERY_DAY, "00:00-24:00", set())},
}
for _plan in ("business", "enterprise"):
    COVERAGE["nextplane", _plan] = {
        "us": ("America/New_York", WEEKDAYS, "08:00-20:00", {"US"}),
        "emea": ("Europe/Paris", WEEKDAYS, "09:00-18:00", {"ECB"}),
    }
for _plan in ("base-premier", "premier-office-365", "cloud-vantage"):
    COVERAGE["office-365", _plan] = {"always": ("America/Los_Angeles", EVERY_DAY, "00:00-24:00", set())}
for _plan in ("trial", "paid", "enterprise"):
    COVERAGE["nexraid", _plan] = {"always": ("UTC", EVERY_DAY, "00:00-24:00", set())}

# policy, plan -> columns that differ from the usual
COLUMNS: dict[tuple[str, str], dict[str, Any]] = {
    ("nextplane", "startup"): {"sponsored_partners": "charged"},
    ("nextplane", "business"): {"sponsored_partners": "included"},
    ("nextplane", "enterprise"): {"sponsored_partners": "included"},
    ("nextplane", "custom"): {"sponsored_partners": "included"},
    ("jumpcloud-msp", "free"): {"priority_access": False},
    ("jumpcloud-msp", "standard"): {"customer_may_escalate": True, "partner_may_submit": True},
    ("jumpcloud-msp", "premium"): {"priority_access": True, "extraordinary_access": True},
    ("office-365", "subscription"): {"contacts_administrators_only": True, "contacts_access_id": False},
    ("office-365", "base-premier"): {"contacts_named": True, "contacts_access_id": True},
    ("office-365", "premier-office-365"): {"contacts_named": True, "contacts_access_id": True},
    ("office-365", "cloud-vantage"): {"contacts_named": True, "contacts_access_id": True},
    ("nexraid", "trial"): {"own_targets": False, "contacts_administrators_only": True},
    ("nexraid", "paid"): {"own_targets": False, "contacts_administrators_only": True},
    ("nexraid", "enterprise"): {"own_targets": True, "contacts_administrators_only": True},
    ("two-tier", "standard"): {"customer_may_escalate": False, "targets_are": "objectives"},
    ("two-tier", "enterprise"): {"customer_may_escalate": True, "targets_are": "objectives"},
}
SEVERITIES = {
    "nextplane": (["P1", "P2", "P3", "P4"], "proposed"),
    "jumpcloud-msp": (["S1", "S2", "S3"], "proposed"),
    "office-365": (["A", "B", "C"], "proposed"),
    "nexraid": (["high", "normal", "low"], "support"),
    "two-tier": (["high", "medium", "low"], "proposed"),
}
CLAUSES = {
    "nextplane": (7, 2),
    "jumpcloud-msp": (0, 3),
    "office-365": (0, 2),
    "nexraid": (1, 2),
    "two-tier": (3, 1),
}
PLANS = sorted(COVERAGE)


def edition(slug: str) -> Edition:
    found = Policy.objects.get(slug=slug).current()
    assert found is not None
    return found


def plan_of(slug: str, code: str) -> Plan:
    return edition(slug).plans.get(code=code)


@pytest.mark.parametrize("slug", SEVERITIES)
def test_the_plans_are_these_and_no_others(slug: str) -> None:
    codes = set(edition(slug).plans.values_list("code", flat=True))
    assert codes == {code for policy, code in PLANS if policy == slug}


@pytest.mark.parametrize(("slug", "code"), PLANS)
def test_targets_cell_by_cell(slug: str, code: str) -> None:
    rows = plan_of(slug, code).targets.select_related("severity")
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        assert not row.is_elapsed
        found.setdefault(row.metric, {})[row.severity.code] = row.written
    assert found == {m: cells for (p, c, m), cells in TARGETS.items() if (p, c) == (slug, code)}


@pytest.mark.parametrize(("slug", "code"), PLANS)
def test_coverage_option_by_option(slug: str, code: str) -> None:
    found = {}
    for option in plan_of(slug, code).coverage_options.all():
        (row,) = option.calendar_rows.select_related("calendar")
        calendar = row.calendar
        hours = {hours.weekday: hours.spans for hours in calendar.weekly_hours.all()}
        (spans,) = {tuple(spans) for spans in hours.values()}
        sets = {row.country or row.market for row in calendar.holiday_sets.all()}
        found[option.code] = (calendar.time_zone, sorted(hours), spans, sets)
    wanted = {
        option: (zone, list(days), (span,), sets)
        for option, (zone, days, span, sets) in COVERAGE[slug, code].items()
    }
    assert found == wanted
    assert list(found) == list(wanted)


@pytest.mark.parametrize("code", ["trial", "paid", "enterprise"])
def test_nexraid_sells_and_bills_in_the_customers_hours(code: str) -> None:
    plan = plan_of("nexraid", code)
    coverages = {c.support_type.code: c.calendars.get() for c in plan.type_coverages.all()}
    assert set(coverages) == {"pre-sales", "billing"}
    for calendar in coverages.values():
        assert calendar.time_zone == "customer"
        assert {h.weekday: h.spans for h in calendar.weekly_hours.all()} == dict.fromkeys(
            range(5), ["09:00-17:00"]
        )


@pytest.mark.parametrize(("slug", "code"), PLANS)
def test_the_columns_of_a_plan(slug: str, code: str) -> None:
    plan = plan_of(slug, code)
    usual = {"reopen_days": 14, "auto_close_days": 7, "survey": True, "grace_days": 0, "pause_on_hold": False}
    for column, value in (usual | COLUMNS[slug, code]).items():
        assert getattr(plan, column) == value, column


@pytest.mark.parametrize("slug", SEVERITIES)
def test_severities_and_who_sets_them(slug: str) -> None:
    codes, rule = SEVERITIES[slug]
    rows = list(edition(slug).severities.all())
    assert [(row.code, row.rank) for row in rows] == [
        (code, rank) for rank, code in enumerate(codes, start=1)
    ]
    assert edition(slug).severity_set_by == rule
    for row in rows:
        assert len({text_in(row.description, language) for language in ("en", "zh-hans", "zh-hant")}) == 3


def test_nexraid_severity_rules_and_default() -> None:
    rules = {plan.code: plan.severity_rule for plan in edition("nexraid").plans.all()}
    assert rules == {"trial": "support", "paid": "support", "enterprise": "customer"}
    assert edition("nexraid").severities.get(is_default=True).code == "normal"


@pytest.mark.parametrize("slug", CLAUSES)
def test_exclusions_and_conditions(slug: str) -> None:
    found = edition(slug)
    assert (found.exclusions.count(), found.conditions.count()) == CLAUSES[slug]


def test_contracts_follow_the_newest_edition_in_two_tier_alone() -> None:
    assert {slug for slug in SEVERITIES if edition(slug).terms == "follow-latest"} == {"two-tier"}


def test_two_tier_escalation() -> None:
    levels = plan_of("two-tier", "enterprise").escalation_levels.all()
    told = [(level.level, text_in(level.name, "en"), level.after) for level in levels]
    assert told == [
        (1, "Support team lead", "breach"),
        (2, "Department manager", "4h"),
        (3, "Executive management", "4h"),
    ]
    assert not plan_of("two-tier", "standard").escalation_levels.exists()


def test_jumpcloud_escalates_on_request() -> None:
    for code in ("standard", "premium"):
        (level,) = plan_of("jumpcloud-msp", code).escalation_levels.all()
        assert (level.level, level.after) == (1, "request")


def test_jumpcloud_form_programs_and_entitlements() -> None:
    fields = {row.code: row.is_required for row in edition("jumpcloud-msp").request_fields.all()}
    assert {code for code, needed in fields.items() if needed} == {
        "category",
        "subject",
        "description",
        "best_time_to_contact",
    }
    assert {code for code, needed in fields.items() if not needed} == {
        "organization",
        "device",
        "operating_system",
    }
    program = plan_of("jumpcloud-msp", "free").programs.get()
    assert (program.code, program.gives.code) == ("jumpstart", "standard")
    early = {
        plan.code: plan.entitlements.filter(code="early-access").exists()
        for plan in edition("jumpcloud-msp").plans.all()
    }
    assert early == {"free": False, "standard": False, "premium": True}
    pricing = [text_in(plan.pricing, "en") for plan in edition("jumpcloud-msp").plans.all()]
    assert pricing == ["Not applicable", "Included", "Contact sales"]


def test_nextplane_rate_contacts_and_window() -> None:
    rate = plan_of("nextplane", "startup").rates.get()
    told = (
        str(rate.amount),
        rate.currency,
        rate.per,
        rate.round_up_to,
        rate.rounding,
        rate.calendar.time_zone,
    )
    assert told == ("250.00", "USD", "hour", "1h", "case", "America/Los_Angeles")
    for plan in edition("nextplane").plans.all():
        assert (plan.contacts_approval, plan.contacts_named, plan.contacts_get_notices) == (
            "both",
            True,
            True,
        )
        assert plan.emergency_contacts
        assert plan.overdue_limits
        assert [t.code for t in plan.overdue_types.all()] == ["billing"]
        assert plan.targets_are == "objectives"
    found = edition("nextplane")
    window = (found.window_time_zone, found.window_from, found.window_to)
    assert window == ("America/Los_Angeles", "sat 00:00", "sun 00:00")
    assert found.queue == "first-come"


def test_office_365_types_limits_and_impact() -> None:
    types = {row.code: row.identity_check for row in edition("office-365").support_types.all()}
    assert types == {"billing": True, "technical": False}
    for plan in edition("office-365").plans.exclude(code="subscription"):
        limit = plan.channel_limits.get()
        assert (limit.channel.code, {s.code for s in limit.severities.all()}) == ("portal", {"B", "C"})
    assert not plan_of("office-365", "subscription").channel_limits.exists()
    assert edition("office-365").request_fields.get(code="impact").is_required


def test_nexraid_types_and_languages() -> None:
    offered = {
        plan.code: {t.code for t in plan.support_types.all()} for plan in edition("nexraid").plans.all()
    }
    usual = {"pre-sales", "billing", "standard-technical", "advanced-technical"}
    assert offered == {"trial": usual, "paid": usual, "enterprise": usual | {"enterprise-professional"}}
    needs = {t.code for t in edition("nexraid").support_types.filter(needs_licence=True)}
    assert needs == {"standard-technical", "advanced-technical", "enterprise-professional"}
    assert edition("nexraid").languages == ["en", "zh-hans", "zh-hant"]


@pytest.mark.parametrize("slug", SEVERITIES)
def test_every_text_is_in_three_languages(slug: str) -> None:
    document = read_document((POLICIES / f"{slug}.yaml").read_text())
    document.pop("source")

    def texts(value: Any) -> Any:
        if isinstance(value, dict) and "en" in value:
            yield value
        elif isinstance(value, dict):
            for key, item in value.items():
                if key in ("name", "description", "text", "how", "pricing") and item != "":
                    assert isinstance(item, dict), (key, item)
                yield from texts(item)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)

    for text in texts(document):
        assert set(text) == {"en", "zh-hans", "zh-hant"}, text
