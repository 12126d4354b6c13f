"""Hand due notices over to the mail server.

Several processes may do it at once: each claims a batch under row locks, decides in a few queries what of it
goes and how (``notices.deciding``), and hands that over outside any transaction. Killed between handing over
and noting it, it repeats that one mail with the same Message-ID, once its claim has lapsed.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F

from notices import bounces
from notices.deciding import Ready, decide
from notices.enums import NoticeState, Stop
from notices.models import Notice
from notices.rendering import render_mail

logger = logging.getLogger(__name__)

MAX_TRIES = 8
# A killed sender's claim lapses after this; then another process tries again.
CLAIM = timedelta(minutes=5)
BATCH = 50
# A run ends after this, whatever still waits: the next one goes on. Far below what a claim lasts.
SECONDS = 30.0
_LONGEST_WAIT = timedelta(hours=6)
# How soon a mail is tried again that was not tried because its server, or its domain, was in trouble.
_SOON = timedelta(minutes=2)
# After this many failures for a domain in one run its other mails wait, so that they don't hold up the rest.
_DOMAIN_FAILURES = 2


class ServerDown(Exception):
    """The mail server can't be reached or does not want us: no mail's own fault."""


@dataclass
class _Run:
    """One run of a sender: its instant, its connection, and what went wrong so far."""

    at: datetime
    until: float
    sent: int = 0
    failed: int = 0
    connection: Any = None
    failures: dict[str, int] = field(default_factory=dict)

    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Hand one mail over. After any failure the next one has a new connection."""
        if self.connection is None:
            self.connection = _opened()
        try:
            self.connection.send_messages([mail])
        except SMTPSenderRefused as error:
            self.close()
            raise ServerDown(_said(error.smtp_code, error.smtp_error)) from error
        except Exception:
            self.close()
            raise

    def has_trouble_with(self, notice: Notice) -> bool:
        """Whether its domain failed so often in this run that its other mails wait."""
        return self.failures.get(_domain(notice), 0) >= _DOMAIN_FAILURES

    def close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception as error:  # it was broken already
                logger.info("closing the connection to the mail server: %s", error)


def send_due(at: datetime, limit: int = 2000, seconds: float = SECONDS) -> dict[str, int]:
    """Hand over the notices that are due, ``limit`` at most. Returns counts of ``sent`` and ``failed``."""
    run = _Run(at, time.monotonic() + seconds)
    try:
        while run.sent + run.failed < limit and not run.is_over():
            claimed = _claimed(at, min(BATCH, limit - run.sent - run.failed))
            if not claimed:
                break
            _send_batch(run, decide(claimed, at))
    except ServerDown as error:
        logger.warning("the mail server is in trouble: %s", error)
    finally:
        run.close()
    return {"sent": run.sent, "failed": run.failed}


def _claimed(at: datetime, size: int) -> list[Notice]:
    """Take due notices for this process; those that were tried too often are parked."""
    with transaction.atomic():
        rows = list(Notice.objects.due(at).select_for_update(skip_locked=True)[:size])
        for row in rows:
            row.next_try_at = at + CLAIM
            if row.tries >= MAX_TRIES:
                row.state = NoticeState.PARKED
        Notice.objects.bulk_update(rows, ["next_try_at", "state"])
    return rows


def _send_batch(run: _Run, batch: list[Ready]) -> None:
    try:
        for ready in batch:
            if run.is_over():
                break
            if not run.has_trouble_with(ready.notice):
                _send(run, ready)
    except ServerDown as error:
        run.failed += 1
        _give_back(batch, run.at, run.at + _SOON, str(error))
        raise
    _give_back([ready for ready in batch if run.has_trouble_with(ready.notice)], run.at, run.at + _SOON)
    _give_back(batch, run.at, run.at)


def _take(notice: Notice, at: datetime) -> bool:
    """Count the try before it, so that a mail that kills its sender is parked in the end.

    False where the claim has lapsed meanwhile and the notice is another's.
    """
    mine = Notice.objects.filter(pk=notice.pk, state=NoticeState.WAITING, next_try_at=at + CLAIM)
    notice.tries += 1
    return bool(mine.update(tries=F("tries") + 1, is_bare=notice.is_bare, to_email=notice.to_email))


def _give_back(batch: list[Ready], at: datetime, when: datetime, error: str = "") -> None:
    """Let those that are still claimed at ``at``, and so were not tried, wait until ``when``."""
    keys = [ready.notice.pk for ready in batch if not ready.is_done]
    rows = Notice.objects.filter(pk__in=keys, state=NoticeState.WAITING, next_try_at=at + CLAIM)
    if keys:
        rows.update(next_try_at=when, **({"last_error": error[:1000]} if error else {}))


def _send(run: _Run, ready: Ready) -> None:
    notice = ready.notice
    if not _take(notice, run.at):
        ready.is_done = True
        return
    try:
        mail = render_mail(notice, earlier=ready.earlier, is_bare=notice.is_bare, parts=ready.parts)
        run.send(mail)
    except ServerDown:
        # It was no try of this mail.
        Notice.objects.filter(pk=notice.pk).update(tries=F("tries") - 1)
        raise
    except Exception as error:  # a mail that can't be sent must not stop the others
        logger.warning("notice %s failed: %s", notice.key, error)
        ready.is_done = True
        run.failed += 1
        _note_failure(run, notice, error)
    else:
        ready.is_done = True
        run.sent += 1
        Notice.objects.filter(pk=notice.pk).update(state=NoticeState.SENT, sent_at=run.at, last_error="")


def _note_failure(run: _Run, notice: Notice, error: Exception) -> None:
    code, words = _answer(error)
    status = bounces.status_in(words, code)
    if isinstance(error, SMTPRecipientsRefused) and 500 <= code < 600 and bounces.means_the_address(status):
        _note_bounce(run, notice, status, words)
        return
    if not 500 <= code < 600:
        run.failures[_domain(notice)] = run.failures.get(_domain(notice), 0) + 1
    wait = min(timedelta(minutes=2) * 2**notice.tries, _LONGEST_WAIT)
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.PARKED if 500 <= code < 600 else NoticeState.WAITING,
        next_try_at=run.at + wait,
        last_error=words[:1000],
    )


@transaction.atomic
def _note_bounce(run: _Run, notice: Notice, status: str, words: str) -> None:
    bounces.record_bounce(
        email=notice.to_email, notice=notice, is_permanent=True, status=status, text=words, at=run.at
    )
    Notice.objects.filter(pk=notice.pk).update(state=NoticeState.UNDELIVERABLE, last_error=Stop.COMES_BACK)


def _answer(error: Exception) -> tuple[int, str]:
    """The other server's code, 0 where it gave none, and its words."""
    if isinstance(error, SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()), (0, b""))
        return code, _said(code, words)
    if isinstance(error, SMTPResponseException):
        return error.smtp_code, _said(error.smtp_code, error.smtp_error)
    return 0, str(error)


def _said(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"


def _opened() -> Any:
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise ServerDown(str(error)) from error
    return connection


def _domain(notice: Notice) -> str:
    return notice.to_email.rpartition("@")[2].lower()
