"""What ``manage.py check --deploy`` says of the set-up of mail that comes in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Warning


def senders_of_mail_are_proven(**kwargs: Any) -> list[Warning]:
    """A mailbox is read, and no mail server is named whose word on senders counts."""
    if not settings.IMAP_URL or settings.MAIL_TRUSTED_AUTHSERV_ID.strip():
        return []
    return [
        Warning(
            "Mail is read from IMAP_URL, and nobody proves who sent it.",
            hint="Set MAIL_TRUSTED_AUTHSERV_ID to the name that your mail server writes into "
            "Authentication-Results: mail whose sender it can't prove is then held for staff.",
            id="tickets.W001",
        )
    ]
