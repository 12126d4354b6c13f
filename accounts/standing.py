"""A person's standing: whom they act for at an instant, and what of it they see.

One small value, read once for a request. Everything that a customer or a partner can reach starts from it
(``visible_to``), so a revoked contact or an ended mandate bites on the very next request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from accounts.enums import Scope
from accounts.models import Contact, Mandate, Organization, User

# The function of contacts that see requests and change none, where it is their only one.
READ_ONLY = "read-only"


@dataclass(frozen=True)
class Standing:
    """``contacts``: those in effect, by organization id; ``mandates``: in force, by managed organization id.

    ``pending`` are proposed contacts that wait for an approval: they are known, and give nothing yet.
    """

    user: User
    at: datetime
    is_staff: bool
    contacts: dict[int, Contact]
    mandates: dict[int, Mandate]
    pending: dict[int, Contact] = field(default_factory=dict)

    @property
    def organization_ids(self) -> set[int]:
        return set(self.contacts) | set(self.mandates)

    @property
    def organizations(self) -> list[Organization]:
        """Every organization that the person reaches, by name; read with the standing itself."""
        reached = [contact.organization for contact in self.contacts.values()]
        reached += [held.organization for pk, held in self.mandates.items() if pk not in self.contacts]
        return sorted(reached, key=lambda row: row.name)

    def administers(self, organization_id: int) -> bool:
        """Whether the person speaks for the organization in everything."""
        contact = self.contacts.get(organization_id)
        return contact is not None and contact.is_administrator

    def is_partner_for(self, organization_id: int) -> bool:
        """Whether the person reaches the organization through a mandate alone."""
        return organization_id in self.mandates and organization_id not in self.contacts

    def is_read_only_contact_of(self, organization_id: int) -> bool:
        """Whether the person is a contact there to read alone."""
        contact = self.contacts.get(organization_id)
        return contact is not None and contact.functions == [READ_ONLY]

    def may_act_for(self, organization_id: int) -> bool:
        """Whether the person may change anything there: a contact, or a mandate to act."""
        if organization_id in self.contacts:
            return True
        mandate = self.mandates.get(organization_id)
        return mandate is not None and mandate.scope == Scope.ACT


def standing_of(user: User, at: datetime) -> Standing:
    """Return the standing of ``user`` at ``at``; read once for a user object and instant."""
    cached: Standing | None = getattr(user, "_standing", None)
    if cached is None or cached.at != at:
        cached = _read(user, at)
        user._standing = cached  # type: ignore[attr-defined]
    return cached


def read_standings(users: Iterable[User], at: datetime) -> None:
    """Read the standings of many people at ``at`` in two queries; ``standing_of`` then costs none."""
    people = [user for user in users if user.is_active and not user.is_staff]
    rows = Contact.objects.active(at).filter(user__in=people).select_related("organization")
    contacts: dict[int, list[Contact]] = {user.pk: [] for user in people}
    for row in rows:
        contacts[row.user_id].append(row)
    partner_ids = {row.organization_id for row in rows if row.organization.kind == "partner"}
    held = Mandate.objects.filter(partner__in=partner_ids).select_related("organization", "partner")
    mandates = [mandate for mandate in held if mandate.holds_at(at)] if partner_ids else []
    for user in people:
        user._standing = _standing(user, at, contacts[user.pk], mandates)  # type: ignore[attr-defined]


def _read(user: User, at: datetime) -> Standing:
    if not user.is_active:
        return Standing(user, at, False, {}, {})
    if user.is_staff:
        return Standing(user, at, True, {}, {})
    rows = list(Contact.objects.active(at).filter(user=user).select_related("organization"))
    partner_ids = [row.organization_id for row in rows if row.organization.kind == "partner"]
    held: Iterable[Mandate] = ()
    if partner_ids:
        found = Mandate.objects.filter(partner__in=partner_ids).select_related("organization", "partner")
        held = [mandate for mandate in found if mandate.holds_at(at)]
    return _standing(user, at, rows, held)


def _standing(user: User, at: datetime, rows: list[Contact], held: Iterable[Mandate]) -> Standing:
    """The standing of one customer from their contacts and from mandates in force (others' ones too)."""
    contacts = {row.organization_id: row for row in rows if not row.waits_for}
    pending = {row.organization_id: row for row in rows if row.waits_for}
    mandates = {mandate.organization_id: mandate for mandate in held if mandate.partner_id in contacts}
    return Standing(user, at, False, contacts, mandates, pending)
