"""A new request by mail: somebody known writes to the address for requests, and the terms decide."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.standing import standing_of
from notices.models import Notice
from tickets.actions.mail.content import client_key_of, content_of
from tickets.actions.mail.outcomes import Held, Outcome
from tickets.actions.mail.refusing import refused
from tickets.actions.refusals import Refused
from tickets.actions.submit import Submission, submit
from tickets.enums import Channel, MailState
from tickets.mailin.authentication import is_proven
from tickets.mailin.automatic import is_for_us
from tickets.mailin.parts import Mail
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail

# More requests of one person come from no person; nor does the same subject twice within this time.
MOST_IN_AN_HOUR = 10
_SPAN = timedelta(hours=1)
_LONGEST_SUBJECT = 200
_PREFIXES = re.compile(
    r"^((re|aw|sv|fwd?|wg|antw|回复|回覆|答复|转发|轉寄)(\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)

_NUMBER = re.compile(r"#([0-9]{1,18})")


def take_request(row: IncomingMail, mail: Mail, at: datetime) -> Outcome:
    """Open a request for the sender's one organization. Raises Held where anything is unclear."""
    person = _asker(mail)
    organization = _organization_of(person, at)
    _check_not_a_loop(row, mail, person)
    content = content_of(mail, person, whole=True)
    if content.is_empty:
        raise Held(Reason.EMPTY, person)
    with translation.override(person.language or "en"):
        submission = Submission(subject_of(mail), content.text, files=content.files)
        try:
            ticket = submit(
                person=person,
                organization=organization,
                submission=submission,
                at=at,
                channel=Channel.EMAIL,
                received_at=row.received_at,
                client_key=client_key_of(row),
            )
        except Refused as refusal:
            return refused(row, person, refusal, at)
    return Outcome(MailState.OPENED, None, person, ticket)


def subject_of(mail: Mail) -> str:
    """The request's subject: the mail's, else its first words."""
    subject = mail.head.subject.strip() or " ".join(mail.text[:400].split())
    return subject[:_LONGEST_SUBJECT].strip() or _("(no subject)")


def bare_subject(subject: str) -> str:
    """Without what mail programs put before it."""
    return _PREFIXES.sub("", subject.strip()).strip().lower()


def _asker(mail: Mail) -> User:
    """The person behind From, where the mail is for us and the address is confirmed."""
    if not is_for_us(mail.head):
        raise Held(Reason.NOT_FOR_US)
    person = User.objects.filter(email=mail.head.from_email, is_active=True).first()
    if person is None:
        raise Held(Reason.UNKNOWN_SENDER)
    if not is_proven(mail.head):
        raise Held(Reason.NOT_PROVEN)
    if person.is_staff:
        raise Held(Reason.STAFF, person)
    if not person.emailaddress_set.filter(email__iexact=person.email, verified=True).exists():  # type: ignore[attr-defined]
        raise Held(Reason.ADDRESS_NOT_CONFIRMED)
    return person


def _organization_of(person: User, at: datetime) -> Organization:
    standing = standing_of(person, at)
    may_ask = [row for row in standing.organizations if standing.may_act_for(row.pk)]
    if not may_ask:
        raise Held(Reason.NO_STANDING, person)
    if len(may_ask) > 1:
        raise Held(Reason.SEVERAL_ORGANIZATIONS, person)
    return may_ask[0]


def _check_not_a_loop(row: IncomingMail, mail: Mail, person: User) -> None:
    """An automatic answer that doesn't say so names our mail or its request, or says the same again."""
    if Notice.objects.filter(message_id__in=mail.head.answers_to).exists():
        raise Held(Reason.NO_ADDRESS, person)
    opened = IncomingMail.objects.filter(person=person, received_at__gt=row.received_at - _SPAN)
    before = list(opened.filter(state=MailState.OPENED).values_list("ticket", "subject"))
    if {number for number, _subject in before} & {int(found) for found in _NUMBER.findall(row.subject)}:
        raise Held(Reason.NO_ADDRESS, person)
    subjects = [subject for _number, subject in before]
    if len(subjects) >= MOST_IN_AN_HOUR:
        raise Held(Reason.TOO_MANY, person)
    if bare_subject(row.subject) in {bare_subject(subject) for subject in subjects}:
        raise Held(Reason.TOO_MANY, person)
