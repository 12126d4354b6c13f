"""Handing over to a real SMTP server: down, dropping, refusing, slow; several senders; a killed one."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import chain, repeat
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices import sending
from notices.models import Bounce, Notice
from notices.outbox import send_due
from tests.factories.accounts import UserFactory
from tickets.actions import say
from tickets.models import TicketEvent


def states() -> list[tuple[str, int]]:
    return list(Notice.objects.order_by("pk").values_list("state", "tries"))


def test_a_mail_is_whole_and_machine_made(scene, ask, at, server):
    ticket = ask(subject="Nachrichten fehlen, überall")
    send_due(at)
    (taken,) = server.taken
    mail = taken.mail
    assert taken.recipients == (scene.customer.email,)
    assert mail["To"] == scene.customer.email and mail["From"] == "Kept support <support@kept.example>"
    assert mail["Subject"] == f"[#{ticket.pk}] Nachrichten fehlen, überall"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Reply-To"].startswith(f"reply+{ticket.pk}.{scene.customer.pk}.")
    assert mail["List-Unsubscribe"].endswith("/profile/notices/>")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_mails_of_one_request_hang_together_for_each_reader(scene, ask, at, server):
    first, other = ask(), ask()
    say(ticket=first, author=scene.agent, body="We look.", at=at)
    send_due(at)
    say(ticket=first, author=scene.agent, body="Found.", at=at + timedelta(hours=1))
    send_due(at + timedelta(hours=1))
    mails = [taken.mail for taken in server.taken]
    mine = [mail for mail in mails if f"[#{first.pk}]" in mail["Subject"]]
    root = f"<request-{first.pk}@kept.example>"
    assert [mail["References"].split()[0] for mail in mine] == [root] * 3
    assert mine[2]["In-Reply-To"] == mine[1]["Message-ID"] == mine[2]["References"].split()[1]
    (theirs,) = (mail for mail in mails if f"[#{other.pk}]" in mail["Subject"])
    assert theirs["In-Reply-To"] == f"<request-{other.pk}@kept.example>"


def test_two_hours_without_a_mail_server_lose_nothing_and_use_up_no_try(
    scene, ask, at, server, nobody_listens
):
    ask()
    nobody_listens(True)
    for minute in range(0, 120, 2):
        assert send_due(at + timedelta(minutes=minute)) == {"sent": 0, "failed": 1}
    assert states() == [("waiting", 0)]
    assert "refused" in Notice.objects.get().last_error.lower()
    nobody_listens(False)
    assert send_due(at + timedelta(hours=2)) == {"sent": 1, "failed": 0}
    assert len(server.taken) == 1 and states() == [("sent", 1)]


def test_cut_off_after_the_data_it_comes_again_under_the_same_id(scene, ask, at, server):
    ask()
    server.answers.append("drop")
    assert send_due(at) == {"sent": 0, "failed": 1}
    assert send_due(at + timedelta(minutes=3))["sent"] == 0
    assert send_due(at + timedelta(minutes=5))["sent"] == 1
    first, second = (taken.mail["Message-ID"] for taken in server.taken)
    assert first == second == Notice.objects.get().message_id


def test_not_now_is_tried_later_and_later(scene, ask, at, server):
    ask()
    when, waits = at, []
    for _ in range(sending.MAX_TRIES):
        server.answers.append("451 4.7.1 Try later")
        send_due(when)
        due = Notice.objects.get().next_try_at
        waits.append((due - when).total_seconds() / 60)
        when = due
    assert waits == [4, 8, 16, 32, 64, 128, 256, 360]
    send_due(when)
    notice = Notice.objects.get()
    assert notice.state == "parked" and "451" in notice.last_error and not server.taken


def test_an_address_that_takes_no_mail_gets_none_from_then_on(scene, ask, at, server):
    server.refusals[scene.customer.email] = "550 5.1.1 No such user"
    ticket = ask()
    assert send_due(at) == {"sent": 0, "failed": 1}
    assert states() == [("undeliverable", 1)]
    bounce = Bounce.objects.get()
    assert (bounce.email, bounce.status, bounce.is_permanent) == (scene.customer.email, "5.1.1", True)
    event = TicketEvent.objects.get(kind="mail_bounced")
    assert event.ticket_id == ticket.pk and event.data["status"] == "5.1.1"
    ticket.refresh_from_db()
    assert ticket.status == "new"
    say(ticket=ticket, author=scene.agent, body="Hello?", at=at)
    assert send_due(at + timedelta(days=1)) == {"sent": 0, "failed": 0}
    assert len(server.asked) == 1
    assert list(Notice.objects.values_list("state", "last_error")) == [("undeliverable", "comes_back")] * 2


@pytest.mark.parametrize("answer", ["552 5.2.2 Mailbox full", "550 5.7.1 We do not take mail from you"])
def test_a_refusal_that_does_not_mean_the_address_parks_that_mail_alone(scene, ask, at, server, answer):
    server.refusals[scene.customer.email] = answer
    ask()
    send_due(at)
    assert states() == [("parked", 1)] and not Bounce.objects.exists()
    assert answer[4:] in Notice.objects.get().last_error


def test_a_mail_that_is_refused_itself_is_parked_and_the_next_one_goes(scene, put, at, server):
    server.answers.append("554 5.6.0 This looks like spam")
    put(scene.customer, "a")
    put(scene.customer, "b")
    assert send_due(at) == {"sent": 1, "failed": 1}
    assert states() == [("parked", 1), ("sent", 1)]


def test_a_domain_in_trouble_does_not_hold_up_the_others(db, put, at, server):
    server.refusals["@dead.example"] = "451 4.4.1 No route"
    dead = [UserFactory(email=f"p{n}@dead.example") for n in range(120)]
    for person in dead:
        put(person, "a")
    put(UserFactory(email="p@alive.example"), "a")
    assert send_due(at, limit=100) == {"sent": 1, "failed": 2}
    assert [taken.recipients for taken in server.taken] == [("p@alive.example",)]
    assert len(server.asked) == 3
    tried = Notice.objects.filter(to_email__endswith="@dead.example", tries=1).count()
    assert tried == 2 and Notice.objects.filter(state="waiting", tries=0).count() == 118


def test_a_run_ends_in_time_and_the_next_goes_on(put, scene, at, server, monkeypatch):
    for n in range(5):
        put(scene.customer, str(n))
    assert send_due(at, seconds=0.0) == {"sent": 0, "failed": 0}
    # It begins, goes round once, hands one over; that took the server a minute and a half.
    watch = chain([0.0, 0.0, 0.0], repeat(90.0))
    with monkeypatch.context() as patch:
        patch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: next(watch)))
        assert send_due(at) == {"sent": 1, "failed": 0}
    assert Notice.objects.due(at).count() == 4 and states()[1:] == [("waiting", 0)] * 4
    assert send_due(at)["sent"] == 4


def test_a_template_that_breaks_stops_nobody_else(put, scene, at, server):
    put(scene.customer, "a")
    Notice.objects.update(event="no_such_mail")
    put(scene.lead, "b")
    assert send_due(at) == {"sent": 1, "failed": 1}
    assert states() == [("waiting", 1), ("sent", 1)]


def test_killed_between_handing_over_and_noting_it_repeats_once(scene, ask, at, server, monkeypatch):
    class Killed(BaseException):
        pass

    ask()
    send = sending._Run.send

    def then_die(run, mail) -> None:
        send(run, mail)
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending._Run, "send", then_die)
        send_due(at)
    assert send_due(at + timedelta(minutes=4)) == {"sent": 0, "failed": 0}
    for minutes in (5, 6, 20):
        send_due(at + timedelta(minutes=minutes))
    assert len({taken.mail["Message-ID"] for taken in server.taken}) == 1
    assert len(server.taken) == 2 and states() == [("sent", 2)]


@pytest.mark.django_db(transaction=True)
def test_several_senders_at_once_send_each_mail_once(put, at, server):
    people = [UserFactory() for _ in range(60)]
    for person in people:
        put(person, "a")
    sent: list[int] = []

    def run() -> None:
        sent.append(send_due(at)["sent"])
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 60
    assert sorted(taken.recipients[0] for taken in server.taken) == sorted(p.email for p in people)


def test_a_batch_is_decided_in_few_queries(scene, ask, put, at):
    def cost(count: int) -> int:
        for _ in range(count):
            put(scene.lead, f"with {ask().pk}")
        with CaptureQueriesContext(connection) as queries:
            assert send_due(at)["sent"] == 2 * count
        # the try and its outcome are noted mail by mail
        return len(queries) - 2 * 2 * count

    cost(1)
    assert cost(1) == cost(5)


def test_the_claim_reads_an_index_of_what_waits(db, at):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (key, event, to_email, recipient_key, language, time_zone, context,"
            " message_id, in_reply_to, created_at, state, tries, next_try_at, sent_at, last_error, reply_to,"
            " kind, for_digest, is_bare)"
            " SELECT 'k' || n, 'answered', 'a@b.example', 'user:' || n, 'en', 'UTC', '{}', 'm' || n, '', %s,"
            " 'sent', 1, %s, %s, '', '', '', false, false FROM generate_series(1, 20000) n",
            [at, at, at],
        )
        cursor.execute("ANALYZE notices_notice")
    due = Notice.objects.due(at).select_for_update(skip_locked=True)[:50]
    assert "Seq Scan" not in due.explain()
    others = Notice.objects.filter(state="waiting", recipient_key__in=["user:1", "user:2"])
    assert "Seq Scan" not in others.explain()
    told = Notice.objects.filter(state="sent", recipient_key="user:7", sent_at__gt=at - timedelta(hours=1))
    assert "notice_told" in told.explain()
