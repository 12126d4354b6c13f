"""Idempotency keys are kept for two days."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.accounts import UserFactory
from tickets.actions.tidying import tidy
from tickets.models import IdempotencyRecord


def test_old_keys_go_and_new_ones_stay(db, at):
    user = UserFactory()
    for key, age in (("old", timedelta(days=2, seconds=1)), ("new", timedelta(days=1))):
        row = IdempotencyRecord.objects.create(user=user, path="tickets", key=key, body_digest="0" * 64)
        IdempotencyRecord.objects.filter(pk=row.pk).update(created_at=at - age)
    assert tidy(at=at)["idempotency_keys"] == 1
    assert tidy(at=at)["idempotency_keys"] == 0
    assert IdempotencyRecord.objects.get().key == "new"
