"""Decisions on requests, refusals too: what was asked, what the terms said, by which rule. Read only."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from notices.admin import ReadOnlyAdmin
from plans.rule_names import rule_name
from tickets.admin.refusals import refusals_csv, refusals_view
from tickets.models import DecisionRecord


@admin.register(DecisionRecord)
class DecisionAdmin(ReadOnlyAdmin):
    list_help = _(
        "Every request was decided by the terms; those that were refused stand here too, with the rule."
    )
    list_display = ("at", "outcome", "rule", "organization", "person", "ticket")
    list_display_links = ("at", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("organization", "person", "ticket")
    search_fields = ("organization__name", "code")
    search_help_text = _("Organization or rule")
    ordering = ("-at", "-pk")
    fields = ("at", "outcome", "rule", "organization", "person", "ticket", "asked", "terms_read")
    readonly_fields = ("rule", "asked", "terms_read")
    change_list_template = "admin/tickets/decisionrecord/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("refusals/", wrap(refusals_view), name="tickets_decisionrecord_refusals"),
            path("refusals.csv", wrap(refusals_csv), name="tickets_decisionrecord_refusals_csv"),
            *super().get_urls(),
        ]

    @admin.display(description=_("rule"), ordering="code")
    def rule(self, decision: DecisionRecord) -> str:
        return (
            format_html("{} <code>{}</code>", rule_name(decision.code), decision.code)
            if decision.code
            else "-"
        )

    @admin.display(description=_("asked"))
    def asked(self, decision: DecisionRecord) -> str:
        return _shown(decision.question)

    @admin.display(description=_("terms"))
    def terms_read(self, decision: DecisionRecord) -> str:
        return _shown(decision.terms)


def _shown(value: Any) -> str:
    return format_html('<pre class="adm-json">{}</pre>', json.dumps(value, ensure_ascii=False, indent=2))
