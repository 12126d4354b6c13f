"""Calendars: weekly hours as rows of weekday, from and to; holiday sets; special days."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.zones import ZoneField
from accounts.punctuation import listed
from plans.actions.publishing import amend_calendar
from plans.admin.base import OfEditionAdmin, OfEditionInline, edition_of
from plans.admin.open_times import days_by_year, open_times
from plans.admin.widgets import SpansField
from plans.hours import calendar_in_words
from plans.models import BusinessCalendar, HolidayDay, HolidaySet, SpecialDay, WeeklyHours

CUSTOMER = ((BusinessCalendar.CUSTOMER_ZONE, _("the customer's own zone")),)


class CalendarForm(forms.ModelForm):
    time_zone = ZoneField(
        label=_("time zone"), extra=CUSTOMER, help_text=_("Where the hours below are read on the wall.")
    )


class WeeklyHoursInline(OfEditionInline):
    model = WeeklyHours
    fields = ("weekday", "spans")
    max_num = 7


class SpecialDayInline(OfEditionInline):
    model = SpecialDay
    fields = ("date", "spans", "reason")


class AmendmentForm(forms.Form):
    """A special day added to a published calendar: only clocks that start later read it."""

    date = forms.DateField(
        label=_("Date"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": _("Choose the date first."),
            "invalid": _("Write the date as 2026-12-24."),
        },
    )
    spans = SpansField(label=_("Open"), help_text=_("From and to. All empty: closed on that day."))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Write why the day differs.")}
    )

    use_required_attribute = False


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(OfEditionAdmin):
    form = CalendarForm
    list_help = _(
        "Open hours in a zone, without the days off of the holiday sets. Plans name them by coverage."
    )
    list_title = _("Calendars")
    list_display = ("code", "hours", "days_off", "edition")
    fields = ("edition", "code", "position", "time_zone", "holiday_sets")
    inlines = (WeeklyHoursInline, SpecialDayInline)
    change_form_template = "admin/plans/businesscalendar/change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("weekly_hours", "holiday_sets")

    @admin.display(description=_("open"))
    def hours(self, calendar: BusinessCalendar) -> str:
        return calendar_in_words(calendar) or "-"

    @admin.display(description=_("days off"))
    def days_off(self, calendar: BusinessCalendar) -> str:
        return listed(calendar.holiday_sets.all()) or "-"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """A published calendar takes special days from now on, beside its form."""
        calendar = self.get_object(request, object_id)
        context: dict[str, Any] = dict(extra_context or {})
        if calendar is not None:
            context["open"] = open_times(calendar, request.at)  # type: ignore[attr-defined]
        may = self.has_add_permission(request) and calendar is not None and not edition_of(calendar).is_draft  # type: ignore[union-attr]
        if may:
            asked = request.POST if "_amend" in request.POST else None
            form = AmendmentForm(asked, prefix="amend")
            if asked is not None and form.is_valid() and self._amend(request, calendar, form):
                return self.response_post_save_change(request, calendar)
            context["amendment"] = form
            if asked is not None:
                request.method = "GET"  # the form of the calendar itself was not sent
        return super().change_view(request, object_id, form_url, context)

    def _amend(self, request: HttpRequest, calendar: Any, form: AmendmentForm) -> bool:
        given = form.cleaned_data
        try:
            amend_calendar(
                calendar=calendar,
                day=given["date"],
                spans=given["spans"],
                at=request.at,  # type: ignore[attr-defined]
                by=request.user,  # type: ignore[arg-type]
                reason=given["reason"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
            return False
        self.message_user(request, _("Added. Clocks that start from now on read it."), messages.SUCCESS)
        return True


class HolidayDayInline(OfEditionInline):
    model = HolidayDay
    fields = ("date", "name")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).order_by("date")


@admin.register(HolidaySet)
class HolidaySetAdmin(OfEditionAdmin):
    list_help = _(
        "Days off of a country or a market, frozen when an edition is published; or dates of your own."
    )
    list_display = ("code", "country", "subdivision", "market", "edition")
    fields = ("edition", "code", "position", "country", "subdivision", "market")
    inlines = (HolidayDayInline,)
    change_form_template = "admin/plans/holidayset/change_form.html"

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A published set is read year by year instead."""
        return super().get_inlines(request, obj) if self.has_change_permission(request, obj) else ()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        found = self.get_object(request, object_id)
        context: dict[str, Any] = dict(extra_context or {})
        if found is not None and not self.has_change_permission(request, found):
            context["years"] = days_by_year(found, request.at)  # type: ignore[attr-defined]
        return super().change_view(request, object_id, form_url, context)
