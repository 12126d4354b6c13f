"""Queue a notice: a row first, written in the transaction of what it tells about.

Sending comes after, outside any transaction (``notices.sending``).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from notices.adding import add_missing
from notices.checks import Verdict, register_check
from notices.models import Notice
from notices.sending import send_due

__all__ = ["Draft", "Recipient", "Verdict", "queue", "register_check", "send_due"]


@dataclass(frozen=True)
class Recipient:
    """Whom a notice goes to. ``key`` is the caller's name for the person, such as ``user:12``."""

    key: str
    email: str
    language: str = "en"
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Draft:
    """A notice to be queued. ``event`` names the templates ``emails/<event>/``; ``key`` the fact it tells.

    ``kind`` is the group under which people prefer to hear of it (``notices.preferences``); empty: always at
    once. ``happened_at`` is the instant of a fact that the scheduler found, None for what a person did.
    """

    key: str
    event: str
    recipient: Recipient
    context: Mapping[str, Any] = field(default_factory=dict)
    thread: str = ""
    reply_to: str = ""
    kind: str = ""
    happened_at: datetime | None = None


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
            message_id=new_message_id(),
            in_reply_to=f"<{draft.thread}@{settings.MAIL_DOMAIN}>" if draft.thread else "",
            reply_to=draft.reply_to,
            kind=draft.kind,
            happened_at=draft.happened_at,
            created_at=at,
            next_try_at=at,
        )
        for draft in drafts
    ]
    if rows:
        add_missing(rows)


def new_message_id() -> str:
    return f"<{uuid.uuid4()}@{settings.MAIL_DOMAIN}>"
