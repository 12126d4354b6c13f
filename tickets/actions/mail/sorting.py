"""What staff do with a mail of which nothing was made by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.converse import hear, note
from tickets.actions.mail.content import Content, client_key_of, content_of
from tickets.actions.mail.replies import ticket_for
from tickets.actions.refusals import Refused
from tickets.enums import Channel, MailState
from tickets.mailin.parts import Mail, TooComplex, read_mail
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail, Message, Ticket

_OPEN = (MailState.HELD, MailState.STOPPED)


def add_to_request(
    *, mail: IncomingMail, ticket: Ticket, actor: User, at: datetime, as_customer: bool
) -> Message:
    """Put a mail into a request: as its sender's message, or as a note of who sorts it.

    In a customer's name only where From is the address of somebody who may write on the request at ``at``;
    the event names ``actor`` as who entered it. Raises Refused: ``mail_sorted``, ``mail_unreadable``,
    ``contact_not_authorised``, and as ``hear`` does.
    """
    with transaction.atomic():
        row = _locked(mail)
        if as_customer:
            writer = check_writer(row, ticket, at)
            content = _content(row, writer)
            message = hear(
                ticket=ticket,
                author=writer,
                body=content.text,
                files=content.files,
                at=at,
                client_key=client_key_of(row, "sorted"),
                channel=Channel.EMAIL,
                entered_by=actor,
            )
        else:
            content = _content(row, actor, whole=True)
            message = note(
                ticket=ticket,
                author=actor,
                body=_introduced(row, content.text),
                files=content.files,
                at=at,
                client_key=client_key_of(row, "sorted"),
                channel=Channel.EMAIL,
            )
        row.posted, row.ticket = message, message.ticket
        _done(row, MailState.POSTED, actor, at)
    return message


def check_writer(mail: IncomingMail, ticket: Ticket, at: datetime) -> User:
    """Who wrote it, where that person may write on the request as a customer; else raises Refused."""
    writer = User.objects.filter(email=mail.from_email, is_staff=False).first()
    if writer is None or ticket_for(writer, ticket.pk, at) is None:
        raise Refused(
            "contact_not_authorised",
            _("%(address)s may not write on this request.") % {"address": mail.from_email},
            _("Add it as a note, or bring in a contact first."),
        )
    return writer


def note_opened(*, mail: IncomingMail, ticket: Ticket, actor: User, at: datetime) -> None:
    """Record that a request was opened from the mail by hand."""
    with transaction.atomic():
        row = _locked(mail)
        row.ticket = ticket
        _done(row, MailState.OPENED, actor, at)


def dismiss(*, mail: IncomingMail, actor: User, at: datetime, reason: str) -> None:
    """Nothing is made of it; it stays on record. Raises Refused: ``reason_missing``, ``mail_sorted``."""
    if not reason.strip():
        raise Refused("reason_missing", _("A reason is missing."), _("Write why it needs nothing."))
    with transaction.atomic():
        row = _locked(mail)
        row.note = reason.strip()
        _done(row, MailState.DISMISSED, actor, at)


def try_again(*, mail: IncomingMail, actor: User, at: datetime) -> None:
    """Have it handled once more, as if it had just come. Raises Refused as ``add_to_request`` does."""
    with transaction.atomic():
        row = _locked(mail)
        if row.reason == Reason.TOO_BIG:
            raise _unreadable()
        row.tries, row.next_try_at, row.last_error = 0, at, ""
        _done(row, MailState.WAITING, actor, at)


def files_of(mail: IncomingMail, reader: User) -> Content:
    """The text and the files for a request that is opened from it. Raises Refused (``mail_unreadable``)."""
    return _content(mail, reader, whole=True)


def may_be_sorted(mail: IncomingMail) -> bool:
    """Whether it still waits for somebody to say what becomes of it.

    A stopped one may be taken up again, while its bytes are kept.
    """
    return mail.state in _OPEN and mail.emptied_at is None


def _locked(mail: IncomingMail) -> IncomingMail:
    row = IncomingMail.objects.select_for_update().get(pk=mail.pk)
    if not may_be_sorted(row):
        raise Refused(
            "mail_sorted",
            _("Something was made of this mail already."),
            _("Look at the mail again: somebody may have been quicker."),
        )
    return row


def _done(row: IncomingMail, state: MailState, actor: User, at: datetime) -> None:
    row.state, row.handled_by, row.handled_at = state, actor, at
    row.save()


def _content(row: IncomingMail, reader: User, whole: bool = False) -> Content:
    content = content_of(_read(row), reader, whole)
    if content.is_empty:
        raise _unreadable()
    return content


def _read(row: IncomingMail) -> Mail:
    if row.reason == Reason.TOO_BIG:
        raise _unreadable()
    try:
        return read_mail(bytes(row.raw))
    except TooComplex as error:
        raise _unreadable() from error


def _unreadable() -> Refused:
    return Refused(
        "mail_unreadable",
        _("There is nothing in this mail that can be read here."),
        _("Open it in your mail program, and ask its sender to write again."),
    )


def _introduced(row: IncomingMail, text: str) -> str:
    said = _("Mail from %(address)s, “%(subject)s”:") % {"address": row.from_email, "subject": row.subject}
    return f"{said}\n\n{text}"
