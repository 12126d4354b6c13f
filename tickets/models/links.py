"""Links between tickets of one organization."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.enums import LinkKind
from tickets.models.tickets import Ticket


class TicketLink(models.Model):
    """``source`` stands to ``target`` as ``kind`` says; seen from both."""

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(_("kind"), max_length=12, choices=LinkKind.choices, default=LinkKind.RELATED)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
