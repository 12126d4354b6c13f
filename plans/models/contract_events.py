"""The history of a contract: only added to. The database refuses changes to it."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.enums import ContractEventKind
from plans.models.contracts import Contract


class ContractEvent(models.Model):
    """One thing that was done to a contract, at ``at``.

    ``data`` by kind: made ``{"renews"}`` where it renews one; renewed ``{"by"}``; amended
    ``{"changes": {field: [before, after]}}``; ended ``{"before", "after"}`` (last days); told ``{"days"}``.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=10, choices=ContractEventKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("event of a contract")
        verbose_name_plural = _("events of contracts")
        ordering = ["contract", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ContractEventKind.values), name="contractevent_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.kind} {self.at:%Y-%m-%d %H:%M:%S}"
