"""An answer by mail: the signed address it was sent to says which request, and who may write there.

Neither subject nor In-Reply-To nor References puts a mail into a request, and From alone proves nobody.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from accounts.standing import standing_of
from tickets.actions.converse import hear, note
from tickets.actions.mail.content import Content, client_key_of, content_of
from tickets.actions.mail.outcomes import Held, Outcome
from tickets.actions.mail.refusing import refused
from tickets.actions.refusals import Refused
from tickets.actions.submit import follow_up
from tickets.enums import Channel, MailState
from tickets.mailin.authentication import is_proven
from tickets.mailin.parts import Mail
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail, Ticket

# More mails of one person on one request come from no person.
MOST_IN_AN_HOUR = 20


def take_reply(row: IncomingMail, mail: Mail, signed: set[tuple[int, int]], at: datetime) -> Outcome:
    """Post an answer in its writer's name. Raises Held where anything speaks against it."""
    number, person = _writer(mail, signed)
    ticket = ticket_for(person, number, at)
    if ticket is None:
        raise Held(Reason.NO_STANDING, person)
    if _too_many(row, person, ticket):
        raise Held(Reason.TOO_MANY, person)
    content = content_of(mail, person)
    if content.is_empty:
        raise Held(Reason.EMPTY, person)
    if person.is_staff:
        return _note(row, ticket, person, content, at)
    return _hear(row, ticket, person, content, at)


def ticket_for(person: User, number: int, at: datetime) -> Ticket | None:
    """The request of that number, if the person may read it and write on it at ``at``."""
    if number >= 2**63 or not person.is_active:
        return None
    seen = Ticket.objects.visible_to(person, at).select_related("plan", "organization")
    ticket = seen.filter(pk=number).first()
    if ticket is None:
        return None
    if person.is_staff:
        return ticket if person.has_perm("tickets.change_ticket") else None
    if ticket.shut_out_at is not None and ticket.requester_id == person.pk:
        return None
    held, organization = standing_of(person, at), ticket.organization_id
    may_write = held.may_act_for(organization) and not held.is_read_only_contact_of(organization)
    return ticket if may_write else None


def _writer(mail: Mail, signed: set[tuple[int, int]]) -> tuple[int, User]:
    """The one request and person among the reply addresses that fit the sender."""
    people = User.objects.in_bulk({person for _number, person in signed})
    own = {
        (number, key) for number, key in signed if key in people and people[key].email == mail.head.from_email
    }
    if not own:
        raise Held(Reason.FROM_MISMATCH)
    if len(own) > 1:
        raise Held(Reason.SEVERAL_REQUESTS)
    if not is_proven(mail.head):
        raise Held(Reason.NOT_PROVEN)
    number, key = own.pop()
    return number, people[key]


def _too_many(row: IncomingMail, person: User, ticket: Ticket) -> bool:
    hour = row.received_at - timedelta(hours=1)
    posted = IncomingMail.objects.filter(person=person, ticket=ticket, received_at__gt=hour)
    return posted.filter(state=MailState.POSTED).count() >= MOST_IN_AN_HOUR


def _note(row: IncomingMail, ticket: Ticket, person: User, content: Content, at: datetime) -> Outcome:
    """What staff write by mail is a note: a leaked address and a forged From reach no customer."""
    message = note(
        ticket=ticket,
        author=person,
        body=content.text,
        files=content.files,
        at=at,
        client_key=client_key_of(row),
        channel=Channel.EMAIL,
    )
    return Outcome(MailState.POSTED, None, person, message.ticket, message)


def _hear(row: IncomingMail, ticket: Ticket, person: User, content: Content, at: datetime) -> Outcome:
    """A customer's message, as of when it came in; after the reopen window it opens a request."""
    said_at = min(row.received_at, at)
    key = client_key_of(row)
    try:
        message = hear(
            ticket=ticket,
            author=person,
            body=content.text,
            files=content.files,
            at=said_at,
            client_key=key,
            channel=Channel.EMAIL,
        )
        return Outcome(MailState.POSTED, None, person, message.ticket, message)
    except Refused as refusal:
        if refusal.code != "reopen_window_closed":
            raise Held(Reason.TERMS, person, refusal.detail) from refusal
    try:
        new = follow_up(
            ticket=ticket,
            person=person,
            body=content.text,
            files=content.files,
            at=said_at,
            client_key=key,
            channel=Channel.EMAIL,
        )
    except Refused as refusal:
        return refused(row, person, refusal, at)
    return Outcome(MailState.OPENED, None, person, new)
