"""The portal's scene, and staff in a browser of their own, at the same fixed instant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.portal.conftest import (
    Scene,
    ask,
    browse,
    contract_for,
    customer,
    now,
    other_customer,
    reading_partner,
    scene,
    ticket,
)

__all__ = [
    "Scene",
    "ask",
    "browse",
    "contract_for",
    "customer",
    "now",
    "other_customer",
    "reading_partner",
    "scene",
    "ticket",
]


@pytest.fixture
def browser_of(now: Callable[..., None]) -> Callable[[User], Client]:
    """``browser_of(person)``: a browser of that person's own."""

    def make(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def agent(scene: Scene, browser_of: Callable[[User], Client]) -> Client:
    return browser_of(scene.agent)
