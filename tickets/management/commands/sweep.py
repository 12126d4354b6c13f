"""``manage.py sweep``: run once what the scheduler runs every minute."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from notices.outbox import send_due
from tickets.actions.sweep import instant, sweep


class Command(BaseCommand):
    help = "Record warnings, breaches and ended windows, and send what waits. Prints one JSON line of counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=_positive, help="at most so many rows of each kind")

    def handle(self, *args: Any, **options: Any) -> None:
        at = instant(timezone.now())
        limit = options["limit"]
        counts = sweep(at=at, limit=limit) | send_due(at, **({"limit": limit} if limit else {}))
        self.stdout.write(json.dumps({"at": at.strftime("%Y-%m-%dT%H:%M:%SZ")} | counts))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("write a number from 1")
    return number
