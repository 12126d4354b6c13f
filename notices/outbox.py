"""Queue a notice, and hand queued ones over to the mail server.

A notice is a row first, written in the transaction of what it tells about; sending comes after, outside any
transaction. A process killed between handing over and noting it repeats that one mail with the same
Message-ID.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from notices.enums import NoticeState
from notices.models import Notice

logger = logging.getLogger(__name__)
MAX_TRIES = 8
# A killed sender's claim lapses after this; then another process tries again.
CLAIM = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True)
class Recipient:
    """Whom a notice goes to. ``key`` is the caller's name for the person, such as ``user:12``."""

    key: str
    email: str
    language: str = "en"
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Draft:
    """A notice to be queued. ``event`` names the templates ``emails/<event>/``; ``key`` the fact it tells."""

    key: str
    event: str
    recipient: Recipient
    context: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""


def queue(drafts: Iterable[Draft], at: datetime) -> None:
    """Queue notices, in the caller's transaction. What is queued already is left alone. One query."""
    rows = [
        Notice(
            key=f"{draft.key}:{draft.recipient.key}",
            event=draft.event,
            to_email=draft.recipient.email,
            recipient_key=draft.recipient.key,
            language=draft.recipient.language,
            time_zone=draft.recipient.time_zone,
            context=dict(draft.context),
            message_id=f"<{uuid.uuid4()}@{settings.MAIL_DOMAIN}>",
            in_reply_to=f"<{draft.thread}@{settings.MAIL_DOMAIN}>" if draft.thread else "",
            created_at=at,
            next_try_at=at,
        )
        for draft in drafts
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)


def send_due(at: datetime, limit: int = 200) -> dict[str, int]:
    """Hand over the notices that are due, at most ``limit``. Returns counts of ``sent`` and ``failed``."""
    counts = {"sent": 0, "failed": 0}
    for notice in _claimed(at, limit):
        try:
            _hand_over(notice)
        except Exception as error:  # a mail that can't be sent must not stop the others
            logger.warning("notice %s failed: %s", notice.key, error)
            _note_failure(notice, at, error)
            counts["failed"] += 1
        else:
            Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENT, sent_at=at, last_error="")
            counts["sent"] += 1
    return counts


def _claimed(at: datetime, limit: int) -> list[Notice]:
    """Take due notices for this process: counted as tried before the try, so a poisoned one is parked."""
    with transaction.atomic():
        rows = list(Notice.objects.due(at).select_for_update(skip_locked=True)[:limit])
        for row in rows:
            row.tries += 1
            row.next_try_at = at + CLAIM
            if row.tries > MAX_TRIES:
                row.state = NoticeState.PARKED
        Notice.objects.bulk_update(rows, ["tries", "next_try_at", "state"])
    return [row for row in rows if row.state == NoticeState.WAITING]


def _note_failure(notice: Notice, at: datetime, error: Exception) -> None:
    wait = min(timedelta(minutes=2) * 2**notice.tries, _LONGEST_WAIT)
    Notice.objects.filter(pk=notice.pk).update(next_try_at=at + wait, last_error=str(error)[:1000])


def _hand_over(notice: Notice) -> None:
    render_mail(notice).send()


def render_mail(notice: Notice) -> EmailMultiAlternatives:
    """The mail in its reader's language and zone: subject, text and HTML from ``emails/<event>/``."""
    context = _with_instants(notice.context) | {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    folder = f"emails/{notice.event}"
    with translation.override(notice.language), timezone.override(ZoneInfo(notice.time_zone)):
        subject = " ".join(render_to_string(f"{folder}/subject.txt", context).split())
        text = render_to_string(f"{folder}/body.txt", context)
        html = render_to_string(f"{folder}/body.html", context)
    headers = {"Message-ID": notice.message_id, "Auto-Submitted": "auto-generated"}
    if notice.in_reply_to:
        headers |= {"In-Reply-To": notice.in_reply_to, "References": notice.in_reply_to}
    mail = EmailMultiAlternatives(
        subject, text, settings.DEFAULT_FROM_EMAIL, [notice.to_email], headers=headers
    )
    mail.attach_alternative(html, "text/html")
    return mail


def _with_instants(context: Mapping[str, Any]) -> dict[str, Any]:
    """The stored facts for a template: ``..._at`` is an instant and ``..._on`` a date, in ISO 8601."""
    kinds = {"_at": datetime, "_on": date}
    return {
        name: kinds[name[-3:]].fromisoformat(value) if name[-3:] in kinds and value else value
        for name, value in context.items()
    }
