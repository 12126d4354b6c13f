"""An organization: a customer of the vendor, or a partner that manages customers."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganizationKind
from accounts.models.users import User, validate_zone


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def visible_to(self, user: User, at: datetime) -> OrganizationQuerySet:
        """Organizations that ``user`` may know of at ``at``: all for staff, else own and managed ones."""
        from accounts.standing import standing_of

        standing = standing_of(user, at)
        if standing.is_staff:
            return self
        return self.filter(pk__in=standing.organization_ids)


class Organization(models.Model):
    slug = models.SlugField(_("short name"), unique=True, max_length=80)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=20, choices=OrganizationKind.choices, default=OrganizationKind.CUSTOMER
    )
    address = models.TextField(_("address"), blank=True)
    alternate_email = models.EmailField(_("alternate email"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    language = models.CharField(_("language"), max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        indexes = [
            # the search of the queue
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="organization_name_words"),
        ]

    def __str__(self) -> str:
        return self.name
