"""A request that is entered from a mail: its words stand in the form, its files come along."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tickets.actions import Refused, Submission
from tickets.actions import mail as verbs
from tickets.admin.forms import LOCAL_MOMENT
from tickets.enums import Channel
from tickets.models import IncomingMail, Ticket


def mail_of(request: HttpRequest) -> IncomingMail | None:
    """The mail that the address names, if it is still to be sorted and this person may sort."""
    key = request.GET.get("mail", "")
    if not key.isdecimal() or len(key) > 18 or not request.user.has_perm("tickets.change_incomingmail"):
        return None
    mail = IncomingMail.objects.filter(pk=key).first()
    return mail if mail is not None and verbs.may_be_sorted(mail) else None


def initial_of(request: HttpRequest) -> dict[str, Any]:
    """What the form is filled with; nothing without a mail."""
    mail = mail_of(request)
    if mail is None:
        return {}
    came = timezone.localtime(mail.received_at).strftime(LOCAL_MOMENT)
    given = {"channel": Channel.EMAIL, "received_at": came, "subject": mail.subject[:200]}
    return given | {"description": _text(mail, request)}


def with_files(submission: Submission, request: HttpRequest) -> Submission:
    """The submission with the mail's files after those that were chosen."""
    mail = mail_of(request)
    if mail is None:
        return submission
    try:
        files = verbs.files_of(mail, request.user).files  # type: ignore[arg-type]
    except Refused:
        return submission
    return replace(submission, files=[*submission.files, *files])


def note_opened(request: HttpRequest, ticket: Ticket) -> None:
    """Mark the mail as done; where somebody was quicker, it stays as they left it."""
    mail = mail_of(request)
    if mail is None:
        return
    at = request.at  # type: ignore[attr-defined]
    with suppress(Refused):
        verbs.note_opened(mail=mail, ticket=ticket, actor=request.user, at=at)  # type: ignore[arg-type]


def _text(mail: IncomingMail, request: HttpRequest) -> str:
    try:
        return verbs.files_of(mail, request.user).text  # type: ignore[arg-type]
    except Refused:
        return ""
