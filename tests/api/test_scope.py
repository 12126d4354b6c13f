"""What is out of scope, how content the customer is and what it took, through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.conftest import START, caller
from tests.factories.accounts import ContactFactory, UserFactory
from tests.factories.plans import ContractFactory
from tickets.actions import Submission, close_by_customer, submit
from tickets.actions.exclusions import exclude
from tickets.actions.work import log_work
from tickets.models import ExclusionNote, Survey, WorkEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(scene, clock):
    """A request under a policy with exclusions, and who asked."""
    contract = ContractFactory(policy="nextplane", plan_code="business")
    asker = ContactFactory(user=UserFactory(), organization=contract.organization).user
    asked = Submission(subject="Federation fails", severity="P1")
    return submit(person=asker, organization=contract.organization, submission=asked, at=START)


@pytest.fixture
def asker(mine):
    return caller(mine.requester)


def test_a_customer_reads_an_exclusion_and_objects_once(scene, mine, asker, stranger, agent):
    note = exclude(ticket=mine, actor=scene.agent, at=START, code=mine.plan.edition.exclusions.first().code)
    (told,) = asker.get(f"tickets/{mine.pk}/exclusions/").body["results"]
    assert (told["id"], told["text"], told["objection"]) == (note.pk, note.text, None)
    path = f"tickets/{mine.pk}/exclusions/{note.pk}/object/"
    assert asker.post(path, {}).pointers == {"/reason": "required"}
    assert (agent.post(path, {"reason": "x"}).status, stranger.post(path, {"reason": "x"}).status) == (
        403,
        404,
    )
    assert asker.post(path.replace(f"/{note.pk}/", "/0/"), {"reason": "x"}).status == 404
    made = asker.post(path, {"reason": "It is yours."})
    assert (made.status, made.body["objection"]) == (200, "It is yours.")
    again = asker.post(path, {"reason": "Once more."})
    assert (again.status, again.code) == (403, "objected_already")
    assert ExclusionNote.objects.get().objection == "It is yours."


def test_a_closing_is_rated_by_who_asked_while_the_window_lasts(mine, asker, stranger, agent, clock):
    close_by_customer(ticket=mine, actor=mine.requester, at=START)
    path = f"tickets/{mine.pk}/surveys/1/"
    assert [row["score"] for row in asker.get(f"tickets/{mine.pk}/surveys/").body["results"]] == [None]
    assert asker.post(path, {"score": 6}).pointers == {"/score": "max_value"}
    assert (agent.post(path, {"score": 1}).code, stranger.post(path, {"score": 1}).status) == (
        "not_yours",
        404,
    )
    assert asker.post(path.replace("/1/", "/2/"), {"score": 5}).status == 404
    assert asker.post(path, {"score": 5, "comment": "Quick."}).body["score"] == 5
    colleague = caller(ContactFactory(user=UserFactory(), organization=mine.organization).user)
    (read,) = colleague.get(f"tickets/{mine.pk}/surveys/").body["results"]
    assert (read["score"], read["comment"]) == (5, None)
    changed = colleague.post(path, {"score": 4}).body
    assert (changed["score"], changed["comment"]) == (4, None)
    clock.move_to(START + timedelta(days=15))
    assert asker.post(path, {"score": 1}).code == "survey_over"
    assert Survey.objects.get().comment == "Quick."


def test_work_exists_for_staff_alone(scene, mine, asker, agent, clock):
    path = f"tickets/{mine.pk}/work/"
    assert (asker.get(path).status, asker.post(path, {"seconds": 60, "text": "x"}).status) == (404, 404)
    log_work(ticket=mine, actor=scene.agent, at=START, seconds=60, worked_until=START, text="Read it.")
    assert agent.post(path, {"seconds": 60, "text": "Again."}).code == "work_overlaps"
    clock.move_to(START + timedelta(hours=1))
    assert agent.post(path, {"seconds": 60, "text": " "}).pointers == {"/text": "blank"}
    late = {"seconds": 60, "text": "x", "worked_until": "2027-01-01T00:00:00Z"}
    assert agent.post(path, late).pointers == {"/worked_until": "in_future"}
    assert agent.post(path, {"seconds": 60, "text": "x", "is_billable": True}).code == "no_rate"
    made = agent.post(path, {"seconds": 1800, "text": "Called."})
    assert (made.status, made.body["worked_until"]) == (201, "2026-12-02T18:00:00Z")
    assert [row["seconds"] for row in agent.get(path).body["results"]] == [60, 1800]
    assert WorkEntry.objects.count() == 2
