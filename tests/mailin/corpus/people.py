"""Mails that people write, or that say so: who may post where, and who may not."""

# ruff: noqa: E501 - a case a line

from __future__ import annotations

from tests.mailin.corpus.cases import HELD, OPENED, POSTED, STOPPED, Case
from tests.mailin.world import SUPPORT, World, part

CASES: list[Case] = []


def case(name: str, state: str, reason: str = "", **expected: object):
    def keep(build):
        CASES.append(Case(name, build, state, reason, **expected))  # type: ignore[arg-type]
        return build

    return keep


# --- answers ---------------------------------------------------------------------------------------

case("an answer", POSTED, by="maya", says="It works now.")(lambda w: w.reply())
case("address in upper case", POSTED, by="maya")(lambda w: w.reply(To=w.address().upper()))
case("address with a name", POSTED, by="maya")(lambda w: w.reply(To=f'"Kept, support" <{w.address()}>'))
case("address in Cc", POSTED, by="maya")(lambda w: w.reply(To=SUPPORT, Cc=w.address()))
case("address in Delivered-To alone", POSTED, by="maya")(lambda w: w.reply(To="", Delivered_To=w.address()))
case("address twice", POSTED, by="maya")(lambda w: w.reply(Cc=w.address()))
case("sender in other case", POSTED, by="maya")(lambda w: w.reply(From="Maya <MAYA@Aster.Example>"))
case("sender without a name", POSTED, by="maya")(lambda w: w.reply(From=w.maya.email))
case("sender whose name is the address", POSTED, by="maya")(
    lambda w: w.reply(From=f"{w.maya.email} <{w.maya.email}>")
)
case("a comma in the quoted name", POSTED, by="maya")(
    lambda w: w.reply(From='"Okafor, Maya" <maya@aster.example>')
)
case("an encoded name", POSTED, by="maya")(
    lambda w: w.reply(From="=?utf-8?q?Maya_Ok=C3=A1for?= <maya@aster.example>")
)
case("a comment after the address", POSTED, by="maya")(lambda w: w.reply(From="maya@aster.example (Maya)"))
case("on a closed request within the window", POSTED, by="maya")(lambda w: w.reply(To=w.address(w.closed)))
case("on a request closed long ago", OPENED, by="maya")(lambda w: w.reply(To=w.address(w.old)))
case("a colleague with an address of their own", POSTED, by="colleague")(
    lambda w: w.reply(From=w.colleague.email, To=w.address(w.ticket, w.colleague))
)
case("staff", POSTED, by="agent")(lambda w: w.reply(From=w.agent.email, To=w.address(w.ticket, w.agent)))
case("both contacts' addresses, as answering to all does", POSTED, by="maya")(
    lambda w: w.reply(Cc=w.address(w.ticket, w.colleague))
)

# --- answers that are not posted -------------------------------------------------------------------

