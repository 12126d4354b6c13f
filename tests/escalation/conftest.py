"""The scene of escalations: a customer of two-tier's enterprise plan, and people of every level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Absence, Organization, User
from plans.models import Policy
from tests.factories.accounts import ContactFactory, StaffFactory
from tests.factories.plans import POLICIES, ContractFactory, published_text
from tickets.actions import Submission, submit
from tickets.models import Duty, Escalation, Ticket

# A Friday, 14:00 in Chicago, where the policy's calendars count.
FRIDAY = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)
TEAM_LEAD, MANAGER, EXECUTIVE = "Support team lead", "Department manager", "Executive management"


@dataclass(frozen=True)
class Scene:
    customer: User
    organization: Organization
    agent: User
    lead: User
    manager: User
    executive: User


@pytest.fixture
def scene(db: None) -> Scene:
    """The enterprise plan: any hour counts, 30 min for the first response, levels after breach, 4h, 4h."""
    return scene_of("enterprise")


def scene_of(plan: str, policy: str = "two-tier") -> Scene:
    contact = ContactFactory(user__name="Ines Moreau", organization__name="Calloway Foods", access_id="C-1")
    ContractFactory(organization=contact.organization, policy=policy, plan_code=plan)
    scene = Scene(
        customer=contact.user,
        organization=contact.organization,
        agent=StaffFactory(name="Idris Bell"),
        lead=StaffFactory(name="Sofia Reyes", role=Role.LEAD),
        manager=StaffFactory(name="Ana Costa", role=Role.MANAGER),
        executive=StaffFactory(name="Aiko Tanaka", role=Role.MANAGER, is_superuser=True),
    )
    for level, person in enumerate((scene.lead, scene.manager, scene.executive), 1):
        Duty.objects.create(policy=Policy.objects.get(slug=policy), level=level, person=person)
    return scene


@pytest.fixture
def office_scene(db: None) -> Scene:
    """The same levels counted on working days from 08:00 to 17:00 in Chicago."""
    text = (POLICIES / "two-tier.yaml").read_text()
    published_text(
        text.replace("policy: two-tier", "policy: office-tier").replace(
            "coverage: {always: [always]}", "coverage: {office: [office]}"
        )
    )
    return scene_of("enterprise", "office-tier")


@pytest.fixture
def ask(scene: Scene) -> Callable[..., Ticket]:
    """``ask(at=...)``: a request of the scene's customer."""
    return lambda **fields: asked(scene, **fields)


def asked(scene: Scene, at: datetime = FRIDAY, **fields: Any) -> Ticket:
    words = {"subject": "Invoice run stops", "description": "At step 4.", "severity": "high"}
    return submit(
        person=scene.customer,
        organization=scene.organization,
        submission=Submission(**(words | fields)),
        at=at,
    )


def away(person: User, at: datetime, until: datetime, deputy: User | None = None) -> Absence:
    return Absence.objects.create(person=person, from_at=at, until_at=until, deputy=deputy)


def steps(ticket: Ticket, number: int = 1) -> list[tuple[int, str, datetime]]:
    """Level, why and when, of one escalation of a ticket."""
    rows = Escalation.objects.get(ticket=ticket, number=number).steps.order_by("level")
    return list(rows.values_list("level", "why", "reached_at"))


def told(ticket: Ticket, level: int = 1) -> list[tuple[str, str, str]]:
    """Name, instead of whom and why, of those who heard of a level."""
    step = Escalation.objects.get(ticket=ticket).steps.get(level=level)
    return [(one["name"], one["instead_of"], one["why"]) for one in step.told]
