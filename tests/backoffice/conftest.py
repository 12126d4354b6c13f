"""The scene of the back office: a customer with requests under a real policy, and staff of each role."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.enums import Role
from accounts.models import Organization, User
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory, UserFactory
from tests.factories.plans import ContractFactory
from tickets.actions import Submission, hear, note, say, submit
from tickets.models import Ticket

# A Wednesday, 10:00 in Denver: the office is open from 09:00 to 17:00.
START = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
QUEUE = "/admin/tickets/ticket/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Time stands at ``START``; ``clock.move_to(...)`` moves it."""
    with time_machine.travel(START, tick=False) as moved:
        yield moved


@pytest.fixture
def customer(db: None) -> User:
    organization = OrganizationFactory(slug="aster", name="Aster Freight", time_zone="America/Denver")
    ContractFactory(organization=organization, policy="jumpcloud-msp", plan_code="standard")
    person = UserFactory(email="maya@aster.example", name="Maya Okafor")
    return ContactFactory(user=person, organization=organization).user


@pytest.fixture
def organization(customer: User) -> Organization:
    return customer.contacts.get().organization


@pytest.fixture
def staff(db: None) -> Callable[..., User]:
    """``staff("lead")``: a person of that role; ``staff("root")``: a superuser."""

    def make(role: str = Role.AGENT, **fields: Any) -> User:
        if role == "root":
            return StaffFactory(role=Role.MANAGER, is_superuser=True, **fields)
        return StaffFactory(role=role, **fields)

    return make


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def make(user: User) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def agent(staff: Callable[..., User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(staff())


@pytest.fixture
def ticket(customer: User, organization: Organization) -> Ticket:
    """Asked two hours ago as S1: four covered hours for the first response."""
    return asked(customer, organization, "Nobody can sign in", START - timedelta(hours=1))


def asked(
    person: User, organization: Organization, subject: str, at: datetime, severity: str = "S1"
) -> Ticket:
    submission = Submission(
        subject=subject,
        description="Since this morning.",
        severity=severity,
        support_type="",
        category="other",
        best_time_to_contact={"from": "09:00", "to": "12:00", "time_zone": "America/Denver"},
    )
    return submit(person=person, organization=organization, submission=submission, at=at)


def talk(ticket: Ticket, worker: User, times: int) -> None:
    """``times`` messages in turn: an answer, the customer's, a note."""
    for index in range(times):
        at = ticket.last_event_at + timedelta(minutes=1)
        if index % 3 == 0:
            say(ticket=ticket, author=worker, body=f"Answer {index}", at=at)
        elif index % 3 == 1:
            hear(ticket=ticket, author=ticket.requester, body=f"Message {index}", at=at)
        else:
            note(ticket=ticket, author=worker, body=f"Note {index}", at=at)
        ticket.refresh_from_db()


def page_of(ticket: Ticket) -> str:
    return f"{QUEUE}{ticket.pk}/change/"


def verb_of(ticket: Ticket, verb: str) -> str:
    return f"{QUEUE}{ticket.pk}/do/{verb}/"


def answer(ticket: Ticket, **changes: Any) -> dict[str, Any]:
    """What the reply box sends."""
    fields = {
        "visibility": "public",
        "body": "We are on it.",
        "then": "",
        "version": ticket.version,
        "seen": 0,
        "client_key": str(uuid.uuid4()),
    }
    return fields | changes
