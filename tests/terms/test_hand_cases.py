"""Contract cases reckoned by hand: asked through the API at that instant, the clock is exactly that."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
import yaml

from accounts.enums import Role
from accounts.models import Contact
from plans.models import Contract
from tests.api.conftest import Answer, caller
from tests.factories.accounts import ContactFactory, OrganizationFactory, StaffFactory
from tests.factories.plans import (
    POLICIES,
    ContractFactory,
    LicenceFactory,
    ProgramEnrolmentFactory,
    published_text,
)
from tickets.models import Clock, DecisionRecord, Ticket

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "hand_cases.yaml").read_text())


def name(case: dict[str, Any]) -> str:
    return f"{case['policy']}-{case['plan']}-{case.get('severity')}-{case['at']:%Y%m%dT%H%M%S}"


def written(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"


def contract_of(contact: Contact, case: dict[str, Any]) -> Contract:
    """The terms of a case: contract, program, licence; then a newer edition where one is published."""
    organization = contact.organization
    more = dict(case.get("contract", {}))
    if case.get("sponsored"):
        more["sponsor"] = OrganizationFactory()
    contract = ContractFactory(
        organization=organization,
        policy=case["policy"],
        plan_code=case["plan"],
        coverage_option=case.get("coverage", ""),
        own_targets=case.get("own", {}),
        **more,
    )
    if "program" in case:
        ProgramEnrolmentFactory(contract=contract, program=case["program"])
    if case.get("licence"):
        LicenceFactory(organization=organization)
    if "new_edition" in case:
        text = (POLICIES / f"{case['policy']}.yaml").read_text()
        for before, after in case["new_edition"].items():
            assert text.count(before) == 1
            text = text.replace(before, after)
        published_text(text, case["at"])
    return contract


def asked(contact: Contact, case: dict[str, Any]) -> Answer:
    """The request through the API: by the contact, or by staff who took the call."""
    body = {"organization": contact.organization.slug, "subject": "It broke", "severity": case["severity"]}
    if "type" in case:
        body["support_type"] = case["type"]
    if case.get("accepts_rate"):
        body["accepts_rate"] = True
    if "channel" not in case:
        return caller(contact.user).post("tickets/", body)
    body |= {"channel": case["channel"], "requester": contact.user.email}
    if "received" in case:
        body["received_at"] = written(case["received"])
    return caller(StaffFactory(role=Role.AGENT)).post("tickets/", body)


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=name)
def test_due_exactly_when_reckoned(case: dict[str, Any]) -> None:
    with time_machine.travel(case["at"], tick=False) as clock:
        zone = case.get("zone", "America/New_York")
        contact = ContactFactory(organization__time_zone=zone, access_id="TAM-4711")
        contract_of(contact, case)
        answer = asked(contact, case)
        if "refused" in case:
            assert (answer.status, answer.code) == (403, case["refused"]), case["why"]
            assert DecisionRecord.objects.get().code == case["refused"]
            assert not Ticket.objects.exists()
            return
        assert answer.status == 201, answer.body
        number = answer.body["number"]
        if "reply" in case:
            clock.move_to(case["reply"])
            agent = caller(StaffFactory(role=Role.AGENT))
            said = agent.post(
                f"tickets/{number}/messages/", {"body": "We look at it.", "visibility": "public"}
            )
            assert said.status == 201, said.body
        metric = case.get("metric", "first_response")
        told = caller(contact.user).get(f"tickets/{number}/clocks/").body["results"]
    stored = [written(row.due_at) for row in Clock.objects.filter(ticket=number, metric=metric)]
    expected = [] if case["due"] is None else [written(case["due"])]
    assert stored == expected, case["why"]
    assert [row["due_at"] for row in told if row["metric"] == metric] == expected


def test_the_cases_are_many_and_spread() -> None:
    due = [case for case in CASES if "refused" not in case]
    assert len(due) >= 60
    assert {case["policy"] for case in due} == {
        *("nextplane", "jumpcloud-msp", "office-365", "nexraid", "two-tier"),
    }
    assert all(len(case["why"]) > 12 for case in CASES)
