"""When a person of support is away, and who stands in."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def at(self, at: datetime) -> AbsenceQuerySet:
        """Absences that hold at ``at``: from their start, up to but not including their end."""
        return self.filter(from_at__lte=at, until_at__gt=at)


class Absence(models.Model):
    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="absences", verbose_name=_("person")
    )
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    deputy = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("deputy")
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["from_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="absence_ends_after_start"),
            models.CheckConstraint(condition=~Q(deputy=F("person")), name="absence_deputy_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.from_at:%Y-%m-%d} - {self.until_at:%Y-%m-%d}"
