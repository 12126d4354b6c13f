"""The month so far on the home page: the figures of the statement, from the clocks that are stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Sees
from accounts.models import Contact
from tests.factories.accounts import ContactFactory
from tests.portal.conftest import Scene, ask, browse, customer, now, other_customer, scene
from tickets.actions import say
from tickets.actions.exclusions import exclude
from tickets.models import Clock, Ticket
from tickets.statements.document import statement_of
from tickets.statements.selection import period
from tickets.statements.so_far import so_far

__all__ = ["ask", "browse", "customer", "now", "other_customer", "scene"]


@pytest.fixture
def later(at: datetime) -> datetime:
    """Eight days on: of what was asked at first, some was answered and the rest is overdue."""
    return at + timedelta(days=8)


@pytest.fixture
def asked(ask: Callable[..., Ticket], scene: Scene, at: datetime, later: datetime) -> list[Ticket]:
    rows = [ask(), ask(severity="P1"), ask(severity="P4"), ask(at=later - timedelta(minutes=5))]
    say(ticket=rows[0], author=scene.agent, body="We look.", at=at + timedelta(hours=1))
    clock = Clock.objects.get(ticket=rows[1])
    exclude(ticket=rows[1], clock=clock, code="customer-cause", actor=scene.lead, at=later)
    return rows


def test_the_figures_are_those_of_the_statement(scene, asked, later) -> None:
    contract = scene.organization.contracts.get()
    found = so_far(contract, later)
    assert found is not None
    said = statement_of(contract, period(contract, found.name), later, Ticket.objects.all())["totals"]["all"]
    assert (found.met, found.missed, found.excluded, found.running) == (
        said["met"],
        said["missed"],
        said["excluded"],
        said["running"],
    )
    assert found.missed and found.met and found.running
    assert found.strip.svg.count("<rect") == found.met + found.missed + found.running


def test_home_shows_it_to_who_sees_the_whole(customer: Client, scene, asked, later, now) -> None:
    now(later)
    page = customer.get("/").content.decode()
    assert "so far" in page and "Missed last:" in page
    ContactFactory(organization=scene.organization)
    Contact.objects.filter(user=scene.customer).update(is_administrator=False, sees=Sees.OWN)
    assert "so far" not in customer.get("/").content.decode()


def test_it_costs_the_same_for_three_as_for_one(scene, ask, later) -> None:
    contract, costs = scene.organization.contracts.get(), []
    for _ in range(3):
        ask()
        with CaptureQueriesContext(connection) as queries:
            so_far(contract, later)
        costs.append(len(queries))
    assert len(set(costs)) == 1, costs
