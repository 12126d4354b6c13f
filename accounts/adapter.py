"""Sign-up is by invitation only, by mail or through a provider; mails of accounts name our own site.

The site is the one of the settings: whoever asks for a new password also says in which host's name, and could
have the owner of the account sent elsewhere with the key.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class MailAway(Exception):
    """The mail that somebody waits for could not be handed over. These go at once: their links are secrets,
    and are not kept in the outbox."""


class InvitationOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        if not user.is_staff:
            return "/"
        return "/admin/tickets/ticket/" if user.has_perm("tickets.view_ticket") else "/admin/"

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _ours(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _ours(super().get_email_confirmation_url(request, emailconfirmation))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = {"name": settings.SITE_NAME, "domain": settings.SITE_URL}
        try:
            super().send_mail(template_prefix, email, {**context, "current_site": site})
        except OSError as error:  # smtplib's own errors are OSErrors too
            raise MailAway(str(error)) from error


def _ours(address: str) -> str:
    """The same page of our own site."""
    return settings.SITE_URL + urlsplit(address).path


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """A provider vouches for an address; only an address that we know gets in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
