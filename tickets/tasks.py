"""What django-q2 runs: look now. Safe to run twice, late, or beside itself."""

from __future__ import annotations

import logging

from django.utils import timezone
from django_q.tasks import async_task

from notices.outbox import send_due
from tickets.actions.mail import handle_due, poll
from tickets.actions.sweep import instant, sweep
from tickets.actions.tidying import tidy
from tickets.mailin.mailbox import Unreachable

logger = logging.getLogger(__name__)
# Of each kind, in one job: far less than the time that a job may take.
MOST = 10_000
# In one job, if its time allows: after an outage, or with many people to tell, the outbox empties as fast.
MOST_MAILS = 1_000


def run_sweep() -> dict[str, int]:
    """Record what is due, and have the outbox looked at; again at once where there was more."""
    counts = sweep(at=instant(timezone.now()), limit=MOST)
    for job in ("run_send", "run_sweep") if MOST in counts.values() else ("run_send",):
        async_task(f"tickets.tasks.{job}")
    return counts


def run_send() -> dict[str, int]:
    """Send what waits in the outbox. A job of its own: a slow mail server must not keep a sweep waiting."""
    return send_due(instant(timezone.now()), limit=MOST_MAILS)


def run_mail() -> dict[str, int]:
    """Fetch what lies in the mailbox, and make of waiting mail what can be made."""
    at = instant(timezone.now())
    try:
        fetched = poll(at=at)
    except Unreachable as error:
        logger.warning("the mailbox can't be read: %s", error)
        fetched = {"fetched": 0, "unreachable": 1}
    return fetched | handle_due(at=at)


def run_tidy() -> dict[str, int]:
    """Delete what was only needed for a while."""
    return tidy(at=timezone.now().replace(microsecond=0))
