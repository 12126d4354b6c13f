"""Stored choices of requests (lower-case words), and the words people read for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.enums import ChannelCode as Channel
from plans.enums import Metric

__all__ = [
    "REPLAYED",
    "STAFF_ONLY",
    "UNSOLVED",
    "Channel",
    "ClockState",
    "EventKind",
    "Metric",
    "Side",
    "Status",
    "Unverified",
    "Visibility",
]


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting")
    ON_HOLD = "on_hold", _("On hold")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


UNSOLVED = (Status.NEW, Status.OPEN, Status.WAITING, Status.ON_HOLD)


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal, staff only")


class Side(models.TextChoices):
    """On whose side the author of an event or a message stands."""

    CUSTOMER = "customer", _("Customer")
    SUPPORT = "support", _("Support")
    SYSTEM = "system", _("Automatic")


class EventKind(models.TextChoices):
    """What a history holds. The first group is what clocks are read from (see ``timekeeping.history``)."""

    SUBMIT = "submit", _("Submitted")
    REPLY = "reply", _("Answered")
    ASK = "ask", _("Asked the customer")
    NOTE = "note", _("Internal note")
    AUTO_REPLY = "auto_reply", _("Automatic reply")
    CUSTOMER = "customer", _("Customer's message")
    HOLD = "hold", _("Put on hold")
    UNHOLD = "unhold", _("Hold ended")
    NO_REPLY_NEEDED = "no_reply_needed", _("No answer needed")
    SEVERITY = "severity", _("Severity changed")
    RESOLVE = "resolve", _("Resolved")
    CLOSE = "close", _("Closed")
    REOPEN = "reopen", _("Reopened")

    ASSIGNED = "assigned", _("Assigned")
    CONFIRMED = "confirmed", _("Severity confirmed")
    WARNING = "warning", _("Due soon")
    BREACH = "breach", _("Promise missed")
    CLOSED_BY_ITSELF = "closed_by_itself", _("Closed by itself")
    WINDOW_ENDED = "window_ended", _("Reopen window ended")
    FOLLOWED_UP = "followed_up", _("Followed up by a new request")
    DETAILS = "details", _("Details changed")
    NAMED = "named", _("Named contact brought in")
    VERIFIED = "verified", _("Verification recorded")
    SHUT_OUT = "shut_out", _("Closed to who asked")


REPLAYED = (
    EventKind.SUBMIT,
    EventKind.REPLY,
    EventKind.ASK,
    EventKind.NOTE,
    EventKind.AUTO_REPLY,
    EventKind.CUSTOMER,
    EventKind.HOLD,
    EventKind.UNHOLD,
    EventKind.NO_REPLY_NEEDED,
    EventKind.SEVERITY,
    EventKind.RESOLVE,
    EventKind.CLOSE,
    EventKind.REOPEN,
)
# What only staff see of a history.
STAFF_ONLY = (
    EventKind.NOTE,
    EventKind.WARNING,
    EventKind.NO_REPLY_NEEDED,
    EventKind.VERIFIED,
    EventKind.SHUT_OUT,
)


class Unverified(models.TextChoices):
    """Why a request was taken before it was known who asks."""

    EMERGENCY = "emergency", _("Unlisted person in an emergency")
    EXTRAORDINARY = "extraordinary", _("The portal was out of reach")


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")
