"""Fetch mail from the mailbox: kept first, and only then moved out of the way there.

Killed in between, the mail is fetched again and is the same row, whatever the server calls it then.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from tickets.actions.mail.keeping import keep_head, keep_mail
from tickets.mailin.mailbox import Mailbox

# An older mail was put there by somebody, or its server's clock is wrong: it counts as come now.
OLDEST = timedelta(days=7)


def poll(*, at: datetime, limit: int = 50) -> dict[str, int]:
    """Keep what lies in the mailbox, at most ``limit`` mails; nothing where none is set. Returns ``fetched``.

    Raises one of ``tickets.mailin.mailbox.Unreachable`` where the server can't be read.
    """
    fetched = 0
    if not settings.IMAP_URL:
        return {"fetched": 0}
    with Mailbox(settings.IMAP_URL, settings.IMAP_DONE_FOLDER, settings.MAIL_MAX_BYTES) as box:
        for mail in box.waiting(limit):
            keep = keep_mail if mail.is_whole else keep_head
            keep(raw=mail.raw, received_at=_received_at(mail.received_at, at), at=at)
            box.done(mail.uid)
            fetched += 1
    return {"fetched": fetched}


def _received_at(told: datetime | None, at: datetime) -> datetime:
    return told if told is not None and at - OLDEST <= told <= at else at
