"""The outbox: what is to be sent to whom, written in the transaction of what it tells about."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from notices.enums import How, NoticeState


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, at: datetime) -> NoticeQuerySet:
        """Notices whose next try has come, oldest first."""
        return self.filter(state=NoticeState.WAITING, next_try_at__lte=at).order_by("next_try_at", "pk")


class Notice(models.Model):
    """One mail for one event and person. ``key`` names both, so that the same is never queued twice.

    ``context`` holds plain JSON values; words are made when it is sent, in ``language`` and ``time_zone``.
    ``message_id`` is made once, so a repeated hand-over carries the same one. ``in_reply_to`` is that of the
    thread's root. ``kind`` is the group under which its reader prefers to hear of it; empty: always at once.
    ``happened_at`` is the instant of a fact that the scheduler found, null for what a person did.
    ``for_digest``: it waits for the next digest. ``is_bare``: it went without a word of its contents.
    ``digest`` is the notice that told of this one together with others.
    """

    key = models.CharField(_("key"), max_length=200, unique=True)
    event = models.CharField(_("event"), max_length=40)
    to_email = models.EmailField(_("to"))
    recipient_key = models.CharField(max_length=60)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    context = models.JSONField(default=dict)
    message_id = models.CharField(max_length=200, unique=True)
    in_reply_to = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"))
    state = models.CharField(
        _("state"), max_length=15, choices=NoticeState.choices, default=NoticeState.WAITING
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    reply_to = models.EmailField(max_length=320, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=40, blank=True, default="")
    happened_at = models.DateTimeField(null=True, blank=True)
    for_digest = models.BooleanField(default=False)
    is_bare = models.BooleanField(_("without contents"), default=False)
    digest = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts", db_index=False
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["next_try_at", "id"], name="notice_due", condition=Q(state="waiting")),
            # what else waits for somebody, what they got lately, and the mail before in a thread
            models.Index(fields=["recipient_key"], name="notice_waits_for", condition=Q(state="waiting")),
            models.Index(fields=["recipient_key", "sent_at"], name="notice_told", condition=Q(state="sent")),
            models.Index(
                fields=["recipient_key", "in_reply_to", "id"],
                name="notice_thread",
                condition=Q(state="sent") & ~Q(in_reply_to=""),
            ),
            models.Index(fields=["digest"], name="notice_parts", condition=Q(digest__isnull=False)),
            # the list in the back office: what did not go, and by the start of an address
            models.Index(fields=["state", "-id"], name="notice_not_sent", condition=~Q(state="sent")),
            models.Index(OpClass(Upper("to_email"), name="text_pattern_ops"), name="notice_by_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="notice_sent_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """How a person wants to hear of a kind of event: ``kind`` is a group that the caller names."""

    recipient_key = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient_key", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.recipient_key} {self.kind} {self.how}"


class Bounce(models.Model):
    """A mail of ours that came back. After a permanent one nothing is sent to the address until cleared."""

    email = models.EmailField(_("address"), max_length=320)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="bounces")
    is_permanent = models.BooleanField(_("permanent"))
    status = models.CharField(_("status code"), max_length=20, blank=True)
    text = models.TextField(_("what the other server said"), blank=True)
    at = models.DateTimeField(_("at"))
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(
                fields=["email"], name="bounce_stops", condition=Q(is_permanent=True, cleared_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.status}"


class Heartbeat(models.Model):
    """When a recurring job last ran to its end: what the supervisor and ``/readyz`` look at."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name
