"""Someone else is writing: staff see it of each other for a minute, customers never."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.factories.accounts import StaffFactory
from tickets.actions.tidying import tidy
from tickets.models import Presence


def _at(ticket, part: str) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/{part}/"


@pytest.mark.django_db
def test_an_open_page_and_a_draft_are_seen_by_colleagues_for_a_minute(
    agent, browser_of, ticket, scene, now, at
) -> None:
    ana = browser_of(StaffFactory(name="Ana Lind"))
    assert ana.post(_at(ticket, "present"), {"known": "none"}).status_code == 204
    assert "Ana Lind reads this, too (19:00)" in agent.get(_at(ticket, "change")).content.decode()
    ana.post(_at(ticket, "draft"), {"body": "Dear", "visibility": "public", "client_key": str(uuid.uuid4())})
    told = agent.post(_at(ticket, "present"), {"known": "none"}).content.decode()
    assert "Ana Lind is writing an answer (19:00)" in told and "Idris" not in told
    now(at + timedelta(seconds=61))
    assert "Ana Lind is" not in agent.get(_at(ticket, "change")).content.decode()


@pytest.mark.django_db
def test_nothing_is_sent_again_that_the_page_shows(agent, browser_of, ticket) -> None:
    other = StaffFactory()
    browser_of(other).post(_at(ticket, "present"))
    told = agent.post(_at(ticket, "present"), {"known": "none"})
    assert told.status_code == 200 and f'value="{other.pk}-viewing"' in told.content.decode()
    assert agent.post(_at(ticket, "present"), {"known": f"{other.pk}-viewing"}).status_code == 204


@pytest.mark.django_db
def test_who_types_no_more_reads(agent, browser_of, ticket, now, at) -> None:
    ana = browser_of(StaffFactory(name="Ana Lind"))
    ana.post(_at(ticket, "draft"), {"body": "Dear", "visibility": "public", "client_key": str(uuid.uuid4())})
    now(at + timedelta(minutes=4))
    ana.post(_at(ticket, "present"))
    assert "Ana Lind reads this" in agent.get(_at(ticket, "change")).content.decode()


@pytest.mark.django_db
def test_customers_and_readers_take_no_part(customer, agent, browser_of, ticket, client) -> None:
    assert customer.post(_at(ticket, "present")).status_code in (302, 404)
    assert browser_of(StaffFactory(role="auditor")).post(_at(ticket, "present")).status_code == 403
    assert agent.get(_at(ticket, "present")).status_code == 405
    assert agent.post("/admin/tickets/ticket/999/present/").status_code == 404
    agent.post(_at(ticket, "present"))
    assert "Idris Bell reads" not in customer.get(f"/requests/{ticket.pk}/").content.decode()


@pytest.mark.django_db
def test_old_rows_are_tidied(agent, ticket, at) -> None:
    agent.post(_at(ticket, "present"))
    assert tidy(at=at + timedelta(minutes=59))["presence"] == 0
    assert tidy(at=at + timedelta(hours=1, seconds=1))["presence"] == 1 and not Presence.objects.exists()
