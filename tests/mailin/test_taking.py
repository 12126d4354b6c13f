"""Mail is kept before anything is made of it; whatever fails, it is neither lost nor taken twice."""

from __future__ import annotations

import io
import os
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import call_command
from django.db import connection

from tests.mailin.world import part
from tickets.actions import mail as verbs
from tickets.mailin.mailbox import Mailbox
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail, Message, Ticket
from tickets.tasks import run_mail

ROOT = Path(__file__).resolve().parents[2]


def keep(world, raw: bytes) -> IncomingMail:
    return verbs.keep_mail(raw=raw, received_at=world.at, at=world.at)


def keep_long_ago(world, raw: bytes) -> None:
    """The task reads the clock of the machine, on which the world's instant may lie ahead."""
    keep(world, raw)
    IncomingMail.objects.update(next_try_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_same_bytes_are_one_row_and_one_message(world):
    raw = world.reply()
    rows = [keep(world, raw) for _ in range(3)]
    assert len({row.pk for row in rows}) == 1
    assert verbs.handle_due(at=world.at) == {"posted": 1}
    assert keep(world, raw).state == "posted"
    assert verbs.handle_due(at=world.at + timedelta(days=1)) == {}
    assert Message.objects.count() == 1


def test_what_lists_show_is_read_when_it_is_kept(world):
    row = keep(world, world.reply(Subject="=?utf-8?b?5raI5oGv?=", Message_ID="<a@b>"))
    assert (row.subject, row.mail_id, row.from_email) == ("消息", "<a@b>", world.maya.email)
    assert (row.state, row.received_at) == ("waiting", world.at)


def test_what_fails_is_tried_again_later_and_held_in_the_end(world, settings, tmp_path):
    """Files can't be stored: nothing of the message stays either."""
    blocked = tmp_path / "no-folder"
    blocked.write_text("")
    settings.MEDIA_ROOT = str(blocked)
    file = part("x", "text/csv", Content_Disposition="attachment; filename=a.csv")
    row = keep(world, world.parts(part("See."), file))
    when = world.at
    for _ in range(4):
        assert verbs.handle_due(at=when) == {"failed": 1}
        assert verbs.handle_due(at=when) == {}
        when += timedelta(hours=2)
    assert verbs.handle_due(at=when) == {"held": 1}
    row.refresh_from_db()
    assert (row.state, row.reason, row.tries) == ("held", Reason.FAILED, 5)
    assert "Error" in row.last_error
    assert not Message.objects.exists()
    settings.MEDIA_ROOT = str(tmp_path / "media")
    verbs.try_again(mail=row, actor=world.agent, at=when)
    assert verbs.handle_due(at=when) == {"posted": 1}


def test_one_that_kills_its_process_each_time_is_held(world):
    """A claim that lapsed counts as a try."""
    row = keep(world, world.reply())
    IncomingMail.objects.update(tries=5)
    assert verbs.handle_due(at=world.at) == {}
    row.refresh_from_db()
    assert (row.state, row.reason) == ("held", "failed")


def test_one_bad_mail_does_not_stop_the_others(world, settings, tmp_path):
    blocked = tmp_path / "no-folder"
    blocked.write_text("")
    settings.MEDIA_ROOT = str(blocked)
    file = part("x", "text/csv", Content_Disposition="attachment; filename=a.csv")
    keep(world, world.parts(part("See."), file))
    keep(world, world.reply())
    assert verbs.handle_due(at=world.at) == {"failed": 1, "posted": 1}


def test_at_most_so_many_at_once_the_oldest_first(world):
    rows = [keep(world, world.reply(f"Line {n}")) for n in range(3)]
    IncomingMail.objects.filter(pk=rows[2].pk).update(received_at=world.at - timedelta(hours=1))
    assert verbs.handle_due(at=world.at, limit=1) == {"posted": 1}
    assert Message.objects.get().body == "Line 2"


@pytest.mark.django_db(transaction=True)
def test_several_at_once_post_each_mail_once(world, at):
    for n in range(12):
        keep(world, world.reply(f"Line {n}"))
    # The same mail again by another way, handled beside the first.
    keep(world, b"X-Way: other\r\n" + world.reply("Line 0", Message_ID="<letter-1@aster.example>"))

    def run() -> None:
        verbs.handle_due(at=at)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.count() == 12
    assert not IncomingMail.objects.filter(state="waiting").exists()


# --- the pipe -------------------------------------------------------------------------------------------


def hand_over(raw: bytes, monkeypatch) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    try:
        call_command("receive_mail", stderr=io.StringIO())
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_the_pipe_keeps_and_handles(world, monkeypatch):
    assert hand_over(world.reply(), monkeypatch) == 0
    assert IncomingMail.objects.get().state == "posted"


def test_the_pipe_ends_well_where_a_mail_is_held_or_fails(world, monkeypatch):
    assert hand_over(b"\xff\xfe not a mail", monkeypatch) == 0
    assert IncomingMail.objects.get().state == "held"


def test_a_mail_that_is_too_big_goes_back_and_leaves_its_headers(world, monkeypatch, settings):
    settings.MAIL_MAX_BYTES = 2000
    raw = world.reply("x" * 2000)
    assert hand_over(raw, monkeypatch) == os.EX_DATAERR
    row = IncomingMail.objects.get()
    assert (row.state, row.reason, row.subject) == ("held", "too_big", "Messages stopped again")
    assert bytes(row.raw) == raw.split(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    "broken",
    [{"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}, {"MAIL_MAX_BYTES": "many"}],
    ids=["no database", "wrong settings"],
)
def test_whatever_is_broken_the_mail_server_is_asked_to_try_again(broken):
    done = subprocess.run(
        [sys.executable, "manage.py", "receive_mail"],
        input=b"From: maya@aster.example\r\n\r\nHello",
        cwd=ROOT,
        env=os.environ | {"KEPT_TEST": "1"} | broken,
        capture_output=True,
    )
    assert done.returncode == os.EX_TEMPFAIL, done.stderr


# --- the mailbox ----------------------------------------------------------------------------------------


@pytest.fixture
def box(imap_server, settings):
    settings.IMAP_URL = imap_server.url
    return imap_server


def test_without_a_mailbox_what_waits_is_handled_all_the_same(world):
    keep_long_ago(world, world.reply())
    assert run_mail() == {"fetched": 0, "posted": 1}


def test_mail_is_fetched_once_and_moved_out_of_the_way(world, box):
    box.put(world.reply("One."), world.reply("Two."))
    assert verbs.poll(at=world.at) == {"fetched": 2}
    assert verbs.poll(at=world.at) == {"fetched": 0}
    assert (box.count(), box.count("Kept")) == (0, 2)
    assert verbs.handle_due(at=world.at) == {"posted": 2}
    assert sorted(Message.objects.values_list("body", flat=True)) == ["One.", "Two."]


def test_mail_that_somebody_has_read_already_is_fetched_too(world, box):
    box.put(world.reply())
    with box.login() as reader:
        reader.select("INBOX")
        reader.store("1", "+FLAGS", "\\Seen")
    assert verbs.poll(at=world.at) == {"fetched": 1}


def test_bytes_are_kept_as_they_came(world, box):
    raw = world.reply(
        b"8 bit \xff\xfe and a line of its own\r\n.\r\n" + bytes(n for n in range(1, 256) if n not in b"\r\n")
    )
    box.put(raw)
    verbs.poll(at=world.at)
    assert bytes(IncomingMail.objects.get().raw) == raw


def test_a_mail_that_is_too_big_leaves_its_headers_and_stays_on_the_server(world, box, settings):
    settings.MAIL_MAX_BYTES = 2000
    box.put(world.reply("x" * 5000), world.reply("small"))
    assert verbs.poll(at=world.at) == {"fetched": 2}
    assert sorted(IncomingMail.objects.values_list("state", "reason")) == [
        ("held", "too_big"),
        ("waiting", ""),
    ]
    assert box.count("Kept") == 2


def test_cut_off_between_keeping_and_moving_nothing_is_lost_or_twice(world, box, settings):
    """What ``poll`` does up to that point, and no more."""
    box.put(world.reply())
    with Mailbox(settings.IMAP_URL, settings.IMAP_DONE_FOLDER, settings.MAIL_MAX_BYTES) as mailbox:
        for mail in mailbox.waiting(10):
            keep(world, mail.raw)
    assert box.count() == 1
    assert IncomingMail.objects.count() == 1
    verbs.handle_due(at=world.at)
    assert verbs.poll(at=world.at) == {"fetched": 1}
    assert verbs.handle_due(at=world.at + timedelta(hours=1)) == {}
    assert (Message.objects.count(), box.count()) == (1, 0)


def test_a_mailbox_that_was_made_anew_brings_nothing_twice(world, box):
    """After a restore the server numbers its mails anew (UIDVALIDITY)."""
    raw = world.reply()
    box.put(raw)
    verbs.poll(at=world.at)
    verbs.handle_due(at=world.at)
    box.stop()
    box.start()
    box.put(raw)
    assert verbs.poll(at=world.at) == {"fetched": 1}
    assert verbs.handle_due(at=world.at + timedelta(hours=1)) == {}
    assert Message.objects.count() == 1


def test_a_server_out_of_reach_stops_nothing_else(world, box):
    box.stop()
    keep_long_ago(world, world.reply())
    assert run_mail() == {"fetched": 0, "unreachable": 1, "posted": 1}
    box.start()
    box.put(world.reply("Later."))
    assert run_mail() == {"fetched": 1, "posted": 1}


def test_a_wrong_password_is_said(world, box, settings):
    settings.IMAP_URL = box.url.replace("a-pass-word", "another")
    assert run_mail() == {"fetched": 0, "unreachable": 1}


def test_a_certificate_that_nobody_vouches_for_is_refused(world, box, settings, tmp_path):
    """The password is not sent to whoever answers there."""
    box.stop()
    box.certificate = self_signed(tmp_path)
    box.start()
    settings.IMAP_URL = box.url.replace("imap://", "imap+tls://")
    with pytest.raises(ssl.SSLCertVerificationError):
        verbs.poll(at=world.at)
    assert run_mail() == {"fetched": 0, "unreachable": 1}


def self_signed(folder: Path) -> tuple[str, str]:
    """Paths of a certificate for this machine that it signed itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(days=3650))
    certificate = made.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(private)
    return str(folder / "certificate.pem"), str(folder / "key.pem")


def test_there_and_back_over_real_servers(world, box, smtp_server):
    """Asked by mail, answered in the back office, answered by mail to the address that our mail names."""
    from notices.outbox import send_due
    from tickets.actions import say

    box.put(world.letter("Since noon.", Subject="消息停了"))
    verbs.poll(at=world.at)
    verbs.handle_due(at=world.at)
    ticket = Ticket.objects.get()
    say(ticket=ticket, author=world.agent, body="Which server?", at=world.at, then="waiting")
    send_due(world.at)
    sent = smtp_server.taken[-1].mail
    assert sent["To"] == world.maya.email
    text = sent.get_body(("plain",)).get_content()
    quoted = "".join(f"> {line}\n" for line in text.splitlines())
    answer = f"The first.\n\nAm 30.11.2026 um 18:00 schrieb Kept support:\n{quoted}"
    box.put(world.reply(answer, To=sent["Reply-To"], Subject=f"Re: {sent['Subject']}"))
    verbs.poll(at=world.at + timedelta(minutes=5))
    assert verbs.handle_due(at=world.at + timedelta(minutes=5)) == {"posted": 1}
    assert ticket.messages.last().body == "The first."
    ticket.refresh_from_db()
    assert ticket.status == "open"
