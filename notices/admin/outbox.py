"""The outbox: what was told to whom, what is stuck, and why."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notices.admin.plain import ReadOnlyAdmin
from notices.enums import NoticeState, Stop
from notices.models import Notice
from notices.rendering import subject_of

# These may go after all, once somebody has seen to what stopped them.
_STUCK = (NoticeState.PARKED, NoticeState.UNDELIVERABLE)


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_help = _(
        "Mail that was sent, waits, or did not go, and why. Nothing here can be edited; what is parked or "
        "came back can be tried again."
    )
    list_display = ("created_at", "subject", "to_email", "state", "why", "tries", "sent_at")
    list_display_links = ("created_at", "subject")
    # In the order of the key alone: there are several notices for every request.
    sortable_by = ()
    list_filter = ("state",)
    search_fields = ("to_email__istartswith", "key__startswith")
    search_help_text = _("Address or key, from its start")
    ordering = ("-pk",)
    actions = ("try_again",)
    fields = (
        "subject",
        "event",
        "to_email",
        "state",
        "why",
        "told_in",
        "tries",
        "created_at",
        "next_try_at",
        "sent_at",
        "is_bare",
        "language",
        "time_zone",
        "key",
        "message_id",
        "facts",
    )
    readonly_fields = ("subject", "why", "told_in", "facts")

    @admin.display(description=_("subject"))
    def subject(self, notice: Notice) -> str:
        """The subject in the language of who looks; the code of the mail where it has none any more."""
        try:
            return subject_of(notice) or notice.event
        except TemplateDoesNotExist:
            return notice.event

    @admin.display(description=_("why not, or what went wrong"))
    def why(self, notice: Notice) -> Any:
        return Stop(notice.last_error).label if notice.last_error in Stop.values else notice.last_error

    @admin.display(description=_("told in"))
    def told_in(self, notice: Notice) -> str:
        if notice.digest_id is None:
            return "-"
        address = reverse("admin:notices_notice_change", args=[notice.digest_id])
        return format_html('<a href="{}">{}</a>', address, _("a digest"))

    @admin.display(description=_("what it says"))
    def facts(self, notice: Notice) -> str:
        written = json.dumps(notice.context, ensure_ascii=False, indent=2)
        return format_html('<pre class="adm-json">{}</pre>', written)

    def has_try_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notices.change_notice")

    @admin.action(description=_("Try parked ones again"), permissions=["try"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        count = queryset.filter(state__in=_STUCK).update(
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
