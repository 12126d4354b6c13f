"""Who was promised what: products, licences, contracts, and programs that a contract joined."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.standing import standing_of
from plans.local_days import zones_elsewhere
from plans.models.codes import CODE_PATTERN, code_field, matches
from plans.models.own_targets import own_target_faults
from plans.models.policies import Edition, Policy
from plans.texts import TranslatedTextField, text_in

# Days before a contract's last day on which its people are told.
ENDING_TOLD = (30, 7, 1)


def _days(first: str, last: str) -> Func:
    """The dates from column `first` to column `last`, both included; without a last, for ever."""
    return Func(F(first), F(last), Value("[]"), function="daterange", output_field=DateRangeField())


def _lasting(first: str, last: str, on: date) -> Q:
    return Q(**{f"{first}__lte": on}) & (Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": on}))


def _to_tell(today: date) -> Q:
    """Ends on `today` or later, and was not told of at the nearest of the marks."""
    due = Q(ending_told__isnull=True, ends_on__lte=today + timedelta(days=ENDING_TOLD[0]))
    for before, days in pairwise(ENDING_TOLD):
        due |= Q(ending_told=before, ends_on__lte=today + timedelta(days=days))
    return due & Q(ends_on__gte=today)


def misfits(contract: Contract) -> list[Any]:
    """What of a contract does not fit its edition, as texts for the reader."""
    if not contract.policy_id or not contract.organization_id:
        return []
    edition = contract.edition_now()
    if edition is None:
        return [_("This policy has no published edition.")]
    if edition.policy_id != contract.policy_id:
        return [_("This edition belongs to another policy.")]
    plan = edition.plans.filter(code=contract.plan_code).first()
    if plan is None:
        return [_("The edition has no such plan.")]
    option = contract.coverage_option
    if option and not plan.coverage_options.filter(code=option).exists():
        return [_("The plan has no such coverage option.")]
    if contract.own_targets and not plan.own_targets:
        return [_("Contracts under this plan carry no targets of their own.")]
    return own_target_faults(contract.own_targets, set(edition.severities.values_list("code", flat=True)))


class Product(models.Model):
    """Something that the vendor sells."""

    code = code_field(verbose_name=_("code"), unique=True)
    name = TranslatedTextField(verbose_name=_("name"))
    is_active = models.BooleanField(verbose_name=_("is sold"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [matches("product", "code", CODE_PATTERN)]

    def __str__(self) -> str:
        return self.title()

    def title(self, language: str | None = None) -> str:
        """Its name in the reader's language."""
        return text_in(self.name, language) or self.code


class LicenceQuerySet(models.QuerySet["Licence"]):
    """Licences by date."""

    def valid_on(self, on: date) -> LicenceQuerySet:
        """Those that hold on the date `on`, first and last day included."""
        return self.filter(_lasting("starts_on", "ends_on", on))


