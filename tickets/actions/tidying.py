"""Take away what is only needed for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from tickets.models import Draft, IdempotencyRecord, Presence

# A caller that repeats itself does so within hours; a day more is for clocks and long week-ends of retries.
KEYS_KEPT = timedelta(days=2)
DRAFTS_KEPT = timedelta(days=90)
# Who was on a page is true for a minute.
PRESENCE_KEPT = timedelta(hours=1)


def tidy(*, at: datetime) -> dict[str, int]:
    """Delete what is old, each kind by its index. Returns counts; safe to run twice."""
    keys, _by_model = IdempotencyRecord.objects.filter(created_at__lt=at - KEYS_KEPT).delete()
    drafts, _by_model = Draft.objects.filter(updated_at__lt=at - DRAFTS_KEPT).delete()
    present, _by_model = Presence.objects.filter(seen_at__lt=at - PRESENCE_KEPT).delete()
    return {"idempotency_keys": keys, "drafts": drafts, "presence": present}
