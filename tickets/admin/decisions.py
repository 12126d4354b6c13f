"""Decisions on requests, refusals too: what was asked, what the terms said, by which rule. Read only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from notices.admin import ReadOnlyAdmin
from plans.enums import Outcome
from plans.models import Edition
from plans.rule_names import rule_name
from plans.terms import PolicyTerms, policy_terms
from plans.texts import text_in
from tickets.admin.named import channel_name, coverage_words, name_in, product_name
from tickets.admin.refusals import refusals_csv, refusals_view
from tickets.admin.related import named_so
from tickets.models import DecisionRecord


class OutcomeFilter(admin.SimpleListFilter):
    """Outcomes by their words."""

    title = _("outcome")
    parameter_name = "outcome__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Outcome.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


@admin.register(DecisionRecord)
class DecisionAdmin(ReadOnlyAdmin):
    list_help = _(
        "Every request was decided by the terms; those that were refused stand here too, with the rule."
    )
    list_display = ("at", "said", "rule", "organization", "person", "ticket")
    list_display_links = ("at", "said")
    list_filter = (OutcomeFilter,)
    list_select_related = ("organization", "person", "ticket")
    # The newest first, as an index has them: there is a decision for every request.
    sortable_by = ()
    search_fields = ("code",)
    search_help_text = _("Organization or rule")
    ordering = ("-at", "-pk")
    fields = ("at", "said", "rule", "organization", "person", "request_link", "asked", "terms_read")
    readonly_fields = ("said", "rule", "request_link", "asked", "terms_read")
    change_list_template = "admin/tickets/decisionrecord/change_list.html"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[DecisionRecord], search_term: str
    ) -> tuple[QuerySet[DecisionRecord], bool]:
        """By the rule's code, or by organization: looked up first, so that an index finds their decisions."""
        words = search_term.strip()
        if not words:
            return queryset, False
        return queryset.filter(Q(code=words) | Q(organization__in=named_so(words))), False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("refusals/", wrap(refusals_view), name="tickets_decisionrecord_refusals"),
            path("refusals.csv", wrap(refusals_csv), name="tickets_decisionrecord_refusals_csv"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        context = {"row_title": _now("Decision %(number)s") % {"number": object_id}}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description=_("outcome"), ordering="outcome")
    def said(self, decision: DecisionRecord) -> str:
        known = decision.outcome in Outcome.values
        return str(Outcome(decision.outcome).label) if known else decision.outcome

    @admin.display(description=_("rule"), ordering="code")
    def rule(self, decision: DecisionRecord) -> str:
        return rule_name(decision.code) if decision.code else "-"

    @admin.display(description=_("request"))
    def request_link(self, decision: DecisionRecord) -> str:
        if decision.ticket is None:
            return "-"
        url = reverse("admin:tickets_ticket_change", args=[decision.ticket.pk])
        return format_html('<a href="{}">{}</a>', url, decision.ticket)

    @admin.display(description=_("asked"))
    def asked(self, decision: DecisionRecord) -> SafeString:
        return _pairs(_asked(decision.question, _book(decision)))

    @admin.display(description=_("terms that were read"))
    def terms_read(self, decision: DecisionRecord) -> SafeString | str:
        book = _book(decision)
        return _pairs(_terms(decision.terms, book)) if book else _now("None: there was no contract.")


def _book(decision: DecisionRecord) -> PolicyTerms | None:
    """The terms that the decision read; None where there were none, or they are gone."""
    told = decision.terms
    rows = Edition.objects.filter(policy__slug=told.get("policy") or "", number=told.get("edition") or 0)
    edition = rows.select_related("policy").first()
    return policy_terms(edition) if edition else None


def _asked(question: dict[str, Any], book: PolicyTerms | None) -> Iterable[tuple[str, str]]:
    def word(part: str, name: str) -> str:
        code = str(question.get(name) or "")
        return name_in(book, part, code) if book and code else code

    channel = str(question.get("channel") or "")
    yield _now("How it came"), channel_name(book, channel) if book else channel
    yield _now("Severity"), word("severities", "severity") or _now("not said")
    yield _now("Kind of help"), word("support_types", "support_type") or _now("not said")
    yield _now("Product"), product_name(str(question.get("product") or "")) or _now("not said")


def _terms(told: dict[str, Any], book: PolicyTerms) -> Iterable[tuple[str, Any]]:
    plan = str(told.get("plan") or "")
    yield _now("Terms"), f"{text_in(book.document['name']) or book.slug}, {told.get('edition')}"
    yield _now("Plan"), text_in(book.plan(plan)["name"]) or plan if book.has_plan(plan) else plan
    if told.get("program"):
        yield _now("Program"), told["program"]
    kind = str(told.get("support_type") or "")
    if book.has_plan(plan):
        yield _now("Hours"), coverage_words(book, plan, str(told.get("coverage") or ""), kind)
    yield _now("Severity"), name_in(book, "severities", str(told.get("severity") or ""))
    yield _now("Kind of help"), name_in(book, "support_types", kind)
    if told.get("contract"):
        url = reverse("admin:plans_contract_change", args=[told["contract"]])
        yield _now("Contract"), format_html('<a href="{}">{}</a>', url, told["contract"])


def _pairs(rows: Iterable[tuple[str, Any]]) -> SafeString:
    cells = format_html_join("", "<dt>{}</dt><dd>{}</dd>", [(name, value or "-") for name, value in rows])
    return format_html('<dl class="kv kv--left">{}</dl>', cells)
