"""Escalations in the back office: the ticket page's panel, the list of open ones, and who has which duty."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, DateTimeField, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import moments
from accounts.models import User
from notices.admin import PlainAdmin, ReadOnlyAdmin
from plans.enums import EditionState
from plans.models import EscalationLevel
from plans.texts import text_in
from tickets.actions.duties import Roster
from tickets.enums import UNSOLVED
from tickets.escalation_views import is_overdue, ladder_of, next_level, said_told
from tickets.models import Duty, Escalation, EscalationStep
from tickets.paging import Order, page_of

if TYPE_CHECKING:
    from tickets.admin.page import TicketPage

PAGE_SIZE = 50
# What nobody has acknowledged first, by the instant at which it should be; then the rest.
WAITING_FIRST = Order("escalations", (("waits_until", False), ("pk", False)))
EVERY_POLICY = _("Every policy that names nobody")
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


def panel(page: TicketPage) -> dict[str, Any]:
    """The open escalation, and what may be done. Three queries at most."""
    ladder = ladder_of(page.ticket, page.at)
    may_act = page.user.has_perm("tickets.change_ticket")
    is_unsolved = page.ticket.status_at(page.at) in UNSOLVED
    return {
        "ladder": ladder,
        "may_acknowledge": may_act and ladder is not None and ladder.now.acknowledged_at is None,
        "escalates_to": next_level(page.ticket, ladder) if may_act and is_unsolved else "",
    }


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    """Its list is a page of our own: what waits for an acknowledgement first."""

    fields = ("ticket", "number", "origin", "level", "reason", "opened_at", "ended_at", "ended_why")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        at: datetime = request.at  # type: ignore[attr-defined]
        page = page_of(_reached(), WAITING_FIRST, request.GET.get("cursor", ""), PAGE_SIZE)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _now("Escalations"),
            "rows": [_row(step, at) for step in page.rows],
            "pager": _pager(len(page.rows), at, page.earlier, page.later),
            "duties": duties(at),
            "may_act": request.user.has_perm("tickets.change_ticket"),  # type: ignore[union-attr]
        }
        return TemplateResponse(request, "admin/tickets/escalation/list.html", context)


def _reached() -> QuerySet[EscalationStep]:
    """The level that each open escalation has reached, with what its row shows."""
    waits_until = Case(
        When(acknowledged_at=None, then=Coalesce("acknowledge_by", Value(_LAST))),
        output_field=DateTimeField(null=True),
    )
    return (
        EscalationStep.objects.filter(escalation__ended_at=None, level=F("escalation__level"))
        .annotate(waits_until=waits_until)
        .select_related(
            "acknowledged_by",
            "escalation__ticket__organization",
            "escalation__ticket__assigned_to",
            "escalation__ticket__plan__edition__policy",
        )
    )


def _row(step: EscalationStep, at: datetime) -> dict[str, Any]:
    escalation = step.escalation
    return {
        "step": step,
        "ticket": escalation.ticket,
        "name": text_in(escalation.levels[step.level - 1]["name"]),
        "told": said_told(step.told),
        "is_overdue": is_overdue(step, at),
        "next_at": escalation.next_level_at,
    }


def _pager(shown: int, at: datetime, earlier: str, later: str) -> dict[str, str]:
    zone, language = timezone.get_current_timezone(), get_language() or "en"
    return {
        "words": _now("%(rows)s rows, as of %(time)s")
        % {"rows": shown, "time": moments.short_moment(at, at, zone, language)},
        "earlier_url": f"?cursor={earlier}" if earlier else "",
        "later_url": f"?cursor={later}" if later else "",
    }


def duties(at: datetime) -> list[dict[str, Any]]:
    """Who would hear of each level of the plans in force at ``at``. A constant number of queries."""
    levels = list(
        EscalationLevel.objects.filter(plan__edition__state=EditionState.PUBLISHED)
        .select_related("plan__edition__policy")
        .order_by("plan__edition__policy__slug", "plan__position", "level")
    )
    tops: dict[int, int] = {}
    for row in levels:
        tops[row.plan_id] = max(tops.get(row.plan_id, 0), row.level)
    roster = Roster({row.plan.edition.policy_id for row in levels}, at)
    return [_duty(row, roster, tops[row.plan_id]) for row in levels]


def _duty(row: EscalationLevel, roster: Roster, top: int) -> dict[str, Any]:
    policy = row.plan.edition.policy_id
    told = roster.told(policy, row.level, top)
    return {
        "plan": f"{row.plan.edition.title()}: {row.plan.title()}",
        "level": row.level,
        "name": text_in(row.name),
        "told": said_told([one.written() for one in told]),
        "trouble": _trouble(roster.named(policy, row.level), told[0].why if told else ""),
    }


def _trouble(named: list[User], why: str) -> str:
    """What is wrong with a level's duties, in words; empty where somebody with the duty hears."""
    if not why:
        return _now("Nobody is there to hear of it.")
    if not named:
        return _now("Nobody has this duty: the leads hear of it.")
    if why != "duty":
        return _now("Nobody with this duty is there: others hear of it.")
    return ""


@admin.register(Duty)
class DutyAdmin(PlainAdmin):
    list_help = _(
        "Who is told when a request reaches a level. A duty without a policy holds for policies that name "
        "nobody for that level. Who hears at this moment, deputies included, stands on the page Escalations."
    )
    list_display = ("level", "for_policy", "person")
    list_display_links = ("level", "person")
    list_filter = ("policy", "level")
    list_select_related = ("policy", "person")
    ordering = ("policy__slug", "level", "pk")

    @admin.display(description=_("policy"), ordering="policy__slug")
    def for_policy(self, duty: Duty) -> Any:
        return duty.policy or EVERY_POLICY

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by("name")
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "policy" and field is not None:
            field.empty_label = EVERY_POLICY  # type: ignore[attr-defined]
        return field
