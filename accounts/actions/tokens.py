"""Make and use API tokens."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from accounts.enums import Scope
from accounts.models import ApiToken, User
from accounts.models.tokens import PREFIX, token_digest

# Writing the instant of every call would make reads into writes.
_LAST_USED_EVERY = timedelta(minutes=10)


def create_token(
    *,
    user: User,
    name: str,
    scope: str = Scope.ACT,
    expires_at: datetime | None = None,
    token: str | None = None,
) -> str:
    """Create a token for ``user`` and return it in clear; it can't be read again.

    ``token`` sets the text itself: only demonstration data does that, so that it stays the same on every run.
    """
    text = token or PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.update_or_create(
        digest=token_digest(text),
        defaults={
            "user": user,
            "name": name,
            "scope": scope,
            "expires_at": expires_at,
            "shown_as": text[:12],
        },
    )
    return text


def use_token(*, token: str, at: datetime) -> ApiToken | None:
    """Return the usable token with this text and note that it was used, or None."""
    found = ApiToken.objects.usable(at).select_related("user").filter(digest=token_digest(token)).first()
    if found is None:
        return None
    if found.last_used_at is None or at - found.last_used_at > _LAST_USED_EVERY:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=at)
    return found
