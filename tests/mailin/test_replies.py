"""An answer is posted only where signed address, sender and the sender's standing at that moment agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outgoing

from notices.models import Bounce, Notice
from notices.outbox import send_due
from tickets.actions import say
from tickets.enums import EventKind
from tickets.models import IncomingMail, Message, Ticket, TicketEvent


def test_an_answer_is_posted_in_its_writers_name(world, take):
    quoted = "On Mon, 30 Nov 2026, Kept <x@kept.example> wrote:\n> We looked."
    row = take(world.reply(f"It works now.\n\n{quoted}"))
    assert (row.state, row.reason, row.person, row.ticket) == ("posted", "", world.maya, world.ticket)
    message = world.ticket.messages.get()
    assert (message.author, message.side, message.visibility) == (world.maya, "customer", "public")
    assert (message.channel, message.body, message.at) == ("email", "It works now.", world.at)
    assert row.posted == message
    assert b"We looked." in bytes(row.raw)


def test_a_new_request_is_opened_under_the_terms(world, take):
    row = take(world.letter("It stopped at noon.", Subject="=?utf-8?b?5raI5oGv5YGc5LqG?="))
    assert (row.state, row.reason, row.last_error) == ("opened", "", "")
    assert (row.ticket.subject, row.ticket.channel) == ("消息停了", "email")
    assert (row.ticket.requester, row.ticket.submitted_at) == (world.maya, world.at)
    assert row.ticket.clocks.exists()
    assert Notice.objects.filter(event="submitted", to_email=world.maya.email).count() == 1


def test_an_answer_ends_waiting_and_reopens_within_the_window(world, take):
    say(ticket=world.ticket, author=world.agent, body="Which server?", at=world.at, then="waiting")
    assert Ticket.objects.get(pk=world.ticket.pk).status == "waiting"
    take(world.reply("The first."))
    assert Ticket.objects.get(pk=world.ticket.pk).status == "open"
    assert take(world.reply(To=world.address(world.closed))).ticket == world.closed
    assert Ticket.objects.get(pk=world.closed.pk).status == "open"


def test_an_answer_after_the_window_opens_a_linked_request(world, take):
    row = take(world.reply("Again.", To=world.address(world.old)))
    assert (row.state, row.ticket.follows, row.ticket.description) == ("opened", world.old, "Again.")
    assert row.ticket.channel == "email"
    assert Ticket.objects.get(pk=world.old.pk).status == "closed"


def test_an_answer_counts_from_when_it_came_in_not_from_when_it_was_read(world, take, at):
    from tickets.actions.mail import handle_due, keep_mail

    say(ticket=world.ticket, author=world.agent, body="Which server?", at=at, then="waiting")
    came = at + timedelta(minutes=10)
    keep_mail(raw=world.reply("The first."), received_at=came, at=came)
    handle_due(at=at + timedelta(hours=5))
    assert world.ticket.messages.last().at == came


def test_what_staff_write_by_mail_is_a_note(world, take):
    say(ticket=world.ticket, author=world.agent, body="Hello.", at=world.at)
    Notice.objects.all().delete()
    row = take(world.reply("Ask him again.", From=world.agent.email, To=world.address(person=world.agent)))
    assert (row.posted.visibility, row.posted.author, row.posted.channel) == (
        "internal",
        world.agent,
        "email",
    )
    assert not Notice.objects.filter(to_email=world.maya.email).exists()


def test_a_refusal_is_told_once_a_day_and_holds_the_mail(world, take, at):
    person = world.portal_only
    for day in (0, 0, 0, 1):
        row = take(world.letter(From=person.email, Subject="Words of ours"), at=at + timedelta(days=day))
        assert (row.state, row.reason, row.person) == ("held", "terms", person)
        assert row.last_error
    notices = Notice.objects.filter(event="mail_refused")
    assert [notice.to_email for notice in notices] == [person.email] * 2
    assert "Words of ours" not in str([notice.context for notice in notices])
    send_due(at + timedelta(days=2))
    assert len(outgoing.outbox) == 2
    assert all(words not in outgoing.outbox[0].body for words in ("Words of ours", "It stopped"))
    assert not Ticket.objects.exists()


def test_what_was_left_out_is_said(world, take):
    from tests.mailin.world import part

    huge = part(b"", "text/csv", Content_Disposition='attachment; filename="empty [x](y).csv"')
    row = take(world.parts(part("See."), huge))
    assert "Left out" in row.posted.body
    assert "empty [x]" in row.posted.body
    assert not row.posted.attachments.exists()


# --- whether our own server proved the sender -----------------------------------------------------------

SERVER = "mx.kept.example"


@pytest.mark.parametrize(
    ("headers", "is_posted"),
    [
        ([f"{SERVER}; dmarc=pass header.from=aster.example"], True),
        ([f"{SERVER} 1; spf=fail; dmarc=pass (p=reject) header.from=aster.example"], True),
        ([f"{SERVER}; dkim=pass header.d=aster.example"], True),
        ([f"{SERVER}; dkim=pass header.d=mail.aster.example; spf=none"], True),
        ([f"{SERVER}; spf=pass smtp.mailfrom=bounces@aster.example"], True),
        ([], False),
        ([f"{SERVER}; none"], False),
        ([f"{SERVER}; dmarc=fail header.from=aster.example; dkim=pass header.d=aster.example"], False),
        ([f"{SERVER}; dkim=pass header.d=evil.example"], False),
        ([f"{SERVER}; dkim=pass header.d=notaster.example"], False),
        ([f"{SERVER}; spf=pass smtp.mailfrom=x@evil.example"], False),
        (["evil.example; dmarc=pass header.from=aster.example"], False),
        ([f"{SERVER}.evil.example; dmarc=pass"], False),
        ([f"({SERVER}) evil.example; dmarc=pass"], False),
        # ours is on top; what the sender wrote stands below
        ([f"{SERVER}; dmarc=fail", f"{SERVER}; dmarc=pass"], False),
        ([f"{SERVER}; dmarc=none; dmarc=pass"], False),
        ([f"{SERVER}; x=y (dmarc=pass); spf=fail"], False),
    ],
)
@pytest.mark.parametrize("write", ["reply", "letter"])
def test_with_a_trusted_server_the_sender_has_to_be_proven(world, take, settings, headers, is_posted, write):
    settings.MAIL_TRUSTED_AUTHSERV_ID = SERVER
    raw = getattr(world, write)()
    on_top = "".join(f"Authentication-Results: {value}\r\n" for value in headers)
    row = take(on_top.encode() + raw)
    assert (row.state in ("posted", "opened")) is is_posted
    assert row.reason == ("" if is_posted else "not_proven")


# --- loops ------------------------------------------------------------------------------------------------


def test_an_autoresponder_that_answers_everything_for_an_hour_gets_one_mail(world, take, at):
    take(world.letter())
    for minute in range(60):
        when = at + timedelta(minutes=minute)
        send_due(when)
        for mail in outgoing.outbox[minute:]:
            answers = {"In_Reply_To": mail.extra_headers["Message-ID"], "Auto_Submitted": "auto-replied"}
            take(world.letter("I am away.", Subject=f"Re: {mail.subject}", **answers), at=when)
    assert len(outgoing.outbox) == 1
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("names_our_mail", [True, False])
def test_an_autoresponder_that_does_not_say_so_ends_too(world, take, at, names_our_mail):
    """It writes to the sender, not to the reply address, and marks nothing."""
    take(world.letter())
    for turn in range(10):
        send_due(at + timedelta(minutes=turn))
        mail = outgoing.outbox[-1]
        given = {"In_Reply_To": mail.extra_headers["Message-ID"]} if names_our_mail else {}
        take(
            world.letter("Your mail was received.", Subject=f"Re: {mail.subject}", **given),
            at=at + timedelta(minutes=turn),
        )
    assert len(outgoing.outbox) <= 3
    assert Ticket.objects.count() <= 2


def test_two_portals_wired_to_each_other_stop(world, take, at):
    """Our mails as the other side would send them: what carries our headers is never answered."""
    take(world.letter())
    for turn in range(5):
        send_due(at + timedelta(minutes=turn))
        for mail in list(outgoing.outbox):
            raw = mail.message().as_bytes().replace(b"support@kept.example", b"maya@aster.example", 1)
            assert take(raw, at=at + timedelta(minutes=turn)).state == "stopped"
    assert len(outgoing.outbox) == 1


def test_more_mails_than_a_person_writes_are_held(world, take, at):
    rows = [take(world.reply(f"Line {n}"), at=at + timedelta(seconds=n)) for n in range(22)]
    assert [row.state for row in rows] == ["posted"] * 20 + ["held"] * 2
    assert take(world.reply("Later"), at=at + timedelta(hours=2)).state == "posted"


# --- mail that came back ------------------------------------------------------------------------------------


def test_a_bounce_marks_the_address_and_moves_nothing(world, take):
    from tests.mailin.corpus.machines import report

    before = Ticket.objects.filter(pk=world.notice.context["number"]).values("status", "next_due_at").get()
    row = take(report(world))
    bounce = Bounce.objects.get()
    assert (bounce.email, bounce.notice, bounce.is_permanent, bounce.status) == (
        world.maya.email,
        world.notice,
        True,
        "5.1.1",
    )
    assert (row.state, row.ticket) == ("bounce", world.ticket)
    event = TicketEvent.objects.get(kind=EventKind.MAIL_BOUNCED)
    assert (event.ticket, event.data["email"]) == (world.ticket, world.maya.email)
    assert Ticket.objects.filter(pk=world.ticket.pk).values("status", "next_due_at").get() == before


def test_a_bounce_reopens_nothing(world, take):
    from tests.mailin.corpus.machines import report

    world.notice.context = {"number": world.closed.pk}
    world.notice.save()
    assert take(report(world)).state == "bounce"
    assert Ticket.objects.get(pk=world.closed.pk).status == "closed"


# --- nothing leaves by a forged header ----------------------------------------------------------------------


def test_headers_of_a_mail_never_become_headers_of_ours(world, take, at):
    take(world.letter(Subject="=?utf-8?q?Hello=0D=0ABcc:_eve=40evil.example=0D=0A=0D=0Abody?="))
    send_due(at)
    (mail,) = outgoing.outbox
    assert mail.message()["Bcc"] is None
    assert mail.recipients() == [world.maya.email]
    assert "\n" not in mail.subject


def test_many_mails_in_strangers_names_send_nothing(world, take, at):
    for n in range(50):
        assert take(world.letter(From=f"stranger{n}@victim.example")).state == "held"
    send_due(at)
    assert outgoing.outbox == []
    assert IncomingMail.objects.held().count() == 50
    assert not Message.objects.exists()
