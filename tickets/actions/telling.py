"""Who is told of what: notices for the outbox, queued in the transaction of the event.

While it is not known who asks, their mail says only that we work on it; the named contact reads the rest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.actions import NO_ADDRESS
from accounts.enums import Role
from accounts.models import User
from notices.outbox import Draft, Recipient, queue
from tickets.enums import EventKind, Side
from tickets.models import Clock, Message, Ticket, TicketEvent


def recipient(user: User) -> Recipient:
    return Recipient(f"user:{user.pk}", user.email, user.language or "en", user.time_zone)


def of_submission(ticket: Ticket, event: TicketEvent) -> None:
    """The requester: it has arrived, and by when an answer comes."""
    tell(ticket, event, "submitted", customers(ticket))


def of_message(ticket: Ticket, event: TicketEvent, message: Message) -> None:
    """A public message goes to the other side: the requester, or the person who works on it."""
    if event.kind == EventKind.NOTE:
        return
    facts = {"author": str(message.author), "text": message.body}
    if message.side == Side.SUPPORT:
        names = {EventKind.RESOLVE: "resolved", EventKind.CLOSE: "closed", EventKind.ASK: "asked"}
        tell(ticket, event, names.get(EventKind(event.kind), "answered"), customers(ticket), facts)
    elif ticket.assigned_to is not None:
        tell(ticket, event, "customer_message", [ticket.assigned_to], facts)


def of_move(ticket: Ticket, event: TicketEvent) -> None:
    """A change of status or severity without a message: told to the side that did not make it."""
    facts = {"kind": event.kind, "reason": event.data.get("reason", ""), "to": event.data.get("to", "")}
    if event.kind in (EventKind.HOLD, EventKind.UNHOLD, EventKind.NO_REPLY_NEEDED):
        return
    if event.side == Side.SUPPORT:
        tell(ticket, event, "changed", customers(ticket), facts)
    elif ticket.assigned_to is not None:
        tell(ticket, event, "changed", [ticket.assigned_to], facts)


def of_assignment(ticket: Ticket, event: TicketEvent) -> None:
    if ticket.assigned_to is not None and ticket.assigned_to_id != event.actor_id:
        tell(ticket, event, "assigned", [ticket.assigned_to])


def of_bringing_in(ticket: Ticket, event: TicketEvent) -> None:
    """The named contact: somebody asks in your organization's name; say whether you know them."""
    if ticket.named_contact is not None:
        facts = {"asked_by": ticket.requester.name}
        tell(ticket, event, "brought_in", [ticket.named_contact.user], facts)


def customers(ticket: Ticket) -> list[User]:
    """The requester and the contact who was brought in; nobody to whom the request is closed."""
    people = [] if ticket.shut_out_at is not None else [ticket.requester]
    named = ticket.named_contact
    if named is not None and named.state == "approved" and named.user_id != ticket.requester_id:
        people.append(named.user)
    return people


def _draft(ticket: Ticket, event: TicketEvent, name: str, person: User, context: dict[str, Any]) -> Draft:
    """The notice; without a word of the request where it is not known yet who ``person`` is."""
    key = f"event:{event.pk}"
    if ticket.is_unverified and person.pk == ticket.requester_id:
        return Draft(key, "unverified", recipient(person), {"number": ticket.pk})
    return Draft(key, name, recipient(person), context, thread_of(ticket))


def drafts_of_clock(clock: Clock, event: str, leads: Iterable[User]) -> list[Draft]:
    """A warning or a breach: the person who works on it, and the leads for a breach or where nobody does."""
    ticket = clock.ticket
    people = {ticket.assigned_to} if ticket.assigned_to is not None else set()
    if event == "breach" or not people:
        people |= set(leads)
    facts = facts_of(ticket) | {
        "metric": clock.metric,
        "due_at": clock.due_at.isoformat() if clock.due_at else "",
    }
    key = f"{event}:{clock.pk}"
    return [
        Draft(key, event, recipient(person), facts, thread_of(ticket))
        for person in people
        if person.is_active
    ]


def leads() -> list[User]:
    """Who hears of breaches: leads, else managers, else every superuser; never nobody while staff exist.

    One query.
    """
    senior = Q(role__in=(Role.LEAD, Role.MANAGER)) | Q(is_superuser=True)
    staff = list(User.objects.filter(senior, is_staff=True, is_active=True).order_by("pk"))
    for role in (Role.LEAD, Role.MANAGER):
        if found := [person for person in staff if person.role == role]:
            return found
    return [person for person in staff if person.is_superuser]


def tell(
    ticket: Ticket, event: TicketEvent, name: str, people: Iterable[User], facts: dict[str, Any] | None = None
) -> None:
    """Queue the notice ``emails/<name>/`` for people, without the one who did it."""
    context = facts_of(ticket) | (facts or {})
    queue(
        [
            _draft(ticket, event, name, person, context)
            for person in people
            if (person.is_active and person.pk != event.actor_id or name == "submitted")
            and not person.email.endswith(NO_ADDRESS)
        ],
        event.at,
    )


def facts_of(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.pk,
        "subject": ticket.subject,
        "organization": ticket.organization.name,
        "next_due_at": ticket.next_due_at.isoformat() if ticket.next_due_at else "",
        "next_metric": ticket.next_metric,
        "path": f"/requests/{ticket.pk}/",
    }


def thread_of(ticket: Ticket) -> str:
    return f"request-{ticket.pk}"
