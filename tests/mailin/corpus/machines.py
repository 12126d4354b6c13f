"""Mails that machines send: none posts, opens, reopens or is answered."""

# ruff: noqa: E501 - a case a line

from __future__ import annotations

from collections.abc import Callable

from tests.mailin.corpus.cases import BOUNCE, HELD, POSTED, STOPPED, Case
from tests.mailin.world import SUPPORT, World, part

CASES: list[Case] = []


def add(name: str, build: Callable[[World], bytes], state: str, reason: str, **expected: str) -> None:
    CASES.append(Case(name, build, state, reason, **expected))


for name, value, reason in [
    ("Auto-Submitted", "auto-replied", "automatic"),
    ("Auto-Submitted", "auto-generated; owner-email=x@y", "automatic"),
    ("Auto-Submitted", "AUTO-NOTIFIED", "automatic"),
    ("Auto-Submitted", "(vacation) auto-replied", "automatic"),
    ("Precedence", "bulk", "bulk"),
    ("Precedence", "Junk", "bulk"),
    ("Precedence", "list", "bulk"),
    ("Precedence", "auto_reply", "bulk"),
    ("X-Auto-Response-Suppress", "All", "automatic"),
    ("X-Auto-Response-Suppress", "DR, OOF, AutoReply", "automatic"),
    ("List-Id", "<users.aster.example>", "list"),
    ("List-Unsubscribe", "<mailto:off@aster.example>", "list"),
    ("List-Post", "<mailto:users@aster.example>", "list"),
    ("Mailing-List", "contact users-help@aster.example", "list"),
    ("X-Autoreply", "yes", "automatic"),
    ("X-Autorespond", "Away", "automatic"),
    ("X-Auto-Reply-From", "x@y", "automatic"),
    ("X-Kept", "notice", "own_mail"),
    ("Subject", "Automatic reply: Messages stopped", "automatic"),
    ("Subject", "Out of Office: back on Monday", "automatic"),
    ("Subject", "Abwesenheitsnotiz: bin weg", "automatic"),
    ("Subject", "自动回复：收到", "automatic"),
    ("Subject", "=?utf-8?b?6Ieq5YuV5Zue6KaG77ya?=", "automatic"),
    ("From", "Kept support <support@kept.example>", "own_address"),
]:
    field = name.replace("-", "_")
    add(f"answer with {name}: {value}", lambda w, f=field, v=value: w.reply(**{f: v}), STOPPED, reason)

for name, value, reason in [
    ("Auto-Submitted", "auto-replied", "automatic"),
    ("Precedence", "bulk", "bulk"),
    ("List-Id", "<users.aster.example>", "list"),
]:
    field = name.replace("-", "_")
    add(f"request with {name}", lambda w, f=field, v=value: w.letter(**{f: v}), STOPPED, reason)

add("Auto-Submitted: no", lambda w: w.reply(Auto_Submitted="no"), POSTED, "", by="maya")
add(
    "X-Auto-Response-Suppress: None",
    lambda w: w.reply(X_Auto_Response_Suppress="None"),
    POSTED,
    "",
    by="maya",
)
add("Precedence: first-class", lambda w: w.reply(Precedence="first-class"), POSTED, "", by="maya")
add(
    "talk of being out of office",
    lambda w: w.reply(Subject="Our office is out of range"),
    POSTED,
    "",
    by="maya",
)
add(
    "an absence on a closed request",
    lambda w: w.reply(To=w.address(w.closed), Auto_Submitted="auto-replied"),
    STOPPED,
    "automatic",
)
add(
    "an absence to who sent it",
    lambda w: w.letter(Return_Path="<>", Auto_Submitted="auto-replied"),
    STOPPED,
    "automatic",
)
add("our own mail come back", lambda w: w.letter(Message_ID=w.notice.message_id), STOPPED, "own_mail")
add(
    "a calendar's acceptance",
    lambda w: w.parts(
        part("Accepted"), part("BEGIN:VCALENDAR", "text/calendar; method=REPLY"), kind="alternative"
    ),
    STOPPED,
    "automatic",
)


