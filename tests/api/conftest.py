"""The scene of the API's tests: a customer, another one, a partner with mandates, staff; and a caller."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.actions import create_token
from accounts.enums import Role, Scope
from accounts.models import Organization, User
from tests.factories.accounts import (
    ContactFactory,
    MandateFactory,
    OrganizationFactory,
    PartnerFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.plans import ContractFactory
from tickets.actions import Submission, submit
from tickets.models import Ticket

# A Wednesday, 10:00 in Denver: the office is open from 09:00 to 17:00.
START = datetime(2026, 12, 2, 17, 0, tzinfo=UTC)


@dataclass
class Answer:
    """An answer: status, headers and the JSON body (None without one)."""

    status: int
    headers: Any
    body: Any
    raw: bytes

    @property
    def code(self) -> str:
        return self.body["code"]

    @property
    def pointers(self) -> dict[str, str]:
        """Codes of the mistakes by their pointers."""
        return {error["pointer"]: error["code"] for error in self.body["errors"]}


class Caller:
    """Calls the API with a token, through the same door as anybody."""

    def __init__(self, token: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = given.pop("Content-Type", "application/json")
        address = path if path.startswith("http") else f"/api/v1/{path}"
        response = self.client.generic(
            method,
            address,
            data if body is not None else b"",
            content_type=kind,
            headers=self.headers | given,
        )
        raw = b"".join(response.streaming_content) if response.streaming else response.content
        is_json = "json" in response.get("Content-Type", "")
        return Answer(
            response.status_code, response.headers, json.loads(raw) if raw and is_json else None, raw
        )

    def get(self, path: str, **headers: str) -> Answer:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self("PATCH", path, body, **headers)


def caller(user: User, scope: str = Scope.ACT) -> Caller:
    return Caller(create_token(user=user, name="test", scope=scope))


@dataclass
class Scene:
    managed: Organization
    other: Organization
    admin: User
    partner: User
    stranger: User
    agent: User


@pytest.fixture
def scene(db: None) -> Scene:
    """``managed`` has the plan jumpcloud-msp standard and is managed by the partner; ``other`` is not."""
    managed = OrganizationFactory(slug="managed", time_zone="America/Denver")
    other = OrganizationFactory(slug="other", time_zone="America/Denver")
    partner_organization = PartnerFactory(slug="msp")
    scene = Scene(
        managed,
        other,
        ContactFactory(user=UserFactory(email="admin@managed.example"), organization=managed).user,
        ContactFactory(user=UserFactory(email="partner@msp.example"), organization=partner_organization).user,
        ContactFactory(user=UserFactory(email="admin@other.example"), organization=other).user,
        StaffFactory(role=Role.AGENT),
    )
    for organization in (managed, other):
        ContractFactory(organization=organization, policy="jumpcloud-msp", plan_code="standard")
    MandateFactory(partner=partner_organization, organization=managed, from_on=date(2026, 1, 1))
    return scene


@pytest.fixture
def clock() -> Any:
    """Time stands at ``START``; ``clock.move_to(...)`` moves it."""
    with time_machine.travel(START, tick=False) as moved:
        yield moved


@pytest.fixture
def nobody() -> Caller:
    return Caller(None)


@pytest.fixture
def partner(scene: Scene, clock: Any) -> Caller:
    return caller(scene.partner)


@pytest.fixture
def stranger(scene: Scene, clock: Any) -> Caller:
    return caller(scene.stranger)


@pytest.fixture
def admin(scene: Scene, clock: Any) -> Caller:
    return caller(scene.admin)


@pytest.fixture
def agent(scene: Scene, clock: Any) -> Caller:
    return caller(scene.agent)


def make_ticket(scene: Scene, organization: Organization | None = None, **fields: Any) -> Ticket:
    """A ticket of the managed organization, asked by its administrator at ``START``."""
    organization = organization or scene.managed
    person = scene.admin if organization == scene.managed else scene.stranger
    submission = Submission(**{"subject": "It broke", "description": "All of it.", "severity": "S2"} | fields)
    return submit(person=person, organization=organization, submission=submission, at=START)


@pytest.fixture
def ticket(scene: Scene, clock: Any) -> Ticket:
    return make_ticket(scene)
