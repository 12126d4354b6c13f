"""Fields of contracts, policies, plans and of the question ``due/`` in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.reading import Digits, Instant, ListQuery, StrictSerializer, Switch, Text, with_plus
from plans.enums import ChannelCode, ContractTerms, Metric, SeveritySetBy, TargetsAre
from plans.lines import instant_of


class ContractQuery(ListQuery):
    organization = Text(
        required=False, max_length=80, help_text="Only contracts of this organization (its slug)."
    )


class ContractDocument(serializers.Serializer):
    """What an organization has bought."""

    id = serializers.IntegerField(help_text="Names the contract.")
    organization = serializers.CharField(help_text="Slug.")
    policy = serializers.CharField(help_text="Slug.")
    edition = serializers.IntegerField(allow_null=True, help_text="The edition that it reads now.")
    plan = serializers.CharField(help_text="Code of one of the edition's plans.")
    coverage = serializers.CharField(
        allow_null=True, help_text="The option elected; null: the plan's default."
    )
    product = serializers.CharField(allow_null=True, help_text="Null: for every product.")
    starts_on = serializers.DateField(help_text="The first day.")
    ends_on = serializers.DateField(allow_null=True, help_text="The last day; null: open-ended.")
    time_zone = serializers.CharField(help_text="In which its days begin and end.")
    is_trial = serializers.BooleanField(help_text="Or paid.")
    overdue_since_on = serializers.DateField(
        allow_null=True, help_text="Since when fees are overdue; null where none are."
    )
    own_targets = serializers.JSONField(
        help_text="`{metric: {severity: target}}`; such a cell wins over the plan's."
    )
    reference = serializers.CharField(allow_null=True, help_text="The contract's own number or name.")


class SeverityDocument(serializers.Serializer):
    """How bad something may be."""

    code = serializers.CharField(help_text="What other fields and addresses take.")
    name = serializers.CharField(help_text="In the caller's language.")
    description = serializers.CharField(help_text="What it is for.")
    rank = serializers.IntegerField(help_text="1 is the most severe.")
    is_default = serializers.BooleanField(help_text="Whether a request without a severity gets this one.")


class NamedDocument(serializers.Serializer):
    """A code and its name."""

    code = serializers.CharField(help_text="What other fields and addresses take.")
    name = serializers.CharField(help_text="In the caller's language.")


class PolicyDocument(serializers.Serializer):
    """A support policy, as its published edition has it."""

    slug = serializers.CharField(help_text="What other fields and addresses take.")
    name = serializers.CharField(help_text="Texts are in the caller's language.")
    description = serializers.CharField(help_text="In a sentence or two.")
    edition = serializers.IntegerField(help_text="The published one.")
    published_at = Instant(help_text="When this edition was published.")
    contracts = serializers.ChoiceField(ContractTerms.choices, help_text="Which edition contracts read.")
    severity_set_by = serializers.ChoiceField(
        SeveritySetBy.choices, help_text="Unless the plan says otherwise."
    )
    severities = SeverityDocument(many=True, help_text="The most severe first.")
    support_types = NamedDocument(many=True, help_text="Kinds of help.")
    categories = NamedDocument(many=True, help_text="What the request form offers.")
    request_form = serializers.DictField(
        child=serializers.BooleanField(),
        help_text=(
            "What the portal's form asks people besides, and whether it insists. A request of yours is taken "
            "without these."
        ),
    )
    plans = serializers.ListField(child=serializers.CharField(), help_text="Codes.")


class PlanQuery(ListQuery):
    policy = Text(required=False, max_length=50, help_text="Only plans of this policy (its slug).")


class LevelDocument(serializers.Serializer):
    """A level of escalation."""

    level = serializers.IntegerField(help_text="1 is the first.")
    name = serializers.CharField(help_text="In the caller's language.")
    after = serializers.CharField(help_text="`breach`, `request`, or covered time after the level before.")


class PlanDocument(serializers.Serializer):
    """A plan, as its policy file has it."""

    policy = serializers.CharField(help_text="Slug.")
    edition = serializers.IntegerField(help_text="The published one.")
    code = serializers.CharField(help_text="What other fields and addresses take.")
    name = serializers.CharField(help_text="In the caller's language.")
    description = serializers.CharField(help_text="In a sentence or two.")
    severity_set_by = serializers.ChoiceField(
        SeveritySetBy.choices,
        help_text="The customer; the customer, to be confirmed by support (`proposed`); or support.",
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(ChannelCode.choices),
        help_text="By which requests come. None: it takes no requests.",
    )
    channel_limits = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Channel to the severities that it takes, where it does not take all.",
    )
    support_types = serializers.ListField(child=serializers.CharField(), help_text="Codes of kinds of help.")
    coverage = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Option to its calendars; open when any of them is. The first is the default.",
    )
    coverage_for = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Support type to its calendars, where it differs from the elected option.",
    )
    targets = serializers.JSONField(
        help_text="`{metric: {severity: target as written}}`; absent: no promise."
    )
    targets_are = serializers.ChoiceField(TargetsAre.choices, help_text="Commitments, or objectives.")
    escalation = LevelDocument(many=True, help_text="Levels, the first one first.")
    customer_may_escalate = serializers.BooleanField(help_text="Whether `escalate/` may be asked for.")
    pause_on_hold = serializers.BooleanField(
        help_text="Whether promises of news and of a solution stand still on hold."
    )
    reopen_days = serializers.IntegerField(help_text="How long a closed request may be reopened.")
    auto_close_days = serializers.IntegerField(
        allow_null=True, help_text="After how long a resolved request closes by itself; null: never."
    )
    partner_may_submit = serializers.BooleanField(
        help_text="Whether a partner asks for an organization that it manages."
    )


@extend_schema_field({"type": "string", "format": "date-time"})
class WrittenInstant(Text):
    """An instant as `manage.py due` reads it; the answer has it as it was written."""

    default_error_messages = {
        "invalid": gettext_lazy("Write an instant with its zone, such as 2026-11-25T23:30:00Z."),
    }

    def to_internal_value(self, data: Any) -> str:
        written = with_plus(super().to_internal_value(data))
        try:
            instant_of({"at": written}, "at")
        except (ValueError, OverflowError):
            self.fail("invalid")
        return written


class DueQuery(StrictSerializer):
    """The question of `manage.py due`."""

    policy = Text(max_length=50, help_text="Its slug, as in `policies/`.")
    edition = Digits(required=False, min_value=1, max_value=2**31 - 1, help_text="Absent: the published one.")
    plan = Text(max_length=50, help_text="A code of the policy's `plans`.")
    coverage = Text(required=False, max_length=50, help_text="Absent: the plan's default option.")
    support_type = Text(
        required=False, max_length=50, help_text="Where its hours differ. Absent: the option's hours."
    )
    severity = Text(max_length=50, help_text="A code of the policy's `severities`.")
    metric = serializers.ChoiceField(Metric.choices, help_text="Which promise.")
    at = WrittenInstant(max_length=40, help_text="The submission.")
    time_zone = Text(
        required=False, max_length=64, help_text="The customer's, needed where a calendar says `customer`."
    )
    until = WrittenInstant(
        required=False, max_length=40, help_text="Adds `counted_seconds`: covered time between `at` and this."
    )
    explain = Switch(required=False, help_text="Adds `counted` and `skipped`.")


class DueCounted(serializers.Serializer):
    """A stretch that counts."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(help_text="Its first instant."),
            "to": Instant(help_text="The instant after its last."),
            "seconds": serializers.IntegerField(help_text="How many of it count."),
            "calendar": serializers.CharField(
                allow_null=True, help_text="Whose hours are open; null where time counts as it elapses."
            ),
        }


