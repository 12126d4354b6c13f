"""What one plan offers: coverage, channels, targets, escalation, rates, rules for contacts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from plans.enums import Approval, Metric, RateUnit, Rounding, SeveritySetBy, SponsoredPartners, TargetsAre
from plans.models.calendars import BusinessCalendar
from plans.models.clauses import Entitlement
from plans.models.codes import CODE_PATTERN, DURATION_PATTERN, TARGET_PATTERN, code_field, matches
from plans.models.policies import EditionRow, code_once, edition_key
from plans.models.requests import Channel, Severity, SupportType
from plans.texts import TranslatedTextField, text_in


class Plan(EditionRow):
    """A service package: what a contract under it may ask, and what is promised."""

    edition = edition_key("plans")
    name = TranslatedTextField(verbose_name=_("name"))
    description = TranslatedTextField(verbose_name=_("description"))
    pricing = TranslatedTextField(verbose_name=_("price"))
    severity_set_by = models.CharField(
        verbose_name=_("who sets the severity"),
        max_length=10,
        choices=SeveritySetBy,
        blank=True,
        help_text=_("Empty: as the policy says."),
    )
    channels = models.ManyToManyField(
        Channel,
        verbose_name=_("channels"),
        blank=True,
        related_name="plans",
        help_text=_("None: the plan takes no requests."),
    )
    support_types = models.ManyToManyField(
        SupportType, verbose_name=_("kinds of help"), blank=True, related_name="plans"
    )
    entitlements = models.ManyToManyField(
        Entitlement, verbose_name=_("also in the plan"), blank=True, related_name="plans"
    )
    priority_access = models.BooleanField(verbose_name=_("priority access"), default=False)
    targets_are = models.CharField(
        verbose_name=_("targets are"), max_length=12, choices=TargetsAre, default=TargetsAre.COMMITMENTS
    )
    own_targets = models.BooleanField(
        verbose_name=_("own targets"), default=False, help_text=_("A contract may carry its own.")
    )
    warn_at = models.PositiveSmallIntegerField(
        verbose_name=_("warn at"),
        default=75,
        help_text=_("Percent of the target's time after which staff are warned."),
    )
    pause_on_hold = models.BooleanField(verbose_name=_("on hold pauses"), default=False)
    customer_may_escalate = models.BooleanField(verbose_name=_("the customer may escalate"), default=False)
    reopen_days = models.PositiveSmallIntegerField(verbose_name=_("days to reopen"), default=14)
    auto_close_days = models.PositiveSmallIntegerField(
        verbose_name=_("closes by itself after days"),
        null=True,
        blank=True,
        help_text=_("Empty: a resolved request stays resolved."),
    )
    grace_days = models.PositiveSmallIntegerField(
        verbose_name=_("days of grace"), default=0, help_text=_("After the contract ends.")
    )
    overdue_limits = models.BooleanField(
        verbose_name=_("overdue fees limit"),
        default=False,
        help_text=_("Whether overdue fees limit what is taken to the types below."),
    )
    overdue_types = models.ManyToManyField(
        SupportType, verbose_name=_("still taken while overdue"), blank=True, related_name="overdue_plans"
    )
    contacts_max = models.PositiveSmallIntegerField(verbose_name=_("most contacts"), null=True, blank=True)
    contacts_approval = models.CharField(
        verbose_name=_("contacts are approved by"), max_length=6, choices=Approval, default=Approval.NONE
    )
    contacts_named = models.BooleanField(verbose_name=_("contacts are named"), default=False)
    contacts_access_id = models.BooleanField(verbose_name=_("contacts need an access id"), default=False)
    contacts_administrators_only = models.BooleanField(verbose_name=_("administrators only"), default=False)
    contacts_get_notices = models.BooleanField(verbose_name=_("contacts get service notices"), default=False)
    emergency_contacts = models.BooleanField(verbose_name=_("help in an emergency"), default=False)
    extraordinary_access = models.BooleanField(
        verbose_name=_("extraordinary access"),
        default=False,
        help_text=_("Staff may take a request where the portal is out of reach."),
    )
    partner_may_submit = models.BooleanField(verbose_name=_("partners may submit"), default=False)
    sponsored_partners = models.CharField(
        verbose_name=_("sponsored partners"),
        max_length=8,
        choices=SponsoredPartners,
        default=SponsoredPartners.NONE,
    )
    survey = models.BooleanField(verbose_name=_("survey"), default=False)

    class Meta(EditionRow.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            code_once("plan"),
            matches("plan", "code", CODE_PATTERN),
            models.CheckConstraint(condition=Q(warn_at__gte=1, warn_at__lte=99), name="plan_warn_at_percent"),
            models.CheckConstraint(
                condition=Q(contacts_max__isnull=True) | Q(contacts_max__gte=1), name="plan_contacts_max"
            ),
        ]

    def title(self, language: str | None = None) -> str:
        """Its name in the reader's language."""
        return text_in(self.name, language) or self.code

    @property
    def severity_rule(self) -> str:
        """Whose word decides the severity: the plan's own rule, or the policy's."""
        return self.severity_set_by or self.edition.severity_set_by


