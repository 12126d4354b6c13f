"""What all five policies have alike, asked of any of them."""

from __future__ import annotations

from typing import Any

from tests.policies.conftest import Customer, Desk


def takes_on(customer: Customer, desk: Desk, channel: str, **fields: Any) -> bool:
    """Whether the plan takes a request on a channel: the customer's own, or one that staff enter."""
    answer = customer.asks(**fields) if channel == "portal" else desk.enters(customer, channel, **fields)
    if answer.status != 201:
        assert (answer.status, answer.code) == (403, "channel_not_in_plan")
        assert answer.body["next_step"].startswith("Use one of these: ")
    else:
        assert answer.body["channel"] == channel
    return answer.status == 201


def assert_reopens_for_fourteen_days(customer: Customer, clock: Any, **fields: Any) -> None:
    """Closed 2026-12-02 17:00:00: reopened up to the same second of the 16th, not one later."""
    clock.move_to("2026-12-02T17:00:00Z")
    early, late = (customer.asks(**fields).body["number"] for _ in range(2))
    for number in (early, late):
        closed = customer.api.post(f"tickets/{number}/close/", {"reason": "Solved"}).body
        assert (closed["status"], closed["reopen_until"]) == ("closed", "2026-12-16T17:00:00Z")
    clock.move_to("2026-12-16T17:00:00Z")
    assert customer.api.post(f"tickets/{early}/reopen/").body["status"] == "open"
    clock.move_to("2026-12-16T17:00:01Z")
    refused = customer.api.post(f"tickets/{late}/reopen/")
    assert (refused.status, refused.code) == (403, "reopen_window_closed")
    said = customer.api.post(f"tickets/{late}/messages/", {"body": "It is back."}).body
    assert customer.api.get(f"tickets/{said['ticket']}/").body["follows"] == late


def assert_closes_by_itself_after_seven_days(customer: Customer, desk: Desk, clock: Any, **fields: Any):
    """Resolved 2026-12-02 17:00:00: closed from the same second of the 9th on, whether or not swept."""
    clock.move_to("2026-12-02T17:00:00Z")
    number = customer.asks(**fields).body["number"]
    desk.answers(number, "Solved.", then="resolved")
    clock.move_to("2026-12-09T16:59:59Z")
    assert customer.api.get(f"tickets/{number}/").body["status"] == "resolved"
    clock.move_to("2026-12-09T17:00:00Z")
    told = customer.api.get(f"tickets/{number}/").body
    assert (told["status"], told["closed_at"]) == ("closed", "2026-12-09T17:00:00Z")
    assert told["reopen_until"] == "2026-12-23T17:00:00Z"
