"""The servers that mail tests stand on do what the tests take for granted."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest
from django.core.mail import send_mail


def test_the_smtp_server_takes_refuses_and_drops(smtp_server):
    send_mail("One", "first", "portal@kept.example", ["maya@aster.example"])
    assert smtp_server.taken[0].recipients == ("maya@aster.example",)
    assert smtp_server.taken[0].mail["Subject"] == "One"
    smtp_server.answers.append("451 Try again later")
    with pytest.raises(smtplib.SMTPDataError):
        send_mail("Two", "second", "portal@kept.example", ["maya@aster.example"])
    assert len(smtp_server.taken) == 1
    smtp_server.answers.append("drop")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send_mail("Three", "third", "portal@kept.example", ["maya@aster.example"])
    assert len(smtp_server.taken) == 2
    send_mail("Four", "fourth", "portal@kept.example", ["maya@aster.example"])
    assert smtp_server.taken[-1].mail["Subject"] == "Four"


def test_the_imap_server_holds_mail_and_forgets_it_when_started_anew(imap_server):
    mail = EmailMessage()
    mail["Subject"] = "One"
    mail.set_content("first")
    imap_server.put(mail.as_bytes(), mail.as_bytes())
    assert imap_server.count() == 2
    imap_server.stop()
    imap_server.start()
    assert imap_server.count() == 0
