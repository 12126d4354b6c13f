"""How operations are described in the OpenAPI document: problems, pages and examples, said once."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from accounts.api.problems import title_of

PROBLEM = "application/problem+json"


class Described(AutoSchema):
    """An operation is described by what it says itself, never by a comment on the class behind it."""

    def get_description(self) -> str:  # type: ignore[override]
        return ""

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        found = super()._resolve_path_parameters(variables)
        return [{"description": _IN_PATHS.get(item["name"], "")} | item for item in found]


_IN_PATHS = {
    "number": "The ticket's number.",
    "key": "The file's key, as the list of files has it.",
    "id": "Its `id`, as the list has it.",
    "slug": "The short name, as the list has it.",
    "policy": "The policy's short name.",
    "code": "The plan's code.",
    "cycle": "Which closing it is about, from 1.",
}


class FieldError(serializers.Serializer):
    """One mistake in what was sent."""

    pointer = serializers.CharField(
        help_text="RFC 6901 pointer into the body, or `/` and the query parameter's name."
    )
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people, in the caller's language.")


class Problem(serializers.Serializer):
    """RFC 9457 problem details."""

    type = serializers.CharField(help_text="`urn:kept:problem:` and the code.")
    title = serializers.CharField(help_text="What the status means; the same each time.")
    status = serializers.IntegerField(help_text="As the answer has it.")
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people, in the caller's language.")
    next_step = serializers.CharField(required=False, help_text="The way out, where a rule refused.")
    errors = FieldError(many=True, required=False, help_text="Each mistake, where the input was not valid.")  # type: ignore[assignment]


_TOLD = {
    400: (
        "Not well-formed or not valid",
        "invalid",
        "Some of what was sent is not valid. Each error names its place.",
    ),
    401: (
        "No valid token",
        "not_authenticated",
        "There is no token. Send it in a header: Authorization: Bearer <token>.",
    ),
    403: ("The caller sees this and may not do it", "token_read_only", "This token may only read."),
    404: ("Does not exist for the caller", "not_found", "There is nothing here that you may see."),
    409: (
        "The same key is being worked on",
        "in_progress",
        "Another call with this key runs. Try again in a moment.",
    ),
    412: (
        "Changed since it was read",
        "precondition_failed",
        "This has changed since you read it. Read it again and repeat the change.",
    ),
    413: ("Too large", "too_large", "This body is too large: at most 1 MB of JSON."),
    415: (
        "Another content type",
        "unsupported_media_type",
        "Bodies of this type are not read here. The documentation says which.",
    ),
    422: (
        "The key was used with another body",
        "idempotency_key_reused",
        "This Idempotency-Key was used with another body. Use a new key for a new request.",
    ),
}


def problems(*statuses: int) -> dict[Any, Any]:
    """Problem answers of an operation; 401 is always among them."""
    return {(status, PROBLEM): _problem(status) for status in (401, *statuses)}


def reads(*statuses: int) -> dict[Any, Any]:
    """Problems of a read: a bad query (400), nobody (401), a role without it (403)."""
    return problems(400, 403, *statuses)


def writes(*statuses: int) -> dict[Any, Any]:
    """Problems of a write."""
    return problems(400, 403, 413, 415, *statuses)


def _problem(status: int) -> OpenApiResponse:
    description, code, detail = _TOLD[status]
    value: dict[str, Any] = {
        "type": f"urn:kept:problem:{code}",
        "title": title_of(status),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if status == 400:
        value["errors"] = [{"pointer": "/subject", "code": "required", "detail": "This field is required."}]
    if status == 403:
        value["next_step"] = "Use a token with the scope “act”, or ask support for one."
    example = OpenApiExample(
        code, value=value, response_only=True, status_codes=[str(status)], media_type=PROBLEM
    )
    return OpenApiResponse(Problem, description, examples=[example])


def page_of(serializer: type[serializers.Serializer], name: str) -> serializers.Serializer:
    """A page of a list."""
    return inline_serializer(
        name,
        {
            "results": serializer(many=True, help_text="In the order of the list."),
            "next": serializers.CharField(
                allow_null=True, help_text="Address of the next page, null on the last."
            ),
        },
    )


def told_header(name: str, description: str, *statuses: int) -> OpenApiParameter:
    """A header of the answers with these statuses."""
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=description, response=list(statuses)
    )


def header(name: str, description: str) -> OpenApiParameter:
    """A request header that may be left out."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


IF_NONE_MATCH = header(
    "If-None-Match", "The `ETag` of the answer you have: 304 without a body if it is still true."
)
_ETAG = told_header(
    "ETag", "Names what you have: send it back as `If-None-Match`, of a ticket also as `If-Match`.", 200, 304
)
# What every read takes and tells.
CONDITIONAL = (IF_NONE_MATCH, _ETAG)
# What a change of a ticket tells.
CHANGED = (told_header("ETag", "Of the ticket as it is now.", 200, 201),)
REPLAYED = told_header(
    "Idempotent-Replayed", "`true` where the answer is that of an earlier call with this key.", 200, 201
)
LOCATION = told_header("Location", "The new ticket's address.", 201)
IF_MATCH = header("If-Match", "The `ETag` of the ticket as you read it: 412 if it has changed since.")
IDEMPOTENCY_KEY = header(
    "Idempotency-Key",
    "Any text of 1 to 255 visible ASCII characters, new for each thing you do. The same key and body "
    "give the same answer again (`Idempotent-Replayed: true`), another body gives 422. A key is "
    "remembered for two days.",
)
NOT_MODIFIED = OpenApiResponse(None, "What you have is still true (`If-None-Match`)")
