"""Fields of tickets in the API: what is written (documents) and what is read (bodies, queries)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.reading import Flag, Instant, Line, ListQuery, StrictSerializer, Switch, Text, Whole
from plans.enums import Metric
from tickets.enums import Channel, ClockState, EventKind, Side, Status, Visibility

LONGEST_TEXT = 50_000
_MOST_PEOPLE = 100_000_000
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


class Impact(StrictSerializer):
    """What the trouble does to the customer."""

    can_sign_in = Flag(required=False, allow_null=True, help_text="Whether people can sign in at all.")
    users_affected = Whole(
        required=False, allow_null=True, min_value=0, max_value=_MOST_PEOPLE, help_text="How many people."
    )
    executives_affected = Flag(
        required=False, allow_null=True, help_text="Whether executives are among them."
    )
    lost = Text(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=2000,
        help_text="What can't be done meanwhile.",
    )
    since = Instant(required=False, allow_null=True, help_text="When it began.")


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

    policy = serializers.CharField(help_text="Slug, as in `policies/`.")
    edition = serializers.IntegerField(help_text="Number of the edition.")
    plan = serializers.CharField(help_text="Code, as in `plans/`.")
    coverage = serializers.CharField(
        allow_null=True, help_text="The coverage option; null where the plan has none."
    )


class EscalationDocument(serializers.Serializer):
    """The level that an open escalation has reached."""

    level = serializers.IntegerField(help_text="1 is the first.")
    name = serializers.CharField(help_text="In your language.")
    since = Instant(help_text="When it was reached.")
    acknowledge_by = Instant(
        allow_null=True,
        help_text="When the next level comes by itself, unless somebody acknowledges this one.",
    )
    acknowledged_at = Instant(allow_null=True, help_text="When somebody took it over.")


class TicketDocument(serializers.Serializer):
    """A ticket as you may see it."""

    number = serializers.IntegerField(help_text="Names the ticket in every address.")
    organization = serializers.CharField(help_text="Slug.")
    subject = serializers.CharField(help_text="One line.")
    description = serializers.CharField(help_text="Markdown, as it was sent.")
    status = serializers.ChoiceField(
        Status.choices, help_text="What time decides (closing by itself) counts at once."
    )
    severity = serializers.CharField(allow_null=True, help_text="A code of the policy.")
    support_type = serializers.CharField(allow_null=True, help_text="A code of the policy.")
    category = serializers.CharField(allow_null=True, help_text="A code of the policy, or your own word.")
    product = serializers.CharField(allow_null=True, help_text="Code of the product.")
    channel = serializers.ChoiceField(Channel.choices, help_text="How it came.")
    impact = Impact(allow_null=True, help_text="What the trouble does to the customer.")
    best_time_to_contact = BestTime(allow_null=True, help_text="When to call.")
    device = serializers.CharField(allow_null=True, help_text="Which device it is about.")
    operating_system = serializers.CharField(allow_null=True, help_text="And what runs on it.")
    requester = serializers.EmailField(help_text="Email of who asks.")
    created_at = Instant(help_text="When the request reached support: clocks count from here.")
    closed_at = Instant(allow_null=True, help_text="Null while it is not closed.")
    reopen_until = Instant(
        allow_null=True, help_text="Of a closed ticket: the last instant at which it may be reopened."
    )
    due_at = Instant(
        allow_null=True, help_text="The next promise; null where nothing is owed or the clock is paused."
    )
    escalation = EscalationDocument(allow_null=True, help_text="Null where none is open.")
    terms = TermsDocument(help_text="What was promised to it; it keeps these.")
    external_reference = serializers.CharField(allow_null=True, help_text="Your own.")
    follows = serializers.IntegerField(
        allow_null=True, help_text="The closed ticket that this one goes on from."
    )
    merged_into = serializers.IntegerField(
        allow_null=True, help_text="The ticket of the same organization in which this one goes on."
    )
    updated_at = Instant(help_text="When something last happened that you may know of.")


class TicketBody(StrictSerializer):
    """A new request."""

    organization = Text(required=False, max_length=80, help_text="Slug; needed where you reach several.")
    subject = Line(max_length=200, help_text="One line: what this is about.")
    description = Text(
        required=False,
        allow_blank=True,
        max_length=LONGEST_TEXT,
        help_text="Markdown: what happens, and what was expected.",
    )
    severity = Text(
        required=False, allow_null=True, max_length=40, help_text="A code of the plan; absent: its default."
    )
    support_type = Text(
        required=False, allow_null=True, max_length=60, help_text="Absent: the plan's default."
    )
    category = Line(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=120,
        help_text="A code of the policy's `categories`.",
    )
    product = Line(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=120,
        help_text="Code of the product; needed where the kind of help needs a licence and you hold several.",
    )
    device = Line(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=120,
        help_text="Which device it is about.",
    )
    operating_system = Line(
        required=False, allow_null=True, allow_blank=True, max_length=120, help_text="And what runs on it."
    )
    external_reference = Line(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=120,
        help_text="Your own reference: it comes back, and `tickets/?external_reference=` finds it.",
    )
    impact = Impact(required=False, allow_null=True, help_text="What the trouble does to you.")
    best_time_to_contact = BestTime(required=False, allow_null=True, help_text="When to call.")
    accepts_rate = Flag(required=False, help_text="That the plan's rate is charged, where it asks for that.")
    channel = serializers.ChoiceField(
        Channel.choices, required=False, help_text="Said by staff; from anybody else it counts as `portal`."
    )
    requester = Text(required=False, max_length=254, help_text="Email of who asks: given by staff alone.")
    received_at = Instant(required=False, help_text="When a call or a mail came in: given by staff alone.")


class TicketChange(StrictSerializer):
    """What may change. `severity` takes `severity_how` and `severity_reason` with it."""

    external_reference = Line(
        required=False, allow_null=True, allow_blank=True, max_length=120, help_text="Your own reference."
    )
    category = Line(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=120,
        help_text="A code of the policy's `categories`.",
    )
    product = Line(
        required=False, allow_null=True, allow_blank=True, max_length=120, help_text="Code of the product."
    )
    device = Line(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=120,
        help_text="Which device it is about.",
    )
    operating_system = Line(
        required=False, allow_null=True, allow_blank=True, max_length=120, help_text="And what runs on it."
    )
    severity = Text(required=False, max_length=40, help_text="A code of the policy.")
    severity_how = serializers.ChoiceField(
        ["raised", "corrected", "lowered"],
        required=False,
        help_text="`raised`: it got worse (all that customers say); `corrected`: wrong from the start.",
    )
    severity_reason = Text(
        required=False, max_length=2000, help_text="Why, in a sentence that both sides read."
    )

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
    """Why."""

    reason = Text(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="In a sentence that both sides read. Needed to escalate.",
    )


_ANY_STATUS = "|".join(Status.values)


@extend_schema_field({"type": "string", "pattern": f"^({_ANY_STATUS})(,({_ANY_STATUS}))*$"})
class Statuses(Text):
    """One status, or several with commas between."""


class TicketQuery(ListQuery):
    status = Statuses(required=False, max_length=100, help_text="One status, or several with commas between.")
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
    """A message."""

    body = Text(max_length=LONGEST_TEXT, help_text="Markdown.")
    visibility = serializers.ChoiceField(
        Visibility.choices, required=False, help_text="`internal`: staff alone."
    )
    then = serializers.ChoiceField(
        ["waiting", "resolved", "closed"],
        required=False,
        help_text="The status that goes with a public message of support: given by staff alone.",
    )


# What generators of clients know as a file.
@extend_schema_field({"type": "string", "format": "binary"})
class File(serializers.FileField):
    """A file of a form."""


class FileBody(StrictSerializer):
    """A file, with words or without."""

    file = File(max_length=1000, help_text="At most 25 MB.")
    body = Text(
        required=False,
        allow_blank=True,
        max_length=LONGEST_TEXT,
        help_text="Words to go with it; absent: its name.",
    )
    visibility = serializers.ChoiceField(
        Visibility.choices, required=False, help_text="`internal`: staff alone."
    )


class AttachmentDocument(serializers.Serializer):
    """A file."""

    key = serializers.UUIDField(help_text="`attachments/{key}/` gives the bytes.")
    message = serializers.IntegerField(allow_null=True, help_text="The message that it came with.")
    name = serializers.CharField(help_text="Without folders and control characters.")
    size = serializers.IntegerField(help_text="Bytes.")
    content_type = serializers.CharField(help_text="As the bytes show it.")
    url = serializers.CharField(
        help_text="Good without a token for some minutes, for as long as the token's owner may see the file."
    )


class MessageDocument(serializers.Serializer):
    """A message."""

    id = serializers.IntegerField(allow_null=True, help_text="Null where the message opened a new ticket.")
    ticket = serializers.IntegerField(
        help_text="After the reopen window: the new ticket that the text went into."
    )
    body = serializers.CharField(help_text="Markdown, as it was sent.")
    visibility = serializers.ChoiceField(Visibility.choices, help_text="Internal ones exist for staff alone.")
    author = serializers.EmailField(allow_null=True, help_text="Email; null for what nobody wrote.")
    author_name = serializers.CharField(allow_null=True, help_text="Their name.")
    side = serializers.ChoiceField(Side.choices, help_text="On whose side the author stands.")
    channel = serializers.ChoiceField(Channel.choices, help_text="How it came.")
    created_at = Instant(help_text="When it was written.")
    attachments = AttachmentDocument(many=True, help_text="The files that came with it.")


class CountedDocument(serializers.Serializer):
    """A stretch that counted."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(help_text="Its first instant."),
            "to": Instant(help_text="The instant after its last."),
            "seconds": serializers.IntegerField(help_text="How many of it counted."),
            "calendar": serializers.CharField(
                allow_null=True, help_text="Whose hours were open; null where time counts as it elapses."
            ),
        }


