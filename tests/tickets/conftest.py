"""The scene of most ticket tests: one customer on nextplane's startup plan, an agent and a lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from accounts.enums import Role
from accounts.models import Organization, User
from plans.models import Contract, Policy
from tests.conftest import POLICIES
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory
from tickets.actions import Submission, submit
from tickets.models import Ticket


@dataclass(frozen=True)
class Scene:
    customer: User
    organization: Organization
    agent: User
    lead: User


def contract_for(organization: Organization, policy: str, plan: str, **fields: object) -> Contract:
    """A contract of the year's length under a policy that ships, imported on first use."""
    if not Policy.objects.filter(slug=policy).exists():
        call_command("policy", "import", str(POLICIES / f"{policy}.yaml"), "--publish", verbosity=0)
    row = Policy.objects.get(slug=policy)
    defaults = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    return Contract.objects.create(
        organization=organization, policy=row, plan_code=plan, **(defaults | fields)
    )


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
