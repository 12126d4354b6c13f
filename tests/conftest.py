"""Shared by all tests: which instant it is, the five policies, and who is in the scene."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

# Playwright's loop runs in this thread; Django would take it for an asynchronous caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
POLICIES = Path(__file__).resolve().parent.parent / "plans" / "policies"


@pytest.fixture(autouse=True)
def _quiet_outside(settings, tmp_path) -> None:
    """Mail stays in memory, files in a folder of the test."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def at() -> datetime:
    """A Monday afternoon on which nothing special happens: 2026-11-30 18:00 UTC."""
    return datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
