"""What reports by month share: which month is asked for, and its neighbours."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.formats import date_format

from tickets.months import Month, month_of


def month_asked(request: HttpRequest, permission: str) -> Month:
    """The month that is asked for, or the one of now, in the reader's zone.

    Raises PermissionDenied for whoever lacks ``permission``.
    """
    if not request.user.has_perm(permission):  # type: ignore[union-attr]
        raise PermissionDenied
    zone = ZoneInfo(request.user.time_zone)  # type: ignore[union-attr]
    written = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", request.GET.get("month", ""))
    if written:
        return Month(date(int(written[1]), int(written[2]), 1), zone)
    return month_of(request.at, zone)  # type: ignore[attr-defined]


def month_words(month: Month) -> str:
    return date_format(month.first, "YEAR_MONTH_FORMAT")


def month_facts(request: HttpRequest, month: Month) -> dict[str, Any]:
    """What ``admin/tickets/_months.html`` shows; there is no month after the one of now."""
    return {
        "month": month,
        "month_words": month_words(month),
        "before": month.moved(-1),
        "after": month.moved(1) if month.end <= request.at else None,  # type: ignore[attr-defined]
    }
