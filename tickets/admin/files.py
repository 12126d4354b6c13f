"""Attachments for staff, those of internal notes included."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from tickets.handing_out import handed_out
from tickets.models import Attachment


@require_safe
def attachment(request: HttpRequest, number: int, key: uuid.UUID) -> HttpResponseBase:
    """One file of a request, under the name that its sender gave it."""
    found = Attachment.objects.filter(ticket=number, key=key).first() if number < 2**63 else None
    if found is None:
        raise Http404
    return handed_out(found, inline="inline" in request.GET)
