"""``Authorization: Bearer <token>``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.actions import use_token
from accounts.models import ApiToken, User


class BearerToken(BaseAuthentication):
    """The user is the token's; ``request.auth`` is the token. Without a valid one the answer is 401."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Write the header as: Authorization: Bearer <token>."))
        token = use_token(token=parts[1].decode("latin-1"), at=request._request.at)  # type: ignore[attr-defined]
        if token is None:
            raise AuthenticationFailed(
                _("This token is not known, has expired or was revoked. Ask support for a new one.")
            )
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = BearerToken
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
