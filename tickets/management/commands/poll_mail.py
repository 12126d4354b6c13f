"""``manage.py poll_mail``: run once what the scheduler runs every minute for mail that comes in."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tickets.actions.mail import handle_due, poll
from tickets.mailin.mailbox import Unreachable


class Command(BaseCommand):
    help = "Fetch mail from IMAP_URL and handle what waits. Prints one JSON line of counts."

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now().replace(microsecond=0)
        try:
            fetched = poll(at=at)
        except Unreachable as error:
            raise CommandError(f"The mailbox can't be read: {error}") from error
        self.stdout.write(json.dumps(fetched | handle_due(at=at)))
