"""Queue a notice: a row first, written in the transaction of what it tells about.

Sending comes after, outside any transaction (``notices.sending``).
"""

from __future__ import annotations

import os
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
    wanted = list(drafts)
    rows = [
        {
            "key": f"{draft.key}:{draft.recipient.key}",
            "event": draft.event,
            "to_email": draft.recipient.email,
            "recipient_key": draft.recipient.key,
            "language": draft.recipient.language,
            "time_zone": draft.recipient.time_zone,
            "context": dict(draft.context),
            "message_id": message_id,
            "in_reply_to": f"<{draft.thread}@{settings.MAIL_DOMAIN}>" if draft.thread else "",
            "reply_to": draft.reply_to,
            "kind": draft.kind,
            "happened_at": draft.happened_at,
        }
        for draft, message_id in zip(wanted, _message_ids(len(wanted)), strict=True)
    ]
    add_missing(Notice, rows, created_at=at, next_try_at=at)


def new_message_id() -> str:
    return _message_ids(1)[0]


def _message_ids(count: int) -> list[str]:
    """Message-IDs that nobody can guess, from one reading of the system's randomness."""
    noise = os.urandom(16 * count)
    parts = (noise[start : start + 16] for start in range(0, len(noise), 16))
    return [f"<{uuid.UUID(bytes=part, version=4)}@{settings.MAIL_DOMAIN}>" for part in parts]
