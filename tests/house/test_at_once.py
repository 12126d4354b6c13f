"""The same act by two at the same moment, or twice by one: done once, and nobody waits for ever."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from plans.actions.contracting import ContractError, make
from plans.models import Contract
from tests.escalation.conftest import FRIDAY, asked, scene
from tests.escalation.test_at_once import at_once
from tests.factories.accounts import OrganizationFactory
from tests.factories.plans import ContractFactory
from tickets.actions import (
    Place,
    close_by_customer,
    escalate,
    follow_up,
    forget_draft,
    hear,
    keep_draft,
    merge,
    say,
)
from tickets.actions.exclusions import exclude, object_to
from tickets.actions.history import locked
from tickets.actions.surveys import rate
from tickets.actions.work import log_work
from tickets.models import Draft, ExclusionNote, Message, Survey, Ticket, WorkEntry

__all__ = ["scene"]

pytestmark = pytest.mark.django_db(transaction=True)
LATER = FRIDAY + timedelta(minutes=10)


def test_a_draft_is_saved_while_its_request_is_locked(scene: Any) -> None:
    """Sending locks the request, then its writer's drafts; a save holds those and names the request."""
    ticket = asked(scene)
    place = Place(user=scene.customer, ticket=ticket)

    def save() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            keep_draft(place=place, fields={"body": "Still typing"}, key=None, seen="", at=LATER)
        finally:
            connection.close()

    thread = threading.Thread(target=save)
    with transaction.atomic():
        locked(ticket)
        thread.start()
        thread.join()
        assert Draft.objects.filter(ticket=ticket).exists()
        forget_draft(place=place, key=None, seen="other")
    assert Draft.objects.filter(ticket=ticket).exists()


def test_two_merges_in_opposite_ways_are_one(scene: Any) -> None:
    one, other = asked(scene), asked(scene)
    words = {"actor": scene.lead, "at": LATER, "reason": "The same."}
    found = at_once(
        lambda: merge(ticket=one, into=other, **words).pk, lambda: merge(ticket=other, into=one, **words).pk
    )
    assert len(found) == 2 and Ticket.objects.exclude(merged_into=None).count() == 1
    assert sum(isinstance(what, int) for what in found) == 1


def test_a_reply_in_the_moment_of_a_merge_is_kept_once(scene: Any) -> None:
    gone, stays = asked(scene), asked(scene)
    at_once(
        lambda: merge(ticket=gone, into=stays, actor=scene.lead, at=LATER, reason="The same."),
        lambda: hear(ticket=gone, author=scene.customer, body="More.", at=LATER),
    )
    gone.refresh_from_db()
    assert gone.merged_into_id == stays.pk
    assert Message.objects.filter(body="More.").count() == 1


def test_a_request_that_goes_on_waits_for_none_that_is_opened_under_the_same_plan(scene: Any) -> None:
    """Two that wait for each other's hold on the plan would wait for ever."""
    old = asked(scene)
    say(ticket=old, author=scene.agent, body="Done.", at=LATER, then="closed")
    late = LATER + timedelta(days=60)

    def go_on() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            follow_up(ticket=old, person=scene.customer, body="It is back.", at=late)
        finally:
            connection.close()

    thread = threading.Thread(target=go_on)
    with transaction.atomic():
        asked(scene, at=late)
        thread.start()
        thread.join()
        assert old.events.filter(kind="followed_up").count() == 1


def test_one_address_added_by_two_at_once_is_one_person(scene: Any) -> None:
    gate = threading.Barrier(2)

    def add() -> int:
        gate.wait(timeout=10)
        return User.objects.known_or_new("new@company.example", name="Ada").pk

    for email in range(5):
        User.objects.filter(email="new@company.example").update(email=f"old{email}@company.example")
        found = at_once(add, add)
        assert len(found) == 2 and len(set(found)) == 1


def test_of_two_contracts_of_one_time_one_is_kept_and_the_other_refused_in_words(scene: Any) -> None:
    known = Contract.objects.get(organization=scene.organization)
    gate = threading.Barrier(2)

    def keep() -> str:
        contract = ContractFactory.build(
            organization=other, policy=known.policy, plan_code=known.plan_code, edition=known.edition
        )
        gate.wait(timeout=10)
        try:
            return str(make(contract=contract, at=LATER, actor=scene.lead).pk)
        except ContractError:
            return "refused"

    for _ in range(3):
        other = OrganizationFactory()
        found = at_once(keep, keep)
        assert len(found) == 2 and "refused" in found
        assert Contract.objects.filter(organization=other).count() == 1


def test_staff_who_click_twice_escalate_by_one_level(scene: Any) -> None:
    ticket = asked(scene)
    words = {"ticket": ticket, "actor": scene.agent, "reason": "x", "level": 0}
    found = at_once(*[lambda: escalate(at=LATER, **words).pk] * 2)
    assert sorted(map(str, found)) == sorted([str(ticket.pk), "stale"])
    assert ticket.escalations.get().level == 1


def test_one_exclusion_one_objection_one_entry_one_answer(scene: Any) -> None:
    ticket = asked(scene)
    noted = at_once(*[lambda: exclude(ticket=ticket, actor=scene.agent, at=LATER, code="third-party").pk] * 2)
    assert "excluded_already" in noted and ExclusionNote.objects.count() == 1
    note = ExclusionNote.objects.get()
    objected = at_once(*[lambda: object_to(note=note, actor=scene.customer, at=LATER, text="No.").pk] * 2)
    assert "objected_already" in objected
    work = {"ticket": ticket, "actor": scene.agent, "seconds": 60, "text": "x"}
    logged = at_once(*[lambda: log_work(at=LATER, worked_until=LATER, **work).pk] * 2)
    assert "work_overlaps" in logged and WorkEntry.objects.count() == 1
    say(ticket=ticket, author=scene.agent, body="Done.", at=LATER, then="resolved")
    close_by_customer(ticket=ticket, actor=scene.customer, at=LATER)
    survey = Survey.objects.get()
    at_once(*[lambda: rate(survey=survey, actor=scene.customer, at=LATER, score=4)] * 2)
    assert ticket.events.filter(kind="surveyed").count() == 1
