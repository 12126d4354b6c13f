"""Keep a mail as it came, before anything is made of it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from tickets.enums import MailState
from tickets.mailin.head import HEAD_BYTES, Head, head_block, read_head
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail


def keep_mail(*, raw: bytes, received_at: datetime, at: datetime) -> IncomingMail:
    """Store a mail; the same bytes are one row, however often they come. ``at`` is when it may be handled."""
    return _keep(raw, received_at, at, {})


def keep_head(*, raw: bytes, received_at: datetime, at: datetime) -> IncomingMail:
    """Store the headers of a mail that is too big to be read here, for staff to see."""
    head = head_block(raw)[:HEAD_BYTES]
    return _keep(head, received_at, at, {"state": MailState.HELD, "reason": Reason.TOO_BIG, "handled_at": at})


def _keep(raw: bytes, received_at: datetime, at: datetime, fields: dict[str, Any]) -> IncomingMail:
    defaults = {"raw": raw, "received_at": min(received_at, at), "next_try_at": at} | fields
    row, _is_new = IncomingMail.objects.get_or_create(
        digest=hashlib.sha256(raw).hexdigest(), defaults=defaults | _said(read_head(raw))
    )
    return row


def _said(head: Head) -> dict[str, str]:
    """What lists show of it: what the headers say, proven or not."""
    return {
        "mail_id": head.mail_id[:500],
        "from_email": (head.from_email or " ".join(head.get("from").split()))[:320],
        "subject": head.subject,
    }
