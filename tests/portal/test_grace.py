"""A contract that ended, under a plan with days of grace: requests are taken to the last second of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.api.conftest import caller
from tests.factories.accounts import ContactFactory
from tests.factories.plans import POLICIES, ContractFactory, published_text
from tests.tickets.conftest import utc
from tickets.models import DecisionRecord, Ticket

# The contract ends on 30 November in New York, and has five days of grace: 6 December begins at 05:00 UTC.
RUNNING, LAST = utc(2026, 12, 1, 4, 59, 59), utc(2026, 12, 6, 4, 59, 59)
AFTER = LAST + timedelta(seconds=1)
NEW = "/requests/new/"


@pytest.fixture
def contact(db):
    text = (POLICIES / "two-tier.yaml").read_text().replace("policy: two-tier\n", "policy: with-grace\n")
    policy = published_text(text.replace("reopen_days: 14\n", "reopen_days: 14\n    grace_days: 5\n")).policy
    contact = ContactFactory(organization__time_zone="America/New_York", user__time_zone="America/New_York")
    ContractFactory(
        organization=contact.organization,
        policy=policy.slug,
        plan_code="standard",
        ends_on=date(2026, 11, 30),
    )
    return contact


def _by_portal(contact) -> tuple[bool, str]:
    client = Client()
    client.force_login(contact.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(NEW, {"subject": "Down", "description": "All of it.", "client_key": "8" * 32})
    if answer.status_code == 302:
        return True, DecisionRecord.objects.get().code
    assert "Your support contract ended on 30 Nov 2026." in answer.content.decode()
    return False, "contract_expired"


def _by_api(contact) -> tuple[bool, str]:
    answer = caller(contact.user).post("tickets/", {"subject": "Down", "description": "All of it."})
    return answer.status == 201, DecisionRecord.objects.get().code if answer.status == 201 else answer.code


@pytest.mark.parametrize("door", [_by_portal, _by_api])
@pytest.mark.parametrize(
    ("at", "is_taken", "code"),
    [
        (RUNNING, True, ""),
        (RUNNING + timedelta(seconds=1), True, "contract_in_grace"),
        (LAST, True, "contract_in_grace"),
        (AFTER, False, "contract_expired"),
    ],
)
def test_to_the_last_second_of_grace(
    contact, door: Callable[..., tuple[bool, str]], at: datetime, is_taken: bool, code: str
) -> None:
    with time_machine.travel(at, tick=False):
        assert door(contact) == (is_taken, code)
    assert Ticket.objects.exists() == is_taken


def test_the_pages_say_when_it_ended_and_how_long_requests_are_taken(contact) -> None:
    client = Client()
    client.force_login(contact.user, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(RUNNING, tick=False):
        assert "ended on" not in client.get(NEW).content.decode()
        page = client.get("/your-support/").content.decode()
        assert "Contract until" in page and "ended on" not in page
    with time_machine.travel(LAST, tick=False):
        form = client.get(NEW).content.decode()
        assert "ended on 30 Nov 2026. Requests are taken until 5 Dec 2026" in form
        page = client.get("/your-support/").content.decode()
        assert "Your contract ended on Mon 30 Nov." in page and "Requests are taken until Sat 5 Dec" in page
        assert "Contract until" not in page
    with time_machine.travel(AFTER, tick=False):
        assert "No contract runs at the moment" in client.get("/your-support/").content.decode()
        refused = client.get(NEW)
        assert refused.status_code == 403 and "ended on 30 Nov 2026" in refused.content.decode()
