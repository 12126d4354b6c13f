"""Who is told of what: notices for the outbox, queued in the transaction of the event.

While it is not known who asks, their mail says only that we work on it; the named contact reads the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, Value

from accounts.actions import NO_ADDRESS
from accounts.enums import Role
from accounts.models import User
from accounts.standing import read_standings
from notices.adding import among
from notices.outbox import Draft, Recipient, queue
from tickets.enums import EventKind, Side
from tickets.mailin.addresses import reply_address
from tickets.models import Clock, Message, Ticket, TicketEvent, Watcher
from tickets.notice_groups import CLOCKS, group_of

# How many people's watched tickets are looked up in one query.
_ASKED_AT_ONCE = 50


def recipient(user: User) -> Recipient:
    return Recipient(f"user:{user.pk}", user.email, user.language or "en", user.time_zone)


def of_submission(ticket: Ticket, event: TicketEvent) -> None:
    """The requester: it has arrived, and by when an answer comes."""
    tell(ticket, event, "submitted", customers(ticket))


def of_message(ticket: Ticket, event: TicketEvent, message: Message) -> None:
    """A public message goes to the other side, requester or who works on it; a note to staff who watch."""
    facts = {"author": str(message.author), "text": message.body}
    if event.kind == EventKind.NOTE:
        tell(ticket, event, "noted", staff_watching(ticket), facts)
    elif message.side == Side.SUPPORT:
        names = {EventKind.RESOLVE: "resolved", EventKind.CLOSE: "closed", EventKind.ASK: "asked"}
        tell(ticket, event, names.get(EventKind(event.kind), "answered"), customers(ticket), facts)
    else:
        tell(ticket, event, "customer_message", workers(ticket), facts)


def of_move(ticket: Ticket, event: TicketEvent) -> None:
    """A change of status or severity without a message: told to the side that did not make it."""
    facts = {"kind": event.kind, "reason": event.data.get("reason", ""), "to": event.data.get("to", "")}
    if event.kind in (EventKind.HOLD, EventKind.UNHOLD, EventKind.NO_REPLY_NEEDED):
        return
    if event.kind == EventKind.SEVERITY and event.side == Side.CUSTOMER and event.data.get("how") == "raised":
        of_worse(ticket, event)
    elif event.side == Side.SUPPORT:
        tell(ticket, event, "changed", customers(ticket), facts)
    else:
        tell(ticket, event, "changed", workers(ticket), facts)


def of_worse(ticket: Ticket, event: TicketEvent) -> None:
    """It got worse, a customer says: who works on it is told at once, else the leads; never nobody."""
    worker = ticket.assigned_to
    people = [worker] if worker is not None and worker.is_active else leads()
    people += [person for person in staff_watching(ticket) if person not in people]
    facts = {
        "author": str(event.actor or ""),
        "reason": event.data.get("reason", ""),
        "to": event.data.get("to", ""),
        "from": event.data.get("from", ""),
        "users_affected": (event.data.get("impact") or {}).get("users_affected"),
    }
    tell(ticket, event, "worse", people, facts)


def of_assignment(ticket: Ticket, event: TicketEvent) -> None:
    if ticket.assigned_to is not None and ticket.assigned_to_id != event.actor_id:
        tell(ticket, event, "assigned", [ticket.assigned_to])


def of_bringing_in(ticket: Ticket, event: TicketEvent) -> None:
    """The named contact: somebody asks in your organization's name; say whether you know them."""
    if ticket.named_contact is not None:
        facts = {"asked_by": ticket.requester.name}
        tell(ticket, event, "brought_in", [ticket.named_contact.user], facts)


def workers(ticket: Ticket) -> list[User]:
    """Who works on it, and the staff who watch."""
    people = [ticket.assigned_to] if ticket.assigned_to is not None else []
    return people + [person for person in staff_watching(ticket) if person not in people]


def staff_watching(ticket: Ticket) -> list[User]:
    """Staff who watch. One query."""
    rows = ticket.watchers.filter(user__is_staff=True, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("pk")]


def customers(ticket: Ticket, watchers: Mapping[int, list[User]] | None = None) -> list[User]:
    """The requester, the contact who was brought in, and customers who watch and may read it at this moment.

    Nobody to whom the request is closed. ``watchers`` where they are known for many tickets (``watching``).
    """
    people = [] if ticket.shut_out_at is not None else [ticket.requester]
    named = ticket.named_contact
    if named is not None and named.state == "approved" and named.user_id != ticket.requester_id:
        people.append(named.user)
    known = {ticket.requester_id, *(person.pk for person in people)}
    found = _watching(ticket) if watchers is None else watchers.get(ticket.pk, [])
    return people + [person for person in found if person.pk not in known]


