"""Rows that a sweep could not handle: put aside, shown to staff, and tried again later."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class ParkedRowQuerySet(models.QuerySet["ParkedRow"]):
    def resting(self, step: str, at: datetime) -> ParkedRowQuerySet:
        """Rows of a step that are not to be tried at ``at``."""
        return self.filter(step=step, next_try_at__gt=at)


class ParkedRow(models.Model):
    """``row`` is the key of a row that ``step`` of the sweep failed on; it goes when the row succeeds."""

    step = models.CharField(_("step"), max_length=40)
    row = models.BigIntegerField(_("row"))
    ticket_number = models.BigIntegerField(_("request"), null=True)
    error = models.TextField(_("error"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=1)
    parked_at = models.DateTimeField(_("parked"))
    next_try_at = models.DateTimeField(_("next try"))

    objects = ParkedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("parked row")
        verbose_name_plural = _("parked rows")
        ordering = ["-parked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["step", "row"], name="parked_row_once")]

    def __str__(self) -> str:
        return f"{self.step} {self.row}"
