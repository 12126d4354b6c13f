"""Who hears of a level: duties, leads, deputies, and never nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import Role
from accounts.models import User
from notices.models import Notice
from tests.escalation.conftest import FRIDAY, asked, away, told
from tests.factories.accounts import StaffFactory
from tickets.actions import sweep
from tickets.models import Duty

DUE = FRIDAY + timedelta(minutes=30)
LATER = DUE + timedelta(minutes=1)
WEEK = timedelta(days=7)


@pytest.fixture
def breached(scene):
    """``breached()``: a request whose promise was missed, swept: who heard of level 1."""

    def make() -> list[tuple[str, str, str]]:
        ticket = asked(scene)
        sweep(at=LATER)
        return told(ticket)

    return make


def leave(person: User, deputy: User | None = None) -> None:
    away(person, FRIDAY - WEEK, FRIDAY + WEEK, deputy)


def test_those_with_the_duty(scene, breached):
    Duty.objects.create(policy=None, level=1, person=scene.agent)
    assert breached() == [("Sofia Reyes", "", "duty")]


def test_a_duty_without_a_policy_where_nobody_is_named(scene, breached):
    Duty.objects.filter(level=1).delete()
    Duty.objects.create(policy=None, level=1, person=scene.agent)
    assert breached() == [("Idris Bell", "", "duty")]


def test_leads_where_nobody_has_a_duty(scene, breached):
    Duty.objects.all().delete()
    StaffFactory(name="Second lead", role=Role.LEAD)
    assert breached() == [("Sofia Reyes", "", "lead"), ("Second lead", "", "lead")]


def test_a_deputy_and_the_deputy_of_a_deputy(scene, breached):
    second = StaffFactory(name="Second")
    leave(scene.lead, scene.agent)
    leave(scene.agent, second)
    assert breached() == [("Second", "Sofia Reyes", "duty")]
    mail = Notice.objects.get(event="escalated")
    assert (mail.to_email, mail.context["instead_of"]) == (second.email, "Sofia Reyes")


def test_an_absence_ends_with_its_end(scene, breached):
    away(scene.lead, FRIDAY - WEEK, LATER, scene.agent)
    assert breached() == [("Sofia Reyes", "", "duty")]


def test_a_cycle_of_deputies_ends_at_the_next_level(scene, breached):
    leave(scene.lead, scene.agent)
    leave(scene.agent, scene.lead)
    assert breached() == [("Ana Costa", "", "next_level")]


def test_disabled_people_and_those_who_left_support_are_passed_over(scene, breached):
    User.objects.filter(pk=scene.lead.pk).update(is_active=False)
    User.objects.filter(pk=scene.manager.pk).update(is_staff=False, role="")
    assert breached() == [("Aiko Tanaka", "", "next_level")]


def test_so_is_who_reads_no_requests_any_more(scene, breached):
    User.objects.filter(pk=scene.lead.pk).update(role="policy_editor")
    assert breached() == [("Ana Costa", "", "next_level")]


def test_a_disabled_deputy_stands_in_for_nobody(scene, breached):
    leave(scene.lead, scene.agent)
    User.objects.filter(pk=scene.agent.pk).update(is_active=False)
    assert breached() == [("Ana Costa", "", "next_level")]


def test_where_all_with_a_duty_are_away_managers_hear(scene, breached):
    for person in (scene.lead, scene.manager, scene.executive):
        leave(person)
    present = StaffFactory(name="Present manager", role=Role.MANAGER)
    assert breached() == [(present.name, "", "last_resort")]


def test_where_everybody_is_away_managers_hear_all_the_same(scene, breached):
    for person in (scene.agent, scene.lead, scene.manager, scene.executive):
        leave(person)
    assert breached() == [("Ana Costa", "", "last_resort"), ("Aiko Tanaka", "", "last_resort")]


def test_where_nobody_but_an_agent_is_left_the_agent_hears(scene, breached):
    User.objects.filter(is_staff=True).exclude(pk=scene.agent.pk).update(is_active=False)
    assert breached() == [("Idris Bell", "", "last_resort")]


def test_without_any_staff_it_is_recorded_and_the_customer_told(scene, breached):
    User.objects.filter(is_staff=True).update(is_active=False)
    assert breached() == []
    assert Notice.objects.filter(event="escalation_news").count() == 1


def test_one_person_in_three_roles_hears_once(scene, breached):
    Duty.objects.update_or_create(policy=None, level=1, person=scene.lead)
    Duty.objects.create(
        policy=Duty.objects.get(level=1, policy__isnull=False).policy, level=1, person=scene.agent
    )
    leave(scene.agent, scene.lead)
    assert breached() == [("Sofia Reyes", "", "duty")]
    assert Notice.objects.filter(to_email=scene.lead.email, event__in=["escalated", "breach"]).count() == 1
