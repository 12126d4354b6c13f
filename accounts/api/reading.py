"""Bodies and queries of the API, read strictly: a mistake is answered with its place and not guessed at."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import JSONParser

MAX_BODY_BYTES = 1024 * 1024
MAX_LIMIT = 100
# Control characters, and what Unicode has for the end of a line or a paragraph.
_NOT_IN_A_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# In a query a plus that was not escaped arrives as a space.
_LOST_PLUS = re.compile(r" (?=[0-9]{2}:[0-9]{2}$)")

Body = TypeVar("Body", bound="StrictSerializer")


class TooLarge(APIException):
    """The body is larger than a request of this API ever needs: 413."""

    status_code = 413
    default_code = "too_large"
    default_detail = gettext_lazy("This body is too large: at most 1 MB of JSON.")


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no key twice, of a bounded size and depth."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BODY_BYTES + 1)
        if len(raw) > MAX_BODY_BYTES:
            raise TooLarge
        try:
            body = json.loads(raw.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once_each)
            # An escaped half of a surrogate pair is a character that can neither be stored nor sent back.
            json.dumps(body, ensure_ascii=False).encode()
            return body
        except (ValueError, RecursionError) as error:
            raise ParseError(_("This is no valid JSON in UTF-8."), "not_json") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


class StrictSerializer(serializers.Serializer):
    """Fields by name; one that is not known is an error at its own place, told with every other one."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = [name for name in data if name not in self.fields] if isinstance(data, dict) else []
        text = _("There is no such field. Leave it out, or look for its name in the documentation.")
        faults: dict[str, Any] = {
            _printable(name): [ErrorDetail(text, "unknown_field")] for name in unknown[:20]
        }
        try:
            value = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError(faults | error.detail) from None  # type: ignore[operator]
        if faults:
            raise ValidationError(faults)
        return value


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name[:80])


class StrictObject(OpenApiSerializerExtension):
    """The schema says that there are no other fields."""

    target_class = "accounts.api.reading.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return schema | {"additionalProperties": False}


class Text(serializers.CharField):
    """A JSON string; a number or a boolean is not taken for one."""

    default_error_messages = {"invalid": gettext_lazy("Write a text.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if "\x00" in data:
            text = _("The character U+0000 can't be kept. Leave it out.")
            raise ValidationError(text, "null_characters_not_allowed")
        return super().to_internal_value(data)


class Line(Text):
    """A text of one line: what ends a line, or is none of its characters, becomes a space."""

    def to_internal_value(self, data: Any) -> str:
        folded = _NOT_IN_A_LINE.sub(" ", data) if isinstance(data, str) and "\x00" not in data else data
        return super().to_internal_value(folded)


class Flag(serializers.BooleanField):
    """``true`` or ``false``, not the words."""

    default_error_messages = {"invalid": gettext_lazy("Write true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    """A JSON integer."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "format": "date-time"})
class Instant(serializers.Field):
    """An instant as ISO 8601 with its zone; given on as aware UTC."""

    default_error_messages = {
        "invalid": gettext_lazy("Write an instant with its zone, such as 2026-11-25T23:30:00Z."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        try:
            value = parse_datetime(with_plus(data))
            if value is None or value.tzinfo is None:
                self.fail("invalid")
            return value.astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            self.fail("invalid")

    def to_representation(self, value: datetime) -> str | None:
        return instant(value)


def instant(value: datetime | None) -> str | None:
    """How an instant is written: UTC to the second, ``2026-11-25T23:30:00Z``; nothing stays nothing."""
    if value is None:
        return None
    return f"{value.astimezone(UTC).isoformat()[:19]}Z"


def with_plus(written: str) -> str:
    """An instant as it was meant: ``...T12:00:00 02:00`` had a plus in the query, which was not escaped."""
    return _LOST_PLUS.sub("+", written)


class Digits(serializers.IntegerField):
    """A number of a query: ASCII digits, with a minus where it is negative (which is then out of range)."""

    default_error_messages = {"invalid": gettext_lazy("Write a whole number in digits.")}

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", str(data)):
            self.fail("invalid")
        return super().to_internal_value(data)


class Switch(serializers.BooleanField):
    """``true`` or ``false`` in a query, or 1 and 0."""

    default_error_messages = {"invalid": gettext_lazy("Write true or false.")}

    def to_internal_value(self, data: Any) -> bool:
        if str(data).lower() not in ("true", "false", "1", "0"):
            self.fail("invalid")
        return super().to_internal_value(data)


class ListQuery(StrictSerializer):
    """What every list takes."""

    limit = Digits(
        required=False, default=50, min_value=1, max_value=MAX_LIMIT, help_text="How many results a page has."
    )
    cursor = Text(
        required=False,
        max_length=500,
        help_text="Where the page begins: taken from `next` of the page before, never made up.",
    )


class NoQuery(StrictSerializer):
    """The query of an address that takes none."""


def read_body(kind: type[Body], data: Any) -> dict[str, Any]:
    """Return the body as ``kind`` reads it. Raises ValidationError with the place of each mistake.

    A parameter of a query, or a part of a form, that comes twice is a mistake: one of the two would be lost.
    """
    if isinstance(data, QueryDict):
        if repeated := [name for name, values in data.lists() if len(values) > 1]:
            text = _("Give this once.")
            raise ValidationError({_printable(name): [ErrorDetail(text, "repeated")] for name in repeated})
        data = data.dict()
    body = kind(data=data)
    body.is_valid(raise_exception=True)
    return body.validated_data


def read_query(kind: type[Body], params: QueryDict) -> dict[str, Any]:
    """Return the query as ``kind`` reads it."""
    return read_body(kind, params)


def invalid(name: str, code: str, detail: str) -> ValidationError:
    """One mistake, at the field ``name``."""
    return ValidationError({name: [ErrorDetail(detail, code)]})


def unknown(name: str) -> ValidationError:
    """The same words for what never was and for what this caller may not see."""
    return invalid(name, "unknown", _("There is nothing by this name that you may use."))
