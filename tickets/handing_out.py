"""How a file leaves: under its own name, as what its bytes are, never run by a browser; and links that end.

The rules are those of OWASP's cheat sheet on file uploads: a type of our own choosing, ``nosniff``, a
sandbox, and a download unless it is a plain picture or plain text.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import FileResponse, Http404, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from accounts.models import ApiToken, User
from tickets.enums import Visibility
from tickets.models import Attachment, Ticket

# What a browser shows without running anything of it.
SHOWN_INLINE = {
    "image/png": "image/png",
    "image/jpeg": "image/jpeg",
    "image/gif": "image/gif",
    "image/webp": "image/webp",
    "text/plain": "text/plain; charset=utf-8",
}
_UNKNOWN = "application/octet-stream"
_SALT = "tickets.attachment"


def handed_out(attachment: Attachment, *, inline: bool = False) -> HttpResponseBase:
    """The file, or the way to it at a store that signs addresses of its own; 404 where it is gone.

    ``inline`` shows a plain picture or plain text in the window; everything else is a download.
    """
    is_shown = inline and attachment.content_type in SHOWN_INLINE
    disposition = content_disposition_header(not is_shown, attachment.name) or "attachment"
    kind = SHOWN_INLINE[attachment.content_type] if is_shown else _UNKNOWN
    if address := _address_at_store(attachment, disposition, kind):
        response: HttpResponseBase = HttpResponseRedirect(address)
    else:
        try:
            file = attachment.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(file, content_type=kind)
        response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _address_at_store(attachment: Attachment, disposition: str, kind: str) -> str:
    """A signed address of an S3 store, which ends after ``STORAGE_LINK_SECONDS``; empty for other stores."""
    storage: Any = attachment.file.storage
    if not settings.STORAGE_LINK_SECONDS or not getattr(storage, "querystring_auth", False):
        return ""
    asked = {"ResponseContentDisposition": disposition, "ResponseContentType": kind}
    return str(storage.url(attachment.file.name, parameters=asked, expire=settings.STORAGE_LINK_SECONDS))


@dataclass(frozen=True)
class FileLink:
    """Addresses of files for the owner of an API token, good without the token for some minutes.

    They stay the same within a stretch of ``FILE_LINK_MINUTES``, so that a document with them does, too, and
    end with the stretch after it.
    """

    user: User
    token: ApiToken
    at: datetime

    def path(self, attachment: Attachment) -> str:
        facts = {"f": attachment.key.hex, "u": self.user.pk, "t": self.token.pk, "e": self._ends()}
        return reverse("tickets:signed_file", args=[signing.Signer(salt=_SALT).sign_object(facts)])

    def _ends(self) -> int:
        stretch = int(timedelta(minutes=settings.FILE_LINK_MINUTES).total_seconds())
        return (int(self.at.timestamp()) // stretch + 2) * stretch


def linked_file(signed: str, at: datetime) -> Attachment | None:
    """The file behind a signed address, if it has not ended and its owner may see the file at ``at``.

    The owner's standing and token are those of this moment, not of the signing.
    """
    try:
        facts = signing.Signer(salt=_SALT).unsign_object(signed)
    except signing.BadSignature:
        return None
    if at > datetime.fromtimestamp(facts["e"], UTC):
        return None
    token = ApiToken.objects.usable(at).filter(pk=facts["t"], user=facts["u"]).select_related("user").first()
    return file_for(token.user, uuid.UUID(facts["f"]), at) if token is not None else None


def file_for(user: User, key: uuid.UUID, at: datetime, ticket: int | None = None) -> Attachment | None:
    """The file of that key (and ticket) as far as it exists for ``user``; of notes for staff alone."""
    rows = Attachment.objects.filter(key=key, ticket__in=Ticket.objects.visible_to(user, at).order_by())
    if ticket is not None:
        rows = rows.filter(ticket=ticket)
    found = rows.select_related("message").first()
    if found is None or (is_internal(found) and not user.is_staff):
        return None
    return found


def is_internal(attachment: Attachment) -> bool:
    return attachment.message is not None and attachment.message.visibility == Visibility.INTERNAL


def shown_query(attachment: Attachment) -> str:
    """What a page adds to the file's address, so that a plain picture or text opens in the window."""
    return "?inline" if attachment.content_type in SHOWN_INLINE else ""
