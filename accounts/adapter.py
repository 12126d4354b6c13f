"""Sign-up is by invitation only, by mail or through an identity provider."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class InvitationOnly(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        if not user.is_staff:
            return "/"
        return "/admin/tickets/ticket/" if user.has_perm("tickets.view_ticket") else "/admin/"


class KnownPeopleOnly(DefaultSocialAccountAdapter):
    """A provider vouches for an address; only an address that we know gets in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False
