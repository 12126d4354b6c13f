"""Take away what is only needed for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from tickets.models import Draft, IdempotencyRecord, IncomingMail, Presence

# A caller that repeats itself does so within hours; a day more is for clocks and long week-ends of retries.
KEYS_KEPT = timedelta(days=2)
DRAFTS_KEPT = timedelta(days=90)
# Who was on a page is true for a minute.
PRESENCE_KEPT = timedelta(hours=1)
# In one run; the next one, an hour later, goes on.
MOST_MAILS = 2000


def tidy(*, at: datetime) -> dict[str, int]:
    """Delete what is old, each kind by its index. Returns counts; safe to run twice."""
    keys, _by_model = IdempotencyRecord.objects.filter(created_at__lt=at - KEYS_KEPT).delete()
    drafts, _by_model = Draft.objects.filter(updated_at__lt=at - DRAFTS_KEPT).delete()
    present, _by_model = Presence.objects.filter(seen_at__lt=at - PRESENCE_KEPT).delete()
    return {
        "idempotency_keys": keys,
        "drafts": drafts,
        "presence": present,
        "sessions": _end_sessions(at),
        "mails": _empty_mails(at),
    }


def _end_sessions(at: datetime) -> int:
    """Forget sign-ins that have run out, and where they were made from."""
    ended, _by_model = Session.objects.filter(expire_date__lt=at).delete()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    # A moment's grace: the sign-in is noted before its session is stored.
    UserSession.objects.filter(~Exists(living), created_at__lt=at - timedelta(days=1)).delete()
    return ended


def _empty_mails(at: datetime) -> int:
    """Delete the bytes of mails that were done with MAIL_KEPT_DAYS ago; what was made of them stays.

    What waits or is held for staff is never touched, however old. The row stays too, so that the same mail
    that comes again is known, and who sorted it.
    """
    if not settings.MAIL_KEPT_DAYS:
        return 0
    old = IncomingMail.objects.to_empty(at - timedelta(days=settings.MAIL_KEPT_DAYS))
    keys = list(old.values_list("pk", flat=True)[:MOST_MAILS])
    rows = IncomingMail.objects.to_empty(at - timedelta(days=settings.MAIL_KEPT_DAYS)).order_by()
    return rows.filter(pk__in=keys).update(raw=b"", emptied_at=at)
