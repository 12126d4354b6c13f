"""Who: users, organizations, contacts, mandates, teams and API tokens."""

from accounts.models.absences import Absence
from accounts.models.contacts import Contact, ContactQuerySet, Mandate
from accounts.models.organizations import Organization, OrganizationQuerySet
from accounts.models.records import CHECK_LASTS, ContactEvent, IdentityCheck
from accounts.models.teams import Team
from accounts.models.tokens import ApiToken
from accounts.models.users import User

__all__ = [
    "CHECK_LASTS",
    "Absence",
    "ApiToken",
    "Contact",
    "ContactEvent",
    "ContactQuerySet",
    "IdentityCheck",
    "Mandate",
    "Organization",
    "OrganizationQuerySet",
    "Team",
    "User",
]
