"""Policies and their editions."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plans.enums import ContractTerms, EditionState, Queue, SeveritySetBy
from plans.models.codes import WEEK_MOMENT_PATTERN, code_field, matches
from plans.texts import TranslatedTextField, text_in


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Policies by what can be done with them."""

    def in_force(self) -> PolicyQuerySet:
        """Those that have a published edition."""
        return self.filter(editions__state=EditionState.PUBLISHED)


class Policy(models.Model):
    """A support policy: a name that stays while its editions follow one another."""

    slug = code_field(verbose_name=_("short name"), unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [matches("policy", "slug", r"^[a-z0-9][a-z0-9-]{0,49}$")]

    def __str__(self) -> str:
        return self.slug

    def current(self) -> Edition | None:
        """The published edition, or None before the first."""
        return self.editions.published().first()

    def draft(self) -> Edition | None:
        """The edition that is being written, or None."""
        return self.editions.filter(state=EditionState.DRAFT).first()


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions by state and time."""

    def published(self) -> EditionQuerySet:
        """The current ones: at most one a policy."""
        return self.filter(state=EditionState.PUBLISHED)

    def in_force_at(self, at: datetime) -> EditionQuerySet:
        """Those that were the current ones at the instant `at`."""
        return self.filter(Q(retired_at__isnull=True) | Q(retired_at__gt=at), published_at__lte=at)


class Edition(models.Model):
    """One version of a policy's terms. Once published it and its rows never change (the database refuses)."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(verbose_name=_("number"))
    state = models.CharField(
        verbose_name=_("state"), max_length=10, choices=EditionState, default=EditionState.DRAFT
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(verbose_name=_("in force since"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(verbose_name=_("retired"), null=True, blank=True)

    name = TranslatedTextField(verbose_name=_("name"))
    description = TranslatedTextField(verbose_name=_("description"))
    source = TranslatedTextField(verbose_name=_("source"))
    terms = models.CharField(
        verbose_name=_("contracts"), max_length=15, choices=ContractTerms, default=ContractTerms.PINNED
    )
    language = models.CharField(
        verbose_name=_("language"), max_length=15, default="en", help_text=_("Language of the plain texts.")
    )
    languages = ArrayField(
        models.CharField(max_length=15),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("Spoken by support."),
    )
    severity_set_by = models.CharField(
        verbose_name=_("who sets the severity"),
        max_length=10,
        choices=SeveritySetBy,
        default=SeveritySetBy.PROPOSED,
    )
    queue = models.CharField(verbose_name=_("queue"), max_length=12, choices=Queue, default=Queue.FIRST_COME)

    window_time_zone = models.CharField(
        verbose_name=_("zone of the service window"), max_length=64, blank=True
    )
    window_from = models.CharField(
        verbose_name=_("from"), max_length=9, blank=True, help_text=_("For example: sat 00:00")
    )
    window_to = models.CharField(verbose_name=_("to"), max_length=9, blank=True)

    holidays_version = models.CharField(max_length=20, blank=True)
    frozen_from_year = models.PositiveSmallIntegerField(null=True, blank=True)
    frozen_until_year = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "-number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state="published"), name="edition_one_published"
            ),
            models.UniqueConstraint(fields=["policy"], condition=Q(state="draft"), name="edition_one_draft"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, retired_at__isnull=True)
                | Q(state="published", published_at__isnull=False, retired_at__isnull=True)
                | Q(state="retired", published_at__isnull=False, retired_at__gte=F("published_at")),
                name="edition_state_dates",
            ),
            models.CheckConstraint(
                condition=Q(frozen_from_year__isnull=True, frozen_until_year__isnull=True)
                | Q(frozen_from_year__lte=F("frozen_until_year")),
                name="edition_frozen_years",
            ),
            models.CheckConstraint(
                condition=Q(window_time_zone="", window_from="", window_to="")
                | (~Q(window_time_zone="") & ~Q(window_from="") & ~Q(window_to="")),
                name="edition_window_whole",
            ),
            matches("edition", "window_from", WEEK_MOMENT_PATTERN),
            matches("edition", "window_to", WEEK_MOMENT_PATTERN),
        ]

    def __str__(self) -> str:
        return f"{self.policy.slug} {self.number}"

    def title(self, language: str | None = None) -> str:
        """The policy's name in the reader's language."""
        return text_in(self.name, language) or self.policy.slug

    @property
    def is_draft(self) -> bool:
        return self.state == EditionState.DRAFT

    def clean(self) -> None:
        """Say in words what the database refuses: a published edition stays as it is."""
        super().clean()
        stored = Edition.objects.filter(pk=self.pk).values_list("state", flat=True).first()
        if stored and stored != EditionState.DRAFT:
            raise ValidationError(_("A published edition stays as it is: make a new edition."))


def edition_key(related_name: str) -> models.ForeignKey[Edition, Edition]:
    """The key of a row to its edition."""
    return models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name=related_name
    )


class EditionRow(models.Model):
    """A row that belongs to an edition and is frozen with it; `position` is its place in the file."""

    edition: models.ForeignKey[Edition, Edition]
    code: models.CharField[str, str] = code_field(verbose_name=_("code"))
    position = models.PositiveSmallIntegerField(verbose_name=_("place"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Say in words what the database refuses."""
        super().clean()
        if getattr(self, "edition_id", None) and not self.edition.is_draft:
            raise ValidationError(_("A published edition stays as it is: make a new edition."))


def code_once(table: str) -> models.UniqueConstraint:
    """A code names one row of an edition."""
    return models.UniqueConstraint(fields=["edition", "code"], name=f"{table}_code_once")
