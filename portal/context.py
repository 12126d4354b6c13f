"""What every page knows: the site's name, the instant of the page, the reader's theme and zone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.standing import standing_of
from portal.theme import theme_of


def site(request: HttpRequest) -> dict[str, Any]:
    """Return ``site_name``, ``now`` (aware), ``theme`` and ``reader_zone`` (an IANA name) for templates."""
    return {
        "site_name": settings.SITE_NAME,
        "now": getattr(request, "at", None) or timezone.now().replace(microsecond=0),
        "theme": theme_of(request),
        "reader_zone": timezone.get_current_timezone_name(),
        **_part(request),
    }


def _part(request: HttpRequest) -> dict[str, str]:
    """The organization that the reader stands in and their part there, for the bar; nothing for others."""
    user, at = getattr(request, "user", None), getattr(request, "at", None)
    if at is None or user is None or not user.is_authenticated or user.is_staff:
        return {}
    contact = next(iter(standing_of(user, at).contacts.values()), None)
    if contact is None:
        return {}
    part = _("Administrator") if contact.is_administrator else _("Contact")
    return {"reader_organization": contact.organization.name, "reader_role": part}
