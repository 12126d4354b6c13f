"""A partner works a managed organization's request from the first word to the end of its window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.conftest import START, caller
from tests.factories.accounts import ContactFactory, OrganizationFactory, UserFactory
from tests.factories.plans import ContractFactory

pytestmark = pytest.mark.django_db
NEW = {
    "organization": "managed",
    "subject": "Sign-in fails on every Mac",
    "description": "Since this morning.",
    "severity": "S2",
    "external_reference": "MSP-4711",
    "best_time_to_contact": {"from": "09:00", "to": "12:00", "time_zone": "America/Denver"},
    "impact": {"can_sign_in": False, "users_affected": 40, "since": "2026-12-02T09:00:00-07:00"},
}


def test_a_partner_asks_is_answered_closes_reopens_and_is_refused_after_the_window(
    partner, agent, scene, clock
):
    made = partner.post("tickets/", NEW)
    assert made.status == 201
    number = made.body["number"]
    assert made.headers["Location"].endswith(f"/api/v1/tickets/{number}/")
    assert made.body | {"updated_at": None} == {
        "number": number,
        "organization": "managed",
        "subject": "Sign-in fails on every Mac",
        "description": "Since this morning.",
        "status": "new",
        "severity": "S2",
        "support_type": "technical",
        "category": None,
        "product": None,
        "channel": "portal",
        "impact": {"can_sign_in": False, "users_affected": 40, "since": "2026-12-02T16:00:00Z"},
        "best_time_to_contact": {"from": "09:00", "to": "12:00", "time_zone": "America/Denver"},
        "device": None,
        "operating_system": None,
        "requester": "partner@msp.example",
        "created_at": "2026-12-02T17:00:00Z",
        "closed_at": None,
        "reopen_until": None,
        # 8 h of Denver's office hours: 7 today until 17:00, 1 tomorrow.
        "due_at": "2026-12-03T17:00:00Z",
        "escalation": None,
        "terms": {"policy": "jumpcloud-msp", "edition": 1, "plan": "standard", "coverage": "office"},
        "external_reference": "MSP-4711",
        "follows": None,
        "merged_into": None,
        "updated_at": None,
    }

    clocks = partner.get(f"tickets/{number}/clocks/?explain=true").body["results"]
    assert [(c["metric"], c["state"], c["target"]) for c in clocks] == [("first_response", "running", "8h")]
    assert sum(piece["seconds"] for piece in clocks[0]["counted"]) == 8 * 3600
    assert clocks[0]["skipped"] == [
        {"from": "2026-12-03T00:00:00Z", "to": "2026-12-03T16:00:00Z", "why": "closed"}
    ]

    clock.move_to(START + timedelta(hours=1))
    said = agent.post(f"tickets/{number}/messages/", {"body": "We are on it."})
    assert said.status == 201
    clocks = partner.get(f"tickets/{number}/clocks/").body["results"]
    assert clocks[0]["state"] == "met"
    assert clocks[0]["met_at"] == "2026-12-02T18:00:00Z"
    assert clocks[0]["breached"] is False
    assert partner.get(f"tickets/{number}/").body["status"] == "open"

    closed = partner.post(f"tickets/{number}/close/", {"reason": "Solved."})
    assert closed.status == 200
    assert closed.body["status"] == "closed"
    assert closed.body["closed_at"] == "2026-12-02T18:00:00Z"
    assert closed.body["reopen_until"] == "2026-12-16T18:00:00Z"

    clock.move_to(datetime(2026, 12, 15, 18, 0, tzinfo=UTC))
    reopened = partner.post(f"tickets/{number}/reopen/", {"reason": "It is back."})
    assert (reopened.status, reopened.body["status"], reopened.body["closed_at"]) == (200, "open", None)

    partner.post(f"tickets/{number}/close/", {})
    clock.move_to(datetime(2026, 12, 29, 18, 0, 1, tzinfo=UTC))
    refused = partner.post(f"tickets/{number}/reopen/", {"reason": "Once more."})
    assert (refused.status, refused.code) == (403, "reopen_window_closed")
    assert refused.body["next_step"]
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_the_last_second_of_the_window_still_reopens(partner, agent, scene, clock):
    number = partner.post("tickets/", NEW).body["number"]
    until = partner.post(f"tickets/{number}/close/", {}).body["reopen_until"]
    clock.move_to(datetime.fromisoformat(until))
    assert partner.post(f"tickets/{number}/reopen/", {}).status == 200


def test_a_message_after_the_window_goes_into_a_new_ticket(partner, scene, clock):
    number = partner.post("tickets/", NEW).body["number"]
    partner.post(f"tickets/{number}/close/", {})
    clock.move_to(START + timedelta(days=15))
    said = partner.post(f"tickets/{number}/messages/", {"body": "It is back again."}, Idempotency_Key="a")
    assert said.status == 201
    assert said.body["ticket"] != number
    assert said.headers["Location"].endswith(f"/tickets/{said.body['ticket']}/")
    new = partner.get(f"tickets/{said.body['ticket']}/").body
    assert (new["follows"], new["description"], new["status"]) == (number, "It is back again.", "new")
    again = partner.post(f"tickets/{number}/messages/", {"body": "It is back again."}, Idempotency_Key="a")
    assert again.body == said.body
    assert partner.get(f"tickets/{number}/").body["status"] == "closed"


def test_a_resolved_ticket_closes_at_its_instant_without_a_sweep(partner, agent, scene, clock):
    number = partner.post("tickets/", NEW).body["number"]
    agent.post(f"tickets/{number}/messages/", {"body": "Fixed.", "then": "resolved"})
    resolved = partner.get(f"tickets/{number}/").body
    assert (resolved["status"], resolved["reopen_until"]) == ("resolved", None)
    clock.move_to(START + timedelta(days=7))
    closed = partner.get(f"tickets/{number}/").body
    assert (closed["status"], closed["closed_at"]) == ("closed", "2026-12-09T17:00:00Z")
    assert closed["reopen_until"] == "2026-12-23T17:00:00Z"
    assert [row["number"] for row in partner.get("tickets/?status=closed").body["results"]] == [number]
    assert partner.get("tickets/?status=resolved,open").body["results"] == []


def test_a_partner_reports_that_it_got_worse(partner, scene, clock):
    number = partner.post("tickets/", NEW).body["number"]
    worse = {"severity": "S1", "severity_how": "raised", "severity_reason": "Windows too."}
    raised = partner.patch(f"tickets/{number}/", worse)
    assert (raised.status, raised.body["severity"], raised.body["due_at"]) == (
        200,
        "S1",
        "2026-12-02T21:00:00Z",
    )
    back = partner.patch(f"tickets/{number}/", worse | {"severity": "S3", "severity_how": "lowered"})
    assert (back.status, back.code) == (403, "severity_set_by_support")


def test_escalation_that_the_plan_does_not_have(scene, clock):
    organization = OrganizationFactory()
    ContractFactory(organization=organization, policy="two-tier", plan_code="standard")
    asker = caller(ContactFactory(user=UserFactory(), organization=organization).user)
    number = asker.post("tickets/", {"subject": "Help"}).body["number"]
    refused = asker.post(f"tickets/{number}/escalate/", {"reason": "Too slow."})
    assert (refused.status, refused.code) == (403, "escalation_not_in_plan")
    assert refused.body["next_step"]


def test_waiting_pauses_and_says_since_when(agent, scene, clock):
    made = agent.post(
        "tickets/",
        {
            "organization": "managed",
            "requester": "admin@managed.example",
            "subject": "By phone",
            "channel": "email",
        },
    )
    assert made.status == 201, made.body
    assert made.body["channel"] == "email"
    assert made.body["requester"] == "admin@managed.example"
    number = made.body["number"]
    agent.post(f"tickets/{number}/messages/", {"body": "Which version?", "then": "waiting"})
    assert agent.get(f"tickets/{number}/").body["status"] == "waiting"