def watching(tickets: Iterable[Ticket], at: datetime) -> dict[int, list[User]]:
    """Customers who watch, by ticket, as far as it exists for them at ``at``.

    Three queries, and one for every fifty people who watch any of them.
    """
    asked = among(ticket.pk for ticket in tickets)
    rows = Watcher.objects.filter(ticket__in=asked, user__is_staff=False).select_related("user")
    by_person: dict[User, list[int]] = {}
    for row in rows.order_by("pk"):
        by_person.setdefault(row.user, []).append(row.ticket_id)
    seen = _seen(by_person, at)
    found: dict[int, list[User]] = {}
    for person, numbers in by_person.items():
        for number in numbers:
            if (person.pk, number) in seen:
                found.setdefault(number, []).append(person)
    return found


def _seen(asked: Mapping[User, list[int]], at: datetime) -> set[tuple[int, int]]:
    """Which of these tickets exist for whom, as pairs of keys."""
    read_standings(asked, at)
    looks = [
        Ticket.objects.filter(pk__in=numbers)
        .visible_to(person, at)
        .order_by()
        .annotate(reader=Value(person.pk))
        .values_list("reader", "pk")
        for person, numbers in asked.items()
    ]
    seen: set[tuple[int, int]] = set()
    for first in range(0, len(looks), _ASKED_AT_ONCE):
        one, *others = looks[first : first + _ASKED_AT_ONCE]
        seen.update(one.union(*others, all=True))
    return seen


def _watching(ticket: Ticket) -> list[User]:
    """Customers who watch, as far as the request exists for them: watching gives nobody a right to read."""
    rows = ticket.watchers.filter(user__is_staff=False).select_related("user").order_by("pk")
    at = ticket.last_event_at
    return [row.user for row in rows if Ticket.objects.visible_to(row.user, at).filter(pk=ticket.pk).exists()]


def _draft(ticket: Ticket, event: TicketEvent, name: str, person: User, context: dict[str, Any]) -> Draft:
    """The notice; without a word of the request where it is not known yet who ``person`` is."""
    key = f"event:{event.pk}"
    happened_at = event.at if event.side == Side.SYSTEM else None
    if ticket.is_unverified and person.pk == ticket.requester_id:
        return Draft(key, "unverified", recipient(person), {"number": ticket.pk}, happened_at=happened_at)
    return Draft(
        key,
        name,
        recipient(person),
        context | place_of(ticket, person),
        thread_of(ticket),
        # Support answers in the back office: a mail is no place for what starts and stops clocks.
        reply_to="" if person.is_staff else reply_address(ticket.pk, person.pk),
        kind=group_of(name, ticket, person),
        happened_at=happened_at,
    )


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
        Draft(
            key,
            event,
            recipient(person),
            facts | place_of(ticket, person),
            thread_of(ticket),
            kind=CLOCKS,
            happened_at=clock.due_at if event == "breach" else clock.warn_at,
        )
        for person in people
        if person.is_active
    ]


def drafts_of_survey(ticket: Ticket, cycle: int, closed_at: datetime) -> list[Draft]:
    """The requester is asked how content they are; not where it is not known who they are. No query.

    What closed during an outage is asked about in one mail.
    """
    person = ticket.requester
    if ticket.is_unverified or ticket.shut_out_at is not None or not person.is_active:
        return []
    if person.email.endswith(NO_ADDRESS):
        return []
    facts = facts_of(ticket) | {"path": f"/requests/{ticket.pk}/survey/{cycle}/", "next_due_at": ""}
    return [
        Draft(
            f"survey:{ticket.pk}:{cycle}",
            "survey",
            recipient(person),
            facts,
            thread_of(ticket),
            reply_to=reply_address(ticket.pk, person.pk),
            kind=group_of("survey", ticket, person),
            happened_at=closed_at,
        )
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
    queue(drafts(ticket, event, name, people, facts), event.at)


def drafts(
    ticket: Ticket, event: TicketEvent, name: str, people: Iterable[User], facts: dict[str, Any] | None = None
) -> list[Draft]:
    """The notices ``emails/<name>/`` of an event, for callers that queue those of many events at once."""
    context = facts_of(ticket) | (facts or {})
    return [
        _draft(ticket, event, name, person, context)
        for person in people
        if (person.is_active and person.pk != event.actor_id or name == "submitted")
        and not person.email.endswith(NO_ADDRESS)
    ]


def facts_of(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.pk,
        "subject": ticket.subject,
        "organization": ticket.organization.name,
        "next_due_at": ticket.next_due_at.isoformat() if ticket.next_due_at else "",
        "next_metric": ticket.next_metric,
        "path": f"/requests/{ticket.pk}/",
    }


def place_of(ticket: Ticket, person: User) -> dict[str, Any]:
    """Where ``person`` reads the request, and in whose words: the portal's, or the back office's."""
    path = f"/admin/tickets/ticket/{ticket.pk}/change/" if person.is_staff else f"/requests/{ticket.pk}/"
    return {"path": path, "for_staff": person.is_staff}


def thread_of(ticket: Ticket) -> str:
    return f"request-{ticket.pk}"