class DueSkipped(serializers.Serializer):
    """A stretch that does not count."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(help_text="Its first instant."),
            "to": Instant(help_text="The instant after its last."),
            "why": serializers.ChoiceField(
                ["closed", "holiday", "special_day", "paused"], help_text="Why it does not count."
            ),
            "name": serializers.CharField(required=False, help_text="The holiday's."),
        }


class DueDocument(serializers.Serializer):
    """The question, and its answer."""

    policy = serializers.CharField(help_text="As asked.")
    edition = serializers.IntegerField(required=False, help_text="As asked.")
    plan = serializers.CharField(help_text="As asked.")
    coverage = serializers.CharField(required=False, help_text="As asked.")
    support_type = serializers.CharField(required=False, help_text="As asked.")
    severity = serializers.CharField(help_text="As asked.")
    metric = serializers.ChoiceField(Metric.choices, help_text="As asked.")
    at = serializers.CharField(help_text="As asked.")
    time_zone = serializers.CharField(required=False, help_text="As asked.")
    until = serializers.CharField(required=False, help_text="As asked.")
    explain = serializers.BooleanField(required=False, help_text="As asked.")
    due_at = Instant(allow_null=True, help_text="Null where nothing is promised.")
    counted = DueCounted(many=True, required=False, help_text="With `explain`: the stretches that count.")
    skipped = DueSkipped(many=True, required=False, help_text="With `explain`: those that do not, and why.")
    counted_seconds = serializers.IntegerField(
        required=False, help_text="With `until`: the covered time between `at` and it."
    )
