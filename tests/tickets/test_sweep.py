"""The sweep records and tells; late, twice, or beside another it leaves the same record."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from notices.models import Notice
from notices.outbox import send_due
from tests.tickets.conftest import utc
from tickets.actions import close_by_customer, say, sweep
from tickets.enums import EventKind
from tickets.models import Ticket, TicketEvent


def events(kind: str) -> list[tuple[int, object]]:
    return list(TicketEvent.objects.filter(kind=kind).values_list("ticket", "at"))


def test_a_breach_is_recorded_at_its_due_instant_however_late(scene, ask):
    ticket = ask("P1")
    due = ticket.clocks.get().due_at
    assert sweep(at=due)["breached"] == 0
    assert sweep(at=due + timedelta(days=3))["breached"] == 1
    assert events(EventKind.BREACH) == [(ticket.pk, due)]
    assert ticket.clocks.get().state == "missed"
    assert sweep(at=due + timedelta(days=3))["breached"] == 0


def test_a_warning_comes_once_at_three_quarters(scene, ask):
    ticket = ask("P1")
    clock = ticket.clocks.get()
    # 4 h from 10:00 in Los Angeles; three quarters are counted at 13:00.
    assert clock.warn_at == utc(2026, 11, 30, 21, 0)
    assert sweep(at=clock.warn_at - timedelta(seconds=1))["warned"] == 0
    assert sweep(at=clock.warn_at)["warned"] == 1
    assert sweep(at=clock.warn_at + timedelta(minutes=1))["warned"] == 0
    assert events(EventKind.WARNING) == [(ticket.pk, clock.warn_at)]
    assert list(Notice.objects.filter(event="warning").values_list("to_email", flat=True)) == [
        scene.lead.email
    ]


def test_closing_by_itself_and_the_end_of_the_window(scene, ask, at):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="Done.", at=at, then="resolved")
    closing, end = at + timedelta(days=7), at + timedelta(days=21)
    counts = sweep(at=end + timedelta(seconds=1))
    assert (counts["closed"], counts["windows_ended"]) == (1, 1)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closed_at, ticket.reopen_until) == ("closed", closing, end)
    assert events(EventKind.CLOSED_BY_ITSELF) == [(ticket.pk, closing)]
    assert events(EventKind.WINDOW_ENDED) == [(ticket.pk, end)]


def test_the_command_prints_one_line_of_counts(scene, ask, at):
    ask("P1", at=utc(2026, 1, 5, 18))
    out = StringIO()
    call_command("sweep", "--limit", "5", stdout=out)
    counts = json.loads(out.getvalue())
    assert counts["breached"] == 1
    assert {"warned", "closed", "windows_ended", "sent", "failed"} <= counts.keys()


def test_mail_goes_out_once_with_a_message_id_that_stays(scene, ask, at):
    ticket = ask()
    say(ticket=ticket, author=scene.agent, body="We **look** at it.", at=at)
    assert len(mail.outbox) == 0
    assert send_due(at) == {"sent": 2, "failed": 0}
    assert send_due(at) == {"sent": 0, "failed": 0}
    submitted, answered = mail.outbox
    assert submitted.to == answered.to == [scene.customer.email]
    assert f"#{ticket.pk}" in submitted.subject
    assert "Wed 2 Dec" in answered.body or "Thu 3 Dec" in answered.body
    assert answered.extra_headers["Message-ID"] == Notice.objects.get(event="answered").message_id


def test_a_mail_that_fails_is_tried_again_and_parked_in_the_end(scene, ask, at, settings):
    ask()
    settings.EMAIL_BACKEND = "tests.tickets.broken_mail.Backend"
    when = at
    for _ in range(8):
        assert send_due(when)["failed"] == 1
        when += timedelta(days=1)
    send_due(when)
    notice = Notice.objects.get()
    assert (notice.state, notice.tries) == ("parked", 8)
    assert "no route" in notice.last_error


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_record_once(scene, ask, at):
    for _ in range(12):
        ask("P1")
    later = at + timedelta(days=2)
    found: list[int] = []

    def run() -> None:
        found.append(sweep(at=later)["breached"])
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 12 == TicketEvent.objects.filter(kind=EventKind.BREACH).count()
    assert Notice.objects.filter(event="breach").count() == 12


def test_a_customer_who_closes_an_overdue_request_leaves_it_missed(scene, ask, at):
    ticket = ask("P1")
    close_by_customer(ticket=ticket, actor=scene.customer, at=at + timedelta(days=2))
    assert ticket.clocks.get().state == "missed"
    assert Ticket.objects.get(pk=ticket.pk).next_due_at is None
