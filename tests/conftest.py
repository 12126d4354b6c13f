"""Shared by all tests: which instant it is, the five policies, and who is in the scene."""

from __future__ import annotations

import gc
import os
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation
from django_q.models import Schedule
from pytest_django.plugin import blocking_manager_key

from tests.browsing import chromium, sign_in
from tests.factories.plans import published
from tests.mailservers import imap_server, smtp_server

# Registered here, once: two browsers of one run would get into each other's way.
__all__ = ["chromium", "imap_server", "sign_in", "smtp_server"]

# Playwright's loop runs in this thread; Django would take it for an asynchronous caller.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Files whose few tests take long: begun first, so that no process ends long after the other.
LONG = ("tests/tickets/test_state_machine.py", "tests/faults/", "tests/platform/", "tests/journeys/")
_SCHEDULES: list[Schedule] = []
SLUGS = ("nextplane", "jumpcloud-msp", "office-365", "nexraid", "two-tier")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, else keep the order of collection."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The five policies are published once for the whole run: each takes half a second."""
    with django_db_blocker.unblock():
        _let_tables_be_emptied()
        _SCHEDULES.extend(Schedule.objects.all())
        for slug in SLUGS:
            published(slug)


@pytest.fixture(scope="session", autouse=True)
def _few_collections() -> None:
    """What is loaded stays loaded: not to look through it again and again saves a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _let_tables_be_emptied() -> None:
    """Tests that commit empty all tables afterwards, which the database refuses for history and terms."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname)"
            r" FROM pg_trigger WHERE tgname LIKE '%\_not\_emptied'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def _empties_tables(item: pytest.Item | None) -> bool:
    """Whether a test commits for real, so that all tables are emptied after it."""
    marker = item.get_closest_marker("django_db") if item is not None else None
    return marker is not None and bool(marker.kwargs.get("transaction"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last of the tests that empty tables: put back what every test finds there."""
    if _empties_tables(item) and nextitem is not None and not _empties_tables(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            Schedule.objects.bulk_create(_SCHEDULES, ignore_conflicts=True)
            for slug in SLUGS:
                published(slug)


@pytest.fixture(autouse=True)
def _quiet_outside(settings, tmp_path) -> None:
    """Mail stays in memory, files in a folder of the test."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture(autouse=True)
def _nobody_s_language() -> None:
    """A page leaves its reader's language and zone in the thread: each test begins without."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def at() -> datetime:
    """A Monday afternoon on which nothing special happens: 2026-11-30 18:00 UTC."""
    return datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
