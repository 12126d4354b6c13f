"""The outbox: what was told to whom, and what is stuck."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notices.admin.plain import ReadOnlyAdmin
from notices.enums import NoticeState
from notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_help = _(
        "Mail that was sent or waits to be sent. Nothing here can be edited; a parked one can be tried again."
    )
    list_display = ("created_at", "event", "to_email", "state", "tries", "sent_at")
    list_display_links = ("created_at", "event")
    list_filter = ("state", "event")
    search_fields = ("to_email__istartswith", "key__startswith")
    search_help_text = _("Address or key, from its start")
    ordering = ("-pk",)
    actions = ("try_again",)
    fields = (
        "event",
        "to_email",
        "state",
        "tries",
        "created_at",
        "next_try_at",
        "sent_at",
        "last_error",
        "language",
        "time_zone",
        "key",
        "message_id",
        "facts",
    )
    readonly_fields = ("facts",)

    @admin.display(description=_("what it says"))
    def facts(self, notice: Notice) -> str:
        written = json.dumps(notice.context, ensure_ascii=False, indent=2)
        return format_html('<pre class="adm-json">{}</pre>', written)

    def has_try_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notices.change_notice")

    @admin.action(description=_("Try parked ones again"), permissions=["try"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        count = queryset.filter(state=NoticeState.PARKED).update(
            state=NoticeState.WAITING,
            tries=0,
            next_try_at=request.at,  # type: ignore[attr-defined]
        )
        self.message_user(request, *_told(count))


def _told(count: int) -> tuple[Any, int]:
    if not count:
        return _("Nothing to try again: only parked notices are."), messages.WARNING
    words = ngettext("%(n)s notice will be sent again.", "%(n)s notices will be sent again.", count)
    return words % {"n": count}, messages.SUCCESS
