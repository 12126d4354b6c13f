"""Rows that the sweep failed on: what, why, and when it is tried again."""

from __future__ import annotations

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


@admin.register(ParkedRow)
class ParkedRowAdmin(ReadOnlyAdmin):
    list_help = _(
        "What the sweep could not record. Each row rests and is tried again by itself, ever more seldom; "
        "once it succeeds it goes from this list. The others are not held up."
    )
    list_display = ("step", "request_link", "error_start", "tries", "parked_at", "next_try_at")
    list_display_links = ("step",)
    list_filter = ("step",)
    actions = ("try_again",)
    fields = ("step", "row", "request_link", "tries", "parked_at", "next_try_at", "error_whole")
    readonly_fields = ("request_link", "error_whole")

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
