"""Staff sign in with a second factor where ``STAFF_MFA_REQUIRED`` is on."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

_OPEN_PREFIXES = ("/account/", "/static/", "/i18n/", "/api/")


class RequireSecondFactor:
    """Send staff without a second factor to set one up, before any other page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.STAFF_MFA_REQUIRED and self._lacks_it(request):
            messages.warning(request, _("Set up a second factor first: staff sign in with two."))
            return redirect("mfa_index")
        return self.get_response(request)

    def _lacks_it(self, request: HttpRequest) -> bool:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or not user.is_staff:
            return False
        return not request.path.startswith(_OPEN_PREFIXES) and not is_mfa_enabled(user)
