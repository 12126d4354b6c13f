"""Attachments: handed out to those for whom their request and message exist, and always as a download."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.http import content_disposition_header

from tickets.enums import Visibility
from tickets.models import Attachment
from tickets.views.doors import CustomerRequest, door, ticket_for

# What a browser may show in its window without running anything of it.
_SHOWN_INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@door("GET", "HEAD")
def download(request: CustomerRequest, number: int, key: uuid.UUID) -> HttpResponseBase:
    """One file of a request. A file of an internal note does not exist here."""
    ticket = ticket_for(request, number)
    attachment = Attachment.objects.select_related("message").filter(ticket=ticket, key=key).first()
    if attachment is None or _is_internal(attachment):
        raise Http404
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    inline = attachment.content_type in _SHOWN_INLINE and "inline" in request.GET
    kind = attachment.content_type if inline else "application/octet-stream"
    response = FileResponse(file, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(not inline, attachment.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _is_internal(attachment: Attachment) -> bool:
    return attachment.message is not None and attachment.message.visibility == Visibility.INTERNAL
