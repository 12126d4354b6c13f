"""What is on record about people: the history of contacts, and identity checks. Only added to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactEventKind
from accounts.models.contacts import Contact
from accounts.models.organizations import Organization
from accounts.models.users import User

# How long a check of identity opens the data that a billing change needs.
CHECK_LASTS = timedelta(hours=24)


class ContactEvent(models.Model):
    """One thing that happened to a contact; the database refuses changes.

    ``data`` by kind: declined and revoked ``{"reason"}``; changed ``{field: [before, after]}``.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=20, choices=ContactEventKind.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who"))
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of a contact")
        verbose_name_plural = _("events of contacts")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.kind} {self.at:%Y-%m-%d %H:%M:%S}"


class IdentityCheckQuerySet(models.QuerySet["IdentityCheck"]):
    def opening(self, organization: Organization, at: datetime) -> IdentityCheckQuerySet:
        """Checks that confirmed all four and are no older than a day at ``at``."""
        return self.filter(
            organization=organization,
            name_confirmed=True,
            company_confirmed=True,
            address_confirmed=True,
            alternate_email_confirmed=True,
            at__gt=at - CHECK_LASTS,
            at__lte=at,
        )


class IdentityCheck(models.Model):
    """Who asked about billing was asked to confirm four things; each is recorded as it was answered.

    ``ticket_number`` is the request in which it was asked; tickets lie above this room.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="identity_checks", verbose_name=_("organization")
    )
    person_name = models.CharField(_("who was asked"), max_length=150)
    name_confirmed = models.BooleanField(_("name"), default=False)
    company_confirmed = models.BooleanField(_("company name"), default=False)
    address_confirmed = models.BooleanField(_("company address"), default=False)
    alternate_email_confirmed = models.BooleanField(_("alternate email"), default=False)
    ticket_number = models.BigIntegerField(_("request"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("checked by"))
    at = models.DateTimeField(_("at"))

    objects = IdentityCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity check")
        verbose_name_plural = _("identity checks")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organization", "-at"], name="identity_of_organization")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def is_complete(self) -> bool:
        """Whether all four were confirmed."""
        return (
            self.name_confirmed
            and self.company_confirmed
            and self.address_confirmed
            and self.alternate_email_confirmed
        )
