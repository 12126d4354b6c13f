"""What every page knows: the site's name, the instant of the page, the reader's theme and zone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

THEMES = ("auto", "light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``site_name``, ``now`` (aware), ``theme`` and ``reader_zone`` (an IANA name) for templates."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "site_name": settings.SITE_NAME,
        "now": getattr(request, "at", None) or timezone.now().replace(microsecond=0),
        "theme": theme if theme in THEMES else "auto",
        "reader_zone": timezone.get_current_timezone_name(),
    }
