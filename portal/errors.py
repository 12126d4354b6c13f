"""The error pages: in our look for people, problem details for the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views import defaults

from accounts.api.problems import title_of
from portal.theme import theme_of

API_PREFIX = "/api/"
RETRY_AFTER_SECONDS = "10"


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same answer for what never was and for what this reader may not see."""
    if request.path.startswith(API_PREFIX):
        return problem(404, "not_found", _("There is nothing here that you may see."))
    return defaults.page_not_found(request, exception or Exception("not found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: nothing of the fault itself is shown."""
    if request.path.startswith(API_PREFIX):
        return problem(500, "server_error", _("This is our fault and has been recorded. Try again later."))
    return _page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away for a moment. What was sent just now may be kept or not, and we say so."""
    if request.path.startswith(API_PREFIX):
        words = _(
            "The database is away for a moment. Try again: with the same Idempotency-Key nothing is done "
            "twice."
        )
        response: HttpResponse = problem(503, "unavailable", words)
    else:
        response = _page(request, 503)
    return _for_now(response)


def mail_away(request: HttpRequest) -> HttpResponse:
    """503: a mail of the sign-in could not be handed over. Whoever waits for it is told to ask again."""
    return _for_now(_page(request, 503, is_mail_away=True))


def _for_now(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = RETRY_AFTER_SECONDS
    patch_cache_control(response, no_store=True)
    return response


def _page(request: HttpRequest, status: int, **facts: bool) -> HttpResponse:
    """A page that needs nothing but its template, in the language and the theme of this browser."""
    page = loader.render_to_string(f"{status}.html", {"theme": theme_of(request), **facts})
    return HttpResponse(page, status=status)


def problem(status: int, code: str, detail: str) -> JsonResponse:
    """Return an RFC 9457 problem details response outside of the API framework."""
    body = {
        "type": f"urn:kept:problem:{code}",
        "title": title_of(status),
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
