"""Clocks on real tickets: started, met, paused, missed and withdrawn by the verbs that every door uses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tickets.conftest import utc
from tickets.actions import (
    Refused,
    Stale,
    assign,
    change_severity,
    close_by_customer,
    end_hold,
    follow_up,
    hear,
    hold,
    note,
    reopen,
    say,
)
from tickets.enums import EventKind
from tickets.models import Clock, Ticket, TicketEvent
from tickets.reading import reading_of


def clock(ticket: Ticket, metric: str, cycle: int = 1) -> Clock:
    return ticket.clocks.get(metric=metric, cycle=cycle)


def test_first_response_is_due_after_covered_hours(ask, at):
    # Monday 10:00 in Los Angeles: 7 h until 17:00, 5 h on Tuesday from 09:00.
    ticket = ask("P2")
    assert clock(ticket, "first_response").due_at == utc(2026, 12, 1, 22, 0)
    assert ticket.next_due_at == utc(2026, 12, 1, 22, 0)
    assert ticket.status == "new"


def test_an_answer_meets_the_first_response_and_starts_an_update(scene, ask, at):
    ticket = ask("P2")
    say(ticket=ticket, author=scene.agent, body="We look at it.", at=at + timedelta(hours=1))
    assert clock(ticket, "first_response").state == "met"
    assert clock(ticket, "first_response").met_at == at + timedelta(hours=1)
    update = clock(ticket, "next_update")
    # 24 covered hours from Monday 11:00: 6 + 8 + 8 + 2 on Thursday.
    assert (update.state, update.due_at) == ("running", utc(2026, 12, 3, 19, 0))
    assert ticket.status == "open"
    assert ticket.next_metric == "next_update"


def test_a_note_and_an_assignment_meet_nothing(scene, ask, at):
    ticket = ask()
    note(ticket=ticket, author=scene.agent, body="Same as last month.", at=at + timedelta(minutes=5))
    assign(ticket=ticket, actor=scene.agent, at=at + timedelta(minutes=6), to=scene.agent)
    assert clock(ticket, "first_response").state == "running"
    assert ticket.status == "new"


def test_asking_pauses_and_the_answer_goes_on(scene, ask, at):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Which log?", at=at + timedelta(hours=1), then="waiting")
    paused = clock(ticket, "next_update")
    assert (ticket.status, paused.state, paused.due_at) == ("waiting", "paused", None)
    assert paused.left_seconds == 24 * 3600
    assert ticket.next_due_at is None
    hear(ticket=ticket, author=scene.customer, body="This one.", at=at + timedelta(hours=3))
    gone_on = clock(ticket, "next_update")
    assert (ticket.status, gone_on.state) == ("open", "running")
    # Two covered hours later than without the pause.
    assert gone_on.due_at == utc(2026, 12, 3, 21, 0)


def test_a_late_answer_is_missed_and_recorded_at_the_due_instant(scene, ask):
    ticket = ask("P1")
    due = clock(ticket, "first_response").due_at
    say(ticket=ticket, author=scene.agent, body="Sorry.", at=due + timedelta(seconds=1))
    late = clock(ticket, "first_response")
    assert (late.state, late.due_at, late.met_at) == ("missed", due, due + timedelta(seconds=1))
    breach = ticket.events.get(kind=EventKind.BREACH)
    assert (breach.at, breach.data) == (due, {"metric": "first_response", "cycle": 1})


def test_an_answer_at_the_due_instant_is_in_time(scene, ask):
    ticket = ask("P1")
    due = clock(ticket, "first_response").due_at
    say(ticket=ticket, author=scene.agent, body="Here.", at=due)
    assert clock(ticket, "first_response").state == "met"
    assert not ticket.events.filter(kind=EventKind.BREACH).exists()


def test_hold_pauses_nothing_where_the_plan_does_not_say_so(scene, ask, at):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="We ask the vendor.", at=at + timedelta(hours=1))
    hold(ticket=ticket, actor=scene.agent, at=at + timedelta(hours=2))
    assert (ticket.status, clock(ticket, "next_update").state) == ("on_hold", "running")
    end_hold(ticket=ticket, actor=scene.agent, at=at + timedelta(hours=3))
    assert ticket.status == "open"
    with pytest.raises(Refused) as refused:
        end_hold(ticket=ticket, actor=scene.agent, at=at + timedelta(hours=4))
    assert refused.value.code == "move_not_allowed"


def test_severity_that_got_worse_never_moves_a_promise_later(scene, ask, at):
    ticket = ask("P3")
    before = clock(ticket, "first_response").due_at
    change_severity(
        ticket=ticket,
        actor=scene.agent,
        at=at + timedelta(hours=1),
        to="P1",
        how="raised",
        reason="All of it is down.",
    )
    raised = clock(ticket, "first_response")
    # 4 covered hours from the change at 11:00 in Los Angeles.
    assert raised.due_at == utc(2026, 11, 30, 23, 0) < before
    assert raised.severity == "P1"


def test_a_change_of_severity_needs_a_reason_and_the_right_direction(scene, ask, at):
    ticket = ask("P3")
    for fields in (
        {"to": "P1", "how": "raised", "reason": " "},
        {"to": "P1", "how": "lowered", "reason": "x"},
    ):
        with pytest.raises(Refused):
            change_severity(ticket=ticket, actor=scene.agent, at=at, **fields)
    assert Ticket.objects.get(pk=ticket.pk).severity == "P3"


def test_a_customer_who_closes_withdraws_what_runs(scene, ask, at):
    ticket = ask()
    close_by_customer(ticket=ticket, actor=scene.customer, at=at + timedelta(hours=1), reason="Solved.")
    assert ticket.status == "closed"
    assert clock(ticket, "first_response").state == "withdrawn"
    assert ticket.reopen_until == at + timedelta(hours=1, days=14)
    assert ticket.next_due_at is None


def test_reopened_at_the_last_second_and_refused_after_it(scene, ask, at):
    ticket = ask()
    close_by_customer(ticket=ticket, actor=scene.customer, at=at)
    last = at + timedelta(days=14)
    with pytest.raises(Refused) as refused:
        reopen(ticket=ticket, actor=scene.customer, at=last + timedelta(seconds=1))
    assert refused.value.code == "reopen_window_closed"
    reopen(ticket=ticket, actor=scene.customer, at=last)
    assert ticket.status == "open"
    assert clock(ticket, "next_update").started_at == last


def test_a_message_after_the_window_opens_a_linked_request(scene, ask, at):
    ticket = ask()
    close_by_customer(ticket=ticket, actor=scene.customer, at=at)
    late = at + timedelta(days=15)
    with pytest.raises(Refused) as refused:
        hear(ticket=ticket, author=scene.customer, body="It is back.", at=late)
    assert refused.value.code == "reopen_window_closed"
    new = follow_up(ticket=ticket, person=scene.customer, body="It is back.", at=late)
    assert (new.follows, new.description, new.status) == (ticket, "It is back.", "new")
    assert ticket.events.filter(kind=EventKind.FOLLOWED_UP, data__by=new.pk).count() == 1
    assert Ticket.objects.get(pk=ticket.pk).status == "closed"


def test_a_resolved_ticket_closes_by_itself_without_a_sweep(scene, ask, at):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Done.", at=at, then="resolved")
    closing = at + timedelta(days=7)
    assert ticket.auto_close_at == closing
    assert ticket.status_at(closing - timedelta(seconds=1)) == "resolved"
    assert ticket.status_at(closing) == "closed"
    assert ticket.may_be_reopened(closing + timedelta(days=14))
    assert not ticket.may_be_reopened(closing + timedelta(days=14, seconds=1))
    assert list(Ticket.objects.closed_at(closing)) == [ticket] == list(Ticket.objects.reopenable(closing))
    assert list(Ticket.objects.open_at(closing - timedelta(seconds=1))) == [ticket]


def test_a_stale_reader_changes_nothing(scene, ask, at):
    ticket = ask()
    seen = ticket.version
    hear(ticket=ticket, author=scene.customer, body="More.", at=at + timedelta(minutes=1))
    with pytest.raises(Stale):
        say(
            ticket=ticket,
            author=scene.agent,
            body="Old news.",
            at=at + timedelta(minutes=2),
            expected_version=seen,
        )
    assert ticket.messages.count() == 1


def test_what_is_stored_equals_what_the_events_say(scene, ask, at):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Which log?", at=at + timedelta(hours=1), then="waiting")
    hear(ticket=ticket, author=scene.customer, body="This.", at=at + timedelta(hours=30))
    reopen_at = at + timedelta(hours=60)
    say(ticket=ticket, author=scene.agent, body="Done.", at=at + timedelta(hours=50), then="resolved")
    reopen(ticket=ticket, actor=scene.customer, at=reopen_at)
    told = {(c.metric, c.cycle): (c.state, c.due_at, c.met_at) for c in reading_of(ticket, reopen_at).clocks}
    stored = {(c.metric, c.cycle): (c.state, c.due_at, c.met_at) for c in ticket.clocks.all()}
    assert stored == told


@pytest.mark.django_db(transaction=True)
def test_history_can_only_be_added_to(scene, ask, at):
    from django.db import IntegrityError, connection

    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Hello.", at=at)
    for change in (
        lambda: TicketEvent.objects.update(kind="note"),
        lambda: ticket.messages.update(body="forged"),
        lambda: TicketEvent.objects.first().delete(),
        lambda: connection.cursor().execute("DELETE FROM tickets_decisionrecord"),
    ):
        with pytest.raises(IntegrityError):
            change()
