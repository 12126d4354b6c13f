"""On hold, the customer reads that somebody else is waited for, and whether the promise goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories.accounts import ContactFactory
from tests.factories.plans import POLICIES, ContractFactory, published_text
from tickets.actions import Submission, end_hold, hold, say, submit


@pytest.fixture(params=["true", "false"])
def pauses(request, scene) -> str:
    text = (POLICIES / "nextplane.yaml").read_text().replace("policy: nextplane\n", "policy: with-hold\n")
    published_text(
        text.replace("  - code: custom\n", f"  - code: custom\n    pause_on_hold: {request.param}\n")
    )
    return request.param


def test_it_says_what_is_waited_for_and_what_the_promise_does(pauses, scene, at, now, browse) -> None:
    contact = ContactFactory(organization__name="Port", user__name="Wei Ling Tan")
    ContractFactory(organization=contact.organization, policy="with-hold", plan_code="custom")
    asked = Submission(subject="No chat", description="x", severity="P2", support_type="technical")
    ticket = submit(person=contact.user, organization=contact.organization, submission=asked, at=at)
    say(ticket=ticket, author=scene.agent, body="We ask them.", at=at + timedelta(minutes=5))
    hold(ticket=ticket, actor=scene.agent, at=at + timedelta(minutes=10))
    now(at + timedelta(minutes=40))
    page = browse(contact.user).get(f"/requests/{ticket.number}/").content.decode()
    assert (
        "We wait for somebody else, and tell you when it goes on." in page and "Waiting for you" not in page
    )
    if pauses == "true":
        assert "On hold: we wait for somebody else" in page and "Our clock stands still until then." in page
    else:
        assert "The promise above holds meanwhile" in page
    end_hold(ticket=ticket, actor=scene.agent, at=at + timedelta(minutes=45))
    now(at + timedelta(minutes=50))
    page = browse(contact.user).get(f"/requests/{ticket.number}/").content.decode()
    assert "Waiting for you" not in page
    assert ("On hold" in page) == (pauses == "true")
