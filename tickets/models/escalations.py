"""Escalations: a ticket brought before more senior people, level by level."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from plans.models import Policy
from tickets.enums import Origin, Why
from tickets.models.clocks import Clock
from tickets.models.tickets import Ticket


class Duty(models.Model):
    """Who is told when level ``level`` is reached; without ``policy``, for policies that name nobody."""

    policy = models.ForeignKey(
        Policy, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("policy")
    )
    level = models.PositiveSmallIntegerField(_("level"))
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        verbose_name = _("escalation duty")
        verbose_name_plural = _("escalation duties")
        ordering = ["policy", "level", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "level", "person"], nulls_distinct=False, name="duty_once"
            ),
            models.CheckConstraint(condition=Q(level__gte=1), name="duty_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.person}"


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def open(self) -> EscalationQuerySet:
        return self.filter(ended_at=None)

    def due(self, at: datetime) -> EscalationQuerySet:
        """Open ones whose next level is reached at ``at`` because nobody acknowledged the one before."""
        return self.filter(ended_at=None, next_level_at__lte=at)


class Escalation(models.Model):
    """One escalation of a ticket; ``number`` counts them from 1.

    ``levels`` is ``[{"level", "name", "after"}]`` of the plan, pinned when it opens. ``level`` is the one
    reached. ``next_level_at`` is the instant at which the next is reached unless this one is acknowledged;
    null where none follows by itself.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="escalations")
    number = models.PositiveIntegerField()
    origin = models.CharField(_("how it began"), max_length=10, choices=Origin.choices)
    clock = models.ForeignKey(Clock, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    levels = models.JSONField()
    level = models.PositiveSmallIntegerField(_("level"))
    opened_at = models.DateTimeField(_("opened"))
    next_level_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_why = models.CharField(max_length=200, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["ticket", "number"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="escalation_number_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(ended_at=None), name="escalation_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_level_at"],
                name="escalation_sweep",
                condition=Q(ended_at=None, next_level_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.number}"


class EscalationStep(models.Model):
    """A level that was reached.

    ``told`` is ``[{"person", "name", "instead_of", "why"}]``: who heard of it, and for whom they stand in.
    ``acknowledge_by`` is the instant by which somebody is to acknowledge it; null where none is promised.
    """

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="steps")
    level = models.PositiveSmallIntegerField(_("level"))
    why = models.CharField(max_length=16, choices=Why.choices)
    reached_at = models.DateTimeField(_("reached"))
    told = models.JSONField(default=list)
    acknowledge_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("step of an escalation")
        verbose_name_plural = _("steps of escalations")
        ordering = ["escalation", "level"]
        constraints = [
            models.UniqueConstraint(fields=["escalation", "level"], name="escalation_step_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="escalation_step_acknowledged_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id}/{self.level}"
