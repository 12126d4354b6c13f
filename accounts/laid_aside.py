"""What somebody sent after their session had ended: laid aside until they have signed in again.

It waits in the session of the browser that sent it, which signing in keeps. The form names its writer with a
signature, so that the text comes back to that person alone, and nobody fills sessions with anything else.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from accounts.models import User

FIELD = "written_by"
_KEY = "laid_aside"
_SALT = "accounts.laid_aside"
# Longer texts than this no form takes.
MOST_CHARACTERS = 200_000
# These belong to the sending and not to what was typed.
_OF_THE_SENDING = {FIELD, "csrfmiddlewaretoken", "client_key", "version", "draft_seen"}


def signed(user: User) -> str:
    """The writer as a form names them."""
    return Signer(salt=_SALT).sign(str(user.pk))


def lay_aside(request: HttpRequest, page: str) -> None:
    """Keep what was posted for the form on ``page`` (a path), if it says who wrote it. Files are not kept."""
    try:
        writer = Signer(salt=_SALT).unsign(request.POST.get(FIELD, ""))
    except BadSignature:
        return
    fields = {name: str(request.POST[name]) for name in request.POST if name not in _OF_THE_SENDING}
    if sum(map(len, fields.values())) <= MOST_CHARACTERS:
        request.session[_KEY] = {"page": page, "writer": writer, "fields": fields}


def taken_up(request: HttpRequest) -> dict[str, str]:
    """What was laid aside for the page that is opened, once; nothing for anybody but its writer."""
    kept = request.session.get(_KEY)
    if not kept or kept["page"] != request.path:
        return {}
    del request.session[_KEY]
    return dict(kept["fields"]) if kept["writer"] == str(request.user.pk) else {}
