"""People, organizations, contacts, mandates and API tokens in the back office."""

from accounts.admin.absences import AbsenceAdmin
from accounts.admin.audit import LogEntryAdmin
from accounts.admin.contacts import ContactAdmin, MandateAdmin
from accounts.admin.identity import IdentityCheckAdmin
from accounts.admin.organizations import OrganizationAdmin
from accounts.admin.people import PersonAdmin
from accounts.admin.tokens import ApiTokenAdmin

__all__ = [
    "AbsenceAdmin",
    "ApiTokenAdmin",
    "ContactAdmin",
    "IdentityCheckAdmin",
    "LogEntryAdmin",
    "MandateAdmin",
    "OrganizationAdmin",
    "PersonAdmin",
]
