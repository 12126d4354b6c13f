"""The API, version 1: every address, its OpenAPI document, and the page to try it."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from django.urls import include, path, re_path
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import NothingHere, conditional

app_name = "api"

DESCRIPTION = """\
Keeps your own systems in step with the requests of the organizations that you act for.

Send `Authorization: Bearer <token>` with every call; support makes the token for you. Send an
`Idempotency-Key` with every POST: if the line breaks, the same call again does nothing twice. To stay in
step, read `events/`.

Errors are problem details (RFC 9457) with a stable `code`. Lists give `results` and `next`, the address of
the next page. Instants are UTC to the second. Texts follow `Accept-Language` (`en`, `zh-hans`, `zh-hant`).
What you may not see answers 404, as what never was.
"""
SETTINGS = {
    "TITLE": "Kept API",
    "DESCRIPTION": DESCRIPTION,
    "COMPONENT_SPLIT_PATCH": False,
    "SERVERS": [{"url": "/", "description": "This portal"}],
    "TAGS": [
        {"name": "tickets", "description": "Requests and their promises."},
        {"name": "conversation", "description": "Messages and files of a ticket."},
        {"name": "scope", "description": "What is out of scope, how content you are, what it took."},
        {"name": "events", "description": "Everything that happened, for syncing."},
        {"name": "organizations", "description": "Whom you act for, and the people there."},
        {"name": "terms", "description": "What is promised, and when it is due."},
    ],
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_NAME_OVERRIDES": {
        "StatusEnum": "tickets.enums.Status",
        "ChannelEnum": "tickets.enums.Channel",
        "MetricEnum": "plans.enums.Metric",
        "ClockStateEnum": "tickets.enums.ClockState",
        "SideEnum": "tickets.enums.Side",
        "EventKindEnum": "tickets.enums.EventKind",
        "VisibilityEnum": "tickets.enums.Visibility",
        "OrganizationKindEnum": "accounts.enums.OrganizationKind",
        "SeveritySetByEnum": "plans.enums.SeveritySetBy",
    },
}


class Schema(SpectacularAPIView):
    """OpenAPI 3.1 as JSON, or as YAML (``Accept: application/yaml``, ``?format=yaml``); open to everybody."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer2]
    content_negotiation_class = DefaultContentNegotiation
    custom_settings = SETTINGS

    def _get_schema_response(self, request: Request) -> Response:
        response = Response(_document(get_language() or "en"), headers={"Cache-Control": "no-cache"})
        response.add_post_render_callback(partial(conditional, request))
        return response


@lru_cache(maxsize=8)
def _document(language: str) -> dict[str, Any]:
    """The document in a language; it only changes with the code."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return]


class Docs(SpectacularSwaggerSplitView):
    """The page to try it, under the policy for content of every page."""

    url_name = "api:schema"
    title = "Kept API"
    template_name = "portal/api_docs.html"


urlpatterns = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("", include("tickets.api.urls")),
    path("", include("plans.api.urls")),
    path("", include("accounts.api.urls")),
    re_path(r"^", extend_schema(exclude=True)(NothingHere).as_view()),
]
