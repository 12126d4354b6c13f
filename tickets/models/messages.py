"""Messages of a ticket, and the files that come with them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.standing import standing_of
from tickets.enums import Channel, Side, Visibility
from tickets.models.tickets import Ticket


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User, at: datetime) -> MessageQuerySet:
        """Internal messages exist for staff alone; the ticket itself is checked by its own queryset."""
        if standing_of(user, at).is_staff:
            return self
        return self.filter(visibility=Visibility.PUBLIC)


class Message(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.PORTAL)
    body = models.TextField(_("text"))
    at = models.DateTimeField()
    client_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="message_of_ticket")]
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility=Visibility.PUBLIC)
                | Q(visibility=Visibility.INTERNAL, side=Side.SUPPORT),
                name="message_internal_of_support",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.pk}"


def attachment_path(attachment: Attachment, filename: str) -> str:
    """A name that says nothing: nobody can guess it, and the person's file name never reaches the disk."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file of a message, or (``message`` null) of the submission itself.

    It is only handed out by a view that checks who asks.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(upload_to=attachment_path)
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(max_length=100, default="application/octet-stream")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