case("a forged sender with a valid address", HELD, "from_mismatch")(
    lambda w: w.reply(From="eve@evil.example")
)
case("a colleague's mail with Maya's address", HELD, "from_mismatch")(
    lambda w: w.reply(From=w.colleague.email)
)
case("an agent's name, Maya's address", HELD, "from_mismatch")(lambda w: w.reply(From=w.agent.email))
case("an agent's address, Maya's name", HELD, "from_mismatch")(
    lambda w: w.reply(To=w.address(w.ticket, w.agent))
)
case("an address for a request of others", HELD, "no_standing")(
    lambda w: w.reply(To=w.address(w.foreign, w.maya))
)
case("an address that somebody else signed", HELD, "bad_address")(
    lambda w: w.reply(To=f"reply+{w.ticket.pk}.{w.maya.pk}.{'a' * 20}@kept.example")
)
case("the number in the address changed", HELD, "bad_address")(
    lambda w: w.reply(To=w.address().replace(f"+{w.ticket.pk}.", f"+{w.foreign.pk}."))
)
case("the person in the address changed", HELD, "bad_address")(
    lambda w: w.reply(To=w.address().replace(f".{w.maya.pk}.", f".{w.agent.pk}."), From=w.agent.email)
)
case("a cut signature", HELD, "bad_address")(
    lambda w: w.reply(To=w.address().replace("@", "")[:-30] + "@kept.example")
)
case("a huge number", HELD, "bad_address")(
    lambda w: w.reply(To=f"reply+{10**19}.{w.maya.pk}.{'a' * 20}@kept.example")
)
case("two requests at once", HELD, "several_requests")(lambda w: w.reply(Cc=w.address(w.asked_by(w.maya))))
case("an address of another domain", HELD, "not_for_us")(
    lambda w: w.reply(To=w.address().replace("kept.example", "evil.example"))
)
case("several senders", HELD, "unclear_sender")(
    lambda w: w.reply(From="maya@aster.example, eve@evil.example")
)
case("two From headers", HELD, "unclear_sender")(
    lambda w: w.letter(To=w.address(), more=[("From", "eve@evil.example")])
)
case("no From", HELD, "unclear_sender")(lambda w: w.reply(From=""))
case("an empty From", HELD, "unclear_sender")(lambda w: w.reply(From=" "))
case("a group as From", HELD, "unclear_sender")(lambda w: w.reply(From="us: maya@aster.example;"))
case("a name that is another address", HELD, "unclear_sender")(
    lambda w: w.reply(From="maya@aster.example <eve@evil.example>")
)
case("a quoted name that is Maya's address", HELD, "from_mismatch")(
    lambda w: w.reply(From='"maya@aster.example" <eve@evil.example>')
)
case("a comment that is Maya's address", HELD, "from_mismatch")(
    lambda w: w.reply(From="eve@evil.example (maya@aster.example)")
)
case("an encoded name that holds Maya's address", HELD, "from_mismatch")(
    lambda w: w.reply(From="=?utf-8?q?=3Cmaya=40aster=2Eexample=3E?= <eve@evil.example>")
)
case("an address behind a closing bracket", HELD, "unclear_sender")(
    lambda w: w.reply(From="maya@aster.example)eve@evil.example")
)
case("a NUL in From", HELD, "from_mismatch")(lambda w: w.reply(From=b"maya@aster.example\0.evil.example"))
case("a letter that looks the same", HELD, "from_mismatch")(lambda w: w.reply(From="mаya@aster.example"))
case("Reply-To and Sender prove nothing", HELD, "from_mismatch")(
    lambda w: w.reply(From="eve@evil.example", Reply_To=w.maya.email, Sender=w.maya.email)
)


@case("a revoked contact", HELD, "no_standing")
def _(w: World) -> bytes:
    address = w.address()
    w.revoke(w.maya)
    return w.reply(To=address)


@case("a person who may not sign in any more", HELD, "no_standing")
def _(w: World) -> bytes:
    address = w.address()
    w.maya.is_active = False
    w.maya.save()
    return w.reply(To=address)


@case("a request that was closed to who asked", HELD, "no_standing")
def _(w: World) -> bytes:
    w.ticket.shut_out_at = w.at
    w.ticket.save()
    return w.reply()


case("staff who only read", HELD, "no_standing")(
    lambda w: w.reply(From=w.auditor.email, To=w.address(w.ticket, w.auditor))
)
case("a stranger with an address of their own for it", HELD, "no_standing")(
    lambda w: w.reply(From=w.stranger.email, To=w.address(w.ticket, w.stranger))
)
case("nothing said", HELD, "empty")(lambda w: w.reply(" \r\n\r\n"))
case("only In-Reply-To names our mail", HELD, "no_address")(
    lambda w: w.letter(In_Reply_To=w.notice.message_id)
)
case("only References name our mail", HELD, "no_address")(
    lambda w: w.letter(References=f"<x@y> {w.notice.message_id}")
)
case("the thread's name and a number in the subject attach nothing", OPENED, by="maya")(
    lambda w: w.letter(
        In_Reply_To=f"<request-{w.foreign.pk}@kept.example>",
        Subject=f"Re: [#{w.foreign.pk}] Messages stopped",
    )
)

# --- new requests ----------------------------------------------------------------------------------

