"""Rows that the sweep failed on: what, why, and when it is tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notices.admin import ReadOnlyAdmin
from tickets.actions import parking
from tickets.models import ParkedRow

# What a step of the sweep records of a row, by its name (tickets.actions.recording).
STEPS = {
    "warned": _("A warning that a promise is due soon"),
    "breached": _("That a promise was missed"),
    "escalated": _("The next level of an escalation"),
    "closed": _("That a resolved request closes by itself"),
    "windows_ended": _("The end of the days to reopen a request"),
    "contracts_told": _("Telling that a contract ends"),
}


def step_words(step: str) -> str:
    """What a step records, in words; its name where it is another one."""
    return str(STEPS.get(step, step))


class StepFilter(admin.SimpleListFilter):
    """Steps that have parked rows, by their words."""

    title = _("what could not be recorded")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, str(words)) for name, words in STEPS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ParkedRow]) -> QuerySet[ParkedRow]:
        return queryset.filter(step=self.value()) if self.value() else queryset


@admin.register(ParkedRow)
class ParkedRowAdmin(ReadOnlyAdmin):
    list_help = _(
        "What the sweep could not record. Each row rests and is tried again by itself, ever more seldom; "
        "once it succeeds it goes from this list. The others are not held up."
    )
    list_display = ("what", "request_link", "error_start", "tries", "parked_at", "next_try_at")
    list_display_links = ("what",)
    list_filter = (StepFilter,)
    actions = ("try_again",)
    fields = ("what", "row", "request_link", "tries", "parked_at", "next_try_at", "error_whole")
    readonly_fields = ("what", "request_link", "error_whole")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        parked = self.get_object(request, object_id)
        context = {"row_title": step_words(parked.step)} if parked else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    @admin.display(description=_("what could not be recorded"), ordering="step")
    def what(self, parked: ParkedRow) -> str:
        return step_words(parked.step)

    @admin.display(description=_("request"), ordering="ticket_number")
    def request_link(self, parked: ParkedRow) -> str:
        if parked.ticket_number is None:
            return "-"
        url = reverse("admin:tickets_ticket_change", args=[parked.ticket_number])
        return format_html('<a href="{}">#{}</a>', url, parked.ticket_number)

    @admin.display(description=_("error"))
    def error_start(self, parked: ParkedRow) -> str:
        return parked.error.partition("\n")[0][:120]

    @admin.display(description=_("error"))
    def error_whole(self, parked: ParkedRow) -> str:
        return format_html('<pre class="adm-json">{}</pre>', parked.error)

    def has_try_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tickets.change_parkedrow")

    @admin.action(description=_("Try again with the next sweep"), permissions=["try"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[ParkedRow]) -> None:
        count = parking.try_again(rows=queryset, at=request.at)  # type: ignore[attr-defined]
        words = ngettext(
            "%(n)s row will be tried again within a minute.",
            "%(n)s rows will be tried again within a minute.",
            count,
        )
        self.message_user(request, words % {"n": count}, messages.SUCCESS)
