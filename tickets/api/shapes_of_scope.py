"""Fields of exclusions, surveys and the log of work in the API."""

from __future__ import annotations

from rest_framework import serializers

from accounts.api.reading import Flag, Instant, Line, StrictSerializer, Text, Whole
from tickets.enums import Metric, Score

_A_DAY = 24 * 60 * 60


class ExclusionDocument(serializers.Serializer):
    """A note that the request, or one of its promises, is out of scope."""

    id = serializers.IntegerField(help_text="Names the note.")
    code = serializers.CharField(help_text="Of the edition's exclusions.")
    metric = serializers.ChoiceField(
        Metric.choices, allow_null=True, help_text="The promise; null: the whole request."
    )
    cycle = serializers.IntegerField(allow_null=True, help_text="Which of that metric.")
    text = serializers.CharField(help_text="What support wrote to you.")
    created_at = Instant(help_text="When it was noted.")
    objection = serializers.CharField(allow_null=True, help_text="What the customer said against it.")
    objected_at = Instant(allow_null=True, help_text="When.")
    answer = serializers.CharField(allow_null=True, help_text="What a lead of support answered.")
    answered_at = Instant(allow_null=True, help_text="When.")
    withdrawn_at = Instant(allow_null=True, help_text="Null while it stands.")


class ObjectionBody(StrictSerializer):
    """An objection."""

    reason = Text(max_length=2000, help_text="What you see otherwise.")


class SurveyDocument(serializers.Serializer):
    """How content the customer is with one closing."""

    cycle = serializers.IntegerField(help_text="Counts the closings, from 1.")
    closed_at = Instant(help_text="Which closing.")
    until = Instant(help_text="The last instant at which it may be answered or changed.")
    score = serializers.ChoiceField(
        Score.choices, allow_null=True, help_text="From 1 to 5; null: not answered."
    )
    comment = serializers.CharField(allow_null=True, help_text="Read by its writer and by support.")
    answered_at = Instant(allow_null=True, help_text="When it was answered first.")
    changed_at = Instant(allow_null=True, help_text="And changed last.")


class RatingBody(StrictSerializer):
    """A rating."""

    score = Whole(min_value=1, max_value=5, help_text="5 is very good.")
    comment = Text(
        required=False, allow_blank=True, max_length=5000, help_text="People of support read it, nobody else."
    )


class WorkDocument(serializers.Serializer):
    """Time that somebody of support worked on the ticket."""

    id = serializers.IntegerField(help_text="Names the entry.")
    person = serializers.EmailField(help_text="Who worked.")
    seconds = serializers.IntegerField(help_text="How long.")
    worked_until = Instant(help_text="Up to when.")
    text = serializers.CharField(help_text="What was done.")
    is_billable = serializers.BooleanField(help_text="Whether it may be charged for.")
    recorded_at = Instant(help_text="When it was logged.")
    voids = serializers.IntegerField(allow_null=True, help_text="The mistaken entry that this one voids.")


class WorkBody(StrictSerializer):
    """An entry of the log."""

    seconds = Whole(min_value=1, max_value=_A_DAY, help_text="How long you worked.")
    worked_until = Instant(required=False, help_text="Up to when; absent: now.")
    text = Line(max_length=500, help_text="What was done.")
    is_billable = Flag(required=False, help_text="Whether it may be charged for: needs an agreed rate.")
