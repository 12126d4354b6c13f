"""Mail that came back: which addresses take none, and letting mail go to them again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from notices.admin.plain import ReadOnlyAdmin
from notices.bounces import clear_bounces
from notices.models import Bounce


class StopsFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "stops"

    def lookups(self, request: Any, model_admin: Any) -> Any:
        return [("yes", _("Nothing is sent there")), ("no", _("Cleared, or only for a while"))]

    def queryset(self, request: Any, queryset: QuerySet[Bounce]) -> QuerySet[Bounce]:
        if self.value() == "yes":
            return queryset.filter(is_permanent=True, cleared_at=None)
        if self.value() == "no":
            return queryset.exclude(is_permanent=True, cleared_at=None)
        return queryset


@admin.register(Bounce)
class BounceAdmin(ReadOnlyAdmin):
    list_help = _(
        "Mail of ours that other servers gave back. After a permanent one nothing more goes to the address "
        "until you clear it: correct the address first, or ask its owner."
    )
    list_display = ("at", "email", "is_permanent", "status", "text", "cleared_at")
    list_display_links = ("at", "email")
    list_filter = (StopsFilter,)
    list_select_related = ("notice",)
    search_fields = ("email__istartswith",)
    search_help_text = _("Address, from its start")
    actions = ("clear",)
    fields = ("email", "is_permanent", "status", "text", "at", "cleared_at", "notice")

    def has_clear_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("notices.change_bounce")

    @admin.action(description=_("Send mail to these addresses again"), permissions=["clear"])
    def clear(self, request: HttpRequest, queryset: QuerySet[Bounce]) -> None:
        at = request.at  # type: ignore[attr-defined]
        emails = set(queryset.values_list("email", flat=True))
        count = sum(clear_bounces(email=email, at=at) > 0 for email in sorted(emails))
        words = ngettext(
            "Mail goes to %(n)s address again.", "Mail goes to %(n)s addresses again.", count
        ) % {"n": count}
        self.message_user(request, words, messages.SUCCESS if count else messages.WARNING)
