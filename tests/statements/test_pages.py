"""The statement's pages: who reads whose, what stands there, and what it costs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role, Sees
from accounts.models import User
from plans.models import Contract
from tests.factories.accounts import (
    ContactFactory,
    MandateFactory,
    OrganizationFactory,
    PartnerFactory,
    StaffFactory,
)
from tests.factories.plans import ContractFactory
from tests.portal.conftest import Scene, ask, browse, now, other_customer, scene
from tickets.actions import say
from tickets.actions.exclusions import exclude
from tickets.actions.terms import move_to_terms
from tickets.models import Ticket
from timekeeping.verify import verify

__all__ = ["ask", "browse", "now", "other_customer", "scene"]

PAGE = "/support/statement/"
CSV, JSON = PAGE + "export.csv", PAGE + "export.json"
EVERY_DOOR = (PAGE, CSV, JSON)


@pytest.fixture
def contract(scene: Scene) -> Contract:
    return scene.organization.contracts.get()


@pytest.fixture
def customer(scene: Scene, browse: Callable[[User], Client], now: Callable[[datetime], None]) -> Client:
    return browse(scene.customer)


def text_of(client: Client, address: str = PAGE, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_page_says_each_promise_and_how_it_was_kept(
    customer: Client, scene: Scene, ask: Callable[..., Ticket], at: datetime, now: Callable[[datetime], None]
) -> None:
    # Monday 10:00 in Los Angeles. P1: an answer within 4 h, so by 14:00; here it comes at 14:30.
    late, kept = ask(severity="P1", subject="Late one"), ask(severity="P1", subject="Kept one")
    say(ticket=kept, author=scene.agent, body="Soon.", at=at + timedelta(hours=1))
    say(ticket=late, author=scene.agent, body="Now.", at=at + timedelta(hours=4, minutes=30))
    now(at + timedelta(hours=5))
    page = text_of(customer)
    assert "November 2026" in page and "1 of 2" in page and "50.0 %" in page
    assert "3 h early" in page and "by 30 min" in page
    assert "17:00:00" in page, "the due instant in New York, to the second"
    assert reverse("tickets:why", args=[late.pk, "first_response", 1]) in page
    assert "All times of this statement: New York" in page
    assert f"#events-{late.pk}" in page


def test_a_month_without_promises_says_so(customer: Client) -> None:
    assert "No promise falls due in March 2026" in text_of(customer, PAGE + "?month=2026-03")


def test_json_is_verified_and_csv_has_the_same_rows(customer: Client, ask: Callable[..., Ticket]) -> None:
    ask(severity="P1")
    response = customer.get(JSON)
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Content-Disposition"].endswith('-2026-11.json"')
    said = json.loads(response.content)
    assert verify(said).differences == ()
    response = customer.get(CSV)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode().removeprefix("\ufeff"))))
    assert [row["due_at"] for row in rows] == [row["due_at"] for row in said["promises"]]


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_page_is_read_in_chinese(
    customer: Client, scene: Scene, ask: Callable[..., Ticket], language: str
) -> None:
    ask(severity="P1")
    scene.customer.language = language
    scene.customer.save()
    page = text_of(customer)
    assert (
        f'lang="{language.replace("-hans", "-Hans").replace("-hant", "-Hant")}"' in page or language in page
    )
    assert "P1" in page


# --- who reads whose


@pytest.mark.parametrize("address", EVERY_DOOR)
def test_nobody_is_asked_to_sign_in(client: Client, scene: Scene, address: str) -> None:
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", EVERY_DOOR)
def test_other_methods_are_refused(customer: Client, address: str) -> None:
    assert customer.post(address).status_code == 405


@pytest.mark.parametrize("address", EVERY_DOOR)
def test_another_organization_s_contract_does_not_exist(
    other_customer: User, contract: Contract, browse: Callable[[User], Client], now: object, address: str
) -> None:
    client = browse(other_customer)
    assert client.get(f"{address}?contract={contract.pk}").status_code == 404
    assert client.get(f"{address}?organization={contract.organization.slug}").status_code == 404
    assert client.get(f"{address}?contract=999999").status_code == 404


@pytest.mark.parametrize("address", EVERY_DOOR)
@pytest.mark.parametrize(
    "query",
    [
        "contract=x",
        "contract=",
        "contract=-1",
        "contract=" + "9" * 40,
        "contract=²",
        "month=2026-13",
        "month=",
        "month=2027-01",
        "month=2025-12",
        "month=%00",
        "organization=",
        "organization=%00",
    ],
)
def test_what_was_never_there_is_not_found(customer: Client, address: str, query: str) -> None:
    assert customer.get(f"{address}?{query}").status_code == 404


@pytest.mark.parametrize("address", EVERY_DOOR)
@pytest.mark.parametrize(
    ("sees", "status"), [(Sees.OWN, 403), (Sees.FUNCTIONS, 403), (Sees.ORGANIZATION, 200)]
)
def test_who_sees_a_part_is_told_whom_to_ask(
    scene: Scene,
    contract: Contract,
    browse: Callable[[User], Client],
    now: object,
    address: str,
    sees: str,
    status: int,
) -> None:
    contact = ContactFactory(organization=scene.organization, is_administrator=False, sees=sees)
    for query in ("", f"?contract={contract.pk}", f"?organization={scene.organization.slug}"):
        page = text_of(browse(contact.user), address + query, status)
        assert ("Ask an administrator for the statement" in page) == (status == 403)


def test_who_has_no_contract_is_told_when_there_will_be_one(
    browse: Callable[[User], Client], now: object, db: None
) -> None:
    person = ContactFactory(organization=OrganizationFactory()).user
    assert "No contract to state yet" in text_of(browse(person))


def test_a_partner_reads_the_statements_of_whom_it_manages(
    scene: Scene, contract: Contract, browse: Callable[[User], Client], now: object
) -> None:
    partner = PartnerFactory()
    person = ContactFactory(organization=partner, is_administrator=False, sees=Sees.OWN).user
    assert browse(person).get(f"{PAGE}?contract={contract.pk}").status_code == 404
    MandateFactory(partner=partner, organization=scene.organization)
    assert "You act for" in text_of(browse(person), f"{PAGE}?contract={contract.pk}")


def test_of_several_contracts_one_is_chosen(customer: Client, scene: Scene, contract: Contract) -> None:
    older = ContractFactory(
        organization=scene.organization,
        policy="nextplane",
        plan_code="business",
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )
    page = text_of(customer)
    assert f'<option value="{contract.pk}" selected>' in page and f'<option value="{older.pk}">' in page
    assert "December 2025" in text_of(customer, f"{PAGE}?contract={older.pk}")


def test_a_revoked_contact_reads_nothing_more(
    customer: Client, scene: Scene, contract: Contract, at: datetime
) -> None:
    ContactFactory(organization=scene.organization)
    scene.customer.contacts.update(revoked_at=at - timedelta(minutes=1))
    assert customer.get(f"{PAGE}?contract={contract.pk}").status_code == 404


# --- why then


def test_why_explains_one_promise(
    customer: Client, scene: Scene, ask: Callable[..., Ticket], other_customer: User, browse: Callable
) -> None:
    ticket = ask(severity="P1")
    address = reverse("tickets:why", args=[ticket.pk, "first_response", 1])
    assert "Every stretch, in words" in text_of(customer, address)
    for metric, cycle in (("first_response", 2), ("next_update", 1), ("nothing", 1)):
        assert customer.get(reverse("tickets:why", args=[ticket.pk, metric, cycle])).status_code == 404
    assert browse(other_customer).get(address).status_code == 404


# --- staff


def staff_page(contract: Contract, ending: str = "") -> str:
    return f"/admin/plans/contract/{contract.pk}/statement/{ending}"


@pytest.mark.parametrize("ending", ["", "export.csv", "export.json"])
def test_staff_read_it_beside_the_contract(
    contract: Contract, ask: Callable[..., Ticket], browse: Callable[[User], Client], now: object, ending: str
) -> None:
    ticket = ask(severity="P1")
    page = text_of(browse(StaffFactory(role=Role.LEAD)), staff_page(contract, ending))
    assert (
        "first_response" in page
        if ending
        else reverse("admin:tickets_ticket_change", args=[ticket.pk]) in page
    )
    assert (
        browse(StaffFactory(role=Role.LEAD)).get(staff_page(contract, ending) + "?month=2020-01").status_code
        == 404
    )


@pytest.mark.parametrize("ending", ["", "export.csv", "export.json"])
def test_customers_find_no_back_office(customer: Client, contract: Contract, ending: str) -> None:
    assert customer.get(staff_page(contract, ending)).status_code in (302, 404)


def test_the_contract_s_page_leads_to_it(
    contract: Contract, browse: Callable[[User], Client], now: object
) -> None:
    page = text_of(browse(StaffFactory(role=Role.MANAGER)), f"/admin/plans/contract/{contract.pk}/change/")
    assert f'href="{staff_page(contract)}"' in page


def test_staff_without_a_role_are_refused(
    contract: Contract, browse: Callable[[User], Client], now: object
) -> None:
    assert browse(StaffFactory(role="")).get(staff_page(contract)).status_code == 403


def test_staff_are_sent_to_their_own_page(browse: Callable[[User], Client], now: object, db: None) -> None:
    assert browse(StaffFactory()).get(PAGE)["Location"].startswith("/admin/")


# --- what it costs


@pytest.mark.parametrize("address", EVERY_DOOR)
def test_queries_do_not_grow_with_the_promises(
    customer: Client, ask: Callable[..., Ticket], address: str
) -> None:
    counts = {}
    for more in (1, 2):
        for _ in range(more):
            ask(severity="P1")
        promises = len(customer.get(JSON).json()["promises"])
        with CaptureQueriesContext(connection) as queries:
            assert customer.get(address).status_code == 200
        counts[promises] = len(queries)
    assert list(counts) == [1, 3]
    assert len(set(counts.values())) == 1 and counts[1] <= 16, counts


def test_queries_do_not_grow_with_moves_and_exclusions(
    customer: Client, scene: Scene, ask: Callable[..., Ticket], at: datetime, now: Callable[[datetime], None]
) -> None:
    now(at + timedelta(days=3))
    counts = set()
    for more in (1, 2):
        for _ in range(more):
            ticket = ask(severity="P1")
            plans = ticket.plan.edition.plans
            move_to_terms(
                ticket=ticket,
                to=plans.get(code="business"),
                coverage="us",
                at=at + timedelta(hours=1),
                actor=scene.lead,
                reason="Agreed.",
            )
            clock = ticket.clocks.get(metric="first_response")
            code = ticket.plan.edition.exclusions.first().code
            exclude(ticket=ticket, actor=scene.agent, at=at + timedelta(days=1), code=code, clock=clock)
        with CaptureQueriesContext(connection) as queries:
            page = text_of(customer, PAGE + "?month=2026-11")
        counts.add(len(queries))
    assert len(counts) == 1, counts
    assert "Missed, excluded" in page and page.count("What is left out") == 1
    assert reverse("tickets:detail", args=[ticket.pk]) + "#h-scope" in page
