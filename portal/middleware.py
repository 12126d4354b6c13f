"""The site's middleware: the policy of contents, an instant for each request, the reader, polite errors."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from zoneinfo import ZoneInfo, available_timezones

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from accounts.adapter import MailAway
from portal.errors import mail_away, page_not_found, unavailable

# No connection, one that broke, a time-out or a deadlock: all of it passes, and nothing was kept.
DATABASE_AWAY = (OperationalError, InterfaceError)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ContentPolicy(CSPMiddleware):  # type: ignore[misc]
    """The policy on every answer. django-csp leaves 404 out in development, where our page stands too."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        answer: HttpResponseBase = super().process_response(request, response)
        if answer.status_code == 404 and HEADER not in answer:
            answer[HEADER] = build_policy(**asdict(self.get_policy_parts(request=request, response=answer)))
        return answer


class ReaderMiddleware:
    """Give the request its instant (``request.at``, whole seconds) and show times in the reader's zone.

    Every rule that a request touches is judged at this one instant, however long the request takes. Nothing
    between us and the reader keeps a page that is theirs; their own browser may, so that going back loses no
    text.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.at = timezone.now().replace(microsecond=0)  # type: ignore[attr-defined]
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return self.get_response(request)
        # A language chosen in this browser wins over the profile's.
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(reader_zone(user.time_zone)):
            response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


def reader_zone(name: str) -> ZoneInfo:
    """Return the zone called ``name``, or UTC where the profile's zone is no longer known."""
    return ZoneInfo(name if name in available_timezones() else "UTC")


class FriendlyErrors:
    """Our own pages for three troubles: "not found", in development too, where Django would list its URL
    patterns; and the database or the mail server away, which is 503 and no fault of the program (500)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 500 and isinstance(getattr(request, "fault", None), DATABASE_AWAY):
            return unavailable(request)
        if response.status_code == 500 and isinstance(getattr(request, "fault", None), MailAway):
            return mail_away(request)
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            return page_not_found(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if settings.DEBUG and isinstance(exception, Http404):
            return page_not_found(request, exception)
        return None


def _keep_fault(request: HttpRequest | None = None, **signal: object) -> None:
    """Note on the request what failed. Of a fault inside another middleware nothing else tells."""
    if request is not None:
        request.fault = sys.exc_info()[1]  # type: ignore[attr-defined]


got_request_exception.connect(_keep_fault, dispatch_uid="portal.middleware")
