"""Plans: what a package offers, its promises as a grid; coverage, limits, levels and rates as tables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from plans.admin.base import OfEditionAdmin, OfEditionInline
from plans.admin.channels import CHANNELS, PlanForm, rows_of
from plans.admin.grid import TargetsInline
from plans.admin.parts import parts_of
from plans.admin.trials import TriesPlans
from plans.hours import calendar_in_words, named_option
from plans.models import (
    BusinessCalendar,
    CoverageOption,
    EscalationLevel,
    Plan,
    Program,
    Rate,
    TypeCoverage,
)


class CalendarsForm(forms.ModelForm):
    """Calendars in order: the first alone says what a business day is."""

    first = forms.ModelChoiceField(BusinessCalendar.objects.none(), label=_("calendar"))
    others = forms.ModelMultipleChoiceField(
        BusinessCalendar.objects.none(),
        label=_("and open too when"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Open whenever one of them is; business days look at the first alone."),
    )
    choices: Any = ()
    calendars: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "others"):
            field: Any = self.fields[name]
            field.queryset = self.calendars
            field.choices = [*([("", "---")] if name == "first" else []), *self.choices]
        if self.instance.pk:
            keys = [row.calendar_id for row in self.instance.calendar_rows.all()]
            self.initial = {**self.initial, "first": keys[0] if keys else None, "others": keys[1:]}

    def keep_calendars(self) -> None:
        """Write the calendars in their order; called once the row itself is saved."""
        wanted = [self.cleaned_data["first"], *self.cleaned_data["others"]]
        kept = list(dict.fromkeys(wanted))
        self.instance.calendar_rows.all().delete()
        for position, calendar in enumerate(kept):
            self.instance.calendar_rows.create(calendar=calendar, position=position)


class CalendarsInline(OfEditionInline):
    """Rows with calendars, whose choices are the edition's."""

    form = CalendarsForm

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("calendar_rows__calendar")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        calendars = BusinessCalendar.objects.filter(edition=obj.edition_id if obj else None)
        calendars = calendars.prefetch_related("weekly_hours")
        formset.form.calendars = calendars
        formset.form.choices = [(row.pk, named_option(row.code, calendar_in_words(row))) for row in calendars]
        return formset


class CoverageInline(CalendarsInline):
    model = CoverageOption
    fields = ("code", "position", "first", "others")
    verbose_name_plural = _("coverage options: the first is the default")
    short = _("Coverage")
    is_first = True


class TypeCoverageInline(CalendarsInline):
    model = TypeCoverage
    fields = ("support_type", "first", "others")
    verbose_name_plural = _("coverage of single support types: it wins over the option")
    short = _("Coverage by kind of help")
    is_first = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("support_type")


class EscalationInline(OfEditionInline):
    model = EscalationLevel
    fields = ("level", "name", "after")
    verbose_name_plural = _("escalation: after “breach”, “request”, or a length such as 4h")
    short = _("Escalation")


class RateInline(OfEditionInline):
    model = Rate
    short = _("Rates")
    fields = ("code", "position", "amount", "currency", "per", "round_up_to", "rounding", "calendar")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("calendar")


class ProgramInline(OfEditionInline):
    model = Program
    fk_name = "plan"
    fields = ("code", "gives")
    verbose_name_plural = _("programs: another plan holds while they last")
    short = _("Programs")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("gives")


@admin.register(Plan)
class PlanAdmin(TriesPlans, OfEditionAdmin):
    list_help = _("A plan is a service package. Open it for its promises, coverage, channels and limits.")
    list_display = ("code", "title", "targets_are", "priority_access", "edition")
    inlines = (
        TargetsInline,
        CoverageInline,
        TypeCoverageInline,
        EscalationInline,
        RateInline,
        ProgramInline,
    )
    form = PlanForm
    fieldsets = (
        (
            _("Channels"),
            {
                "fields": ("takes",),
                "classes": ("adm-first",),
                "description": _("Which severities each takes. One without any is not in the plan."),
            },
        ),
        (
            _("Name and text"),
            {"fields": ("edition", "name", "description", "pricing", "code", "position")},
        ),
        (
            _("What may be asked"),
            {"fields": ("support_types", "severity_set_by", "priority_access", "entitlements")},
        ),
        (_("How targets count"), {"fields": ("targets_are", "own_targets", "warn_at", "pause_on_hold")}),
        (
            _("Closing and reopening"),
            {"fields": (("reopen_days", "auto_close_days"), "survey", "customer_may_escalate")},
        ),
        (
            _("Contacts"),
            {
                "fields": (
                    "contacts_approval",
                    "contacts_max",
                    "contacts_named",
                    "contacts_access_id",
                    "contacts_administrators_only",
                    "contacts_get_notices",
                    "emergency_contacts",
                    "extraordinary_access",
                )
            },
        ),
        (
            _("Fees and partners"),
            {
                "fields": (
                    "grace_days",
                    "overdue_limits",
                    "overdue_types",
                    "partner_may_submit",
                    "sponsored_partners",
                )
            },
        ),
    )

    change_form_template = "admin/plans/plan/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        there = path("<int:pk>/try/", self.admin_site.admin_view(self.try_view), name="plans_plan_try")
        return [there, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The grid of channels is of the edition that the plan belongs to."""
        made: Any = super().get_form(request, obj, change=change, **kwargs)
        edition = request.edited_edition  # type: ignore[attr-defined]
        made.offered = rows_of(edition) if edition else ((), ())
        return made

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only reads sees the grid without boxes."""
        sets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return sets
        return [
            (name, parts | {"fields": [CHANNELS if one == "takes" else one for one in parts["fields"]]})
            for name, parts in sets
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        plan = kwargs.get("obj")
        if plan is not None:
            context["parts"] = [part for part in parts_of(plan.edition) if part["model"] != "plan"]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Promises and coverage refer to the edition, so a plan is saved once before they are written."""
        return super().get_inlines(request, obj) if obj else ()

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for row in formset.forms:
            if isinstance(row, CalendarsForm) and row.has_changed() and row not in formset.deleted_forms:
                row.keep_calendars()
