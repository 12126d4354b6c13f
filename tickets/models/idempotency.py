"""Idempotency keys of the API: the same key and body give the same answer."""

from __future__ import annotations

from django.db import models

from accounts.models import User


class IdempotencyRecord(models.Model):
    """``key`` is the caller's, for one ``user`` and ``path``; ``body_digest`` is a SHA-256 in hex."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    response = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return self.key
