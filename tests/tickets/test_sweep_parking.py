"""A row that fails is parked and shown; the rest go on, and it is tried again ever more seldom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from notices.models import Heartbeat
from tests.factories.many import copies
from tickets.actions import say, sweep
from tickets.actions.parking import rest_after
from tickets.enums import EventKind
from tickets.models import Clock, ParkedRow, Ticket, TicketEvent

MINUTE = timedelta(minutes=1)


@pytest.fixture
def poison(scene, ask, at):
    """Twenty overdue requests; the database refuses the breach of one of them."""
    ticket = ask("P1", at=at)
    numbers = [ticket.pk, *copies(ticket, 19)]
    number = numbers[7]
    _refuse(number)
    return Ticket.objects.get(pk=number)


def _refuse(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no breach of this one'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON tickets_ticketevent FOR EACH ROW "
            f"WHEN (NEW.ticket_id = {int(number)} AND NEW.kind = 'breach') EXECUTE FUNCTION refuse()"
        )


def _allow() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON tickets_ticketevent")


def breaches_of(ticket: Ticket) -> int:
    return TicketEvent.objects.filter(kind=EventKind.BREACH, ticket=ticket).count()


def test_the_rest_go_on_and_the_row_is_shown(poison, at) -> None:
    later = at + timedelta(days=2)
    counts = sweep(at=later)
    assert (counts["breached"], counts["parked"]) == (19, 1)
    assert TicketEvent.objects.filter(kind=EventKind.BREACH).count() == 19
    clock = poison.clocks.get()
    assert clock.state == "running"
    parked = ParkedRow.objects.get()
    assert (parked.step, parked.row, parked.ticket_number) == ("breached", clock.pk, poison.pk)
    assert (parked.tries, parked.next_try_at) == (1, later + 2 * MINUTE)
    assert "no breach of this one" in parked.error
    assert Heartbeat.objects.get(name="sweep").counts["parked"] == 1


def test_it_rests_longer_each_time_and_is_left_out_meanwhile(poison, at) -> None:
    later = at + timedelta(days=2)
    for tries in range(1, 12):
        assert sweep(at=later)["parked"] == 1
        parked = ParkedRow.objects.get()
        assert (parked.tries, parked.next_try_at) == (tries, later + rest_after(tries))
        assert sweep(at=parked.next_try_at - timedelta(seconds=1))["parked"] == 0
        later = parked.next_try_at
    assert rest_after(tries) == timedelta(hours=6)
    assert rest_after(30_000) == timedelta(hours=6)


def test_once_it_succeeds_it_is_parked_no_more(poison, at) -> None:
    later = at + timedelta(days=2)
    sweep(at=later)
    _allow()
    assert sweep(at=later + MINUTE)["breached"] == 0
    assert sweep(at=later + 2 * MINUTE)["breached"] == 1
    assert not ParkedRow.objects.exists()
    assert breaches_of(poison) == 1
    assert TicketEvent.objects.get(kind=EventKind.BREACH, ticket=poison).at == poison.clocks.get().due_at


def test_what_was_settled_another_way_is_parked_no_more(poison, scene, at) -> None:
    later = at + timedelta(days=2)
    sweep(at=later)
    Clock.objects.filter(ticket=poison).update(state="withdrawn", due_at=None)
    sweep(at=later + MINUTE)
    assert ParkedRow.objects.exists()
    sweep(at=later + 3 * MINUTE)
    assert not ParkedRow.objects.exists()


def test_a_step_that_cannot_be_run_leaves_the_others_and_no_heartbeat(scene, ask, at, monkeypatch) -> None:
    """A deadlock or a time-out is no fault of a row: nothing is parked, and the alarm is the missing beat."""
    overdue, resolved = ask("P1"), ask()
    say(ticket=resolved, author=scene.agent, body="Done.", at=at, then="resolved")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION too_slow() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'slow' USING ERRCODE = 'query_canceled'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER too_slow BEFORE INSERT ON tickets_ticketevent FOR EACH ROW "
            "WHEN (NEW.kind = 'breach') EXECUTE FUNCTION too_slow()"
        )
    with pytest.raises(Exception, match="slow"):
        sweep(at=at + timedelta(days=30))
    assert Ticket.objects.get(pk=resolved.pk).status == "closed"
    assert overdue.clocks.get().state == "running"
    assert not ParkedRow.objects.exists()
    assert not Heartbeat.objects.filter(name="sweep").exists()
