"""How content customers are: each answer, and averages by plan and month. Read only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from notices.admin import ReadOnlyAdmin
from tickets.admin.monthly import month_asked, month_facts, month_words
from tickets.admin.related import named_so
from tickets.cells import csv_answer
from tickets.enums import Score
from tickets.models import Survey, Ticket
from tickets.satisfaction import by_month, by_plan

COLUMNS = ("month", "policy", "plan", "asked", "answered", "average")


@require_safe
def satisfaction(request: HttpRequest) -> HttpResponse:
    """One month, the reader's, by plan, and the year before it. Two queries."""
    month = month_asked(request, "tickets.view_survey")
    context = (
        admin.site.each_context(request)
        | month_facts(request, month)
        | {
            "title": _("Satisfaction"),
            "opts": Survey._meta,
            "plans": by_plan(month),
            "year": [(one, month_words(one), figures) for one, figures in by_month(month)],
        }
    )
    return TemplateResponse(request, "admin/tickets/survey/satisfaction.html", context)


@require_safe
def satisfaction_csv(request: HttpRequest) -> HttpResponse:
    """The month's figures, a plan a line."""
    month = month_asked(request, "tickets.view_survey")
    lines = (
        (str(month), policy, plan, figures.asked, figures.answered, figures.average)
        for policy, plan, figures in by_plan(month)
    )
    return csv_answer(f"satisfaction-{month}.csv", COLUMNS, lines)


class ScoreFilter(admin.SimpleListFilter):
    """By score: the scores there can be, not those that a look at every survey finds."""

    title = gettext_lazy("score")
    parameter_name = "score"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(score.value), score.label) for score in Score]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Survey]) -> QuerySet[Survey]:
        chosen = self.value()
        return queryset.filter(score=int(chosen)) if chosen in ("1", "2", "3", "4", "5") else queryset


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
    list_filter = (ScoreFilter, ("ticket__plan__edition__policy", PolicyFilter))
    list_select_related = ("ticket__organization", "answered_by")
    # The newest first, as an index has them: there is a survey for every closing.
    sortable_by = ()
    search_fields = ("comment",)
    search_help_text = gettext_lazy("Organization or comment")
    ordering = ("-closed_at", "-pk")
    fields = ("request", "closed", "score", "comment", "by")
    readonly_fields = ("request", "closed", "by")
    change_list_template = "admin/tickets/survey/change_list.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Survey], search_term: str
    ) -> tuple[QuerySet[Survey], bool]:
        """By words of the comment, or by organization: each is looked up by its own index."""
        words = search_term.strip()
        if not words:
            return queryset, False
        said = Q(comment__icontains=words) & ~Q(comment="")
        return queryset.filter(said | Q(ticket__organization__in=named_so(words))), False

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
