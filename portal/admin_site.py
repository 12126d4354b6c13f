"""The back office: Django admin under our name and theme, sign-in through the portal's own login."""

from __future__ import annotations

from dataclasses import dataclass
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
from tickets.models import ParkedRow

# What other packages bring along (job tables, sessions, providers) is no work for a support manager, and a
# wrong row in a schedule stops all of them.
OWN_ROOMS = ("accounts", "notices", "plans", "tickets")
SWEEP_IS_LATE_AFTER = timedelta(minutes=5)

# Section, then (model, page of it, words, icon). Who may see the model sees its entry.
RAIL = (
    (
        "",
        (
            ("tickets_ticket", "changelist", _("Queue"), "inbox"),
            ("tickets_ticket", "mine", _("My requests"), "flag"),
            ("tickets_incomingmail", "changelist", _("Mail to sort"), "mail"),
            ("tickets_escalation", "changelist", _("Escalations"), "bell"),
        ),
    ),
    (
        _("Terms"),
        (
            ("plans_policy", "changelist", _("Policies and plans"), "doc"),
            ("plans_businesscalendar", "changelist", _("Calendars"), "calendar"),
            ("plans_contract", "changelist", _("Contracts"), "shield"),
        ),
    ),
    (
        _("People and content"),
        (
            ("accounts_organization", "changelist", _("Organizations"), "building"),
            ("accounts_contact", "changelist", _("Contacts"), "people"),
            ("accounts_mandate", "changelist", _("Mandates"), "link"),
            ("accounts_user", "changelist", _("People"), "person"),
            ("accounts_absence", "changelist", _("Absences"), "sun"),
            ("tickets_duty", "changelist", _("Escalation duties"), "phone"),
            ("tickets_cannedreply", "changelist", _("Canned replies"), "mail"),
            ("plans_product", "changelist", _("Products"), "bars"),
            ("plans_licence", "changelist", _("Licences"), "key"),
        ),
    ),
    (
        _("Look back"),
        (
            ("tickets_decisionrecord", "changelist", _("Decisions"), "check"),
            ("tickets_decisionrecord", "refusals", _("Refusals"), "bars"),
            ("tickets_survey", "satisfaction", _("Satisfaction"), "check"),
            ("accounts_identitycheck", "changelist", _("Identity checks"), "person"),
            ("notices_notice", "changelist", _("Notices"), "mail"),
            ("notices_bounce", "changelist", _("Mail that came back"), "mail"),
            ("tickets_parkedrow", "changelist", _("Parked rows"), "warn"),
            ("accounts_apitoken", "changelist", _("API tokens"), "lock"),
            ("auditlog_logentry", "changelist", _("Audit"), "eye"),
        ),
    ),
)


@dataclass(frozen=True)
class Entry:
    """A link of the rail."""

    url: str
    label: Any
    icon: str
    current: bool = False


@dataclass(frozen=True)
class Section:
    """Links of the rail under one heading."""

    title: Any
    entries: tuple[Entry, ...]


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
            context |= state_of_the_sweep(request.at)  # type: ignore[attr-defined]
        return context

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


def rail(request: HttpRequest) -> list[Section]:
    """The sections that this person may open; of nested addresses the longest is the page's own."""
    allowed = [
        (title, [entry for entry in entries if _may_see(request, entry[0])]) for title, entries in RAIL
    ]
    urls = {
        (model, page): reverse(f"admin:{model}_{page}")
        for _title, rows in allowed
        for model, page, _l, _i in rows
    }
    here = max((url for url in urls.values() if request.path.startswith(url)), key=len, default="")
    return [
        Section(
            title,
            tuple(
                Entry(urls[model, page], label, icon, urls[model, page] == here)
                for model, page, label, icon in entries
            ),
        )
        for title, entries in allowed
        if entries
    ]


def _may_see(request: HttpRequest, model: str) -> bool:
    return bool(request.user.has_perm(model.replace("_", ".view_", 1)))  # type: ignore[union-attr]


def state_of_the_sweep(at: datetime) -> dict[str, Any]:
    """``last_sweep`` (when it ran to its end), ``sweep_is_late`` and ``has_parked_rows``. One query."""
    beats = Heartbeat.objects.filter(name="sweep").annotate(has_parked=Exists(ParkedRow.objects.all()))
    beat_at, has_parked = beats.values_list("beat_at", "has_parked").first() or (None, False)
    return {
        "last_sweep": beat_at,
        "sweep_is_late": beat_at is None or at - beat_at > SWEEP_IS_LATE_AFTER,
        "has_parked_rows": has_parked,
    }
