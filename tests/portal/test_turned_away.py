"""A form that the terms close at once is a refusal too: kept and reported, once for a person and day."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.factories.accounts import ContactFactory
from tests.factories.plans import POLICIES, ContractFactory, published_text
from tests.tickets.conftest import utc
from tickets.models import DecisionRecord
from tickets.months import month_of
from tickets.refused import by_rule

NEW = "/requests/new/"
# 22:00 in New York: two hours later another day begins there.
AT = utc(2026, 12, 2, 3)


@pytest.fixture
def contact(db):
    published_text((POLICIES / "two-tier.yaml").read_text())
    contact = ContactFactory(organization__time_zone="America/New_York", user__time_zone="America/New_York")
    ContractFactory(
        organization=contact.organization, policy="two-tier", plan_code="standard", ends_on=date(2026, 11, 30)
    )
    return contact


@pytest.fixture
def browse(contact):
    client = Client()
    client.force_login(contact.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_closed_form_is_kept_once_a_day(contact, browse) -> None:
    typed = {"subject": "Down", "description": "All of it.", "client_key": "8" * 32}
    with time_machine.travel(AT, tick=False):
        page = browse.get(NEW)
        browse.get(NEW)
        browse.head(NEW)
        browse.post(NEW, typed)
    kept = DecisionRecord.objects.get()
    assert (kept.code, kept.person, kept.organization) == (
        "contract_expired",
        contact.user,
        contact.organization,
    )
    assert kept.ticket is None and kept.question["channel"] == "portal"
    assert f"decision {kept.pk}" in page.content.decode()
    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        browse.get(NEW)
    assert DecisionRecord.objects.count() == 2


def test_a_look_at_the_head_alone_is_not_kept(browse) -> None:
    with time_machine.travel(AT, tick=False):
        browse.head(NEW)
    assert not DecisionRecord.objects.exists()


def test_another_person_is_another_refusal(contact, browse) -> None:
    other = ContactFactory(organization=contact.organization, user__email="second@example.com")
    client = Client()
    client.force_login(other.user, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(AT, tick=False):
        browse.get(NEW)
        client.get(NEW)
    assert DecisionRecord.objects.count() == 2


def test_it_is_reported_as_the_others_are(browse) -> None:
    with time_machine.travel(AT, tick=False):
        browse.get(NEW)
    (row,) = by_rule(month_of(AT, UTC))
    assert (row["code"], row["n"]) == ("contract_expired", 1)
