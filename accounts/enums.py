"""Stored choices of people and organizations (lower-case words)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person of the vendor may do; empty for everybody else."""

    AGENT = "agent", _("Agent")
    LEAD = "lead", _("Lead")
    MANAGER = "manager", _("Manager")
    POLICY_EDITOR = "policy_editor", _("Policy editor")
    AUDITOR = "auditor", _("Auditor")


class OrganizationKind(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    PARTNER = "partner", _("Partner")


class Sees(models.TextChoices):
    """Which requests of the organization a contact sees."""

    OWN = "own", _("Own requests")
    FUNCTIONS = "functions", _("Requests of their functions")
    ORGANIZATION = "organization", _("All requests of the organization")


class Scope(models.TextChoices):
    """What a mandate, or an API token, lets its holder do."""

    READ = "read", _("Read")
    ACT = "act", _("Read and act")


class WaitsFor(models.TextChoices):
    """Whose approval a proposed contact still waits for; empty: the contact is in effect."""

    CUSTOMER = "customer", _("The customer")
    VENDOR = "vendor", _("Us")


class ContactEventKind(models.TextChoices):
    """What the record of a contact holds."""

    PROPOSED = "proposed", _("Proposed")
    CUSTOMER_APPROVED = "customer_approved", _("Approved by the customer")
    VENDOR_APPROVED = "vendor_approved", _("Approved by support")
    DECLINED = "declined", _("Declined")
    REVOKED = "revoked", _("Revoked")
    CHANGED = "changed", _("Changed")
    INVITED = "invited", _("Invited by mail")
    JOINED = "joined", _("Signed in for the first time")
