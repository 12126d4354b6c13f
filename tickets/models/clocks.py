"""Clocks: one promise each. Rows are a cache of the events, which a command can recompute and compare."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.models import Contract
from tickets.enums import ClockState, Metric
from tickets.models.tickets import Ticket


class ClockQuerySet(models.QuerySet["Clock"]):
    def breached(self, at: datetime) -> ClockQuerySet:
        """Running clocks whose due instant lies before ``at`` (met at the due instant is met)."""
        return self.filter(state=ClockState.RUNNING, due_at__lt=at)

    def to_warn(self, at: datetime) -> ClockQuerySet:
        """Running clocks whose warning has come and was not given."""
        return self.filter(state=ClockState.RUNNING, warned_at=None, warn_at__lte=at)


class Clock(models.Model):
    """A clock measures one promise on one ticket; ``cycle`` numbers those of one metric from 1.

    ``due_at`` is null while paused and after a withdrawal; of a missed clock it is the instant of the breach.
    ``contract`` is the ticket's, so that the promises of a month are found without the tickets. ``target``
    is the promise as written. ``left_seconds`` is what a paused clock has left, counted as its target is, in
    seconds; null otherwise.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="clocks")
    contract = models.ForeignKey(
        Contract,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        # The ticket's own key holds it; a second one would have to be proven for millions of rows.
        db_constraint=False,
    )
    metric = models.CharField(_("promise"), max_length=20, choices=Metric.choices)
    cycle = models.PositiveIntegerField(_("cycle"))
    severity = models.CharField(max_length=40)
    target = models.JSONField()
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"), null=True)
    warn_at = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=ClockState.choices)
    met_at = models.DateTimeField(null=True)
    paused_since = models.DateTimeField(null=True)
    left_seconds = models.PositiveIntegerField(null=True)
    warned_at = models.DateTimeField(null=True)
    breach_recorded_at = models.DateTimeField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["ticket", "metric", "cycle"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "cycle"], name="clock_cycle_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "met", "missed"]) | Q(due_at__isnull=False),
                name="clock_has_due",
            ),
            models.CheckConstraint(
                condition=Q(state="paused", paused_since__isnull=False, due_at=None) | ~Q(state="paused"),
                name="clock_paused_since",
            ),
            models.CheckConstraint(condition=~Q(state="met") | Q(met_at__isnull=False), name="clock_met_at"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="clock_sweep_due", condition=Q(state="running")),
            models.Index(
                fields=["warn_at"],
                name="clock_sweep_warn",
                condition=Q(state="running", warned_at=None, warn_at__isnull=False),
            ),
            # the promises of a contract in a month, and those that are due in none
            models.Index(fields=["contract", "due_at", "id"], name="clock_of_contract"),
            models.Index(
                fields=["contract", "state", "started_at"],
                name="clock_of_contract_undue",
                condition=Q(state__in=["paused", "withdrawn", "merged"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.metric} {self.cycle}"

    def state_at(self, at: datetime) -> ClockState:
        """The state at ``at``: missed from the first instant after the due one, whenever noticed."""
        if self.state == ClockState.RUNNING and self.due_at is not None and self.due_at < at:
            return ClockState.MISSED
        return ClockState(self.state)
