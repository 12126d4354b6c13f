"""Attachments: handed out to those for whom their request and message exist at this moment."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from tickets.handing_out import file_for, handed_out, linked_file
from tickets.views.doors import BIGGEST_NUMBER, CustomerRequest, door


@door("GET", "HEAD")
def download(request: CustomerRequest, number: int, key: uuid.UUID) -> HttpResponseBase:
    """One file of a request. A file of an internal note does not exist here."""
    found = file_for(request.user, key, request.at, number) if number <= BIGGEST_NUMBER else None
    if found is None:
        raise Http404
    return handed_out(found, inline="inline" in request.GET)


@require_http_methods(["GET", "HEAD"])
def signed_file(request: HttpRequest, signed: str) -> HttpResponseBase:
    """A file by an address from the API: signed, for some minutes, as long as its owner may see the file."""
    at: datetime = request.at  # type: ignore[attr-defined]
    found = linked_file(signed, at)
    if found is None:
        raise Http404
    return handed_out(found)
