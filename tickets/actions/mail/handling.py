"""Make of kept mail what can be made of it, each mail in one transaction with the mark that it is done.

A process killed in between leaves the mail waiting and nothing made of it. One that can't be read is tried
again later, and held for staff after several tries: none is ever lost.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from notices.models import Notice
from tickets.actions.mail.coming_back import take_returned
from tickets.actions.mail.outcomes import Held, Outcome
from tickets.actions.mail.replies import take_reply
from tickets.actions.mail.requests import take_request
from tickets.enums import MailState
from tickets.mailin.automatic import is_returned, machine_reason, report_type
from tickets.mailin.parts import Mail, TooComplex, read_mail
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail

logger = logging.getLogger(__name__)
MAX_TRIES = 5
# A killed process's claim lapses after this; then another tries again.
CLAIM = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=1)
_MADE = (MailState.POSTED, MailState.OPENED)


def handle_due(*, at: datetime, limit: int = 100) -> dict[str, int]:
    """Handle the mails that wait, at most ``limit``, beside other processes. Returns counts by state."""
    counts: dict[str, int] = {}
    for key in _claimed(at, limit):
        state = handle_one(key=key, at=at)
        if state is not None:
            counts[state] = counts.get(state, 0) + 1
    return counts


def handle_one(*, key: int, at: datetime) -> str | None:
    """Handle one waiting mail. Returns its state; None where another process has it, or handled it before."""
    try:
        with transaction.atomic():
            row = IncomingMail.objects.select_for_update(skip_locked=True).filter(pk=key).first()
            if row is None or row.state != MailState.WAITING:
                return None
            _mark(row, _made_of(row, at), at)
            return row.state
    except Exception as error:  # a mail that can't be handled must not stop the others
        logger.exception("mail %s failed", key)
        return _note_failure(key, at, error)


def _claimed(at: datetime, limit: int) -> list[int]:
    """Take due mails for this process: counted as tried before the try, so a poisoned one is held."""
    with transaction.atomic():
        due = IncomingMail.objects.due(at).select_for_update(skip_locked=True).defer("raw")
        rows = list(due[:limit])
        for row in rows:
            row.tries += 1
            row.next_try_at = at + CLAIM
            if row.tries > MAX_TRIES:
                row.state, row.reason, row.handled_at = MailState.HELD, Reason.FAILED, at
        fields = ["tries", "next_try_at", "state", "reason", "handled_at"]
        IncomingMail.objects.bulk_update(rows, fields)
    return [row.pk for row in rows if row.state == MailState.WAITING]


def _note_failure(key: int, at: datetime, error: Exception) -> str | None:
    """Try again later; after the last try it is held, with what went wrong."""
    row = IncomingMail.objects.defer("raw").filter(pk=key, state=MailState.WAITING).first()
    if row is None:
        return None
    row.last_error = f"{type(error).__name__}: {error}".replace("\x00", "")[:1000]
    row.next_try_at = at + min(timedelta(minutes=1) * 2**row.tries, _LONGEST_WAIT)
    if row.tries >= MAX_TRIES:
        row.state, row.reason, row.handled_at = MailState.HELD, Reason.FAILED, at
    row.save(update_fields=["last_error", "next_try_at", "state", "reason", "handled_at"])
    return "failed" if row.state == MailState.WAITING else row.state


def _mark(row: IncomingMail, outcome: Outcome, at: datetime) -> None:
    row.state, row.reason = outcome.state, outcome.reason or ""
    row.person, row.ticket, row.posted = outcome.person, outcome.ticket, outcome.posted
    row.handled_at, row.last_error = at, outcome.detail[:1000]
    row.save(
        update_fields=["state", "reason", "person", "ticket", "posted", "handled_at", "last_error"],
    )


def _made_of(row: IncomingMail, at: datetime) -> Outcome:
    try:
        mail = read_mail(bytes(row.raw))
        return _sorted(row, mail, at)
    except TooComplex:
        return Outcome(MailState.HELD, Reason.TOO_COMPLEX)
    except Held as held:
        return held.outcome


def _sorted(row: IncomingMail, mail: Mail, at: datetime) -> Outcome:
    """First what machines send, then what people do: an answer by its signed address alone, or a request."""
    if _is_our_own(row):
        return Outcome(MailState.STOPPED, Reason.OWN_MAIL)
    if is_returned(mail):
        return take_returned(row, mail)
    if report_type(mail) == "feedback-report":
        raise Held(Reason.COMPLAINT)
    if reason := machine_reason(mail):
        return Outcome(MailState.STOPPED, reason)
    if not mail.head.from_email:
        raise Held(Reason.UNCLEAR_SENDER)
    if mail.is_sealed:
        raise Held(Reason.SEALED)
    if before := _came_before(row):
        return _repeated(row, mail, before)
    signed, is_false = mail.head.signed()
    if signed:
        return take_reply(row, mail, signed, at)
    if is_false:
        raise Held(Reason.BAD_ADDRESS)
    return take_request(row, mail, at)


def _is_our_own(row: IncomingMail) -> bool:
    """Whether it carries the Message-ID of a mail that we sent."""
    return row.mail_id != "" and Notice.objects.filter(message_id=row.mail_id).exists()


def _came_before(row: IncomingMail) -> IncomingMail | None:
    """The mail with the same Message-ID and sender of which something was made."""
    if not row.mail_id:
        return None
    same = IncomingMail.objects.filter(mail_id=row.mail_id, from_email=row.from_email, state__in=_MADE)
    return same.exclude(pk=row.pk).order_by("pk").first()


def _repeated(row: IncomingMail, mail: Mail, before: IncomingMail) -> Outcome:
    """Servers hand a mail over twice where an answer was lost; another text under its name is looked at."""
    first = read_mail(bytes(before.raw))
    same_files = [file.content for file in first.files] == [file.content for file in mail.files]
    if first.text == mail.text and same_files and first.head.signed() == mail.head.signed():
        return Outcome(MailState.STOPPED, Reason.DUPLICATE, before.person, before.ticket, before.posted)
    raise Held(Reason.REPEATED)