class Licence(models.Model):
    """An organization's licence or support plan for a product, first and last day included."""

    organization = models.ForeignKey(
        "accounts.Organization",
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="licences",
    )
    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="licences"
    )
    starts_on = models.DateField(verbose_name=_("first day"))
    ends_on = models.DateField(verbose_name=_("last day"), null=True, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "product", "-starts_on"]
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="licence_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.product_id} {self.starts_on}"


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts by whom they serve and when."""

    def visible_to(self, user: User, at: datetime) -> ContractQuerySet:
        """All for staff; for others those of the organizations that they act for at `at`."""
        standing = standing_of(user, at)
        return self if standing.is_staff else self.filter(organization__in=standing.organization_ids)

    def on(self, on: date) -> ContractQuerySet:
        """Those that run on the date `on` (of the contract's own zone), without days of grace."""
        return self.filter(_lasting("starts_on", "ends_on", on))

    def ending(self, at: datetime) -> ContractQuerySet:
        """Those of whose end somebody has to be told at `at`, and which nobody renewed.

        Days are those of the contract's own zone, and no other contract is among them, however many end
        where the day has not begun. A zone that nobody knows counts as UTC.
        """
        today = at.astimezone(UTC).date()
        elsewhere = zones_elsewhere(at)
        due = ~Q(own_zone__in=[zone for zones in elsewhere.values() for zone in zones]) & _to_tell(today)
        for day, zones in elsewhere.items():
            due |= Q(own_zone__in=zones) & _to_tell(day)
        one_day = timedelta(days=1)
        near = Q(ends_on__range=(today - one_day, today + timedelta(days=ENDING_TOLD[0]) + one_day))
        own_zone = Coalesce(NullIf("time_zone", Value("")), "organization__time_zone")
        rows = self.alias(own_zone=own_zone).filter(near, due, renewed_by__isnull=True)
        return rows.order_by("ends_on", "pk")

    def for_product(self, product: Product | None) -> ContractQuerySet:
        """Those for `product` and those for everything, the narrower first."""
        return self.filter(Q(product__isnull=True) | Q(product=product)).order_by(
            F("product_id").asc(nulls_last=True), "-starts_on", "id"
        )


class Contract(models.Model):
    """An organization's contract under a plan, first and last day included, in the contract's own zone.

    `edition` is null where contracts follow the newest edition. `own_targets` is as a plan's `targets` in the
    policy file: `{metric: {severity: target}}`; a cell that it names wins over the plan's.
    """

    organization = models.ForeignKey(
        "accounts.Organization",
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="contracts",
    )
    policy = models.ForeignKey(
        Policy, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="contracts"
    )
    edition = models.ForeignKey(
        Edition,
        verbose_name=_("edition"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contracts",
    )
    plan_code = code_field(verbose_name=_("plan"))
    coverage_option = models.CharField(
        verbose_name=_("coverage option"),
        max_length=50,
        blank=True,
        help_text=_("Empty: the plan's default."),
    )
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contracts",
        help_text=_("Empty: for every product."),
    )
    time_zone = models.CharField(
        verbose_name=_("time zone"),
        max_length=64,
        blank=True,
        help_text=_("Empty: the organization's."),
    )
    starts_on = models.DateField(verbose_name=_("first day"))
    ends_on = models.DateField(verbose_name=_("last day"), null=True, blank=True)
    is_trial = models.BooleanField(verbose_name=_("trial"), default=False)
    overdue_since_on = models.DateField(verbose_name=_("fees overdue since"), null=True, blank=True)
    own_targets = models.JSONField(verbose_name=_("own targets"), default=dict, blank=True)
    sponsor = models.ForeignKey(
        "accounts.Organization",
        verbose_name=_("sponsor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sponsored_contracts",
    )
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account manager"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed_contracts",
    )
    renews = models.OneToOneField(
        "self",
        verbose_name=_("renews"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewed_by",
    )
    reference = models.CharField(verbose_name=_("reference"), max_length=60, blank=True)
    ending_told = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text=_("Days before its end of which was told last.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "-starts_on"]
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [
            models.Index(fields=["ends_on"], name="contract_sweep_end", condition=Q(ends_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="contract_dates"
            ),
            models.CheckConstraint(
                condition=Q(sponsor__isnull=True) | ~Q(sponsor=F("organization")),
                name="contract_sponsor_is_another",
            ),
            ExclusionConstraint(
                name="contract_one_at_a_time",
                expressions=[
                    ("organization", RangeOperators.EQUAL),
                    (
                        Coalesce("product", Value(0), output_field=models.BigIntegerField()),
                        RangeOperators.EQUAL,
                    ),
                    (_days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another contract of this organization runs at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.plan_code} · {self.starts_on}"

    @property
    def zone(self) -> str:
        """The IANA zone in which its dates begin and end."""
        return self.time_zone or self.organization.time_zone

    def edition_now(self) -> Edition | None:
        """The edition that it reads: its own, or the policy's published one."""
        return self.edition or self.policy.current()

    def clean(self) -> None:
        """Say in words what must fit: plan, coverage option and own targets exist in the edition."""
        super().clean()
        faults = misfits(self)
        if faults:
            raise ValidationError(faults)


class ProgramEnrolment(models.Model):
    """A contract in a program, first and last day included."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="enrolments")
    program = code_field(verbose_name=_("program"))
    starts_on = models.DateField(verbose_name=_("first day"))
    ends_on = models.DateField(verbose_name=_("last day"))

    class Meta:
        ordering = ["contract", "-starts_on"]
        verbose_name = _("program enrolment")
        verbose_name_plural = _("program enrolments")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="programenrolment_dates"),
            ExclusionConstraint(
                name="programenrolment_one_at_a_time",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    (_days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The contract is in a program at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} {self.starts_on}"
