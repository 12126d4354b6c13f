"""What is done to several requests of the queue at once: the same verbs, one request after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from tickets.admin.bulk import assigning, merging, replying, severity
from tickets.admin.bulk.choosing import choose, take

__all__ = ["BULK", "choose", "take"]

BULK: dict[str, Callable[[HttpRequest, dict[str, Any]], HttpResponse]] = {
    "assign": assigning.view,
    "severity": severity.view,
    "reply": replying.view,
    "merge": merging.view,
}
