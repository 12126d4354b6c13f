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
    "Doing",
    "EventKind",
    "LinkKind",
    "MailState",
    "Metric",
    "Origin",
    "Score",
    "Side",
    "Status",
    "Unverified",
    "Visibility",
    "Why",
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
    MERGE = "merge", _("Another request merged in")
    MERGED_AWAY = "merged_away", _("Merged into another request")
    MOVED = "moved", _("Moved to another organization")

    ASSIGNED = "assigned", _("Assigned")
    TEAM = "team", _("Given to a team")
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
    LINKED = "linked", _("Linked")
    UNLINKED = "unlinked", _("Link removed")
    SPLIT = "split", _("Split")
    ESCALATED = "escalated", _("Escalated")
    ACKNOWLEDGED = "acknowledged", _("Escalation acknowledged")
    ESCALATION_ENDED = "escalation_ended", _("Escalation ended")
    WORKED_ELSEWHERE = "worked_elsewhere", _("Worked on elsewhere")
    EXCLUDED = "excluded", _("Out of scope")
    EXCLUSION_WITHDRAWN = "exclusion_withdrawn", _("Exclusion withdrawn")
    OBJECTED = "objected", _("Objection")
    OBJECTION_ANSWERED = "objection_answered", _("Objection answered")
    WORK_LOGGED = "work_logged", _("Work logged")
    SURVEYED = "surveyed", _("Rated")
    MAIL_BOUNCED = "mail_bounced", _("Mail came back")


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
    EventKind.MERGE,
    EventKind.MERGED_AWAY,
    EventKind.MOVED,
)
# What only staff see of a history.
STAFF_ONLY = (
    EventKind.NOTE,
    EventKind.WARNING,
    EventKind.NO_REPLY_NEEDED,
    EventKind.VERIFIED,
    EventKind.SHUT_OUT,
    EventKind.WORK_LOGGED,
    EventKind.MAIL_BOUNCED,
    EventKind.TEAM,
    # Both name a request that the reader may not see; the portal shows the links that they may.
    EventKind.LINKED,
    EventKind.UNLINKED,
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


class LinkKind(models.TextChoices):
    """How the source of a link stands to its target."""

    RELATED = "related", _("Related to")
    DUPLICATE = "duplicate", _("Duplicate of")
    CAUSED_BY = "caused_by", _("Caused by")
    SPLIT_FROM = "split_from", _("Split from")


class Origin(models.TextChoices):
    """How an escalation began."""

    BREACH = "breach", _("By itself, when a promise was missed")
    CUSTOMER = "customer", _("The customer asked")
    STAFF = "staff", _("Support asked")


class Why(models.TextChoices):
    """Why a level of an escalation was reached."""

    BREACH = "breach", _("A promise was missed")
    REQUEST = "request", _("It was asked for")
    UNACKNOWLEDGED = "unacknowledged", _("The level before did not acknowledge it in time")


class Doing(models.TextChoices):
    """What somebody does on a ticket at this moment."""

    VIEWING = "viewing", _("Reading")
    WRITING = "writing", _("Writing")


class MailState(models.TextChoices):
    """What became of a mail that came in."""

    WAITING = "waiting", _("Waiting to be read")
    POSTED = "posted", _("Added to a request")
    OPENED = "opened", _("Opened a request")
    HELD = "held", _("Held for staff")
    STOPPED = "stopped", _("Automatic, not answered")
    BOUNCE = "bounce", _("A mail of ours came back")
    DISMISSED = "dismissed", _("Dismissed by staff")


class Score(models.IntegerChoices):
    """How content a customer is, as the survey asks."""

    VERY_GOOD = 5, _("Very good")
    GOOD = 4, _("Good")
    NEITHER = 3, _("Neither good nor bad")
    BAD = 2, _("Bad")
    VERY_BAD = 1, _("Very bad")
