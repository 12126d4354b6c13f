"""Attachments for staff, those of internal notes included; always as a download."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest

from tickets.models import Attachment


def attachment(request: HttpRequest, number: int, key: uuid.UUID) -> FileResponse:
    """One file of a request, under the name that its sender gave it."""
    found = Attachment.objects.filter(ticket=number, key=key).first()
    if found is None:
        raise Http404
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        file, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
