"""Worked on today, elsewhere: word without content that meets no promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tickets.actions import Refused, close_by_customer
from tickets.actions.elsewhere import work_elsewhere
from tickets.enums import EventKind


def _verb(ticket) -> str:
    return f"/admin/tickets/ticket/{ticket.pk}/do/worked_elsewhere/"


@pytest.mark.django_db
def test_one_click_tells_the_customer_that_and_as_what(agent, customer, ticket, now, at) -> None:
    before = ticket.clocks.get().due_at
    agent.post(_verb(ticket), {"system": "Jira", "reference": "ABC-123"})
    agent.post(_verb(ticket), {"system": "Jira", "reference": "ABC-123"})
    page = customer.get(f"/requests/{ticket.pk}/").content.decode()
    assert "Worked on today, elsewhere as ABC-123." in page and "Jira" not in page
    clock = ticket.clocks.get()
    assert (clock.state, clock.due_at) == ("running", before)
    assert ticket.events.filter(kind=EventKind.WORKED_ELSEWHERE).count() == 1
    assert 'value="ABC-123"' in agent.get(f"/admin/tickets/ticket/{ticket.pk}/change/").content.decode()

    now(at + timedelta(days=1))
    later = customer.get(f"/requests/{ticket.pk}/").content.decode()
    assert "Worked on today" not in later and "elsewhere as ABC-123" in later
    agent.post(_verb(ticket), {"system": "Jira", "reference": "ABC-123"})
    assert ticket.events.filter(kind=EventKind.WORKED_ELSEWHERE).count() == 2


@pytest.mark.django_db
def test_the_day_is_the_customers(ticket, scene, at) -> None:
    say_it = {"ticket": ticket, "actor": scene.agent, "system": "J", "reference": "1"}
    # New York is five hours behind: 04:59 UTC is still the day before.
    assert work_elsewhere(**say_it, at=at)
    assert not work_elsewhere(**say_it, at=at + timedelta(hours=10, minutes=59))
    assert work_elsewhere(**say_it, at=at + timedelta(hours=11))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("system", "reference", "code"),
    [("", "1", "reference_missing"), ("J", " ", "reference_missing"), ("J", "x" * 61, "reference_too_long")],
)
def test_what_is_missing_or_too_long_is_refused(system, reference, code, ticket, scene, at) -> None:
    with pytest.raises(Refused) as refused:
        work_elsewhere(ticket=ticket, actor=scene.agent, at=at, system=system, reference=reference)
    assert refused.value.code == code


@pytest.mark.django_db
def test_only_staff_who_work_and_only_while_it_is_unsolved(customer, agent, ticket, scene, at) -> None:
    assert customer.post(_verb(ticket), {"system": "J", "reference": "1"}).status_code in (302, 404)
    assert agent.get(_verb(ticket)).status_code == 405
    close_by_customer(ticket=ticket, actor=scene.customer, at=at)
    page = agent.post(_verb(ticket), {"system": "J", "reference": "1"}, follow=True).content.decode()
    assert "while the request is closed" in page
    assert not ticket.events.filter(kind=EventKind.WORKED_ELSEWHERE).exists()


@pytest.mark.django_db
def test_signs_that_nobody_sees_are_spaces(ticket, scene, at) -> None:
    work_elsewhere(ticket=ticket, actor=scene.agent, at=at, system="Ji\0ra", reference="A\x00\u202e1")
    event = ticket.events.get(kind=EventKind.WORKED_ELSEWHERE)
    assert event.data == {"system": "Ji ra", "reference": "A 1"}
