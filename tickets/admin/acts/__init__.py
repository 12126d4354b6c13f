"""Acts on a request that are looked at first, each on a page of its own: merge, split, move."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from tickets.admin.acts import merge, move, split
from tickets.models import Ticket

__all__ = ["ACTS"]

ACTS: dict[str, Callable[[HttpRequest, Ticket, dict[str, Any]], HttpResponse]] = {
    "merge": merge.view,
    "split": split.view,
    "move": move.view,
}