def report(
    w: World, *, to: str = "", mail_id: str = "", action: str = "failed", status: str = "5.1.1", **head: str
) -> bytes:
    """A delivery report (RFC 3464) on a mail of ours."""
    original = f"Message-ID: {mail_id or w.notice.message_id}\r\nSubject: [#1] x\r\n\r\n"
    told = (
        "Reporting-MTA: dns; mx.aster.example\r\n\r\n"
        f"Final-Recipient: rfc822; {to or w.notice.to_email}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n"
    )
    given = {
        "From": "MAILER-DAEMON@mx.aster.example",
        "To": SUPPORT,
        "Return-Path": "<>",
        "Subject": "Undelivered Mail",
        "Content-Type": 'multipart/report; report-type=delivery-status; boundary="=_b"',
    }
    return w.parts(
        part("It could not be delivered."),
        part(told, "message/delivery-status"),
        part(original, "text/rfc822-headers"),
        **({k.replace("-", "_"): v for k, v in given.items()} | head),
    )


add("a bounce", report, BOUNCE, "returned")
add(
    "a bounce with the whole mail",
    lambda w: report(w).replace(b"text/rfc822-headers", b"message/rfc822"),
    BOUNCE,
    "returned",
)
add("a bounce, address in upper case", lambda w: report(w, to="MAYA@ASTER.EXAMPLE"), BOUNCE, "returned")
add("a bounce to the reply address", lambda w: report(w, To=w.address()), BOUNCE, "returned")
add("a delay", lambda w: report(w, action="delayed", status="4.4.1"), BOUNCE, "delayed")
add("a full mailbox", lambda w: report(w, action="failed", status="4.2.2"), BOUNCE, "delayed")
add(
    "a bounce of a mail that is not ours",
    lambda w: report(w, mail_id="<x@evil.example>"),
    STOPPED,
    "return_unknown",
)
add(
    "a bounce with a made-up Message-ID",
    lambda w: report(w, mail_id="<3b0c@kept.example>"),
    STOPPED,
    "return_unknown",
)
add("a bounce about somebody else", lambda w: report(w, to="jo@harrow.example"), STOPPED, "return_unknown")
add(
    "a bounce that says it is from Maya",
    lambda w: report(w, From=w.maya.email, Return_Path=""),
    BOUNCE,
    "returned",
)
add(
    "a report without parts",
    lambda w: w.letter("x", Content_Type="multipart/report; report-type=delivery-status"),
    STOPPED,
    "return_unknown",
)
add(
    "an old server's bounce",
    lambda w: w.letter(
        f"The user is unknown.\r\n\r\n--- Original ---\r\nMessage-ID: {w.notice.message_id}\r\n",
        From="Mail Delivery <mailer-daemon@mx.aster.example>",
        Return_Path="<>",
    ),
    BOUNCE,
    "delayed",
)
add("a null sender that says nothing", lambda w: w.letter(Return_Path="<>"), STOPPED, "return_unknown")
add("a postmaster's notice", lambda w: w.letter(From="postmaster@aster.example"), STOPPED, "return_unknown")
add(
    "a receipt",
    lambda w: w.parts(
        part("Read."),
        part("Disposition: manual-action/MDN-sent-manually; displayed", "message/disposition-notification"),
        Content_Type='multipart/report; report-type=disposition-notification; boundary="=_b"',
    ),
    STOPPED,
    "automatic",
)
add(
    "a complaint about unwanted mail",
    lambda w: w.parts(
        part("Abuse."),
        part("Feedback-Type: abuse", "message/feedback-report"),
        Content_Type='multipart/report; report-type=feedback-report; boundary="=_b"',
        From="fbl@isp.example",
        To=SUPPORT,
    ),
    HELD,
    "complaint",
)
