"""People of one customer under a plan where both sides approve, another customer, and staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.actions import propose
from accounts.models import Contact, Organization, User
from plans.models import Contract
from tests.factories.accounts import ContactFactory
from tests.factories.plans import POLICIES, published_text
from tests.portal.conftest import browse, now
from tests.tickets.conftest import Scene, contract_for, other_customer, scene, utc

__all__ = ["Scene", "browse", "contract_for", "now", "other_customer", "scene", "utc"]


@pytest.fixture
def mine(scene: Scene) -> Contact:
    """The contact of the scene's administrator."""
    return Contact.objects.select_related("user", "organization").get(user=scene.customer)


@pytest.fixture
def ada(scene: Scene, at: datetime) -> Contact:
    """Proposed by the administrator; waits for the vendor."""
    return propose(
        organization=scene.organization, by=scene.customer, at=at, email="Ada@Aster.example", name="Ada Njoku"
    )


@pytest.fixture
def capped(scene: Scene) -> Organization:
    """The scene's customer, moved to a plan with room for three contacts, approved by the vendor alone."""
    text = (POLICIES / "two-tier.yaml").read_text().replace("policy: two-tier", "policy: capped")
    edition = published_text(
        text.replace("    auto_close_days:", "    contacts: {max: 3, approval: vendor}\n    auto_close_days:")
    )
    Contract.objects.filter(organization=scene.organization).delete()
    Contract.objects.create(
        organization=scene.organization, policy=edition.policy, plan_code="standard", starts_on="2026-01-01"
    )
    return scene.organization


@pytest.fixture
def as_administrator(scene: Scene, browse: Callable[[User], Client], now: Any) -> Client:
    return browse(scene.customer)


@pytest.fixture
def colleague(scene: Scene) -> Contact:
    """A contact in effect who is no administrator."""
    return ContactFactory(
        organization=scene.organization, is_administrator=False, user__email="tom@aster.example"
    )
