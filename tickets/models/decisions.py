"""The entitlement decision on a request, kept with its ticket; refusals are kept too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from plans.enums import Outcome
from tickets.models.tickets import Ticket


class DecisionRecord(models.Model):
    """Who asked what, and what the terms said. ``question`` and ``terms`` are plain JSON."""

    ticket = models.OneToOneField(
        Ticket, verbose_name=_("request"), null=True, on_delete=models.PROTECT, related_name="decision"
    )
    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(verbose_name=_("at"))
    outcome = models.CharField(_("outcome"), max_length=20)
    code = models.CharField(_("rule"), max_length=60, blank=True)
    question = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["organization", "-at"], name="decision_of_organization"),
            # the list in the back office
            models.Index(fields=["-at", "-id"], name="decision_by_time"),
            models.Index(
                fields=["code", "-at", "-id"], name="decision_by_rule", condition=~models.Q(code="")
            ),
            models.Index(
                fields=["at"], name="decision_refused", condition=models.Q(outcome=Outcome.REFUSED.value)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.outcome} {self.code}"
