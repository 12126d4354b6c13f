"""Rows that fail: put aside, shown to staff, and tried again ever more seldom; the other rows go on."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tickets.actions.due import Step
from tickets.models import ParkedRow

logger = logging.getLogger(__name__)
FIRST_REST = timedelta(minutes=2)
LONGEST_REST = timedelta(hours=6)
_MOST_DOUBLINGS = 8


def park(step: Step, row: Any, error: Exception, at: datetime) -> None:
    """Put a row aside, in a transaction of its own; each further failure doubles its rest."""
    said = f"{type(error).__name__}: {error}"[:2000]
    logger.error("sweep: %s %s failed and is parked: %s", step.name, row.pk, said, exc_info=error)
    with transaction.atomic():
        parked, is_new = ParkedRow.objects.select_for_update().get_or_create(
            step=step.name,
            row=row.pk,
            defaults={"parked_at": at, "next_try_at": at + FIRST_REST, "error": said},
        )
        if not is_new:
            parked.tries += 1
            parked.error = said
            parked.next_try_at = at + rest_after(parked.tries)
        parked.ticket_number = step.ticket(row)
        parked.save()


def rest_after(tries: int) -> timedelta:
    """How long a row rests that failed so often: 2, 4, 8 ... minutes, six hours at most."""
    return min(FIRST_REST * 2 ** min(tries - 1, _MOST_DOUBLINGS), LONGEST_REST)


def succeeded(step: Step, rows: Iterable[Any]) -> None:
    """Rows that were recorded are parked no more."""
    ParkedRow.objects.filter(step=step.name, row__in=[row.pk for row in rows]).delete()


def forget_settled(step: Step, at: datetime) -> None:
    """Drop what had its rest and is not due any more: somebody settled it by another way."""
    rested = ParkedRow.objects.filter(step=step.name, next_try_at__lte=at)
    rested.exclude(row__in=step.due(at).order_by().values("pk")).delete()


def try_again(*, rows: Iterable[ParkedRow], at: datetime) -> int:
    """Let the next sweep try rows at once. Returns how many rested."""
    keys = [row.pk for row in rows]
    return ParkedRow.objects.filter(pk__in=keys, next_try_at__gt=at).update(next_try_at=at)
