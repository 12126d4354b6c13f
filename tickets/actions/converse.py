"""Verbs of the conversation: what support and the customer say to each other, and what staff note."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import User
from tickets.actions import telling
from tickets.actions.files import attach
from tickets.actions.history import check_version, locked_survivor, record
from tickets.actions.refusals import move_not_allowed, window_closed
from tickets.enums import Channel, EventKind, Side, Status, Visibility
from tickets.models import Message, Ticket

Files = Sequence[UploadedFile]
# What a public message by support may do besides being said.
THEN = {
    "": EventKind.REPLY,
    "waiting": EventKind.ASK,
    "resolved": EventKind.RESOLVE,
    "closed": EventKind.CLOSE,
}


def say(
    *,
    ticket: Ticket,
    author: User,
    body: str,
    at: datetime,
    then: str = "",
    files: Files = (),
    client_key: uuid.UUID | None = None,
    expected_version: int | None = None,
    channel: str = Channel.PORTAL,
) -> Message:
    """A public message by support; ``then`` names the status that goes with it (a key of ``THEN``).

    It meets the first response, the update and the reply that run (time.md, Clocks). Raises Refused
    (``move_not_allowed``) and Stale.
    """
    kind = THEN[then]
    data = {"by": "support"} if kind == EventKind.CLOSE else {}
    return _tell(
        ticket,
        author,
        body,
        at,
        Side.SUPPORT,
        kind,
        data=data,
        files=files,
        client_key=client_key,
        expected_version=expected_version,
        channel=channel,
    )


def note(
    *,
    ticket: Ticket,
    author: User,
    body: str,
    at: datetime,
    files: Files = (),
    client_key: uuid.UUID | None = None,
    channel: str = Channel.PORTAL,
) -> Message:
    """An internal note: staff alone learn that it exists, and it meets no promise."""
    return _tell(
        ticket,
        author,
        body,
        at,
        Side.SUPPORT,
        EventKind.NOTE,
        visibility=Visibility.INTERNAL,
        files=files,
        client_key=client_key,
        channel=channel,
    )


def hear(
    *,
    ticket: Ticket,
    author: User,
    body: str,
    at: datetime,
    files: Files = (),
    client_key: uuid.UUID | None = None,
    channel: str = Channel.PORTAL,
    entered_by: User | None = None,
) -> Message:
    """A customer's message. It ends waiting, and reopens a resolved or closed ticket within its window.

    ``entered_by`` is who of support put it here for its author, from a mail that was held.

    Raises Refused (``reopen_window_closed``) after the window: ``tickets.actions.follow_up`` then opens a new
    ticket with the text.
    """
    return _tell(
        ticket,
        author,
        body,
        at,
        Side.CUSTOMER,
        EventKind.CUSTOMER,
        data={"entered_by": entered_by.name} if entered_by is not None else None,
        files=files,
        client_key=client_key,
        channel=channel,
        actor=entered_by,
    )


def _tell(
    ticket: Ticket,
    author: User,
    body: str,
    at: datetime,
    side: Side,
    kind: EventKind,
    *,
    data: dict[str, str] | None = None,
    visibility: Visibility = Visibility.PUBLIC,
    files: Files = (),
    client_key: uuid.UUID | None = None,
    expected_version: int | None = None,
    channel: str = Channel.PORTAL,
    actor: User | None = None,
) -> Message:
    """Message, event, clocks and outbox in one transaction; the same ``client_key`` is said once.

    What is said on a merged ticket is said on its survivor: ``message.ticket`` names it.
    """
    try:
        with transaction.atomic():
            fresh = locked_survivor(ticket)
            if client_key is not None and (said := Message.objects.filter(client_key=client_key).first()):
                return said
            read = fresh if fresh.pk == ticket.pk else Ticket.objects.get(pk=ticket.pk)
            check_version(read, expected_version)
            check_may_be_said(fresh, kind, max(at, fresh.last_event_at))
            message = Message.objects.create(
                ticket=fresh,
                author=author,
                side=side,
                visibility=visibility,
                channel=channel,
                body=body,
                at=max(at, fresh.last_event_at),
                client_key=client_key,
            )
            attach(fresh, message, files)
            who = actor or author
            event = record(fresh, kind, at=at, actor=who, side=side, message=message, data=data)
            telling.of_message(fresh, event, message)
    except IntegrityError:
        # The other half of a double click was quicker.
        if client_key is None:
            raise
        return Message.objects.get(client_key=client_key)
    ticket.refresh_from_db()
    return message


def check_may_be_said(ticket: Ticket, kind: EventKind, at: datetime) -> None:
    """On a closed ticket support says nothing more, and the customer only within the window."""
    if ticket.status_at(at) != Status.CLOSED:
        return
    if kind == EventKind.CUSTOMER:
        if not ticket.may_be_reopened(at):
            raise window_closed(ticket.plan.reopen_days)
    elif kind != EventKind.NOTE:
        raise move_not_allowed(str(Status.CLOSED.label).lower())
