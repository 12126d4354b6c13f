"""Refusals of a month, counted by rule, plan and organization; and the year up to it. For staff only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import TruncMonth

from plans.enums import Outcome
from tickets.models import DecisionRecord
from tickets.months import Month

MONTHS = 12
MOST_ORGANIZATIONS = 50


def refused_in(month: Month) -> Any:
    """The decisions that refused a request in a month."""
    return _between(month.start, month.end)


def by_rule(month: Month) -> list[dict[str, Any]]:
    """``code``, ``policy``, ``plan`` and ``count``, the most frequent first. One query."""
    return list(
        _with_plan(refused_in(month))
        .values("code", "policy", "plan_code")
        .annotate(n=Count("pk"))
        .order_by("-n", "code", "policy", "plan_code")
    )


def by_organization(month: Month) -> list[dict[str, Any]]:
    """The organizations that were refused most often. One query."""
    rows = refused_in(month).values("organization", "organization__name").annotate(n=Count("pk"))
    return list(rows.order_by("-n", "organization__name")[:MOST_ORGANIZATIONS])


def by_month(month: Month) -> list[tuple[Month, int]]:
    """The year up to a month, that month last. One query."""
    first = month.moved(1 - MONTHS)
    rows = _between(first.start, month.end).annotate(month=TruncMonth("at", tzinfo=month.zone))
    counts = {
        (row["month"].year, row["month"].month): row["n"]
        for row in rows.values("month").annotate(n=Count("pk")).order_by()
    }
    months = [first.moved(step) for step in range(MONTHS)]
    return [(one, counts.get((one.first.year, one.first.month), 0)) for one in months]


def lines(month: Month) -> Iterator[tuple[str, str, str, str, int]]:
    """Rule, policy, plan, organization's short name and count, for a file. One query."""
    rows = _with_plan(refused_in(month)).values_list("code", "policy", "plan_code", "organization__slug")
    for code, policy, plan, organization, count in rows.annotate(n=Count("pk")).order_by(
        "code", "policy", "plan_code", "organization__slug"
    ):
        yield code, policy or "", plan or "", organization, count


def _between(start: datetime, end: datetime) -> Any:
    return DecisionRecord.objects.filter(outcome=Outcome.REFUSED, at__gte=start, at__lt=end)


def _with_plan(rows: Any) -> Any:
    """Policy and plan as the decision read them; none where no contract served."""
    return rows.annotate(
        policy=KeyTextTransform("policy", "terms"), plan_code=KeyTextTransform("plan", "terms")
    )
