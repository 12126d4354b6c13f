"""Splitting: parts of a ticket's conversation open a request of their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.files import copy_files
from tickets.actions.history import locked, record
from tickets.actions.linking import between, link
from tickets.actions.refusals import Refused
from tickets.actions.submit import Submission, submit
from tickets.enums import EventKind, LinkKind, Side, Visibility
from tickets.models import Attachment, Message, Ticket


def split(
    *,
    ticket: Ticket,
    messages: Sequence[Message],
    subject: str,
    severity: str,
    actor: User,
    at: datetime,
    with_submission: bool = False,
    client_key: uuid.UUID | None = None,
) -> Ticket:
    """Open a request of the ticket's requester from what customers wrote in it; the ticket stays as it is.

    ``with_submission`` takes the request's own text too. The new one was asked when the first of these texts
    reached support (decision 14), and is decided as any other. The same ``client_key`` opens one. Raises
    Refused: ``nothing_to_split``, ``split_internal``, and as ``submit`` does.
    """
    chosen = sorted(messages, key=lambda message: (message.at, message.pk))
    _check_may_be_split(ticket, chosen, with_submission)
    texts = [(ticket.requester.name, ticket.submitted_at, ticket.description or ticket.subject)]
    texts = texts if with_submission else []
    texts += [(str(message.author), message.at, message.body) for message in chosen]
    submission = Submission(
        subject=subject,
        description="\n\n".join(quoted(*text) for text in texts),
        severity=severity,
        support_type=ticket.support_type,
        category=ticket.category,
        product=ticket.product,
        device=ticket.device,
        operating_system=ticket.operating_system,
        best_time_to_contact=ticket.best_time_to_contact,
    )
    new = submit(
        person=ticket.requester,
        organization=ticket.organization,
        submission=submission,
        at=at,
        channel=ticket.channel if with_submission else chosen[0].channel,
        received_at=texts[0][1],
        entered_by=actor,
        client_key=client_key,
    )
    with transaction.atomic():
        old = locked(ticket)
        # After the lock: of two that came at once, the second finds what the first has done.
        if between(new, old) is None:
            copy_files(_files_of(old, chosen, with_submission), new)
            link(ticket=new, to=old, kind=LinkKind.SPLIT_FROM, actor=actor, at=at, in_split=True)
            data = {"to": new.pk, "messages": [message.pk for message in chosen]}
            old.refresh_from_db()
            record(old, EventKind.SPLIT, at=at, actor=actor, side=Side.SUPPORT, data=data)
    ticket.refresh_from_db()
    return new


def quoted(author: str, at: datetime, text: str) -> str:
    """A text as a quotation (Markdown), under its author and moment in UTC."""
    lines = [f"**{author}**, {at:%Y-%m-%d %H:%M} UTC:", "", *text.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _check_may_be_split(ticket: Ticket, chosen: Sequence[Message], with_submission: bool) -> None:
    if not chosen and not with_submission:
        raise Refused(
            "nothing_to_split",
            _("Nothing is chosen."),
            _("Choose what the customer wrote about the other matter."),
        )
    for message in chosen:
        is_customers = message.side == Side.CUSTOMER and message.visibility == Visibility.PUBLIC
        if message.ticket_id != ticket.pk or not is_customers:
            raise Refused(
                "split_internal",
                _("Only what customers wrote in this request opens another one."),
                _("Choose among their messages. An answer or a note of yours stays here."),
            )


def _files_of(ticket: Ticket, chosen: Sequence[Message], with_submission: bool) -> list[Attachment]:
    wanted: set[int | None] = {message.pk for message in chosen}
    if with_submission:
        wanted.add(None)
    return [row for row in ticket.attachments.all() if row.message_id in wanted]
