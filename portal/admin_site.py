"""The back office: Django admin under our name and theme, sign-in through the portal's own login."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from notices.models import Heartbeat
from portal.rail import rail
from tickets.desk.counting import desk_of
from tickets.models import ParkedRow

# What other packages bring along (job tables, sessions, providers) is no work for a support manager, and a
# wrong row in a schedule stops all of them.
OWN_ROOMS = ("accounts", "notices", "plans", "tickets")
SWEEP_IS_LATE_AFTER = timedelta(minutes=5)


class KeptAdminSite(admin.AdminSite):
    site_header = _("Back office")
    site_title = _("Back office")
    index_title = _("Back office")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register what our own rooms configure, and nothing else."""
        if admin_class is not None and admin_class.__module__.split(".")[0] in OWN_ROOMS:
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Pages of terms that need requests: they stand in the room above, under the address of the terms."""
        from tickets.admin.moving import move_view
        from tickets.admin.publish import publish_csv, publish_view

        there = "plans/edition/<int:pk>/publish/"
        moving = self.admin_view(move_view)
        return [
            path("plans/contract/<int:pk>/terms/", moving, name="plans_contract_terms"),
            path(there, self.admin_view(publish_view), name="plans_edition_publish"),
            path(f"{there}due-times.csv", self.admin_view(publish_csv), name="plans_edition_publish_csv"),
            *super().get_urls(),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and getattr(user, "is_staff", False))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if self.has_permission(request):
            context["rail"] = rail(request)
            context["reader_desk"] = desk_of(request)
            context |= state_of_the_sweep(request.at)  # type: ignore[attr-defined]
        return context

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Nothing is found by a sign that nobody types and no row holds."""
        asked = request.GET.copy()
        asked["term"] = asked.get("term", "").replace("\0", "\ufffd")
        request.GET = asked  # type: ignore[assignment]
        return super().autocomplete_view(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in where everybody does. For a customer who is signed in there is nothing here."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")


def state_of_the_sweep(at: datetime) -> dict[str, Any]:
    """``last_sweep`` (when it ran to its end), ``sweep_is_late`` and ``has_parked_rows``. One query."""
    beats = Heartbeat.objects.filter(name="sweep").annotate(has_parked=Exists(ParkedRow.objects.all()))
    beat_at, has_parked = beats.values_list("beat_at", "has_parked").first() or (None, False)
    return {
        "last_sweep": beat_at,
        "sweep_is_late": beat_at is None or at - beat_at > SWEEP_IS_LATE_AFTER,
        "has_parked_rows": has_parked,
    }
