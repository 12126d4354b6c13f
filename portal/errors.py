"""The error pages: in our look for people, problem details for the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

API_PREFIX = "/api/"


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same answer for what never was and for what this reader may not see."""
    if request.path.startswith(API_PREFIX):
        return problem(404, "not_found", _("There is nothing here that you may see."))
    return defaults.page_not_found(request, exception or Exception("not found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing of the fault itself is shown."""
    if request.path.startswith(API_PREFIX):
        return problem(500, "server_error", _("This is our fault and has been recorded. Try again later."))
    return defaults.server_error(request)


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """Return an RFC 9457 problem details response outside of the API framework."""
    body = {
        "type": f"urn:kept:problem:{code}",
        "title": detail,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
