"""Standing in an organization: contacts, and the mandates by which a partner manages it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Scope, Sees, WaitsFor
from accounts.models.organizations import Organization
from accounts.models.users import User


class ContactQuerySet(models.QuerySet["Contact"]):
    def active(self, at: datetime) -> ContactQuerySet:
        """Contacts that are not revoked at ``at`` (approved or not)."""
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=at))

    def visible_to(self, user: User, at: datetime) -> ContactQuerySet:
        """All for staff; else the active contacts of the organizations that ``user`` reaches."""
        from accounts.standing import standing_of

        standing = standing_of(user, at)
        if standing.is_staff:
            return self
        return self.active(at).filter(organization__in=standing.organization_ids)


class Contact(models.Model):
    """A user's standing in an organization.

    Both approvals are dates on record: the customer's and the vendor's. A plan says which of them it needs;
    while one of those is missing ``waits_for`` says whose, and the contact gives no standing.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("organization")
    )
    is_administrator = models.BooleanField(_("administrator"), default=False)
    functions = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        verbose_name=_("functions"),
        help_text=_("Codes of the plan's contact functions, with commas between. Empty: all."),
    )
    sees = models.CharField(_("sees"), max_length=20, choices=Sees.choices, default=Sees.ORGANIZATION)
    access_id = models.CharField(_("access id"), max_length=60, blank=True)
    waits_for = models.CharField(
        _("waits for"), max_length=10, choices=WaitsFor.choices, blank=True, default=""
    )
    proposed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    customer_approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    customer_approved_at = models.DateTimeField(_("approved by the customer"), null=True, blank=True)
    vendor_approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    vendor_approved_at = models.DateTimeField(_("approved by us"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["organization", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=Q(revoked_at=None),
                name="contact_once_in_organization",
            ),
            models.UniqueConstraint(
                fields=["access_id"],
                condition=~Q(access_id="") & Q(revoked_at=None),
                name="contact_access_id_once",
            ),
            models.CheckConstraint(
                condition=Q(sees__in=Sees.values, waits_for__in=["", *WaitsFor.values]),
                name="contact_standing_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"

    @property
    def state(self) -> str:
        """``approved``, ``customer`` or ``vendor`` (who has to approve), ``revoked`` or ``declined``."""
        if self.revoked_at is not None:
            return "declined" if self.waits_for else "revoked"
        return self.waits_for or "approved"


class Mandate(models.Model):
    """A partner manages an organization, both days included, counted in the organization's zone."""

    partner = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="mandates_held", verbose_name=_("partner")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="mandates_given", verbose_name=_("organization")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.ACT)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["partner", "organization", "from_on"]
        constraints = [
            models.CheckConstraint(condition=~Q(partner=F("organization")), name="mandate_not_over_itself"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="mandate_scope_known"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="mandate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} → {self.organization}"

    def holds_at(self, at: datetime) -> bool:
        """Whether the mandate is in force at ``at``."""
        day: date = at.astimezone(ZoneInfo(self.organization.time_zone)).date()
        return self.from_on <= day and (self.until_on is None or day <= self.until_on)
