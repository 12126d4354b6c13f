"""A merged ticket for callers: where it goes on, where messages go, and what is not told."""

from __future__ import annotations

import pytest

from accounts.enums import Sees
from tests.api.conftest import START, caller, make_ticket
from tests.factories.accounts import ContactFactory, UserFactory
from tickets.actions import Submission, link, merge, submit
from tickets.actions.elsewhere import work_elsewhere
from tickets.api.happenings import TOLD_TO_CUSTOMERS
from tickets.enums import STAFF_ONLY, EventKind
from tickets.models import Message, Ticket


@pytest.fixture
def survivor(scene, ticket) -> Ticket:
    """``ticket`` went into this one."""
    found = make_ticket(scene, subject="The gateway fails")
    merge(ticket=ticket, into=found, actor=scene.agent, at=START, reason="As ever.")
    return found


def test_it_names_the_survivor_and_takes_messages_for_it(admin, agent, ticket, survivor):
    there = admin.get(f"tickets/{ticket.pk}/").body
    assert (there["status"], there["merged_into"], there["reopen_until"]) == ("closed", survivor.pk, None)
    for who in (admin, agent):
        said = who.post(f"tickets/{ticket.pk}/messages/", {"body": "News."}, Idempotency_Key="a")
        assert (said.status, said.body["ticket"]) == (201, survivor.pk)
        again = who.post(f"tickets/{ticket.pk}/messages/", {"body": "News."}, Idempotency_Key="a")
        assert again.body == said.body
    assert Message.objects.filter(ticket=survivor).count() == 2
    assert admin.get(f"tickets/{ticket.pk}/messages/").body["results"] == []


@pytest.mark.parametrize("act", ["close", "reopen"])
def test_nothing_else_is_done_to_it(act, admin, ticket, survivor):
    refused = admin.post(f"tickets/{ticket.pk}/{act}/", {"reason": "x"})
    assert (refused.status, refused.code) == (403, "merged_away")


def test_clocks_end_as_merged_and_events_tell_customers_no_reasons(admin, agent, scene, ticket, survivor):
    clocks = admin.get(f"tickets/{ticket.pk}/clocks/?explain=true").body["results"]
    assert {clock["state"] for clock in clocks} == {"merged"} and clocks[0]["due_at"] is None
    link(ticket=survivor, to=make_ticket(scene), kind="related", actor=scene.agent, at=START)
    for path, kind, told in (
        (f"tickets/{ticket.pk}/events/", "merged_away", {"into": survivor.pk}),
        (f"tickets/{survivor.pk}/events/", "merge", {"from": ticket.pk}),
    ):
        mine = [row for row in admin.get(path).body["results"] if row["kind"] == kind]
        assert [row["data"] for row in mine] == [told]
        staff = [row for row in agent.get(path).body["results"] if row["kind"] == kind]
        assert staff[0]["data"]["reason"] == "As ever."
    feed = {row["kind"] for row in admin.get("events/?limit=100").body["results"]}
    assert "merge" in feed and "linked" not in feed
    assert "linked" in {row["kind"] for row in agent.get("events/?limit=100").body["results"]}


def test_customers_learn_as_what_it_was_worked_on_and_not_where(admin, agent, scene, ticket):
    work_elsewhere(ticket=ticket, actor=scene.agent, at=START, system="Jira of a supplier", reference="A-1")
    for path in (f"tickets/{ticket.pk}/events/", "events/?limit=100"):
        told = [row["data"] for row in admin.get(path).body["results"] if row["kind"] == "worked_elsewhere"]
        assert told == [{"reference": "A-1"}]
        assert "of a supplier" in agent.get(path).raw.decode()


@pytest.fixture
def clerk(scene, clock):
    """A contact who sees their own requests alone, once they are no administrator any more."""
    return ContactFactory(
        user=UserFactory(), organization=scene.managed, is_administrator=True, sees=Sees.OWN
    )


def test_numbers_of_requests_that_do_not_exist_for_the_reader_are_not_told(clerk, scene, ticket, admin):
    asked = Submission(subject="Mine", severity="S2")
    mine = submit(person=clerk.user, organization=scene.managed, submission=asked, at=START)
    clerk.is_administrator = False
    clerk.save()
    merge(ticket=ticket, into=mine, actor=scene.agent, at=START, reason="As ever.")
    reader = caller(clerk.user)
    for path in (f"tickets/{mine.pk}/events/", "events/"):
        told = [row["data"] for row in reader.get(path).body["results"] if row["kind"] == "merge"]
        assert told == [{}], path
        seen = [row["data"] for row in admin.get(path).body["results"] if row["kind"] == "merge"]
        assert seen == [{"from": ticket.pk}], path


def test_where_a_merged_one_goes_on_is_not_told_to_who_may_not_see_it(clerk, scene, ticket):
    asked = Submission(subject="Mine", severity="S2")
    mine = submit(person=clerk.user, organization=scene.managed, submission=asked, at=START)
    follower = submit(
        person=clerk.user, organization=scene.managed, submission=asked, at=START, follows=ticket
    )
    merge(ticket=mine, into=ticket, actor=scene.agent, at=START, reason="As ever.")
    reader = caller(clerk.user)
    assert reader.get(f"tickets/{mine.pk}/").body["merged_into"] == ticket.pk
    assert reader.get(f"tickets/{follower.pk}/").body["follows"] == ticket.pk
    clerk.is_administrator = False
    clerk.save()
    assert reader.get(f"tickets/{mine.pk}/").body["merged_into"] is None
    assert reader.get(f"tickets/{follower.pk}/").body["follows"] is None
    assert {row["merged_into"] for row in reader.get("tickets/").body["results"]} == {None}
    events = reader.get(f"tickets/{mine.pk}/events/").body["results"]
    assert [row["data"] for row in events if row["kind"] == "merged_away"] == [{}]
    for _again in range(2):
        said = reader.post(f"tickets/{mine.pk}/messages/", {"body": "News."}, Idempotency_Key="n")
        assert (said.status, said.body["ticket"]) == (201, mine.pk)
    assert ticket.messages.count() == 1


def test_every_kind_of_event_is_for_customers_or_for_staff_alone():
    assert set(TOLD_TO_CUSTOMERS) | set(STAFF_ONLY) == set(EventKind)
    assert not set(TOLD_TO_CUSTOMERS) & set(STAFF_ONLY)
