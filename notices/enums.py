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


class Stop(models.TextChoices):
    """Why a notice does not go (any more); stands in ``last_error``."""

    NOT_WANTED = "not_wanted", _("Its reader chose not to hear of this by mail.")
    NOT_ACTIVE = "not_active", _("The account is closed.")
    NOT_VISIBLE = "not_visible", _("Its reader may not see the request (any more).")
    NOT_INVITED = "not_invited", _("The contact is not in effect (any more).")
    COMES_BACK = "comes_back", _("Mail to this address came back, and nobody has cleared it since.")