class SkippedDocument(serializers.Serializer):
    """A stretch that did not count."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Instant(help_text="Its first instant."),
            "to": Instant(help_text="The instant after its last."),
            "why": serializers.ChoiceField(
                ["closed", "holiday", "special_day", "paused"], help_text="Why it did not count."
            ),
            "name": serializers.CharField(required=False, help_text="The holiday's."),
        }


class ClockQuery(ListQuery):
    explain = Switch(required=False, default=False, help_text="Adds `counted` and `skipped`.")


class ClockDocument(serializers.Serializer):
    """One promise, and how it is kept."""

    metric = serializers.ChoiceField(Metric.choices, help_text="Which promise.")
    cycle = serializers.IntegerField(help_text="Counts the promises of this metric, from 1.")
    state = serializers.ChoiceField(ClockState.choices, help_text="As of now.")
    severity = serializers.CharField(help_text="The severity that its target is for.")
    target = serializers.JSONField(
        help_text='As written: `4h`, `2bd`, `nbd`, or `{"in": "4h", "counted": "elapsed"}`.'
    )
    started_at = Instant(help_text="From when it is counted.")
    due_at = Instant(
        allow_null=True, help_text="Null while paused and after a withdrawal; of a missed clock its breach."
    )
    warn_at = Instant(allow_null=True, help_text="When support is warned.")
    met_at = Instant(allow_null=True, help_text="When it was kept.")
    paused = serializers.BooleanField(help_text="Whether it stands still.")
    paused_since = Instant(allow_null=True, help_text="Since when.")
    breached = serializers.BooleanField(help_text="Whether it was missed, kept later or not.")
    counted = CountedDocument(
        many=True, required=False, help_text="With `explain`: the stretches that counted."
    )
    skipped = SkippedDocument(
        many=True, required=False, help_text="With `explain`: those that did not, and why."
    )


class EventDocument(serializers.Serializer):
    """One thing that happened to a ticket."""

    id = serializers.IntegerField(help_text="Grows in the order of recording.")
    ticket = serializers.IntegerField(help_text="Its number.")
    organization = serializers.CharField(help_text="Slug.")
    kind = serializers.ChoiceField(
        EventKind.choices,
        help_text="What happened. Kinds may be added: pass over those that you do not know.",
    )
    at = Instant(help_text="When it happened.")
    recorded_at = Instant(help_text="When it was written down.")
    side = serializers.ChoiceField(
        Side.choices, help_text="Who did it: the customer, support, or nobody (`system`)."
    )
    actor = serializers.EmailField(allow_null=True, help_text="Email; null for what happened by itself.")
    message = serializers.IntegerField(allow_null=True, help_text="The message that goes with it.")
    data = serializers.JSONField(  # type: ignore[assignment]
        help_text="By kind: `severity`, `to`, `how`, `reason`, `by`, `metric`, `cycle`, ..."
    )


def earliest_entry(at: datetime) -> datetime:
    """How far back staff may say that a call or a mail came in: a year."""
    return at.replace(year=at.year - 1, day=min(at.day, 28))
