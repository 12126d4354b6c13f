"""The five policies are imported once for each file of tests, and rolled back after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.factories.plans import published

SLUGS = ("nextplane", "jumpcloud-msp", "office-365", "nexraid", "two-tier")


@pytest.fixture(scope="module", autouse=True)
def _five_policies(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        for slug in SLUGS:
            published(slug)
        yield
        transaction.set_rollback(True)
