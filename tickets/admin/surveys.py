"""How content customers are: each answer, and averages by plan and month. Read only."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from notices.admin import ReadOnlyAdmin
from tickets.models import Survey, Ticket
from tickets.refused import Month, month_of
from tickets.satisfaction import by_month, by_plan

COLUMNS = ("month", "policy", "plan", "asked", "answered", "average")


@require_safe
def satisfaction(request: HttpRequest) -> HttpResponse:
    """One month, the reader's, by plan, and the year before it. Two queries."""
    month = _month(request)
    context = admin.site.each_context(request) | {
        "title": _("Satisfaction"),
        "opts": Survey._meta,
        "month": month,
        "month_words": _words(month),
        "before": month.moved(-1),
        "after": month.moved(1) if month.end <= request.at else None,  # type: ignore[attr-defined]
        "plans": by_plan(month),
        "year": [(one, _words(one), figures) for one, figures in by_month(month)],
    }
    return TemplateResponse(request, "admin/tickets/survey/satisfaction.html", context)


@require_safe
def satisfaction_csv(request: HttpRequest) -> HttpResponse:
    """The month's figures, a plan a line."""
    month = _month(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="satisfaction-{month}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for policy, plan, figures in by_plan(month):
        writer.writerow((str(month), policy, plan, figures.asked, figures.answered, figures.average))
    return response


class PolicyFilter(admin.RelatedFieldListFilter):
    """By policy, in the reader's word for it: the field of the edition has no name of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("policy")


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    list_help = gettext_lazy("Asked once for each closing, and answered while the request may be reopened.")
    list_display = ("closed", "score", "request", "organization", "comment", "by")
    list_display_links = ("closed",)
    list_filter = ("score", ("ticket__plan__edition__policy", PolicyFilter))
    list_select_related = ("ticket__organization", "answered_by")
    search_fields = ("ticket__organization__name", "comment")
    search_help_text = gettext_lazy("Organization or comment")
    ordering = ("-closed_at", "-pk")
    fields = ("request", "closed", "score", "comment", "by")
    readonly_fields = ("request", "closed", "by")
    change_list_template = "admin/tickets/survey/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("satisfaction/", wrap(satisfaction), name="tickets_survey_satisfaction"),
            path("satisfaction.csv", wrap(satisfaction_csv), name="tickets_survey_satisfaction_csv"),
            *super().get_urls(),
        ]

    @admin.display(description=pgettext_lazy("a request", "closed"), ordering="closed_at")
    def closed(self, survey: Survey) -> datetime:
        return survey.closed_at

    @admin.display(description=gettext_lazy("request"), ordering="ticket")
    def request(self, survey: Survey) -> Ticket:
        return survey.ticket

    @admin.display(description=gettext_lazy("answered by"), empty_value="-")
    def by(self, survey: Survey) -> User | None:
        return survey.answered_by

    @admin.display(description=gettext_lazy("organization"), ordering="ticket__organization__name")
    def organization(self, survey: Survey) -> str:
        return str(survey.ticket.organization)


def _month(request: HttpRequest) -> Month:
    """The month that is asked for, or the one of now; refuses whoever may not see surveys."""
    if not request.user.has_perm("tickets.view_survey"):  # type: ignore[union-attr]
        raise PermissionDenied
    zone = ZoneInfo(request.user.time_zone)  # type: ignore[union-attr]
    written: Any = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", request.GET.get("month", ""))
    if written:
        return Month(date(int(written[1]), int(written[2]), 1), zone)
    return month_of(request.at, zone)  # type: ignore[attr-defined]


def _words(month: Month) -> str:
    return date_format(month.first, "YEAR_MONTH_FORMAT")
