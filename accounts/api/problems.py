"""Errors of the API as RFC 9457 problem details, each with a stable ``code``.

Body: ``type``, ``title`` (of the status, the same each time), ``status``, ``code``, ``detail``; ``next_step``
where a rule refused; ``errors`` (``pointer``, ``code``, ``detail``) where the input was not valid.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"


def title_of(status_code: int) -> str:
    """What a status means, in the caller's language: the same words each time, as RFC 9457 has it."""
    titles = {
        400: _("Not valid"),
        401: _("No valid token"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("No such verb here"),
        412: _("Changed since it was read"),
        413: _("Too large"),
        415: _("Another content type"),
        422: _("This key was used with another body"),
        500: _("Our fault"),
        503: _("Away for a moment"),
    }
    return titles.get(status_code) or _("An error")


class Refused(exceptions.APIException):
    """A rule says no to something that the caller may see: 403 with the rule's code and the way out."""

    status_code = status.HTTP_403_FORBIDDEN

    def __init__(self, code: str, detail: str, next_step: str, **extra: Any) -> None:
        super().__init__(detail, code)
        self.problem = {"code": code, "detail": detail, "next_step": next_step} | extra


class Stale(exceptions.APIException):
    """The resource has changed since it was read: 412."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"

    def __init__(self) -> None:
        super().__init__(_("This has changed since you read it. Read it again and repeat the change."))


class KeyReused(exceptions.APIException):
    """An idempotency key came again with another body: 422."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            _("This Idempotency-Key was used with another body. Use a new key for a new request.")
        )


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into a problem details response; None leaves it to Django (a fault of ours)."""
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    body = _body(exc)
    response = Response(body, status=body["status"], content_type=MEDIA_TYPE)
    if header := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _body(exc: exceptions.APIException) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        errors = list(_errors(exc.detail, ""))
        detail = _("Some of what was sent is not valid. Each error names its place.")
        fields: dict[str, Any] = {"code": "invalid", "detail": detail, "errors": errors}
    elif isinstance(exc, Refused):
        fields = dict(exc.problem)
    else:
        codes = exc.get_codes()
        code = codes if isinstance(codes, str) else exc.default_code
        fields = {"code": code, "detail": _own_words(exc) or str(exc.detail)}
        if exc.status_code == status.HTTP_400_BAD_REQUEST:
            fields["errors"] = [{"pointer": "", "code": fields["code"], "detail": fields["detail"]}]
    code = fields["code"]
    title = title_of(exc.status_code)
    return {"type": f"urn:kept:problem:{code}", "title": title, "status": exc.status_code} | fields


def _own_words(exc: exceptions.APIException) -> str:
    """Ours for what the framework says of itself: in every language of the product, and with the way out."""
    if isinstance(exc, exceptions.NotAuthenticated):
        return _("There is no token. Send it in a header: Authorization: Bearer <token>.")
    if isinstance(exc, exceptions.UnsupportedMediaType):
        return _("Bodies of this type are not read here. The documentation says which.")
    if isinstance(exc, exceptions.MethodNotAllowed):
        return _("There is no such verb here. The header Allow names those that there are.")
    if isinstance(exc, exceptions.NotFound) and str(exc.detail) == str(exceptions.NotFound.default_detail):
        return _("There is nothing here that you may see.")
    return ""


def _errors(detail: Any, pointer: str) -> Any:
    """Yield ``{"pointer", "code", "detail"}`` with RFC 6901 pointers for a tree of errors."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            where = pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}"
            yield from _errors(inner, where)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            if not nested or inner:
                yield from _errors(inner, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
