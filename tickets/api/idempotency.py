"""The same ``Idempotency-Key`` and body do a thing once and give the same answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import KeyReused
from accounts.api.reading import invalid
from tickets.actions import Refused
from tickets.models import IdempotencyRecord, Ticket

REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Location", "ETag")


def once(
    request: Request, at: datetime, ticket_of: Callable[[dict[str, Any]], int], work: Callable[[], Response]
) -> Response:
    """Do ``work`` once for each key of this person at this address.

    A second call with the key waits for the first, so that both get one answer. What a rule refused, or was
    not valid, is not kept: the key may be used again. ``ticket_of`` says which ticket a kept answer tells of:
    whoever does not see it any more gets 404. Raises KeyReused for another body.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    if not _KEY.fullmatch(key):
        raise invalid("Idempotency-Key", "invalid", _("A key is 1 to 255 visible ASCII characters."))
    refusal: Refused | None = None
    with transaction.atomic():
        record = _claimed(request, key, _digest(request.data))
        if record.status:
            return _replayed(request, at, record, ticket_of)
        try:
            response = work()
        except Refused as error:
            # The decision is kept with the refusal, so the transaction ends well.
            record.delete()
            refusal = error
        else:
            headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
            record.status, record.response = response.status_code, {"body": response.data, "headers": headers}
            record.save(update_fields=["status", "response"])
    if refusal is not None:
        raise refusal
    return response


def _claimed(request: Request, key: str, digest: str) -> IdempotencyRecord:
    """The record of the key, locked. Raises KeyReused where it is of another body."""
    mine = {"user": request.user, "path": request.path[:200], "key": key}
    IdempotencyRecord.objects.bulk_create(
        [IdempotencyRecord(**mine, body_digest=digest)], ignore_conflicts=True
    )
    record = IdempotencyRecord.objects.select_for_update().get(**mine)
    if record.body_digest != digest:
        raise KeyReused
    return record


def _replayed(
    request: Request, at: datetime, record: IdempotencyRecord, ticket_of: Callable[[dict[str, Any]], int]
) -> Response:
    body = record.response["body"]
    if not Ticket.objects.visible_to(request.user, at).filter(pk=ticket_of(body)).exists():  # type: ignore[arg-type]
        raise Http404
    return Response(body, status=record.status, headers=record.response["headers"] | {REPLAYED: "true"})


def _digest(data: Any) -> str:
    """SHA-256 of a body in hex: the order of its keys does not matter, files count by their bytes."""
    if isinstance(data, QueryDict):
        data = {name: [_plain(value) for value in values] for name, values in data.lists()}
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]
