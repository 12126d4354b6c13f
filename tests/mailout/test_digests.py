"""One list instead of many mails: after an outage, once a day, and beyond the measure of an hour."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from accounts.models import User
from notices import sending
from notices.deciding import decide
from notices.digests import gather
from notices.enums import How
from notices.models import Notice
from notices.outbox import Draft, Recipient, queue, send_due
from notices.preferences import choose
from tests.factories.accounts import StaffFactory
from tests.factories.many import copies
from tests.mailout.conftest import utc
from tests.platform.waiting import until
from tickets.actions import assign, say, sweep
from tickets.models import Clock, Ticket, TicketEvent

MINUTE = timedelta(minutes=1)


def bodies(person: User) -> list[str]:
    return [message.body for message in mail.outbox if message.to == [person.email]]


def warn(person: User, key: str, happened_at: datetime, when: datetime) -> None:
    """A warning that the scheduler found at ``when`` about a fact of ``happened_at``."""
    to = Recipient(f"user:{person.pk}", person.email, person.language, person.time_zone)
    facts = {
        "number": None,
        "subject": f"request {key}",
        "organization": "Aster",
        "metric": "next_reply",
        "due_at": happened_at.isoformat(),
        "path": "/",
    }
    queue([Draft(key, "warning", to, facts, kind="clocks", happened_at=happened_at)], when)


def test_twenty_days_without_a_sweep_are_one_mail_for_each_person(scene, ask, at):
    mine = ask("P1")
    assign(ticket=mine, actor=scene.lead, to=scene.agent, at=at)
    numbers = [mine.pk, *copies(Ticket.objects.get(pk=mine.pk), 299)]
    for place, number in enumerate(numbers):
        due = at + timedelta(minutes=place)
        Clock.objects.filter(ticket=number).update(due_at=due, warn_at=due - timedelta(minutes=30))
    send_due(at)
    mail.outbox.clear()
    late = at + timedelta(days=20)
    counts = sweep(at=late)
    assert counts["breached"] == 300
    for minute in range(40):
        send_due(late + minute * MINUTE)
    breaches = TicketEvent.objects.filter(kind="breach").count()
    assert breaches == 300
    assert sorted(message.to[0] for message in mail.outbox) == sorted([scene.agent.email, scene.lead.email])
    body = bodies(scene.lead)[0]
    places = [body.index(f"[#{number}]") for number in numbers[:200]]
    assert places == sorted(places) and "And 100 more" in body
    assert "Missed: First response · [#" in body
    digests = Notice.objects.filter(event="digest", state="sent")
    assert digests.count() == 2
    parts = Notice.objects.filter(event="breach")
    assert parts.count() == 600 and parts.exclude(state="digested", digest__in=digests).count() == 0


def test_what_comes_in_time_comes_by_itself(scene, at):
    for n in range(3):
        warn(scene.lead, str(n), at, at + n * MINUTE)
        send_due(at + n * MINUTE)
    assert len(bodies(scene.lead)) == 3 and not Notice.objects.filter(event="digest").exists()


def test_one_late_fact_is_a_mail_and_two_are_a_list_in_order(scene, at):
    warn(scene.lead, "alone", at - timedelta(days=1), at)
    warn(scene.agent, "second", at - timedelta(hours=1), at)
    warn(scene.agent, "first", at - timedelta(hours=2), at)
    send_due(at)
    assert "Due soon on “request alone”" in bodies(scene.lead)[0]
    (body,) = bodies(scene.agent)
    assert body.index("request first") < body.index("request second")
    assert "Mon 30 Nov, 17:00" in body and "Berlin" in body  # an hour and two before 19:00 in Berlin


def test_what_people_wrote_goes_by_itself_after_an_outage(scene, ask, at, server, nobody_listens):
    ticket = ask()
    nobody_listens(True)
    for n in range(3):
        say(ticket=ticket, author=scene.agent, body=f"Answer {n}.", at=at + n * MINUTE)
        warn(scene.lead, str(n), at + n * MINUTE, at + n * MINUTE)
        send_due(at + n * MINUTE)
    nobody_listens(False)
    for minute in (120, 121, 122, 123, 140):
        send_due(at + minute * MINUTE)
    to = [taken.recipients[0] for taken in server.taken]
    assert to.count(scene.customer.email) == 4 and to.count(scene.lead.email) == 1


def test_a_digest_that_could_not_go_takes_in_what_comes_after_it(scene, at, server):
    for n in range(3):
        warn(scene.lead, f"early {n}", at - timedelta(hours=1), at)
    server.answers.append("451 Try later")
    send_due(at)
    warn(scene.lead, "later", at - timedelta(minutes=30), at + MINUTE)
    for minute in (1, 4, 5, 30):
        send_due(at + minute * MINUTE)
    (taken,) = server.taken
    body = taken.mail.get_body(("plain",)).get_content()
    assert "request later" in body and "request early 2" in body and "4 things happened" in body


def test_a_further_digest_keeps_its_distance(scene, at):
    for n in range(2):
        warn(scene.lead, f"a{n}", at - timedelta(hours=1), at)
    send_due(at)
    for n in range(2):
        warn(scene.lead, f"b{n}", at - timedelta(hours=1), at + MINUTE)
    for minute in (1, 2, 14):
        send_due(at + minute * MINUTE)
    assert len(bodies(scene.lead)) == 1
    send_due(at + 15 * MINUTE)
    assert len(bodies(scene.lead)) == 2 and "request b1" in bodies(scene.lead)[1]


@pytest.mark.django_db(transaction=True)
def test_several_senders_make_one_digest(db, at):
    people = [StaffFactory() for _ in range(6)]
    for person in people:
        for n in range(40):
            warn(person, str(n), at - timedelta(hours=1), at)

    def run() -> None:
        for minute in range(3):
            send_due(at + minute * MINUTE)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for minute in range(16, 80):
        send_due(at + minute * MINUTE)
    told = Notice.objects.filter(event="warning")
    assert not told.filter(state="waiting").exists()
    # Whatever raced: each fact reached its reader once.
    lines = sum(body.count("[#") for person in people for body in bodies(person))
    assert lines == 6 * 40
    assert Notice.objects.filter(event="digest", state="sent").count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_second_sender_waits_for_the_first_to_decide_on_the_same_person(db, at):
    lead = StaffFactory(role="lead")
    for n in range(4):
        warn(lead, str(n), at - timedelta(hours=1), at)
    later = at + 2 * MINUTE  # so that its claim outlasts what the first takes of others'
    second, first = sending._claimed(later, 2), sending._claimed(at, 2)

    def decide_second() -> None:
        gather(second, later)
        connection.close()

    other = threading.Thread(target=decide_second)
    with transaction.atomic():
        gather(first, at)
        other.start()
        until(lambda: not other.is_alive() or _waits_for_a_lock(), "the second to decide, or to wait")
    other.join()
    assert Notice.objects.filter(event="digest").count() == 1
    assert Notice.objects.filter(state="digested").count() == 4


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_what_an_outage_left_is_told_at_once_beside_an_hours_mails(scene, at):
    for n in range(30):
        warn(scene.lead, f"now {n}", at, at)
    for n in range(60):
        warn(scene.lead, f"late {n}", at - timedelta(hours=1), at)
    send_due(at)
    assert len(bodies(scene.lead)) == 31
    assert sum(body.count("[#") == 60 for body in bodies(scene.lead)) == 1


def test_what_another_sender_has_just_claimed_is_told_in_the_same_digest(scene, at):
    for n in range(sending.BATCH + 30):
        warn(scene.lead, str(n), at - timedelta(hours=1), at)
    theirs = sending._claimed(at + timedelta(seconds=1), sending.BATCH)
    for minute in range(3):
        send_due(at + minute * MINUTE)
    assert decide(theirs, at + timedelta(seconds=1)) == []
    send_due(at + 40 * MINUTE)
    (body,) = bodies(scene.lead)
    assert body.count("[#") == sending.BATCH + 30


def test_what_another_sender_hands_over_already_is_in_no_digest(scene, at):
    for n in range(4):
        warn(scene.lead, str(n), at - timedelta(hours=1), at)
    (theirs,) = sending._claimed(at, 1)
    assert sending._take(theirs, at)
    send_due(at)
    (body,) = bodies(scene.lead)
    assert body.count("[#") == 3


def test_killed_before_it_marked_the_parts_nothing_is_lost_or_told_twice(scene, at, monkeypatch):
    from notices import digests

    class Killed(BaseException):
        pass

    def die(parts: list[Notice], digest: Notice) -> None:
        raise Killed

    for n in range(3):
        warn(scene.lead, str(n), at - timedelta(hours=1), at)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(digests, "_mark", die)
        send_due(at)
    assert not Notice.objects.filter(event="digest").exists()
    send_due(at + 5 * MINUTE)
    assert len(bodies(scene.lead)) == 1 and "3 things happened" in bodies(scene.lead)[0]


def test_who_wants_it_once_a_day_gets_it_at_eight_of_their_morning(scene, at):
    choose(recipient_key=f"user:{scene.lead.pk}", wishes={"clocks": How.DIGEST})
    for n in range(3):
        warn(scene.lead, str(n), at, at)
        send_due(at + n * MINUTE)
    assert not bodies(scene.lead)
    eight = utc(2026, 12, 1, 7)  # Berlin
    send_due(eight - MINUTE)
    assert not bodies(scene.lead)
    send_due(eight)
    assert len(bodies(scene.lead)) == 1 and "3 things happened" in bodies(scene.lead)[0]
    assert Notice.objects.filter(state="digested").count() == 3


def test_a_single_one_of_the_day_is_sent_whole(scene, ask, at):
    ticket = ask()
    send_due(at)
    mail.outbox.clear()
    choose(recipient_key=f"user:{scene.lead.pk}", wishes={"work": How.DIGEST})
    assign(ticket=ticket, actor=scene.agent, to=scene.lead, at=at)
    send_due(at)
    send_due(utc(2026, 12, 1, 7))
    assert "is yours now" in bodies(scene.lead)[0]


def test_more_than_thirty_an_hour_become_a_list_at_the_next_hour(scene, at):
    for n in range(45):
        warn(scene.lead, str(n), at, at)
    for minute in range(0, 60, 10):
        send_due(at + minute * MINUTE)
    assert len(bodies(scene.lead)) == 30
    send_due(at + 60 * MINUTE)
    assert len(bodies(scene.lead)) == 31 and "15 things happened" in bodies(scene.lead)[-1]


def test_a_part_whose_reader_may_not_see_it_any_more_is_left_out(scene, ask, at):
    choose(recipient_key=f"user:{scene.customer.pk}", wishes={"changes": How.DIGEST})
    hidden, shown = ask(subject="Hidden one"), ask(subject="Shown one")
    ask(subject="Shown too")
    send_due(at)
    Ticket.objects.filter(pk=hidden.pk).update(organization=_other_organization())
    send_due(utc(2026, 12, 1, 13))
    (body,) = bodies(scene.customer)
    assert "Shown one" in body and "Shown too" in body and "Hidden one" not in body
    assert Notice.objects.get(context__number=hidden.pk).last_error == "not_visible"
    assert f"[#{shown.pk}]" in body


def _other_organization():
    from tests.factories.accounts import OrganizationFactory

    return OrganizationFactory()


def test_what_closed_by_itself_in_an_outage_is_asked_about_in_one_mail(scene, ask, at):
    for _ in range(3):
        ticket = ask()
        say(ticket=ticket, author=scene.agent, body="Done.", at=at, then="resolved")
    send_due(at)
    mail.outbox.clear()
    late = at + timedelta(days=20)
    assert sweep(at=late)["closed"] == 3
    for minute in range(20):
        send_due(late + minute * MINUTE)
    (body,) = bodies(scene.customer)
    assert body.count("Rate our help") == body.count("/survey/1/") == 3
