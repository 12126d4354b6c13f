"""Holiday sets and business calendars of an edition."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.models.codes import CODE_PATTERN, matches, spans_field, spans_match
from plans.models.policies import EditionRow, code_once, edition_key
from plans.texts import TranslatedTextField

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class HolidaySet(EditionRow):
    """Days off under one name: of a country, of a financial market, or dates of one's own."""

    edition = edition_key("holiday_sets")
    country = models.CharField(
        verbose_name=_("country"), max_length=3, blank=True, help_text=_("Code of a country, for example US.")
    )
    subdivision = models.CharField(verbose_name=_("region"), max_length=10, blank=True)
    market = models.CharField(
        verbose_name=_("market"), max_length=10, blank=True, help_text=_("A financial calendar: ECB.")
    )

    class Meta(EditionRow.Meta):
        verbose_name = _("holiday set")
        verbose_name_plural = _("holiday sets")
        constraints = [
            code_once("holidayset"),
            matches("holidayset", "code", CODE_PATTERN),
            models.CheckConstraint(
                condition=Q(country="") | Q(market=""), name="holidayset_country_or_market"
            ),
            models.CheckConstraint(
                condition=Q(subdivision="") | ~Q(country=""), name="holidayset_subdivision_of_country"
            ),
        ]


class HolidayDay(models.Model):
    """A day off: given by the file for a set of own dates, otherwise frozen when the edition is published."""

    holiday_set = models.ForeignKey(HolidaySet, on_delete=models.CASCADE, related_name="days")
    date = models.DateField(verbose_name=_("date"))
    name = TranslatedTextField(verbose_name=_("name"))

    class Meta:
        ordering = ["date"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(fields=["holiday_set", "date"], name="holidayday_date_once"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class BusinessCalendar(EditionRow):
    """Weekly hours in a zone (`customer`: the organization's own), with days off and special days."""

    edition = edition_key("calendars")
    CUSTOMER_ZONE = "customer"

    time_zone = models.CharField(
        verbose_name=_("time zone"),
        max_length=64,
        help_text=_("An IANA name, or `customer` for the organization's own zone."),
    )
    holiday_sets = models.ManyToManyField(
        HolidaySet, verbose_name=_("days off"), blank=True, related_name="calendars"
    )

    class Meta(EditionRow.Meta):
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")
        constraints = [
            code_once("businesscalendar"),
            matches("businesscalendar", "code", CODE_PATTERN),
            models.CheckConstraint(condition=~Q(time_zone=""), name="businesscalendar_has_zone"),
        ]


class WeeklyHours(models.Model):
    """Spans that open on one weekday (0 is Monday) of a calendar."""

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="weekly_hours")
    weekday = models.PositiveSmallIntegerField(verbose_name=_("weekday"), choices=WEEKDAYS)
    spans = spans_field()

    class Meta:
        ordering = ["calendar", "weekday"]
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        constraints = [
            models.UniqueConstraint(fields=["calendar", "weekday"], name="weeklyhours_day_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weeklyhours_weekday"),
            spans_match("weeklyhours"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {', '.join(self.spans)}"


class SpecialDay(models.Model):
    """A date with its own spans (or none): it overrides the weekly hours and a holiday.

    `amended_at` is null for a day that the edition was published with. A day added later carries the instant
    of the amendment, and only clocks started from then on read it.
    """

    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="special_days")
    date = models.DateField(verbose_name=_("date"))
    spans = spans_field()
    amended_at = models.DateTimeField(null=True, blank=True)
    amended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(verbose_name=_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["calendar", "date", "amended_at"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "date", "amended_at"], nulls_distinct=False, name="specialday_once"
            ),
            spans_match("specialday"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {', '.join(self.spans) or '-'}"

    def clean(self) -> None:
        """After publishing, a special day is an amendment and says since when."""
        super().clean()
        if not self.calendar_id or self.calendar.edition.is_draft:
            return
        if self.pk or self.amended_at is None:
            raise ValidationError(_("A published calendar takes new special days only, with their date."))
