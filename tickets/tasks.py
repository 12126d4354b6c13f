"""What django-q2 runs: look now. Safe to run twice, late, or beside itself."""

from __future__ import annotations

from django.utils import timezone

from notices.outbox import send_due
from tickets.actions.sweep import sweep
from tickets.actions.tidying import tidy


def run_sweep() -> dict[str, int]:
    """Record what is due, then send what waits in the outbox. Returns the counts of both."""
    at = timezone.now().replace(microsecond=0)
    return sweep(at=at) | send_due(at)


def run_tidy() -> dict[str, int]:
    """Delete what was only needed for a while."""
    return tidy(at=timezone.now().replace(microsecond=0))