class CoverageOption(models.Model):
    """A coverage that a contract may elect; the first of a plan is the default."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="coverage_options")
    code = code_field(verbose_name=_("code"))
    position = models.PositiveSmallIntegerField(verbose_name=_("place"), default=0)
    calendars = models.ManyToManyField(BusinessCalendar, through="CoverageCalendar", related_name="options")

    class Meta:
        ordering = ["plan", "position", "id"]
        verbose_name = _("coverage option")
        verbose_name_plural = _("coverage options")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="coverageoption_code_once"),
            matches("coverageoption", "code", CODE_PATTERN),
        ]

    def __str__(self) -> str:
        return self.code


class CoverageCalendar(models.Model):
    """A calendar of a coverage option; business days look at the first alone."""

    option = models.ForeignKey(CoverageOption, on_delete=models.CASCADE, related_name="calendar_rows")
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["option", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["option", "calendar"], name="coveragecalendar_once"),
        ]

    def __str__(self) -> str:
        return f"{self.option_id}/{self.calendar_id}"


class TypeCoverage(models.Model):
    """The coverage of one support type where it differs; it wins over the elected option."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="type_coverages")
    support_type = models.ForeignKey(
        SupportType, verbose_name=_("kind of help"), on_delete=models.CASCADE, related_name="coverages"
    )
    calendars = models.ManyToManyField(
        BusinessCalendar, through="TypeCalendar", related_name="type_coverages"
    )

    class Meta:
        ordering = ["plan", "support_type__position"]
        verbose_name = _("coverage of a type")
        verbose_name_plural = _("coverage of types")
        constraints = [
            models.UniqueConstraint(fields=["plan", "support_type"], name="typecoverage_once"),
        ]

    def __str__(self) -> str:
        return str(self.support_type)


class TypeCalendar(models.Model):
    """A calendar of a support type's coverage."""

    type_coverage = models.ForeignKey(TypeCoverage, on_delete=models.CASCADE, related_name="calendar_rows")
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["type_coverage", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["type_coverage", "calendar"], name="typecalendar_once"),
        ]

    def __str__(self) -> str:
        return f"{self.type_coverage_id}/{self.calendar_id}"


