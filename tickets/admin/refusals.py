"""Reports of refusals: how often which rule said no, under which plan, to whom, month by month."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans.enums import Outcome
from plans.rule_names import rule_name
from tickets.admin.monthly import month_asked, month_facts, month_words
from tickets.cells import csv_answer
from tickets.models import DecisionRecord
from tickets.months import Month
from tickets.refused import MOST_ORGANIZATIONS, by_month, by_organization, by_rule, lines

COLUMNS = ("month", "rule", "policy", "plan", "organization", "refusals")


@require_safe
def refusals_view(request: HttpRequest) -> HttpResponse:
    """One month, the reader's; each figure leads to the decisions it counts. Three queries."""
    month = month_asked(request, "tickets.view_decisionrecord")
    rows = by_rule(month)
    total = sum(row["n"] for row in rows)
    context = (
        admin.site.each_context(request)
        | month_facts(request, month)
        | {
            "title": _("Refusals"),
            "opts": DecisionRecord._meta,
            "total": total,
            "rules": _rules(rows, month),
            "organizations": [
                row | {"url": _decisions(month, organization__id__exact=row["organization"])}
                for row in by_organization(month)
            ],
            "most_organizations": MOST_ORGANIZATIONS,
            "year": [{"month": one, "words": month_words(one), "count": n} for one, n in by_month(month)],
            "decisions_url": _decisions(month),
        }
    )
    return TemplateResponse(request, "admin/tickets/decisionrecord/refusals.html", context)


@require_safe
def refusals_csv(request: HttpRequest) -> HttpResponse:
    """The month's refusals, counted for each rule, plan and organization."""
    month = month_asked(request, "tickets.view_decisionrecord")
    return csv_answer(f"refusals-{month}.csv", COLUMNS, ((str(month), *line) for line in lines(month)))


def _rules(rows: list[dict[str, Any]], month: Month) -> list[dict[str, Any]]:
    """Rules with their plans, the most frequent first."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        rule = found.setdefault(
            row["code"],
            {
                "code": row["code"],
                "words": rule_name(row["code"]),
                "count": 0,
                "plans": [],
                "url": _decisions(month, code=row["code"]),
            },
        )
        rule["count"] += row["n"]
        asked = {"code": row["code"], "terms__policy": row["policy"], "terms__plan": row["plan_code"]}
        place = f"{row['policy']} {row['plan_code']}" if row["policy"] else _("no terms")
        rule["plans"].append(
            {
                "words": place,
                "count": row["n"],
                "url": _decisions(month, **{name: value for name, value in asked.items() if value}),
            }
        )
    return sorted(found.values(), key=lambda rule: (-rule["count"], rule["code"]))


def _decisions(month: Month, **narrower: Any) -> str:
    """The list of the decisions that are counted."""
    asked = {
        "outcome__exact": Outcome.REFUSED.value,
        "at__gte": month.start.isoformat(),
        "at__lt": month.end.isoformat(),
    }
    return f"{reverse('admin:tickets_decisionrecord_changelist')}?{urlencode(asked | narrower)}"
