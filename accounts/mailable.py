"""Whether mail may go to a person still: the account is open, the address proven to be theirs.

An address is proven by its verification (an accepted invitation, a link that was opened), or where none was
asked for by having signed in with it; people of support are entered by their own. Anybody may write an
address into a form: to one that nobody has proven only mail without contents goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, User
from notices.checks import Verdict
from notices.enums import Stop
from notices.models import Notice
from notices.preferences import Group

PERSON = "user:"
ACCOUNT = Group(
    "account",
    _("Your account"),
    _("Invitations, new passwords, and what else keeps your account yours."),
    place=90,
    is_essential=True,
    for_staff=True,
    for_customers=True,
)


def person_of(notice: Notice) -> int | None:
    """The primary key of the user whom a notice goes to; None where it goes to a mere address."""
    kind, _, pk = notice.recipient_key.partition(":")
    return int(pk) if f"{kind}:" == PERSON and pk.isdecimal() else None


def check(notices: Sequence[Notice], at: datetime) -> dict[int, Verdict]:
    """What accounts says of a batch of notices. Four queries at most.

    A notice whose context has ``for_organization`` (a key) is for those who administer it, at this moment.
    """
    people = User.objects.in_bulk([pk for notice in notices if (pk := person_of(notice)) is not None])
    proven = proven_people(people.values())
    invited = _invited(notices, at)
    administered = _administered(notices, at)
    return {
        notice.pk: _verdict(notice, people.get(person_of(notice) or 0), proven, invited, administered)
        for notice in notices
    }


def _verdict(
    notice: Notice,
    person: User | None,
    proven: set[int],
    invited: set[int],
    administered: set[tuple[int, int]],
) -> Verdict:
    if person_of(notice) is None:
        return Verdict(is_bare=True)
    if person is None or not person.is_active:
        return Verdict(stop=Stop.NOT_ACTIVE)
    if notice.event == "invitation" and notice.context.get("contact") not in invited:
        return Verdict(stop=Stop.NOT_INVITED)
    organization = notice.context.get("for_organization")
    if organization and not person.is_staff and (person.pk, organization) not in administered:
        return Verdict(stop=Stop.NOT_VISIBLE)
    return Verdict(is_bare=person.pk not in proven, email=person.email)


def proven_people(people: Iterable[User]) -> set[int]:
    """The keys of those whose present address is proven to be theirs. One query."""
    found = {person.pk: person for person in people}
    asked: set[int] = set()
    proven: set[int] = set()
    for row in EmailAddress.objects.filter(user__in=found):
        asked.add(row.user_id)
        if row.verified and row.email.lower() == found[row.user_id].email:
            proven.add(row.user_id)
    unasked = (person for pk, person in found.items() if pk not in asked)
    return proven | {person.pk for person in unasked if person.is_staff or person.last_login is not None}


def _invited(notices: Sequence[Notice], at: datetime) -> set[int]:
    """The contacts that invitations among ``notices`` are for, as far as they are in effect."""
    asked = {notice.context.get("contact") for notice in notices if notice.event == "invitation"}
    if not asked:
        return set()
    return set(Contact.objects.active(at).filter(pk__in=asked, waits_for="").values_list("pk", flat=True))


def _administered(notices: Sequence[Notice], at: datetime) -> set[tuple[int, int]]:
    """Who administers which of the organizations that ``notices`` are for. A query where there are such."""
    asked = {notice.context.get("for_organization") for notice in notices} - {None}
    if not asked:
        return set()
    rows = Contact.objects.active(at).filter(organization__in=asked, is_administrator=True, waits_for="")
    people = [pk for notice in notices if (pk := person_of(notice)) is not None]
    return set(rows.filter(user__in=people).values_list("user", "organization"))
