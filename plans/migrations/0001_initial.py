import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
import plans.models.codes
import plans.texts
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        max_length=50,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="short name",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9][a-z0-9-]{0,49}$")),
                        name="policy_slug_format",
                        violation_error_message="This is not written as it must be.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="in force since")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "description",
                    plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="description"),
                ),
                ("source", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="source")),
                (
                    "terms",
                    models.CharField(
                        choices=[
                            ("follow-latest", "Contracts follow the newest edition"),
                            ("pinned", "Contracts keep the edition they were made under"),
                        ],
                        default="pinned",
                        max_length=15,
                        verbose_name="contracts",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en",
                        help_text="Language of the plain texts.",
                        max_length=15,
                        verbose_name="language",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=15),
                        blank=True,
                        default=list,
                        help_text="Spoken by support.",
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "severity_set_by",
                    models.CharField(
                        choices=[
                            ("customer", "The customer sets it"),
                            ("proposed", "The customer proposes, support confirms or corrects"),
                            ("support", "Support sets it"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="who sets the severity",
                    ),
                ),
                (
                    "queue",
                    models.CharField(
                        choices=[("first-come", "First come, first served"), ("next-due", "Next due first")],
                        default="first-come",
                        max_length=12,
                        verbose_name="queue",
                    ),
                ),
                (
                    "window_time_zone",
                    models.CharField(blank=True, max_length=64, verbose_name="zone of the service window"),
                ),
                (
                    "window_from",
                    models.CharField(
                        blank=True, help_text="For example: sat 00:00", max_length=9, verbose_name="from"
                    ),
                ),
                ("window_to", models.CharField(blank=True, max_length=9, verbose_name="to")),
                ("holidays_version", models.CharField(blank=True, max_length=20)),
                ("frozen_from_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("frozen_until_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="plans.policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["policy", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "number"), name="edition_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("policy",),
                        name="edition_one_published",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("policy",), name="edition_one_draft"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at__isnull", True),
                                ("retired_at__isnull", True),
                                ("state", "draft"),
                            ),
                            models.Q(
                                ("published_at__isnull", False),
                                ("retired_at__isnull", True),
                                ("state", "published"),
                            ),
                            models.Q(
                                ("published_at__isnull", False),
                                ("retired_at__gte", models.F("published_at")),
                                ("state", "retired"),
                            ),
                            _connector="OR",
                        ),
                        name="edition_state_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("frozen_from_year__isnull", True), ("frozen_until_year__isnull", True)),
                            ("frozen_from_year__lte", models.F("frozen_until_year")),
                            _connector="OR",
                        ),
                        name="edition_frozen_years",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("window_from", ""), ("window_time_zone", ""), ("window_to", "")),
                            models.Q(
                                models.Q(("window_time_zone", ""), _negated=True),
                                models.Q(("window_from", ""), _negated=True),
                                models.Q(("window_to", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="edition_window_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "window_from__regex",
                                "^((mon|tue|wed|thu|fri|sat|sun) (([01][0-9]|2[0-3]):[0-5][0-9]|24:00))?$",
                            )
                        ),
                        name="edition_window_from_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "window_to__regex",
                                "^((mon|tue|wed|thu|fri|sat|sun) (([01][0-9]|2[0-3]):[0-5][0-9]|24:00))?$",
                            )
                        ),
                        name="edition_window_to_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HolidaySet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        help_text="Code of a country, for example US.",
                        max_length=3,
                        verbose_name="country",
                    ),
                ),
                ("subdivision", models.CharField(blank=True, max_length=10, verbose_name="region")),
                (
                    "market",
                    models.CharField(
                        blank=True,
                        help_text="A financial calendar: ECB.",
                        max_length=10,
                        verbose_name="market",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holiday_sets",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "holiday set",
                "verbose_name_plural": "holiday sets",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="holidayset_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="holidayset_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country", ""), ("market", ""), _connector="OR"),
                        name="holidayset_country_or_market",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subdivision", ""), models.Q(("country", ""), _negated=True), _connector="OR"
                        ),
                        name="holidayset_subdivision_of_country",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BusinessCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "time_zone",
                    models.CharField(
                        help_text="An IANA name, or `customer` for the organization's own zone.",
                        max_length=64,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendars",
                        to="plans.edition",
                    ),
                ),
                (
                    "holiday_sets",
                    models.ManyToManyField(
                        blank=True, related_name="calendars", to="plans.holidayset", verbose_name="days off"
                    ),
                ),
            ],
            options={
                "verbose_name": "business calendar",
                "verbose_name_plural": "business calendars",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="businesscalendar_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="businesscalendar_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("time_zone", ""), _negated=True), name="businesscalendar_has_zone"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("portal", "Support portal"),
                            ("email", "Email"),
                            ("phone", "Phone"),
                            ("chat", "Live chat"),
                            ("im", "Instant messaging"),
                            ("web", "Web form"),
                            ("management-portal", "Management portal"),
                        ],
                        max_length=20,
                        verbose_name="code",
                    ),
                ),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "how_to",
                    plans.texts.TranslatedTextField(
                        blank=True,
                        default=str,
                        help_text="How to use it: a number to call, an address.",
                        verbose_name="how to use it",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="channel_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                ["portal", "email", "phone", "chat", "im", "web", "management-portal"],
                            )
                        ),
                        name="channel_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entitlements",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "entitlement",
                "verbose_name_plural": "entitlements",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="entitlement_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="entitlement_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "description",
                    plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="description"),
                ),
                (
                    "examples",
                    models.JSONField(
                        blank=True, default=list, help_text="A list of texts.", verbose_name="examples"
                    ),
                ),
                ("needs_licence", models.BooleanField(default=False, verbose_name="needs a licence")),
                ("identity_check", models.BooleanField(default=False, verbose_name="identity is checked")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="support_types",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "support type",
                "verbose_name_plural": "support types",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="supporttype_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="supporttype_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "description",
                    plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="description"),
                ),
                ("pricing", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="price")),
                (
                    "severity_set_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "The customer sets it"),
                            ("proposed", "The customer proposes, support confirms or corrects"),
                            ("support", "Support sets it"),
                        ],
                        help_text="Empty: as the policy says.",
                        max_length=10,
                        verbose_name="who sets the severity",
                    ),
                ),
                ("priority_access", models.BooleanField(default=False, verbose_name="priority access")),
                (
                    "targets_are",
                    models.CharField(
                        choices=[("commitments", "Commitments"), ("objectives", "Objectives")],
                        default="commitments",
                        max_length=12,
                        verbose_name="targets are",
                    ),
                ),
                (
                    "own_targets",
                    models.BooleanField(
                        default=False, help_text="A contract may carry its own.", verbose_name="own targets"
                    ),
                ),
                (
                    "warn_at",
                    models.PositiveSmallIntegerField(
                        default=75,
                        help_text="Percent of the target's time after which staff are warned.",
                        verbose_name="warn at",
                    ),
                ),
                ("pause_on_hold", models.BooleanField(default=False, verbose_name="on hold pauses")),
                (
                    "customer_may_escalate",
                    models.BooleanField(default=False, verbose_name="the customer may escalate"),
                ),
                ("reopen_days", models.PositiveSmallIntegerField(default=14, verbose_name="days to reopen")),
                (
                    "auto_close_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: a resolved request stays resolved.",
                        null=True,
                        verbose_name="closes by itself after days",
                    ),
                ),
                (
                    "grace_days",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="After the contract ends.", verbose_name="days of grace"
                    ),
                ),
                (
                    "overdue_limits",
                    models.BooleanField(
                        default=False,
                        help_text="Whether overdue fees limit what is taken to the types below.",
                        verbose_name="overdue fees limit",
                    ),
                ),
                (
                    "contacts_max",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="most contacts"),
                ),
                (
                    "contacts_approval",
                    models.CharField(
                        choices=[("both", "Customer and vendor"), ("vendor", "Vendor"), ("none", "Nobody")],
                        default="none",
                        max_length=6,
                        verbose_name="contacts are approved by",
                    ),
                ),
                ("contacts_named", models.BooleanField(default=False, verbose_name="contacts are named")),
                (
                    "contacts_access_id",
                    models.BooleanField(default=False, verbose_name="contacts need an access id"),
                ),
                (
                    "contacts_administrators_only",
                    models.BooleanField(default=False, verbose_name="administrators only"),
                ),
                (
                    "contacts_get_notices",
                    models.BooleanField(default=False, verbose_name="contacts get service notices"),
                ),
                (
                    "emergency_contacts",
                    models.BooleanField(default=False, verbose_name="help in an emergency"),
                ),
                (
                    "extraordinary_access",
                    models.BooleanField(
                        default=False,
                        help_text="Staff may take a request where the portal is out of reach.",
                        verbose_name="extraordinary access",
                    ),
                ),
                (
                    "partner_may_submit",
                    models.BooleanField(default=False, verbose_name="partners may submit"),
                ),
                (
                    "sponsored_partners",
                    models.CharField(
                        choices=[("included", "Included"), ("charged", "Charged"), ("none", "Not helped")],
                        default="none",
                        max_length=8,
                        verbose_name="sponsored partners",
                    ),
                ),
                ("survey", models.BooleanField(default=False, verbose_name="survey")),
                (
                    "channels",
                    models.ManyToManyField(
                        blank=True,
                        help_text="None: the plan takes no requests.",
                        related_name="plans",
                        to="plans.channel",
                        verbose_name="channels",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="plans.edition"
                    ),
                ),
                (
                    "entitlements",
                    models.ManyToManyField(
                        blank=True,
                        related_name="plans",
                        to="plans.entitlement",
                        verbose_name="also in the plan",
                    ),
                ),
                (
                    "overdue_types",
                    models.ManyToManyField(
                        blank=True,
                        related_name="overdue_plans",
                        to="plans.supporttype",
                        verbose_name="still taken while overdue",
                    ),
                ),
                (
                    "support_types",
                    models.ManyToManyField(
                        blank=True, related_name="plans", to="plans.supporttype", verbose_name="kinds of help"
                    ),
                ),
            ],
            options={
                "verbose_name": "plan",
                "verbose_name_plural": "plans",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="plan_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="plan_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("warn_at__gte", 1), ("warn_at__lte", 99)),
                        name="plan_warn_at_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contacts_max__isnull", True), ("contacts_max__gte", 1), _connector="OR"
                        ),
                        name="plan_contacts_max",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoverageOption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverage_options",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "coverage option",
                "verbose_name_plural": "coverage options",
                "ordering": ["plan", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="coverageoption_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="coverageoption_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoverageCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="plans.businesscalendar",
                    ),
                ),
                (
                    "option",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_rows",
                        to="plans.coverageoption",
                    ),
                ),
            ],
            options={
                "ordering": ["option", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("option", "calendar"), name="coveragecalendar_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("text", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="text")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conditions",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "condition",
                "verbose_name_plural": "conditions",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="condition_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="condition_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("text", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="text")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exclusions",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "exclusion",
                "verbose_name_plural": "exclusions",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="exclusion_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="exclusion_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HolidayDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "holiday_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to="plans.holidayset",
                    ),
                ),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ["date"],
                "constraints": [
                    models.UniqueConstraint(fields=("holiday_set", "date"), name="holidayday_date_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                ("after", models.CharField(max_length=15, verbose_name="after")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalation_levels",
                        to="plans.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "escalation level",
                "verbose_name_plural": "escalation levels",
                "ordering": ["plan", "level"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "level"), name="escalationlevel_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1)), name="escalationlevel_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("after__in", ["breach", "request"]),
                            models.Q(
                                ("after__regex", "^(\\d{1,9}h(\\d{1,9}m)?|\\d{1,9}m)$"),
                                ("level__gte", 2),
                                ("after__regex", "[1-9]"),
                            ),
                            _connector="OR",
                        ),
                        name="escalationlevel_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                    ),
                ),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="product_code_format",
                        violation_error_message="This is not written as it must be.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="accounts.organization",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="plans.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "licence",
                "verbose_name_plural": "licences",
                "ordering": ["organization", "product", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="licence_dates",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan_code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                    ),
                ),
                (
                    "coverage_option",
                    models.CharField(blank=True, help_text="Empty: the plan's default.", max_length=50),
                ),
                (
                    "time_zone",
                    models.CharField(blank=True, help_text="Empty: the organization's.", max_length=64),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("is_trial", models.BooleanField(default=False)),
                ("overdue_since_on", models.DateField(blank=True, null=True)),
                ("own_targets", models.JSONField(blank=True, default=dict)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account_manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="managed_contracts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="accounts.organization",
                    ),
                ),
                (
                    "renews",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewed_by",
                        to="plans.contract",
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsored_contracts",
                        to="accounts.organization",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="plans.edition",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="plans.policy",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: for every product.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="plans.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract",
                "verbose_name_plural": "contracts",
                "ordering": ["organization", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="contract_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sponsor__isnull", True),
                            models.Q(("sponsor", models.F("organization")), _negated=True),
                            _connector="OR",
                        ),
                        name="contract_sponsor_is_another",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("organization", "="),
                            (
                                django.db.models.functions.comparison.Coalesce(
                                    "product", models.Value(0), output_field=models.BigIntegerField()
                                ),
                                "=",
                            ),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="contract_one_at_a_time",
                        violation_error_message="Another contract of this organization runs at that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "gives",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given_by",
                        to="plans.plan",
                        verbose_name="gives",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="programs", to="plans.plan"
                    ),
                ),
            ],
            options={
                "verbose_name": "program",
                "verbose_name_plural": "programs",
                "ordering": ["plan", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="program_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="program_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gives", models.F("plan")), _negated=True),
                        name="program_gives_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgramEnrolment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "program",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "contract",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrolments",
                        to="plans.contract",
                    ),
                ),
            ],
            options={
                "verbose_name": "program enrolment",
                "verbose_name_plural": "program enrolments",
                "ordering": ["contract", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="programenrolment_dates",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("contract", "="),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="programenrolment_one_at_a_time",
                        violation_error_message="The contract is in a program at that time.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "per",
                    models.CharField(
                        choices=[("hour", "Hour"), ("day", "Day"), ("case", "Case")],
                        max_length=5,
                        verbose_name="per",
                    ),
                ),
                (
                    "round_up_to",
                    models.CharField(
                        blank=True, help_text="For example 1h.", max_length=15, verbose_name="rounded up to"
                    ),
                ),
                (
                    "rounding",
                    models.CharField(
                        choices=[
                            ("case", "The time of a whole case"),
                            ("entry", "Each entry of the work log"),
                        ],
                        default="case",
                        max_length=5,
                        verbose_name="what is rounded",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rates",
                        to="plans.businesscalendar",
                        verbose_name="calendar",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rates", to="plans.plan"
                    ),
                ),
            ],
            options={
                "verbose_name": "rate",
                "verbose_name_plural": "rates",
                "ordering": ["plan", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "code"), name="rate_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="rate_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="rate_currency_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="rate_amount_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("round_up_to", ""),
                            ("round_up_to__regex", "^(\\d{1,9}h(\\d{1,9}m)?|\\d{1,9}m)$"),
                            _connector="OR",
                        ),
                        name="rate_round_up_duration",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestCategory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="categories",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "request category",
                "verbose_name_plural": "request categories",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="requestcategory_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="requestcategory_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("category", "Issue category"),
                            ("subject", "Subject"),
                            ("description", "Description"),
                            ("organization", "Impacted organization"),
                            ("best_time_to_contact", "Best time to contact"),
                            ("device", "Impacted device"),
                            ("operating_system", "Operating system"),
                            ("impact", "Business impact"),
                            ("product", "Product"),
                            ("contact", "Contact information"),
                        ],
                        max_length=30,
                        verbose_name="field",
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="required")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="request_fields",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "request field",
                "verbose_name_plural": "request fields",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="requestfield_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "code__in",
                                [
                                    "category",
                                    "subject",
                                    "description",
                                    "organization",
                                    "best_time_to_contact",
                                    "device",
                                    "operating_system",
                                    "impact",
                                    "product",
                                    "contact",
                                ],
                            )
                        ),
                        name="requestfield_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScopeItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("text", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="text")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scope_items",
                        to="plans.edition",
                    ),
                ),
                (
                    "plans",
                    models.ManyToManyField(
                        blank=True, related_name="scope_items", to="plans.plan", verbose_name="plans"
                    ),
                ),
            ],
            options={
                "verbose_name": "scope",
                "verbose_name_plural": "scope",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="scopeitem_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="scopeitem_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Severity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "description",
                    plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="description"),
                ),
                (
                    "examples",
                    models.JSONField(
                        blank=True, default=list, help_text="A list of texts.", verbose_name="examples"
                    ),
                ),
                (
                    "is_default",
                    models.BooleanField(
                        default=False, help_text="Holds until someone sets another.", verbose_name="default"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="severities",
                        to="plans.edition",
                    ),
                ),
            ],
            options={
                "verbose_name": "severity",
                "verbose_name_plural": "severities",
                "ordering": ["rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="severity_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="severity_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.UniqueConstraint(fields=("edition", "rank"), name="severity_rank_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("edition",),
                        name="severity_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rank__gte", 1)), name="severity_rank_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImpactRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                (
                    "can_sign_in",
                    models.BooleanField(blank=True, null=True, verbose_name="people can sign in"),
                ),
                (
                    "executives_affected",
                    models.BooleanField(blank=True, null=True, verbose_name="executives are affected"),
                ),
                (
                    "users_affected",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="This many people or more.",
                        null=True,
                        verbose_name="people affected",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impact_rules",
                        to="plans.edition",
                    ),
                ),
                (
                    "severity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impact_rules",
                        to="plans.severity",
                        verbose_name="severity",
                    ),
                ),
            ],
            options={
                "verbose_name": "impact rule",
                "verbose_name_plural": "impact rules",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "position"), name="impactrule_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="limits",
                        to="plans.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channel_limits",
                        to="plans.plan",
                    ),
                ),
                (
                    "severities",
                    models.ManyToManyField(
                        related_name="channel_limits", to="plans.severity", verbose_name="severities"
                    ),
                ),
            ],
            options={
                "verbose_name": "channel limit",
                "verbose_name_plural": "channel limits",
                "ordering": ["plan", "channel__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "channel"), name="channellimit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                (
                    "spans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=11),
                        blank=True,
                        default=list,
                        size=None,
                        validators=[plans.models.codes.validate_spans],
                        verbose_name="open",
                    ),
                ),
                ("amended_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "amended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="special_days",
                        to="plans.businesscalendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "special day",
                "verbose_name_plural": "special days",
                "ordering": ["calendar", "date", "amended_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calendar", "date", "amended_at"),
                        name="specialday_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Regex(
                            models.Func(
                                models.F("spans"),
                                models.Value(","),
                                function="array_to_string",
                                output_field=models.TextField(),
                            ),
                            models.Value(
                                "^(([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)(,([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00))*)?$"
                            ),
                        ),
                        name="specialday_spans_format",
                        violation_error_message="Write each span as HH:MM-HH:MM.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactFunction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        max_length=50,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place")),
                ("name", plans.texts.TranslatedTextField(blank=True, default=str, verbose_name="name")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="functions",
                        to="plans.edition",
                    ),
                ),
                (
                    "support_types",
                    models.ManyToManyField(
                        blank=True,
                        related_name="functions",
                        to="plans.supporttype",
                        verbose_name="kinds of help",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact function",
                "verbose_name_plural": "contact functions",
                "ordering": ["position", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="contactfunction_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$")),
                        name="contactfunction_code_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("first_response", "First response"),
                            ("next_update", "Next update"),
                            ("next_reply", "Next reply"),
                            ("resolution", "Resolution"),
                        ],
                        max_length=14,
                    ),
                ),
                ("written", models.CharField(help_text="4h, 30m, 1h30m, 2bd or nbd.", max_length=20)),
                (
                    "is_elapsed",
                    models.BooleanField(
                        default=False, help_text="Counts on the wall, whether the coverage is open or not."
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="plans.plan"
                    ),
                ),
                (
                    "severity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="plans.severity",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["plan", "metric", "severity__rank"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "metric", "severity"), name="target_cell_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("metric__in", ["first_response", "next_update", "next_reply", "resolution"])
                        ),
                        name="target_metric_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written__regex", "^(\\d{1,9}h(\\d{1,9}m)?|\\d{1,9}m|\\d{1,9}bd|nbd)$")
                        ),
                        name="target_written_format",
                        violation_error_message="This is not written as it must be.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_elapsed", False),
                            ("written__regex", "^(\\d{1,9}h(\\d{1,9}m)?|\\d{1,9}m)$"),
                            _connector="OR",
                        ),
                        name="target_elapsed_is_duration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("written", "nbd"), ("written__regex", "[1-9]"), _connector="OR"),
                        name="target_more_than_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TypeCoverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="type_coverages",
                        to="plans.plan",
                    ),
                ),
                (
                    "support_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="coverages",
                        to="plans.supporttype",
                        verbose_name="kind of help",
                    ),
                ),
            ],
            options={
                "verbose_name": "coverage of a type",
                "verbose_name_plural": "coverage of types",
                "ordering": ["plan", "support_type__position"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "support_type"), name="typecoverage_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TypeCalendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="plans.businesscalendar",
                    ),
                ),
                (
                    "type_coverage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_rows",
                        to="plans.typecoverage",
                    ),
                ),
            ],
            options={
                "ordering": ["type_coverage", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("type_coverage", "calendar"), name="typecalendar_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="weekday",
                    ),
                ),
                (
                    "spans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=11),
                        blank=True,
                        default=list,
                        size=None,
                        validators=[plans.models.codes.validate_spans],
                        verbose_name="open",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weekly_hours",
                        to="plans.businesscalendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "weekly hours",
                "verbose_name_plural": "weekly hours",
                "ordering": ["calendar", "weekday"],
                "constraints": [
                    models.UniqueConstraint(fields=("calendar", "weekday"), name="weeklyhours_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="weeklyhours_weekday"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Regex(
                            models.Func(
                                models.F("spans"),
                                models.Value(","),
                                function="array_to_string",
                                output_field=models.TextField(),
                            ),
                            models.Value(
                                "^(([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)(,([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00))*)?$"
                            ),
                        ),
                        name="weeklyhours_spans_format",
                        violation_error_message="Write each span as HH:MM-HH:MM.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="coverageoption",
            name="calendars",
            field=models.ManyToManyField(
                related_name="options", through="plans.CoverageCalendar", to="plans.businesscalendar"
            ),
        ),
        migrations.AddField(
            model_name="typecoverage",
            name="calendars",
            field=models.ManyToManyField(
                related_name="type_coverages", through="plans.TypeCalendar", to="plans.businesscalendar"
            ),
        ),
    ]
