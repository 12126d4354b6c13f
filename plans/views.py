"""Your support: what was promised, when it is open, how soon, where, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organization, User
from accounts.moments import clock
from accounts.people_rules import function_name
from accounts.punctuation import listed
from accounts.standing import standing_of
from plans.comparison import other_plans
from plans.enums import Metric
from plans.held import Held, held_by, next_days_off, week_of
from plans.level_words import how_reached
from plans.models import Severity
from plans.pictures.week import ClosedDay, OpenSpan, union
from plans.plan_facts import plan_facts
from plans.severity_words import spoken
from plans.templatetags.texts import target_length
from plans.texts import text_in
from timekeeping import HorizonError, due_at

DAYS_SHOWN = 4
PEOPLE_SHOWN = 8
FARTHEST_WEEK = 26


@dataclass(frozen=True)
class Promises:
    """One row of the grid: what is promised, by severity in order ("" for nothing)."""

    label: str
    cells: list[str]


@require_http_methods(["GET", "HEAD"])
@login_required
def your_support(request: HttpRequest) -> HttpResponse:
    """The terms of one organization, as those who live under them read them."""
    if request.user.is_staff:
        return redirect("admin:index")
    at: datetime = request.at  # type: ignore[attr-defined]
    standing = standing_of(cast(User, request.user), at)
    organizations = standing.organizations
    organization = _chosen(organizations, request.GET.get("organization", ""))
    held = held_by(organization, at) if organization else None
    context: dict[str, Any] = {
        "organization": organization,
        "organizations": organizations if len(organizations) > 1 else [],
        "held": held,
    }
    if held is not None and organization is not None:
        context |= _terms(held, _week(request)) | {
            "people": _people(held, organization, at),
            "may_manage": standing.administers(organization.pk),
        }
        if standing.is_partner_for(organization.pk):
            context["acting_for"] = organization
    return render(request, "plans/your_support.html", context)


def _chosen(organizations: list[Organization], slug: str) -> Organization | None:
    """The one that was named, or the first; one that the reader does not reach does not exist."""
    if not slug:
        # A partner's own organization has no contract as a rule: begin with one of its customers.
        customers = [row for row in organizations if row.kind != "partner"]
        return next(iter(customers or organizations), None)
    found = next((row for row in organizations if row.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _week(request: HttpRequest) -> int:
    """Weeks from this one; what is no number is this week."""
    try:
        return max(-FARTHEST_WEEK, min(FARTHEST_WEEK, int(request.GET.get("week", "0"))))
    except ValueError:
        return 0


def _terms(held: Held, week: int) -> dict[str, Any]:
    zone = timezone.get_current_timezone()
    today = held.at.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=week)
    spans, closed = week_of(held.coverage, monday, zone)  # type: ignore[arg-type]
    severities = list(held.edition.severities.all())
    days_off = next_days_off(held.coverage, held.at, DAYS_SHOWN)
    texts: dict[str, list[Any]] = {
        "exclusions": list(held.edition.exclusions.all()),
        "conditions": list(held.edition.conditions.all()),
        "scope": [row for row in held.edition.scope_items.prefetch_related("plans") if _covers(row, held)],
    }
    return (
        texts
        | {
            "counts": {name: len(rows) for name, rows in texts.items()},
            "columns": [_column(severity, len(severities)) for severity in severities],
            "week": {
                "monday": monday,
                "spans": spans,
                "closed": closed,
                "words": _week_in_words(monday, spans, closed, zone),
                "number": week,
                "before": week - 1,
                "after": week + 1,
            },
            "severities": severities,
            "promises": _grid(held, severities),
            "asked_now": [_due(held, severity) for severity in severities],
            "days_off": [
                {"day": day, "name": name, "in_days": _distance(day, today)} for day, name in days_off
            ],
            "channels": _channels(held, severities),
            "other_plans": other_plans(held, severities),
            "takes_requests": bool(held.plan.channels.all()),
            "other_types": _other_coverage(held),
            "entitlements": held.plan.entitlements.all(),
            "levels": [
                {
                    "level": row.level,
                    "name": text_in(row.name),
                    "how": how_reached(row.after, is_first=row.level == 1),
                }
                for row in held.plan.escalation_levels.all()
            ],
        }
        | plan_facts(held)
    )


def _column(severity: Severity, steps: int) -> dict[str, Any]:
    """The head of a column of the grid."""
    lead, name = spoken(severity)
    step = {"rank": severity.rank, "code": lead, "steps": steps}
    return {"step": SimpleNamespace(**step), "name": name, "description": text_in(severity.description)}


def _week_in_words(monday: date, spans: list[OpenSpan], closed: list[ClosedDay], zone: tzinfo) -> list[Any]:
    """Each day of the week with its open hours, as the picture has them."""
    rows = []
    for offset in range(7):
        start = datetime.combine(monday + timedelta(days=offset), datetime.min.time(), zone)
        end = datetime.combine(monday + timedelta(days=offset + 1), datetime.min.time(), zone)
        open_parts = [
            (max(s.start, start), min(s.end, end)) for s in union(spans) if s.start < end and start < s.end
        ]
        hours = [f"{clock(a, zone)}–{'24:00' if b == end else clock(b, zone)}" for a, b in open_parts]
        names = [day.name for day in closed if day.start < end and start < day.end]
        rows.append(
            {"day": start.date(), "words": listed(hours + names) or _("closed"), "is_open": bool(hours)}
        )
    return rows


def _covers(row: Any, held: Held) -> bool:
    """Whether a text of the scope is of every plan, or names this one."""
    plans = row.plans.all()
    return not plans or held.plan in plans


def _distance(day: date, today: date) -> str:
    days = (day - today).days
    if days <= 0:
        return _("today")
    return _("tomorrow") if days == 1 else _("in %(n)s days") % {"n": days}


def _grid(held: Held, severities: list[Severity]) -> list[Promises]:
    labels = {
        Metric.FIRST_RESPONSE: _("First answer within"),
        Metric.NEXT_UPDATE: _("Then news at least every"),
        Metric.NEXT_REPLY: _("An answer to your message within"),
        Metric.RESOLUTION: _("Solved within"),
    }
    rows = []
    for metric, label in labels.items():
        targets = [held.terms.target(cast(Any, metric.value), severity.code) for severity in severities]
        if any(targets):
            rows.append(Promises(label, [target_length(target) for target in targets]))
    return rows


def _due(held: Held, severity: Severity) -> datetime | None:
    """By when a first answer would come if it were asked now."""
    target = held.terms.target("first_response", severity.code)
    try:
        return due_at(target, held.coverage, held.at) if target else None
    except HorizonError:
        return None


def _channels(held: Held, severities: list[Severity]) -> list[dict[str, Any]]:
    """Every channel of the edition, and what of it the plan takes."""
    taken = {channel.code for channel in held.plan.channels.all()}
    limits = {
        limit.channel.code: [row.code for row in limit.severities.all()]
        for limit in held.plan.channel_limits.select_related("channel").prefetch_related("severities")
    }
    plans = list(held.edition.plans.prefetch_related("channels"))
    rows = []
    for channel in held.edition.channels.all():
        others = [plan.title() for plan in plans if channel in plan.channels.all()]
        only = limits.get(channel.code)
        rows.append(
            {
                "code": channel.code,
                "name": channel.title(),
                "is_taken": channel.code in taken,
                "only": listed(only) if only and len(only) < len(severities) else "",
                "how": text_in(channel.how_to),
                "others": listed(others),
            }
        )
    return rows


def _other_coverage(held: Held) -> list[dict[str, Any]]:
    """Support types whose hours are not those of the picture."""
    rows = held.plan.type_coverages.select_related("support_type")
    found = []
    for row in rows:
        coverage = held.terms_of(row.support_type.code).coverage_at(held.at)
        found.append({"name": row.support_type.title(), "is_open": coverage.is_open(held.at)})
    return found


def _people(held: Held, organization: Organization, at: datetime) -> list[dict[str, Any]]:
    """Contacts with their functions in words, as the edition names them."""
    contacts = (
        organization.contacts.active(at).select_related("user").order_by("-is_administrator", "user__name")
    )
    names = {code: text_in(row["name"]) for code, row in held.book.document["functions"].items()}
    return [
        {
            "contact": contact,
            "functions": [names.get(code) or function_name(code) for code in contact.functions],
        }
        for contact in contacts[:PEOPLE_SHOWN]
    ]