class Target(models.Model):
    """One cell of the promises: a metric at a severity. No row: nothing is promised there."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(max_length=14, choices=Metric)
    severity = models.ForeignKey(Severity, on_delete=models.CASCADE, related_name="targets")
    written = models.CharField(max_length=20, help_text=_("4h, 30m, 1h30m, 2bd or nbd."))
    is_elapsed = models.BooleanField(
        default=False, help_text=_("Counts on the wall, whether the coverage is open or not.")
    )

    class Meta:
        ordering = ["plan", "metric", "severity__rank"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["plan", "metric", "severity"], name="target_cell_once"),
            models.CheckConstraint(condition=Q(metric__in=Metric.values), name="target_metric_known"),
            matches("target", "written", TARGET_PATTERN),
            models.CheckConstraint(
                condition=Q(is_elapsed=False) | Q(written__regex=DURATION_PATTERN),
                name="target_elapsed_is_duration",
            ),
            models.CheckConstraint(
                condition=Q(written="nbd") | Q(written__regex=r"[1-9]"), name="target_more_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.severity}: {self.written}"


class ChannelLimit(models.Model):
    """The severities that a channel takes, where it does not take all."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="channel_limits")
    channel = models.ForeignKey(
        Channel, verbose_name=_("channel"), on_delete=models.CASCADE, related_name="limits"
    )
    severities = models.ManyToManyField(Severity, verbose_name=_("severities"), related_name="channel_limits")

    class Meta:
        ordering = ["plan", "channel__position"]
        verbose_name = _("channel limit")
        verbose_name_plural = _("channel limits")
        constraints = [
            models.UniqueConstraint(fields=["plan", "channel"], name="channellimit_once"),
        ]

    def __str__(self) -> str:
        return str(self.channel)


class EscalationLevel(models.Model):
    """A level that a request is escalated to, in order.

    `after` is `breach` (by itself when a promise is missed), `request` (when someone asks), or a duration of
    coverage after the level before stayed unacknowledged.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="escalation_levels")
    level = models.PositiveSmallIntegerField(verbose_name=_("level"))
    name = TranslatedTextField(verbose_name=_("name"))
    after = models.CharField(verbose_name=_("after"), max_length=15)

    class Meta:
        ordering = ["plan", "level"]
        verbose_name = _("escalation level")
        verbose_name_plural = _("escalation levels")
        constraints = [
            models.UniqueConstraint(fields=["plan", "level"], name="escalationlevel_once"),
            models.CheckConstraint(condition=Q(level__gte=1), name="escalationlevel_from_one"),
            models.CheckConstraint(
                condition=Q(after__in=["breach", "request"])
                | (Q(level__gte=2, after__regex=DURATION_PATTERN) & Q(after__regex=r"[1-9]")),
                name="escalationlevel_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {text_in(self.name)}"


class Rate(models.Model):
    """What work outside the plan costs. Within `calendar` only, where one is named."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="rates")
    code = code_field(verbose_name=_("code"))
    position = models.PositiveSmallIntegerField(verbose_name=_("place"), default=0)
    amount = models.DecimalField(verbose_name=_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(verbose_name=_("currency"), max_length=3)
    per = models.CharField(verbose_name=_("per"), max_length=5, choices=RateUnit)
    round_up_to = models.CharField(
        verbose_name=_("rounded up to"), max_length=15, blank=True, help_text=_("For example 1h.")
    )
    rounding = models.CharField(
        verbose_name=_("what is rounded"), max_length=5, choices=Rounding, default=Rounding.CASE
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="rates",
    )

    class Meta:
        ordering = ["plan", "position", "id"]
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="rate_code_once"),
            matches("rate", "code", CODE_PATTERN),
            matches("rate", "currency", r"^[A-Z]{3}$"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="rate_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(round_up_to="") | Q(round_up_to__regex=DURATION_PATTERN),
                name="rate_round_up_duration",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.amount} {self.currency}"


class Program(models.Model):
    """A program that a contract may join for a time; while it lasts, the plan `gives` holds instead."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="programs")
    code = code_field(verbose_name=_("code"))
    gives = models.ForeignKey(
        Plan, verbose_name=_("gives"), on_delete=models.CASCADE, related_name="given_by"
    )

    class Meta:
        ordering = ["plan", "code"]
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="program_code_once"),
            matches("program", "code", CODE_PATTERN),
            models.CheckConstraint(condition=~Q(gives=F("plan")), name="program_gives_another"),
        ]

    def __str__(self) -> str:
        return self.code
