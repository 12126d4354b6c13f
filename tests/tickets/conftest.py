"""The scene of most ticket tests: one customer on nextplane's startup plan, an agent and a lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from accounts.enums import Role
from accounts.models import Organization, User
from plans.models import Contract
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory
from tests.factories.plans import ContractFactory
from tickets.actions import Submission, submit
from tickets.models import Ticket


@dataclass(frozen=True)
class Scene:
    customer: User
    organization: Organization
    agent: User
    lead: User


def contract_for(organization: Organization, policy: str, plan: str, **fields: object) -> Contract:
    """A contract of two years under a policy that ships."""
    return ContractFactory(organization=organization, policy=policy, plan_code=plan, **fields)


@pytest.fixture
def scene(db: None) -> Scene:
    contact = ContactFactory(user__name="Maya Okafor", organization__name="Aster Freight")
    contract_for(contact.organization, "nextplane", "startup")
    return Scene(
        customer=contact.user,
        organization=contact.organization,
        agent=StaffFactory(name="Idris Bell"),
        lead=StaffFactory(name="Sofia Reyes", role=Role.LEAD),
    )


@pytest.fixture
def other_customer(scene: Scene) -> User:
    contact = ContactFactory(organization=OrganizationFactory(name="Harrow & Finch"))
    contract_for(contact.organization, "nextplane", "business")
    return contact.user


@pytest.fixture
def ask(scene: Scene, at: datetime) -> Callable[..., Ticket]:
    """``ask(severity="P2", at=...)``: a request of the scene's customer."""

    def _ask(severity: str = "P2", at: datetime = at, **fields: object) -> Ticket:
        words = {
            "subject": "Messages stopped arriving",
            "description": "Since 15:00.",
            "support_type": "technical",
        }
        return submit(
            person=scene.customer,
            organization=scene.organization,
            submission=Submission(**(words | {"severity": severity} | fields)),
            at=at,
        )

    return _ask


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
