"""Whether mail about a request may still go to its reader, asked when it is sent: revocation bites."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Value

from accounts.mailable import person_of
from accounts.models import User
from accounts.roles import may
from accounts.standing import read_standings
from notices.checks import GO, Verdict
from notices.enums import Stop
from notices.models import Notice
from notices.preferences import is_for_staff_alone
from tickets.enums import Unverified
from tickets.models import Ticket


def check(notices: Sequence[Notice], at: datetime) -> dict[int, Verdict]:
    """What tickets says of a batch of notices; of those about no request nothing. Five queries at most."""
    asked = {
        notice.pk: (person, number)
        for notice in notices
        if (person := person_of(notice)) is not None and (number := _number(notice)) is not None
    }
    if not asked:
        return {}
    people = User.objects.in_bulk({person for person, _ in asked.values()})
    tickets = Ticket.objects.in_bulk({number for _, number in asked.values()})
    seen = _seen(people, asked.values(), at)
    return {
        notice.pk: _verdict(notice, people.get(asked[notice.pk][0]), tickets.get(asked[notice.pk][1]), seen)
        for notice in notices
        if notice.pk in asked
    }


def _number(notice: Notice) -> int | None:
    number = notice.context.get("number")
    return number if isinstance(number, int) else None


def _verdict(
    notice: Notice, person: User | None, ticket: Ticket | None, seen: set[tuple[int, int]]
) -> Verdict:
    if person is None or ticket is None or not person.is_active:
        return Verdict(stop=Stop.NOT_VISIBLE)
    if person.is_staff:
        return GO if may(person, "tickets.view_ticket") else Verdict(stop=Stop.NOT_VISIBLE)
    if notice.context.get("for_staff") or is_for_staff_alone(notice.kind):
        return Verdict(stop=Stop.NOT_VISIBLE)
    if ticket.unverified_reason and ticket.requester_id == person.pk:
        return _of_who_asked_unverified(ticket, is_seen=(person.pk, ticket.pk) in seen)
    return GO if (person.pk, ticket.pk) in seen else Verdict(stop=Stop.NOT_VISIBLE)


def _of_who_asked_unverified(ticket: Ticket, *, is_seen: bool) -> Verdict:
    """Nothing once it is closed to them, nothing with contents before the verification.

    The verification on record says that the request's person was reached and is who they said. For somebody
    unlisted, who has no login, it opens the request's mail and stands for the address too.
    """
    if ticket.shut_out_at is not None:
        return Verdict(stop=Stop.NOT_VISIBLE)
    if ticket.is_unverified:
        return Verdict(is_bare=True)
    is_unlisted = ticket.unverified_reason == Unverified.EMERGENCY
    return Verdict(is_proven=True) if is_seen or is_unlisted else Verdict(stop=Stop.NOT_VISIBLE)


def _seen(people: dict[int, User], asked: Iterable[tuple[int, int]], at: datetime) -> set[tuple[int, int]]:
    """Which of the pairs of customer and request hold: one query for all of them."""
    numbers: dict[int, set[int]] = {}
    for person, number in asked:
        if person in people and people[person].is_active and not people[person].is_staff:
            numbers.setdefault(person, set()).add(number)
    read_standings([people[person] for person in numbers], at)
    looks = [
        Ticket.objects.filter(number__in=wanted)
        .visible_to(people[person], at)
        .order_by()
        .annotate(reader=Value(person))
        .values_list("reader", "number")
        for person, wanted in numbers.items()
    ]
    return set(looks[0].union(*looks[1:], all=True)) if looks else set()
