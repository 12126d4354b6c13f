"""How content customers are: the surveys of closings, by plan and by month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from tickets.models import Survey
from tickets.months import Month

MONTHS = 12
_FIGURES = {"asked": Count("pk"), "answered": Count("score"), "total": Sum("score")}


@dataclass(frozen=True)
class Figures:
    """``asked`` surveys, ``answered`` ones and the mean of their scores to a tenth (`4.3`; empty of none)."""

    asked: int = 0
    answered: int = 0
    total: int = 0

    @property
    def average(self) -> str:
        if not self.answered:
            return ""
        mean = Decimal(self.total) / self.answered
        return str(mean.quantize(Decimal("0.1"), ROUND_HALF_UP))


def by_plan(month: Month) -> list[tuple[str, str, Figures]]:
    """Policy, plan and figures of the closings of a month, by name. One query."""
    rows = Survey.objects.filter(closed_at__gte=month.start, closed_at__lt=month.end)
    counted = rows.values("ticket__plan__edition__policy__slug", "ticket__plan__code").annotate(**_FIGURES)
    return [
        (row["ticket__plan__edition__policy__slug"], row["ticket__plan__code"], _figures(row))
        for row in counted.order_by("ticket__plan__edition__policy__slug", "ticket__plan__code")
    ]


def by_month(month: Month) -> list[tuple[Month, Figures]]:
    """The year up to a month, the newest first. One query."""
    first = month.moved(1 - MONTHS)
    rows = Survey.objects.filter(closed_at__gte=first.start, closed_at__lt=month.end)
    counted = rows.annotate(month=TruncMonth("closed_at", tzinfo=month.zone)).values("month")
    found = {row["month"].date(): _figures(row) for row in counted.annotate(**_FIGURES).order_by()}
    months = [month.moved(-step) for step in range(MONTHS)]
    return [(one, found.get(one.first, Figures())) for one in months]


def _figures(row: Any) -> Figures:
    return Figures(row["asked"], row["answered"], row["total"] or 0)
