"""Take away what is only needed for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from tickets.models import IdempotencyRecord

# A caller that repeats itself does so within hours; a day more is for clocks and long week-ends of retries.
KEYS_KEPT = timedelta(days=2)


def tidy(*, at: datetime) -> dict[str, int]:
    """Delete idempotency keys older than two days, by their index. Returns counts; safe to run twice."""
    deleted, _by_model = IdempotencyRecord.objects.filter(created_at__lt=at - KEYS_KEPT).delete()
    return {"idempotency_keys": deleted}
