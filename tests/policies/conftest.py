"""A customer of any plan, asking through the API and the portal; support answering in the back office."""

from __future__ import annotations

import html
import itertools
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.enums import Role
from accounts.models import Organization, User
from plans.models import Contract
from tests.api.conftest import Answer, Caller, caller
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory
from tests.factories.plans import ContractFactory

NEW, SUPPORT, INTAKE = "/requests/new/", "/your-support/", "/admin/tickets/ticket/add/"
# A Wednesday on which every coverage of the five policies is open.
ORDINARY = "2026-12-02T16:30:00Z"
RANGE = {"from": "09:00", "to": "12:00", "time_zone": "America/Denver"}
CHANNELS = ("portal", "email", "phone", "chat", "im", "web", "management-portal")
_keys = itertools.count(1)


def cells(rows: dict[tuple[str, ...], Any]) -> list[Any]:
    """Parameters whose names are those of the table: ``startup-P2-first_response-12h``."""
    return [
        pytest.param(*key, *(value if isinstance(value, tuple) else (value,)), id="-".join(map(str, key)))
        for key, value in rows.items()
    ]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(response: Any, without: str = "") -> str:
    """What a reader of the page reads, without marks, and without the section that is called so."""
    body = response.content.decode()
    if without:
        body = re.sub(rf'(?s)<section[^>]*aria-labelledby="{without}".*?</section>', " ", body)
    body = re.sub(r"(?s)<(script|style).*?</\1>", " ", body)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@dataclass
class Customer:
    """A person of a customer, and that customer's contract."""

    user: User
    organization: Organization
    contract: Contract | None = None

    @cached_property
    def api(self) -> Caller:
        return caller(self.user)

    @cached_property
    def portal(self) -> Client:
        return browser(self.user)

    def asks(self, **fields: Any) -> Answer:
        """A request through the API."""
        return self.api.post("tickets/", {"subject": "It broke", "description": "All of it."} | fields)

    def types(self, **fields: Any) -> Any:
        """A request through the form of the portal."""
        return self.portal.post(NEW, self.typed(**fields))

    def typed(self, **fields: Any) -> dict[str, Any]:
        plain = {"subject": "It broke", "description": "All of it.", "client_key": str(uuid.uuid4())}
        return plain | {"organization": self.organization.slug} | fields

    def clocks(self, number: int) -> dict[str, dict[str, Any]]:
        """The newest clock of each metric."""
        rows = self.api.get(f"tickets/{number}/clocks/").body["results"]
        return {row["metric"]: row for row in rows}

    def support_page(self) -> str:
        """What it says of the customer's own plan; what another would give is left out."""
        return words(self.portal.get(SUPPORT), without="other-plans")

    def colleague(self, **fields: Any) -> Customer:
        contact = ContactFactory(organization=self.organization, **fields)
        return Customer(contact.user, self.organization, self.contract)


@dataclass
class Desk:
    """Somebody of support, in the back office and at the API."""

    user: User

    @cached_property
    def api(self) -> Caller:
        return caller(self.user)

    @cached_property
    def admin(self) -> Client:
        return browser(self.user)

    def enters(self, customer: Customer, channel: str, **fields: Any) -> Answer:
        """A call, chat or mail, entered through the API."""
        plain = {"subject": "It broke", "description": "All of it.", "channel": channel}
        whose = {"organization": customer.organization.slug, "requester": customer.user.email}
        return self.api.post("tickets/", plain | whose | fields)

    def takes(self, customer: Customer, channel: str, **fields: Any) -> Any:
        """A call or mail, entered in the back office."""
        contact = customer.user.contacts.get()
        typed = customer.typed(channel=channel, received_at="", **fields)
        return self.admin.post(f"{INTAKE}?contact={contact.pk}", typed)

    def answers(self, number: int, body: str = "We look into it.", then: str = "") -> None:
        """A public message, written on the ticket's page."""
        typed = {
            "visibility": "public",
            "body": body,
            "then": then,
            "version": self._version(number),
            "seen": 10**6,
            "client_key": str(uuid.uuid4()),
        }
        response = self.admin.post(f"/admin/tickets/ticket/{number}/do/say/", typed)
        assert response.status_code == 302, words(response)

    def _version(self, number: int) -> int:
        from tickets.models import Ticket

        return Ticket.objects.values_list("version", flat=True).get(pk=number)


@pytest.fixture
def clock() -> Iterator[Any]:
    """Time stands still at an ordinary hour; ``clock.move_to(...)`` moves it."""
    with time_machine.travel(ORDINARY, tick=False) as moved:
        yield moved


@pytest.fixture
def customer_of(db: None, clock: Any) -> Callable[..., Customer]:
    """``customer_of("nextplane", "startup")``: its administrator; other words go to the contract."""

    def make(policy: str, plan: str, zone: str = "America/New_York", contact: Any = None, **contract: Any):
        key = next(_keys)
        organization = OrganizationFactory(name=f"Wharf {key}", time_zone=zone)
        held = ContractFactory(organization=organization, policy=policy, plan_code=plan, **contract)
        given = {"access_id": f"W-{key}", "user__time_zone": zone} | (contact or {})
        person = ContactFactory(organization=organization, **given)
        return Customer(person.user, organization, held)

    return make


@pytest.fixture
def desk(db: None, clock: Any) -> Desk:
    return Desk(StaffFactory(role=Role.AGENT, time_zone="UTC"))