case("a new request", OPENED, by="maya")(lambda w: w.letter())
case("a new request in Cc", OPENED, by="maya")(lambda w: w.letter(To="maya@aster.example", Cc=SUPPORT))
case("a new request without a subject", OPENED, by="maya")(lambda w: w.letter(Subject=""))
case("a new request with a subject of 5,000 letters", OPENED, by="maya")(
    lambda w: w.letter(Subject="long " * 1000)
)
case("no Date", OPENED, by="maya")(lambda w: w.letter(Date=""))
case("a Date in the year 9999", OPENED, by="maya")(lambda w: w.letter(Date="Fri, 31 Dec 9999 23:59:59 +0000"))
case("a Date that is none", OPENED, by="maya")(lambda w: w.letter(Date="yesterday, or so"))
case("no Message-ID", OPENED, by="maya")(lambda w: w.letter(Message_ID=""))
case("a broken Message-ID", OPENED, by="maya")(lambda w: w.letter(Message_ID="<<<@@>>> \t"))
case("a forwarded mail as text", OPENED, by="maya")(
    lambda w: w.letter("See below.\n\n---------- Forwarded message ---------\nFrom: x@y\n\nIt stopped.")
)
case("from nobody we know", HELD, "unknown_sender")(lambda w: w.letter(From="eve@evil.example"))
case("to another address", HELD, "not_for_us")(lambda w: w.letter(To="sales@aster.example"))
case("to nobody", HELD, "not_for_us")(lambda w: w.letter(To=""))
case("undisclosed recipients", HELD, "not_for_us")(lambda w: w.letter(To="undisclosed-recipients:;"))
case("in Bcc, with what our server adds", OPENED, by="maya")(
    lambda w: w.letter(To="undisclosed-recipients:;", Delivered_To=SUPPORT)
)
case("of two organizations", HELD, "several_organizations")(lambda w: w.letter(From=w.of_two.email))
case("of none", HELD, "no_standing")(lambda w: w.letter(From=w.nobody.email))
case("an address that was never confirmed", HELD, "address_not_confirmed")(
    lambda w: w.letter(From=w.invited.email)
)
case("without a contract", HELD, "terms")(lambda w: w.letter(From=w.without_contract.email))
case("under a plan without mail", HELD, "terms")(lambda w: w.letter(From=w.portal_only.email))
case("by staff", HELD, "staff")(lambda w: w.letter(From=w.agent.email))
case("a new request that says nothing", HELD, "empty")(lambda w: w.letter(""))


@case("by a revoked contact", HELD, "no_standing")
def _(w: World) -> bytes:
    w.revoke(w.maya)
    return w.letter()


@case("by somebody who may not sign in any more", HELD, "unknown_sender")
def _(w: World) -> bytes:
    w.maya.is_active = False
    w.maya.save()
    return w.letter()


# --- files -------------------------------------------------------------------------------------------


def with_file(name: str, content: bytes = b"a,b\n1,2\n", kind: str = "application/octet-stream"):
    def build(w: World) -> bytes:
        disposition = f'attachment; filename="{name}"' if name else "attachment"
        return w.parts(part("See the file."), part(content, kind, Content_Disposition=disposition))

    return build


for label, name in {
    "a file": "log.csv",
    "a file name with folders": "../../etc/passwd",
    "a file name with backslashes": "C:\\\\Windows\\\\x.txt",
    "a reserved file name": "CON",
    "a file name of dots": "...",
    "a file name of 300 letters": "n" * 300 + ".txt",
    "a file name with a line break": "a=?utf-8?q?=0D=0Ab?=.txt",
    "a file name that turns the direction": "=?utf-8?b?" + "dXTigK5nbnAuZXhl" + "?=",
    "a file without a name": "",
    "a page as a file": "x.html",
    "a picture that is a program": "x.php.png",
}.items():
    case(label, POSTED, by="maya", says="See the file.", files=1)(with_file(name))

