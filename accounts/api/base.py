"""What every address of the API has in common: who asks, what exists for them, and conditional answers."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.describing import Described
from accounts.api.problems import Refused, Stale
from accounts.api.reading import NoQuery, StrictJSONParser, read_query
from accounts.enums import Scope
from accounts.models import User
from accounts.standing import Standing, standing_of


class AlwaysJSON(BaseContentNegotiation):
    """Answers are JSON whatever ``Accept`` says; bodies are read by their type (another one: 415)."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        kind = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """A view of the API.

    Asked in this order, so that nobody learns of what they may not see: a token (401), the permission of
    staff (403), the object (404, by every verb), the verb (405), the right to write (403).
    """

    schema = Described()
    parser_classes = [StrictJSONParser]
    content_negotiation_class = AlwaysJSON
    # Permissions that staff need; nobody else is asked for them.
    staff_read = ""
    staff_write = ""

    @property
    def at(self) -> datetime:
        """The instant of the request, the only "now" there is."""
        return self.request._request.at  # type: ignore[no-any-return, attr-defined]

    @property
    def user(self) -> User:
        """The token's owner: nobody gets further than ``initial`` without one."""
        return self.request.user  # type: ignore[return-value]

    @property
    def standing(self) -> Standing:
        return standing_of(self.user, self.at)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        speak_to(request)
        is_read = request.method in SAFE_METHODS
        self._check_staff(request, self.staff_read if is_read else self.staff_write)
        self.find(**kwargs)
        if not is_read and hasattr(self, str(request.method).lower()):
            self.check_may_write()
            read_query(NoQuery, request.query_params)

    def find(self, **kwargs: Any) -> None:
        """Look up what the address names. Raises NotFound where it does not exist for the caller."""

    def check_may_write(self) -> None:
        """Raise Refused for a token that may only read."""
        if self.request.auth.scope != Scope.ACT:  # type: ignore[union-attr]
            raise Refused(
                "token_read_only",
                _("This token may only read."),
                _("Use a token with the scope “act”, or ask support for one."),
            )

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """Only which verbs there are (the header ``Allow``)."""
        return Response(status=204)

    def _check_staff(self, request: Request, permission: str) -> None:
        user = request.user
        if permission and user.is_staff and not user.has_perm(permission):  # type: ignore[union-attr]
            self.permission_denied(request, _("Your role does not include this."), "permission_denied")

    @property
    def default_response_headers(self) -> dict[str, str]:
        return super().default_response_headers | {
            "Vary": "Authorization, Accept-Language",
            "Cache-Control": "private, no-cache",
        }

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if (
            isinstance(response, Response)
            and request.method in ("GET", "HEAD")
            and response.status_code == 200
        ):
            response.add_post_render_callback(partial(conditional, request))
        return response


class NothingHere(ApiView):
    """Every other address below the API: 401 for nobody, 404 for everybody else."""

    def find(self, **kwargs: Any) -> None:
        if self.request.path.endswith("/"):
            raise NotFound(_("There is nothing here that you may see."))
        raise NotFound(
            _("There is nothing here that you may see. Every address of the API ends with a slash.")
        )


def speak_to(request: Request) -> None:
    """Answer in the language that the request asks for, else in the person's own."""
    if "Accept-Language" not in request.headers and request.user and request.user.language:  # type: ignore[union-attr]
        translation.activate(request.user.language)  # type: ignore[union-attr]


def etag_of(content: bytes) -> str:
    """An ETag that follows the content; the caller's own view of it, so it tells nothing else."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def conditional(request: Request, response: Any) -> HttpResponse | None:
    """Give a rendered answer its ETag, and turn it into 304 where the caller has it already."""
    if not response.has_header("ETag"):
        response["ETag"] = etag_of(response.content)
    return unchanged(request, response)


def unchanged(request: Request, response: Any) -> HttpResponse | None:
    """The answer 304 in place of ``response``, where the caller has what its ETag names."""
    if not _matches(request.headers.get("If-None-Match", ""), response["ETag"]):
        return None
    answer = HttpResponseNotModified()
    for name in ("ETag", "Vary", "Cache-Control", "Content-Language"):
        if name in response:
            answer[name] = response[name]
    return answer


def check_if_match(request: Request, etag: str) -> None:
    """Raise Stale where ``If-Match`` is given and does not name ``etag``."""
    given = request.headers.get("If-Match")
    if given is not None and not _matches(given, etag):
        raise Stale


def _matches(given: str, etag: str) -> bool:
    tags = parse_etags(given) if given else []
    return "*" in tags or etag in [tag.removeprefix("W/") for tag in tags]
