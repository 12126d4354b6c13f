"""Stored choices of the outbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    PARKED = "parked", _("Parked after too many tries")
    DIGESTED = "digested", _("Told in a digest")
    UNWANTED = "unwanted", _("Not wanted by its reader")
    UNDELIVERABLE = "undeliverable", _("The address takes no mail")


class How(models.TextChoices):
    """How a person hears of a kind of event."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("Once a day")
    NEVER = "never", _("Not by mail")
