"""Refusals by rule, plan, organization and month: the figures lead to the decisions that they count."""

from __future__ import annotations

import csv
import io
from datetime import UTC

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from plans.enums import Outcome
from plans.rule_names import RULE_NAMES
from plans.wording import WORDS
from tests.factories.accounts import ContactFactory
from tests.tickets.conftest import utc
from tickets.models import DecisionRecord
from tickets.months import month_of
from tickets.refused import refused_in

LATELY = utc(2026, 11, 20)
PAGE = "/admin/tickets/decisionrecord/refusals/"
NOTES = {
    *("contract_in_grace", "fees_overdue", "emergency_contact", "extraordinary_access"),
    *("identity_check", "sponsored_within_limits", "charged_at_rate"),
}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(utc(2026, 11, 30, 18, 0), tick=False):
        yield


@pytest.fixture
def refuse(db):
    """``refuse("contract_expired", at)``: a decision on record, of a new organization's person."""

    def make(code, at=LATELY, contact=None, policy="nextplane", plan="startup", outcome=Outcome.REFUSED):
        contact = contact or ContactFactory()
        return DecisionRecord.objects.create(
            organization=contact.organization,
            person=contact.user,
            at=at,
            outcome=outcome,
            code=code,
            question={"channel": "portal"},
            terms={"policy": policy, "plan": plan, "edition": 1 if policy else None},
        )

    return make


@pytest.fixture
def manager(staff, signed_in):
    return signed_in(staff(Role.MANAGER, time_zone="America/New_York"))


def html(response) -> str:
    return response.content.decode()


def test_every_rule_that_refuses_has_a_name():
    assert set(RULE_NAMES) == set(WORDS) - NOTES


def test_counts_by_rule_plan_organization_and_month(refuse, manager):
    contact = ContactFactory(organization__name="Aster Freight")
    for _ in range(2):
        refuse("contract_expired", contact=contact)
    refuse("contract_expired", plan="business")
    refuse("contract_missing", policy=None, plan=None)
    refuse("severity_by_phone", at=utc(2026, 9, 2))
    refuse("", outcome=Outcome.ALLOWED)
    response = manager.get(PAGE)
    assert response.context["total"] == 4
    rules = {rule["code"]: rule for rule in response.context["rules"]}
    assert rules["contract_expired"]["count"] == 3
    assert [(p["words"], p["count"]) for p in rules["contract_expired"]["plans"]] == [
        ("nextplane startup", 2),
        ("nextplane business", 1),
    ]
    assert rules["contract_missing"]["plans"][0]["words"] == "no terms"
    assert response.context["organizations"][0]["organization__name"] == "Aster Freight"
    assert [row["count"] for row in response.context["year"]] == [0] * 9 + [1, 0, 4]
    assert "The contract has ended" in html(response)


def test_a_month_is_the_readers_own(refuse, manager):
    refuse("contract_expired", at=utc(2026, 11, 1, 3, 59))  # still October in New York
    refuse("contract_expired", at=utc(2026, 11, 1, 4, 0))
    assert manager.get(PAGE).context["total"] == 1
    assert manager.get(PAGE, {"month": "2026-10"}).context["total"] == 1
    for nonsense in ("2026-13", "x", "1999-01", "2026-1"):
        assert manager.get(PAGE, {"month": nonsense}).context["total"] == 1


def test_each_figure_leads_to_what_it_counts(refuse, manager):
    refuse("contract_expired")
    refuse("contract_expired", plan="business")
    refuse("access_id_missing", policy="office-365", plan="base-premier")
    context = manager.get(PAGE).context
    found = {}
    for rule in context["rules"]:
        found[rule["code"]] = manager.get(rule["url"]).context["cl"].result_count
        for plan in rule["plans"]:
            assert manager.get(plan["url"]).context["cl"].result_count == plan["count"] == 1
    assert found == {"contract_expired": 2, "access_id_missing": 1}
    for row in context["organizations"]:
        assert manager.get(row["url"]).context["cl"].result_count == row["n"]
    assert manager.get(context["decisions_url"]).context["cl"].result_count == 3


def test_the_file_holds_every_row(refuse, manager):
    refuse("contract_expired")
    refuse("contract_missing", policy=None, plan=None)
    response = manager.get(reverse("admin:tickets_decisionrecord_refusals_csv"), {"month": "2026-11"})
    rows = list(csv.DictReader(io.StringIO(html(response))))
    assert [(row["month"], row["rule"], row["plan"], row["refusals"]) for row in rows] == [
        ("2026-11", "contract_expired", "startup", "1"),
        ("2026-11", "contract_missing", "", "1"),
    ]
    assert "refusals-2026-11.csv" in response["Content-Disposition"]


def test_its_cost_is_the_same_for_any_number(refuse, manager, django_assert_num_queries):
    refuse("contract_expired")
    manager.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        manager.get(PAGE)
    for code in list(RULE_NAMES)[:5]:
        refuse(code)
    with django_assert_num_queries(len(one)):
        manager.get(PAGE)


def test_who_may_look(staff, signed_in, client, db):
    assert signed_in(staff(Role.AUDITOR)).get(PAGE).status_code == 200
    assert signed_in(staff(Role.POLICY_EDITOR)).get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302
    assert signed_in(ContactFactory().user).get(PAGE).status_code in (302, 404)
    assert signed_in(staff(Role.AUDITOR)).post(PAGE).status_code == 405


def test_refusals_are_found_by_an_index_of_their_own(refuse):
    refuse("contract_expired")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    month = month_of(LATELY, UTC)
    assert "decision_refused" in refused_in(month).order_by().explain()
