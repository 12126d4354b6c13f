"""Mail that came in: kept as it came, before anything is made of it."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tickets.enums import MailState
from tickets.models.messages import Message
from tickets.models.tickets import Ticket

# Something is still to be made of these.
KEPT_WHOLE = (MailState.WAITING, MailState.HELD)


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def due(self, at: datetime) -> IncomingMailQuerySet:
        """Mails that nothing was made of yet and whose next try has come, oldest first."""
        return self.filter(state=MailState.WAITING, next_try_at__lte=at).order_by("received_at", "pk")

    def to_empty(self, before: datetime) -> IncomingMailQuerySet:
        """Mails that were done with before an instant and whose bytes are still here, oldest first."""
        done = self.filter(emptied_at=None, handled_at__lt=before)
        return done.exclude(state__in=KEPT_WHOLE).order_by("handled_at", "pk")

    def held(self) -> IncomingMailQuerySet:
        return self.filter(state=MailState.HELD).order_by("received_at", "pk")


class IncomingMail(models.Model):
    """One mail, byte for byte in ``raw`` until ``emptied_at`` (MAIL_KEPT_DAYS); the row itself stays.

    ``digest`` (SHA-256, hex) makes the same bytes one row, however long ago they came.
    ``mail_id`` is its Message-ID, ``posted`` the message that was made of it, ``reason`` the code of why it
    was held or stopped, ``person`` who wrote it, where that is proven. ``note`` is why it was dismissed.
    """

    digest = models.CharField(max_length=64, unique=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField(_("received"))
    mail_id = models.CharField(max_length=500, blank=True)
    from_email = models.CharField(_("from"), max_length=320, blank=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.WAITING)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="mails")
    posted = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    note = models.TextField(blank=True, default="")
    emptied_at = models.DateTimeField(null=True)

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail that came in")
        verbose_name_plural = _("mails that came in")
        ordering = ["-received_at", "-pk"]
        indexes = [
            # the list in the back office: all, and those of which the same became
            models.Index(fields=["-received_at", "-id"], name="mail_by_time"),
            models.Index(fields=["state", "-received_at", "-id"], name="mail_by_state"),
            models.Index(fields=["next_try_at"], name="mail_waiting", condition=Q(state="waiting")),
            models.Index(fields=["received_at", "id"], name="mail_held", condition=Q(state="held")),
            models.Index(fields=["mail_id"], name="mail_by_id"),
            models.Index(
                fields=["handled_at", "id"],
                name="mail_to_empty",
                condition=Q(emptied_at=None) & ~Q(state__in=[state.value for state in KEPT_WHOLE]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_email}: {self.subject}"