case("an SVG picture", POSTED, by="maya", files=1)(
    with_file("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml")
)
case("a file name in parts (RFC 2231)", POSTED, by="maya", files=1)(
    lambda w: w.parts(
        part("See."),
        part(
            "x",
            "text/plain",
            Content_Disposition="attachment; filename*0*=utf-8''%e6%b6; filename*1*=%88.txt",
        ),
    )
)
case("a file name in an unknown charset", POSTED, by="maya", files=1)(
    lambda w: w.parts(
        part("See."), part("x", "text/plain", Content_Disposition="attachment; filename*=klingon''%e6%b6.txt")
    )
)
case("a picture within the page", POSTED, by="maya", says="See.", files=1)(
    lambda w: w.parts(
        part("<p>See.<img src='cid:1'></p>", "text/html"),
        part(b"\x89PNG\r\n\x1a\n0000", "image/png", Content_ID="<1>", Content_Disposition="inline"),
        kind="related",
    )
)
case("a text as a file beside the text", POSTED, by="maya", says="See.", files=1)(
    lambda w: w.parts(part("See."), part("log", "text/plain", Content_Disposition="inline; filename=a.log"))
)
case("an empty file", POSTED, by="maya", files=0)(with_file("empty.txt", b""))
case("eleven files", POSTED, by="maya", files=10)(
    lambda w: w.parts(
        part("See."),
        *(part("x", "text/plain", Content_Disposition=f"attachment; filename=f{n}.txt") for n in range(11)),
    )
)
case("only a file", POSTED, by="maya", files=1)(
    lambda w: w.parts(part("x", "text/csv", Content_Disposition="attachment; filename=a.csv"))
)
case("a file that is the whole mail", POSTED, by="maya", files=1)(
    lambda w: w.reply(b"%PDF-1.4", Content_Type='application/pdf; name="a.pdf"')
)
case("a forwarded mail as a file", POSTED, by="maya", says="See the mail.", files=1)(
    lambda w: w.parts(
        part("See the mail."),
        part("Subject: inner\r\nFrom: eve@evil.example\r\n\r\ninner text", "message/rfc822"),
    )
)
case("a forwarded mail that holds a signed address", OPENED, by="maya", files=1)(
    lambda w: w.parts(
        part("See the mail."), part(f"To: {w.address(w.foreign)}\r\n\r\ninner", "message/rfc822"), To=SUPPORT
    )
)
case("an invitation to a meeting", POSTED, by="maya", says="Let us talk.", files=1)(
    lambda w: w.parts(
        part("Let us talk."), part("BEGIN:VCALENDAR", "text/calendar; method=REQUEST"), kind="alternative"
    )
)
case("winmail.dat beside a text", POSTED, by="maya", says="See.", files=1)(
    lambda w: w.parts(
        part("See."),
        part(b"x\x9f>\x22", "application/ms-tnef", Content_Disposition="attachment; filename=winmail.dat"),
    )
)

# --- signed and sealed ---------------------------------------------------------------------------------

case("signed by S/MIME", POSTED, by="maya", says="It works.", files=0)(
    lambda w: w.parts(
        part("It works."),
        part("c2ln", "application/pkcs7-signature; name=smime.p7s", Content_Transfer_Encoding="base64"),
        kind="signed",
    )
)
case("signed by PGP", POSTED, by="maya", says="It works.", files=0)(
    lambda w: w.parts(
        part("It works."), part("-----BEGIN PGP SIGNATURE-----", "application/pgp-signature"), kind="signed"
    )
)
case("encrypted by S/MIME", HELD, "sealed")(
    lambda w: w.reply(
        "MIAGCSq", Content_Type="application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"
    )
)
case("encrypted by PGP", HELD, "sealed")(
    lambda w: w.parts(
        part("Version: 1", "application/pgp-encrypted"),
        part("-----BEGIN PGP MESSAGE-----", "application/octet-stream"),
        kind="encrypted",
    )
)
case("encrypted by PGP within the text", HELD, "sealed")(
    lambda w: w.reply("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----")
)
case("nothing but winmail.dat", HELD, "sealed")(
    lambda w: w.reply(b"x\x9f>\x22", Content_Type="application/ms-tnef; name=winmail.dat")
)


# --- the same again ----------------------------------------------------------------------------------


@case("the same mail by another way", STOPPED, "duplicate")
def _(w: World) -> bytes:
    raw = w.reply()
    w.take(raw)
    return b"Received: from relay.example by mx.kept.example\r\n" + raw


@case("another text under the same Message-ID", HELD, "repeated")
def _(w: World) -> bytes:
    raw = w.reply()
    w.take(raw)
    return raw.replace(b"It works now.", b"Send me the password.")


@case("another request under the same Message-ID", HELD, "repeated")
def _(w: World) -> bytes:
    raw = w.reply()
    w.take(raw)
    return raw.replace(w.address().encode(), w.address(w.asked_by(w.maya)).encode())


@case("another sender's Message-ID", POSTED, by="colleague")
def _(w: World) -> bytes:
    raw = w.reply(Message_ID="<same@aster.example>")
    w.take(raw)
    return w.reply(
        Message_ID="<same@aster.example>", From=w.colleague.email, To=w.address(w.ticket, w.colleague)
    )


@case("the same subject within the hour", HELD, "too_many")
def _(w: World) -> bytes:
    w.take(w.letter())
    return w.letter("Again.", Subject="Re: Messages stopped again")
