"""Fields of contracts, policies, plans and of the question ``due/`` in the API."""

from __future__ import annotations

from rest_framework import serializers

from accounts.api.reading import Instant, ListQuery, StrictSerializer, Text
from plans.enums import ChannelCode, ContractTerms, Metric, SeveritySetBy, TargetsAre


class ContractQuery(ListQuery):
    organization = Text(
        required=False, max_length=80, help_text="Only contracts of this organization (its slug)."
    )


class ContractDocument(serializers.Serializer):
    id = serializers.IntegerField()
    organization = serializers.CharField()
    policy = serializers.CharField()
    edition = serializers.IntegerField(allow_null=True, help_text="The edition that it reads now.")
    plan = serializers.CharField()
    coverage = serializers.CharField(
        allow_null=True, help_text="The option elected; null: the plan's default."
    )
    product = serializers.CharField(allow_null=True, help_text="Null: for every product.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="The last day; null: open-ended.")
    time_zone = serializers.CharField(help_text="In which its days begin and end.")
    is_trial = serializers.BooleanField()
    overdue_since_on = serializers.DateField(allow_null=True)
    own_targets = serializers.JSONField(
        help_text="`{metric: {severity: target}}`; such a cell wins over the plan's."
    )
    reference = serializers.CharField(allow_null=True)


class SeverityDocument(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    rank = serializers.IntegerField(help_text="1 is the most severe.")
    is_default = serializers.BooleanField()


class NamedDocument(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class PolicyDocument(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField(help_text="Texts are in the caller's language.")
    description = serializers.CharField()
    edition = serializers.IntegerField(help_text="The published one.")
    published_at = Instant()
    contracts = serializers.ChoiceField(ContractTerms.choices, help_text="Which edition contracts read.")
    severity_set_by = serializers.ChoiceField(SeveritySetBy.choices)
    severities = SeverityDocument(many=True)
    support_types = NamedDocument(many=True)
    categories = NamedDocument(many=True, help_text="What the request form offers.")
    plans = serializers.ListField(child=serializers.CharField(), help_text="Codes.")


class PlanQuery(ListQuery):
    policy = Text(required=False, max_length=50, help_text="Only plans of this policy (its slug).")


class LevelDocument(serializers.Serializer):
    level = serializers.IntegerField()
    name = serializers.CharField()
    after = serializers.CharField(help_text="`breach`, `request`, or covered time after the level before.")


class PlanDocument(serializers.Serializer):
    policy = serializers.CharField()
    edition = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    severity_set_by = serializers.ChoiceField(SeveritySetBy.choices)
    channels = serializers.ListField(child=serializers.ChoiceField(ChannelCode.choices))
    channel_limits = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Channel to the severities that it takes, where it does not take all.",
    )
    support_types = serializers.ListField(child=serializers.CharField())
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
    targets_are = serializers.ChoiceField(TargetsAre.choices)
    escalation = LevelDocument(many=True)
    customer_may_escalate = serializers.BooleanField()
    pause_on_hold = serializers.BooleanField()
    reopen_days = serializers.IntegerField()
    auto_close_days = serializers.IntegerField(allow_null=True)
    partner_may_submit = serializers.BooleanField()


class DueQuery(StrictSerializer):
    """The question of `manage.py due`."""

    policy = Text(max_length=50)
    edition = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Absent: the published one."
    )
    plan = Text(max_length=50)
    coverage = Text(required=False, max_length=50, help_text="Absent: the plan's default option.")
    support_type = Text(required=False, max_length=50)
    severity = Text(max_length=50)
    metric = serializers.ChoiceField(Metric.choices)
    at = Text(
        max_length=40, help_text="The submission: an instant with its zone, such as 2026-11-25T23:30:00Z."
    )
    time_zone = Text(
        required=False, max_length=64, help_text="The customer's, needed where a calendar says `customer`."
    )
    until = Text(
        required=False, max_length=40, help_text="Adds `counted_seconds`: covered time between `at` and this."
    )
    explain = serializers.BooleanField(required=False, help_text="Adds `counted` and `skipped`.")


class DueCounted(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(),
            "to": Instant(),
            "seconds": serializers.IntegerField(),
            "calendar": serializers.CharField(allow_null=True),
        }


class DueSkipped(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(),
            "to": Instant(),
            "why": serializers.ChoiceField(["closed", "holiday", "special_day", "paused"]),
            "name": serializers.CharField(required=False, help_text="The holiday's."),
        }


class DueDocument(serializers.Serializer):
    """The question, and its answer."""

    policy = serializers.CharField()
    edition = serializers.IntegerField(required=False)
    plan = serializers.CharField()
    coverage = serializers.CharField(required=False)
    support_type = serializers.CharField(required=False)
    severity = serializers.CharField()
    metric = serializers.ChoiceField(Metric.choices)
    at = serializers.CharField()
    time_zone = serializers.CharField(required=False)
    until = serializers.CharField(required=False)
    explain = serializers.BooleanField(required=False)
    due_at = Instant(allow_null=True, help_text="Null where nothing is promised.")
    counted = DueCounted(many=True, required=False)
    skipped = DueSkipped(many=True, required=False)
    counted_seconds = serializers.IntegerField(required=False)
