"""Who: users, organizations, contacts, mandates and API tokens."""

from accounts.models.contacts import Contact, ContactQuerySet, Mandate
from accounts.models.organizations import Organization, OrganizationQuerySet
from accounts.models.tokens import ApiToken
from accounts.models.users import User

__all__ = [
    "ApiToken",
    "Contact",
    "ContactQuerySet",
    "Mandate",
    "Organization",
    "OrganizationQuerySet",
    "User",
]
