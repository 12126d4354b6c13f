"""The portal seen by one customer, another one, a partner and staff, at a fixed instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.enums import Scope
from accounts.models import User
from tests.factories.accounts import ContactFactory, MandateFactory, PartnerFactory
from tests.tickets.conftest import Scene, ask, contract_for, other_customer, scene
from tickets.models import Ticket

__all__ = ["Scene", "ask", "contract_for", "other_customer", "scene"]


@pytest.fixture
def now(at: datetime, monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """``now(moment)``: every page from here on is asked for at that instant; it begins with ``at``."""

    def set_now(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_now(at)
    return set_now


@pytest.fixture
def browse(client: Client) -> Callable[[User], Client]:
    """``browse(person)``: a browser in which the person is signed in."""

    def _browse(person: User) -> Client:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return _browse


@pytest.fixture
def customer(scene: Scene, browse: Callable[[User], Client], now: Callable[[datetime], None]) -> Client:
    return browse(scene.customer)


@pytest.fixture
def reading_partner(scene: Scene) -> User:
    """A partner whose mandate over the scene's customer is to read."""
    partner = PartnerFactory()
    MandateFactory(partner=partner, organization=scene.organization, scope=Scope.READ)
    return ContactFactory(organization=partner).user


@pytest.fixture
def ticket(ask: Callable[..., Ticket]) -> Ticket:
    return ask()
