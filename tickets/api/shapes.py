"""Fields of tickets in the API: what is written (documents) and what is read (bodies, queries)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.api.reading import Flag, Instant, ListQuery, StrictSerializer, Text, Whole
from plans.enums import Metric
from tickets.enums import Channel, ClockState, EventKind, Side, Status, Visibility

LONGEST_TEXT = 50_000
_MOST_PEOPLE = 100_000_000
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Impact(StrictSerializer):
    """What the trouble does to the customer."""

    can_sign_in = Flag(required=False, allow_null=True)
    users_affected = Whole(required=False, allow_null=True, min_value=0, max_value=_MOST_PEOPLE)
    executives_affected = Flag(required=False, allow_null=True)
    lost = Text(required=False, allow_null=True, allow_blank=True, max_length=2000)
    since = Instant(required=False, allow_null=True)


class BestTime(StrictSerializer):
    """When to call: wall-clock times, in a zone."""

    # "from" is a word of the language.
    def get_fields(self) -> dict[str, serializers.Field]:
        clock: dict[str, Any] = {"invalid": gettext_lazy("Write a time of day as 09:00.")}
        return {
            "from": serializers.RegexField(_CLOCK, error_messages=clock, help_text="For example 09:00."),
            "to": serializers.RegexField(_CLOCK, error_messages=clock, help_text="For example 12:00."),
            "time_zone": Text(required=False, allow_null=True, max_length=64, help_text="IANA name."),
        }

    def validate_time_zone(self, value: str | None) -> str | None:
        if value is not None and value not in available_timezones():
            raise serializers.ValidationError(
                _("There is no such time zone. Write one such as Europe/Paris."), "zone"
            )
        return value


class TermsDocument(serializers.Serializer):
    """What was promised to the ticket; it keeps these."""

    policy = serializers.CharField()
    edition = serializers.IntegerField()
    plan = serializers.CharField()
    coverage = serializers.CharField(allow_null=True)


class EscalationDocument(serializers.Serializer):
    """The level that an open escalation has reached."""

    level = serializers.IntegerField()
    name = serializers.CharField(help_text="In your language.")
    since = Instant()
    acknowledge_by = Instant(allow_null=True)
    acknowledged_at = Instant(allow_null=True)


class TicketDocument(serializers.Serializer):
    number = serializers.IntegerField()
    organization = serializers.CharField(help_text="Slug.")
    subject = serializers.CharField()
    description = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    severity = serializers.CharField(allow_null=True, help_text="A code of the policy.")
    support_type = serializers.CharField(allow_null=True)
    category = serializers.CharField(allow_null=True)
    product = serializers.CharField(allow_null=True)
    channel = serializers.ChoiceField(Channel.choices)
    impact = Impact(allow_null=True)
    best_time_to_contact = BestTime(allow_null=True)
    device = serializers.CharField(allow_null=True)
    operating_system = serializers.CharField(allow_null=True)
    requester = serializers.EmailField()
    created_at = Instant(help_text="When the request reached support: clocks count from here.")
    closed_at = Instant(allow_null=True)
    reopen_until = Instant(
        allow_null=True, help_text="Of a closed ticket: the last instant at which it may be reopened."
    )
    due_at = Instant(
        allow_null=True, help_text="The next promise; null where nothing is owed or the clock is paused."
    )
    escalation = EscalationDocument(allow_null=True, help_text="Null where none is open.")
    terms = TermsDocument()
    external_reference = serializers.CharField(allow_null=True, help_text="Your own.")
    follows = serializers.IntegerField(
        allow_null=True, help_text="The closed ticket that this one goes on from."
    )
    merged_into = serializers.IntegerField(
        allow_null=True, help_text="The ticket of the same organization in which this one goes on."
    )
    updated_at = Instant()


class TicketBody(StrictSerializer):
    """A new request."""

    organization = Text(required=False, max_length=80, help_text="Slug; needed where you reach several.")
    subject = Text(max_length=200)
    description = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    severity = Text(
        required=False, allow_null=True, max_length=40, help_text="A code of the plan; absent: its default."
    )
    support_type = Text(
        required=False, allow_null=True, max_length=60, help_text="Absent: the plan's default."
    )
    category = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    product = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    device = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    operating_system = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    external_reference = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    impact = Impact(required=False, allow_null=True)
    best_time_to_contact = BestTime(required=False, allow_null=True)
    accepts_rate = Flag(required=False, help_text="That the plan's rate is charged, where it asks for that.")
    channel = serializers.ChoiceField(
        Channel.choices, required=False, help_text="Said by staff; from anybody else it counts as `portal`."
    )
    requester = Text(required=False, max_length=254, help_text="Email of who asks: given by staff alone.")
    received_at = Instant(required=False, help_text="When a call or a mail came in: given by staff alone.")


class TicketChange(StrictSerializer):
    """What may change. ``severity`` takes ``severity_how`` and ``severity_reason`` with it."""

    external_reference = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    category = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    product = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    device = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    operating_system = Text(required=False, allow_null=True, allow_blank=True, max_length=120)
    severity = Text(required=False, max_length=40)
    severity_how = serializers.ChoiceField(
        ["raised", "corrected", "lowered"],
        required=False,
        help_text="`raised`: it got worse (all that customers say); `corrected`: wrong from the start.",
    )
    severity_reason = Text(required=False, max_length=2000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "severity" in attrs:
            missing = {
                name: [serializers.ErrorDetail(_("A change of severity needs this."), "required")]
                for name in ("severity_how", "severity_reason")
                if name not in attrs
            }
            if missing:
                raise serializers.ValidationError(missing)
        return attrs


class Reason(StrictSerializer):
    reason = Text(required=False, allow_blank=True, max_length=2000)


class TicketQuery(ListQuery):
    status = Text(required=False, max_length=100, help_text="One status, or several with commas between.")
    organization = Text(required=False, max_length=80, help_text="Slug.")
    severity = Text(required=False, max_length=40, help_text="Code.")
    external_reference = Text(required=False, max_length=120, help_text="Exactly this reference of yours.")
    updated_since = Instant(required=False, help_text="Only what changed at or after this instant.")
    q = Text(required=False, max_length=100, help_text="Words of subject or description, or a number.")

    def validate_status(self, value: str) -> list[str]:
        wanted = value.split(",")
        if not set(wanted) <= set(Status.values):
            raise serializers.ValidationError(
                _("There is no such status. These are: %(all)s.") % {"all": ", ".join(Status.values)},
                "invalid_choice",
            )
        return wanted


class MessageBody(StrictSerializer):
    body = Text(max_length=LONGEST_TEXT)
    visibility = serializers.ChoiceField(
        Visibility.choices, required=False, help_text="`internal`: staff alone."
    )
    then = serializers.ChoiceField(
        ["waiting", "resolved", "closed"],
        required=False,
        help_text="The status that goes with a public message of support: given by staff alone.",
    )


class FileBody(StrictSerializer):
    file = serializers.FileField(max_length=1000)
    body = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT, help_text="Words to go with it.")


class AttachmentDocument(serializers.Serializer):
    key = serializers.UUIDField(help_text="`attachments/{key}/` gives the bytes.")
    message = serializers.IntegerField(allow_null=True, help_text="The message that it came with.")
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    content_type = serializers.CharField(help_text="As the bytes show it.")
    url = serializers.CharField(
        help_text="Good without a token for some minutes, for as long as the token's owner may see the file."
    )


class MessageDocument(serializers.Serializer):
    id = serializers.IntegerField(allow_null=True, help_text="Null where the message opened a new ticket.")
    ticket = serializers.IntegerField(
        help_text="After the reopen window: the new ticket that the text went into."
    )
    body = serializers.CharField()
    visibility = serializers.ChoiceField(Visibility.choices)
    author = serializers.EmailField(allow_null=True)
    author_name = serializers.CharField(allow_null=True)
    side = serializers.ChoiceField(Side.choices)
    channel = serializers.ChoiceField(Channel.choices)
    created_at = Instant()
    attachments = AttachmentDocument(many=True)


class CountedDocument(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(),
            "to": Instant(),
            "seconds": serializers.IntegerField(),
            "calendar": serializers.CharField(allow_null=True),
        }


class SkippedDocument(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(),
            "to": Instant(),
            "why": serializers.ChoiceField(["closed", "holiday", "special_day", "paused"]),
            "name": serializers.CharField(required=False, help_text="The holiday's."),
        }


class ClockQuery(ListQuery):
    explain = serializers.BooleanField(
        required=False, default=False, help_text="Adds `counted` and `skipped`."
    )


class ClockDocument(serializers.Serializer):
    metric = serializers.ChoiceField(Metric.choices)
    cycle = serializers.IntegerField()
    state = serializers.ChoiceField(ClockState.choices)
    severity = serializers.CharField()
    target = serializers.JSONField(
        help_text='As written: `4h`, `2bd`, `nbd`, or `{"in": "4h", "counted": "elapsed"}`.'
    )
    started_at = Instant()
    due_at = Instant(
        allow_null=True, help_text="Null while paused and after a withdrawal; of a missed clock its breach."
    )
    warn_at = Instant(allow_null=True)
    met_at = Instant(allow_null=True)
    paused = serializers.BooleanField()
    paused_since = Instant(allow_null=True)
    breached = serializers.BooleanField()
    counted = CountedDocument(many=True, required=False)
    skipped = SkippedDocument(many=True, required=False)


class EventDocument(serializers.Serializer):
    id = serializers.IntegerField()
    ticket = serializers.IntegerField()
    organization = serializers.CharField()
    kind = serializers.ChoiceField(EventKind.choices)
    at = Instant(help_text="When it happened.")
    recorded_at = Instant(help_text="When it was written down.")
    side = serializers.ChoiceField(Side.choices)
    actor = serializers.EmailField(allow_null=True)
    message = serializers.IntegerField(allow_null=True)
    data = serializers.JSONField(  # type: ignore[assignment]
        help_text="By kind: `severity`, `to`, `how`, `reason`, `by`, `metric`, `cycle`, ..."
    )


def earliest_entry(at: datetime) -> datetime:
    """How far back staff may say that a call or a mail came in: a year."""
    return at.replace(year=at.year - 1, day=min(at.day, 28))
