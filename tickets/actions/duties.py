"""Who hears of a level of an escalation: whoever has that duty, or stands in for them; never nobody.

The order: people with a duty for the policy and level, else those with one for the level alone, else the
leads. Whoever is away is replaced by their deputy, and that one's deputy in turn. Where that leaves nobody,
the next level's people hear of it, then managers and superusers, then any staff there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts.enums import Role
from accounts.models import Absence, User
from accounts.roles import may
from tickets.actions import telling
from tickets.models import Duty


@dataclass(frozen=True)
class Told:
    """A person who hears of a level. ``why``: duty, lead, next_level or last_resort."""

    person: User
    why: str
    instead_of: User | None = None

    def written(self) -> dict[str, Any]:
        """As a step keeps it: names stay as they were."""
        return {
            "person": self.person.pk,
            "name": self.person.name,
            "instead_of": self.instead_of.name if self.instead_of else "",
            "why": self.why,
        }


class Roster:
    """Who is on duty at ``at``, read once for any number of levels of ``policies`` (keys)."""

    def __init__(self, policies: Iterable[int], at: datetime) -> None:
        self._named: dict[tuple[int | None, int], list[User]] = defaultdict(list)
        rows = Duty.objects.filter(Q(policy__in=set(policies)) | Q(policy=None))
        for row in rows.select_related("person").order_by("pk"):
            self._named[row.policy_id, row.level].append(row.person)
        self._away = _away(at)

    def told(self, policy: int, level: int, top: int) -> list[Told]:
        """Who hears of ``level``, of an escalation whose highest is ``top``; empty where no staff exist."""
        for number in range(level, top + 1):
            named = self.named(policy, number)
            why = "next_level" if number > level else "duty" if named else "lead"
            if found := self._present(named or self._leads, why):
                return found
        return self._present(self._seniors, "last_resort") or [
            Told(person, "last_resort") for person in self._seniors or self._staff
        ]

    def named(self, policy: int, level: int) -> list[User]:
        """Those with the duty, away or not; empty where nobody is named."""
        return self._named.get((policy, level)) or self._named.get((None, level)) or []

    def _present(self, people: Iterable[User], why: str) -> list[Told]:
        """Each person, or who stands in for them; nobody twice."""
        found: dict[int, Told] = {}
        for person in people:
            there = self._stand_in(person)
            if there is not None:
                found.setdefault(there.pk, Told(there, why, person if there != person else None))
        return list(found.values())

    def _stand_in(self, person: User) -> User | None:
        """The first who is there, along the chain of deputies; None at its end, and where it goes round."""
        seen: set[int] = set()
        while person.pk in self._away:
            seen.add(person.pk)
            deputy = self._away[person.pk]
            if deputy is None or deputy.pk in seen:
                return None
            person = deputy
        return person if may(person, "tickets.view_ticket") else None

    @cached_property
    def _leads(self) -> list[User]:
        return telling.leads()

    @cached_property
    def _seniors(self) -> list[User]:
        return [person for person in self._staff if person.role == Role.MANAGER or person.is_superuser]

    @cached_property
    def _staff(self) -> list[User]:
        """Those who may read what they would hear of."""
        people = User.objects.filter(is_staff=True, is_active=True).order_by("pk")
        return [person for person in people if may(person, "tickets.view_ticket")]


def _away(at: datetime) -> dict[int, User | None]:
    """Deputies by the key of who is away; of overlapping absences one that names a deputy counts."""
    found: dict[int, User | None] = {}
    for absence in Absence.objects.at(at).select_related("deputy"):
        found[absence.person_id] = found.get(absence.person_id) or absence.deputy
    return found
