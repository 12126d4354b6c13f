"""Every mail in three languages: nothing missing, nothing garbled, each instant in its reader's zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from notices.models import Notice
from notices.preferences import groups_for
from notices.rendering import Part, header_text, render_mail
from tests.factories.accounts import ContactFactory

EMAILS = Path(settings.BASE_DIR) / "templates" / "emails"
EVENTS = sorted(folder.name for folder in EMAILS.iterdir() if folder.is_dir())
LANGUAGES = ("en", "zh-hans", "zh-hant")
ZONES = {"en": "America/New_York", "zh-hans": "Asia/Shanghai", "zh-hant": "Asia/Taipei"}
# 18:20 UTC on 30 November
DUE = datetime(2026, 11, 30, 18, 20, tzinfo=UTC)
AS_READ = {"en": "Mon 30 Nov, 13:20", "zh-hans": "12月1日 周二 02:20", "zh-hant": "12月1日 週二 02:20"}
WORDS = {"en": "en", "zh-hans": "简体", "zh-hant": "繁體"}
SUBJECT = "Nachrichten & <b>fehlen</b> „überall“ 消息"
LEFT_OVER = re.compile(r"\{\{|\{%|%\(|&amp;amp;|&lt;p&gt;|\bNone\b|\bTrue\b|\?\?|�")


def facts() -> dict[str, Any]:
    """Every fact that a mail may ask for, whichever it is."""
    instant = DUE.isoformat()
    return {
        "number": 123,
        "subject": SUBJECT,
        "organization": "Aster & Söhne",
        "next_due_at": instant,
        "next_metric": "next_reply",
        "path": "/requests/123/",
        "author": "Idris Bell",
        "asked_by": "Noor Said",
        "text": "We **look** at it.\n\nSoon & <i>well</i>.",
        "kind": "severity",
        "reason": "It got worse",
        "to": "P1",
        "from": "P2",
        "users_affected": 12,
        "metric": "first_response",
        "due_at": instant,
        "plan": "Startup",
        "ends_on": "2026-12-31",
        "days": 31,
        "name": "Maya Okafor",
        "has_login": True,
        "until_at": instant,
        "contact": 1,
        "into": 77,
        "level": 2,
        "level_name": {"en": "en", "zh-hans": "简体", "zh-hant": "繁體"},
        "why": "breach",
        "since_at": instant,
        "answer_by_at": instant,
        "instead_of": "Sofia Reyes",
        "code": "fair-use",
        "rule": {"en": "en", "zh-hans": "简体", "zh-hant": "繁體"},
        "outcome": "upheld",
        "received_at": instant,
        "detail": "Your plan takes no requests by mail.",
        "next_step": "Write in the portal.",
    }


def notice(event: str, language: str = "en", **changes: Any) -> Notice:
    values = {
        "key": f"{event}:1",
        "event": event,
        "to_email": "maya@aster.example",
        "recipient_key": "user:1",
        "language": language,
        "time_zone": ZONES[language],
        "context": facts(),
        "message_id": "<1@kept.example>",
        "in_reply_to": "<request-123@kept.example>",
        "created_at": DUE,
        "reply_to": "reply+123.1.abc@kept.example",
        "kind": "changes",
    }
    return Notice(**(values | changes))


def made(event: str, language: str, **changes: Any) -> EmailMultiAlternatives:
    parts = [Part(notice(name, language)) for name in ("warning", "breach", "answered")]
    return render_mail(notice(event, language, **changes), parts=parts if event == "digest" else ())


class Balanced(HTMLParser):
    """Notes tags that are closed in another order than they were opened."""

    EMPTY = ("meta", "br", "hr", "img")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS)
def test_each_mail_is_whole(event, language, db):
    mail = made(event, language)
    html = mail.alternatives[0][0]
    for text in (mail.subject, mail.body, html):
        assert text.strip() and not LEFT_OVER.search(text), LEFT_OVER.search(text)
    assert "\n" not in mail.subject
    # The text is plain: no HTML in it, nothing escaped.
    assert not re.search(r"</?[pa]\b|&amp;|&quot;|&#x27;|&lt;", mail.body)
    if SUBJECT in mail.body:
        assert SUBJECT not in html and "Nachrichten &amp; &lt;b&gt;fehlen" in html
    checker = Balanced()
    checker.feed(html)
    assert not checker.faults and not checker.open
    assert f'lang="{language}"' in html.lower()
    for place in ("New York", "纽约", "Taipei", "Shanghai", "台北", "上海"):
        if place in mail.body:
            break
    else:
        raise AssertionError("no zone")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVENTS)
def test_each_instant_is_in_the_zone_of_its_reader(event, language, db):
    mail = made(event, language)
    for text in (mail.body, mail.alternatives[0][0]):
        assert not re.search(r"18:20|2026-11-30T|\+00:00", text)
        for written in re.findall(r"\d\d:20", text):
            assert written == AS_READ[language][-5:]
    asks = "due_at|" in "".join(path.read_text() for path in (EMAILS / event).glob("body.*"))
    if asks:
        assert AS_READ[language] in mail.body and AS_READ[language] in mail.alternatives[0][0]


@pytest.mark.parametrize("event", EVENTS)
def test_a_mail_about_a_request_has_its_number_in_the_subject(event, db):
    about_requests = 'extends "emails/base' in (EMAILS / event / "body.txt").read_text()
    if about_requests:
        assert "[#123]" in made(event, "en").subject


@pytest.mark.parametrize("event", [event for event in EVENTS if event != "digest"])
def test_each_mail_has_its_line_for_a_digest(event, db):
    row = notice(event)
    body = render_mail(notice("digest"), parts=[Part(row), Part(row)]).body
    words = body.split("Mon 30 Nov, 13:20")[1].strip().splitlines()[0]
    assert len(words) > 3 and not LEFT_OVER.search(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_has_its_link(language, db):
    contact = ContactFactory()
    context = facts() | {"has_login": False, "contact": contact.pk}
    mail = render_mail(notice("invitation", language, context=context))
    assert "/invitation/" in mail.body and "/invitation/" in mail.alternatives[0][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_where_one_can_answer_there_is_a_line_to_answer_above(language, db):
    mail = made("answered", language)
    first = mail.body.splitlines()[0]
    assert first.startswith("##- ") and first.endswith(" -##")
    assert first in mail.alternatives[0][0] and mail.reply_to == ["reply+123.1.abc@kept.example"]
    for other in (made("answered", language, reply_to=""), render_mail(notice("answered"), is_bare=True)):
        assert "##-" not in other.body + other.alternatives[0][0] and not other.reply_to


def test_what_people_mark_up_is_shown_so_and_nothing_else(db):
    html = made("answered", "en").alternatives[0][0]
    assert "<strong>look</strong>" in html and "<i>well" not in html and "&lt;i&gt;well" in html


@pytest.mark.parametrize(
    "typed",
    [
        "Hello\r\nBcc: all@victim.example",
        "Hello\nBcc: all@victim.example\n\nBody",
        "Hello\u2028Bcc: all@victim.example",
        "=?utf-8?q?Hello=0ABcc=3A_all=40victim.example?=",
        'a@x.example, "b" <all@victim.example>',
        "\u202egpj.exe",
        "x" * 5000,
        "é" * 5000,
        "消息" * 100,
    ],
)
def test_nothing_that_a_user_types_makes_a_header_or_a_recipient(typed, db):
    mail = render_mail(notice("submitted", context=facts() | {"subject": typed, "organization": typed}))
    sent = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    assert mail.recipients() == ["maya@aster.example"]
    assert sent["Bcc"] is None and sent["Cc"] is None and sent["To"] == "maya@aster.example"
    assert len(sent.get_all("Subject")) == 1 and "=?" not in sent["Subject"]
    assert all(len(line) <= 998 for line in mail.message().as_bytes().splitlines())
    assert "\u202e" not in sent["Subject"] and header_text(typed).count("\n") == 0


def test_a_sender_with_commas_and_quotes_stays_one_sender(db, settings):
    settings.DEFAULT_FROM_EMAIL = '"Aster, \\"Support\\"" <support@kept.example>'
    sent = message_from_bytes(made("answered", "en").message().as_bytes(), policy=policy.default)
    (sender,) = sent["From"].addresses
    assert sender.addr_spec == "support@kept.example" and sender.display_name == 'Aster, "Support"'


def test_mail_that_may_be_turned_off_says_where(db):
    free = next(group.code for group in groups_for(is_staff=False) if not group.is_essential)
    assert "List-Unsubscribe" in made("answered", "en", kind=free).extra_headers
    for kind in ("", "answers", "no-such-group"):
        assert "List-Unsubscribe" not in made("answered", "en", kind=kind).extra_headers


@pytest.mark.parametrize("event", EVENTS)
def test_every_folder_is_a_mail(event):
    for name in ("subject.txt", "body.txt", "body.html"):
        get_template(f"emails/{event}/{name}")
    with pytest.raises(TemplateDoesNotExist):
        get_template(f"emails/{event}/body.md")
