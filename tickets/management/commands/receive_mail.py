"""``manage.py receive_mail``: take one mail from standard input, as a mail server hands it over (a pipe)."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from tickets.actions.mail import handle_one, keep_head, keep_mail

# sysexits.h: what mail servers understand.
TOO_BIG, TRY_LATER = os.EX_DATAERR, os.EX_TEMPFAIL


class Command(BaseCommand):
    help = (
        "Keep the mail on standard input and handle it. Ends with 0 once it is kept, with 75 where it could "
        "not be kept (the mail server tries again), with 65 where it is bigger than MAIL_MAX_BYTES."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(settings.MAIL_MAX_BYTES + 1)
        at = timezone.now().replace(microsecond=0)
        is_too_big = len(raw) > settings.MAIL_MAX_BYTES
        try:
            row = (keep_head if is_too_big else keep_mail)(raw=raw, received_at=at, at=at)
        except Exception as error:  # whatever it is, the mail server still has the mail
            self.stderr.write(f"not kept: {type(error).__name__}: {error}")
            raise SystemExit(TRY_LATER) from error
        if is_too_big:
            self.stderr.write(f"5.3.4 the mail has more than {settings.MAIL_MAX_BYTES} bytes")
            raise SystemExit(TOO_BIG)
        handle_one(key=row.pk, at=at)
