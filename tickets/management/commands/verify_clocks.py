"""``manage.py verify_clocks``: compute every stored figure again from the events, and say what differs."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tickets.verifying import Verified, verify


class Command(BaseCommand):
    help = (
        "Compare what is stored of requests and clocks with their events. One JSON line a difference, then "
        "one with the counts. Exit status 1 where anything differs. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ticket", type=int, help="only the request of this number")

    def handle(self, *args: Any, **options: Any) -> None:
        count = Verified()
        numbers = None if options["ticket"] is None else [options["ticket"]]
        for fault in verify(numbers, count=count):
            self.stdout.write(json.dumps(asdict(fault), default=_plain))
        self.stdout.write(json.dumps(asdict(count)))
        if count.differences:
            raise SystemExit(1)


def _plain(value: Any) -> str:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)
