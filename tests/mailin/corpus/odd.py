"""Mails that are broken, hostile or only old-fashioned: each is read as far as it goes, and none is lost."""

# ruff: noqa: E501 - a case a line

from __future__ import annotations

import base64
from collections.abc import Callable

from tests.mailin.corpus.cases import HELD, OPENED, POSTED, Case
from tests.mailin.world import World, joined, part

CASES: list[Case] = []


def add(
    name: str, build: Callable[[World], bytes], state: str = POSTED, reason: str = "", **expected: object
) -> None:
    if state in (POSTED, OPENED):
        expected = {"by": "maya"} | expected
    CASES.append(Case(name, build, state, reason, **expected))  # type: ignore[arg-type]


# --- character sets ------------------------------------------------------------------------------------

for charset, text in {
    "utf-8": "消息停了 ✓",
    "gb2312": "消息停了",
    "gbk": "消息停了",
    "gb18030": "消息停了𠮷",
    "hz": "消息停了",
    "big5": "訊息停了",
    "big5-hkscs": "訊息停了",
    "iso-2022-jp": "メッセージ",
    "shift_jis": "メッセージ",
    "euc-jp": "メッセージ",
    "euc-kr": "메시지",
    "koi8-r": "Сообщение",
    "windows-1251": "Сообщение",
    "windows-1252": "naïve – “quoted” €",
    "iso-8859-15": "Größe €",
    "utf-16": "Größe 消息",
}.items():
    add(
        f"text in {charset}",
        lambda w, c=charset, t=text: w.reply(t.encode(c), Content_Type=f"text/plain; charset={c}"),
        says=text,
    )

ODD_TEXT = {"Content_Type": "text/plain; charset=us-ascii"}
add("8-bit text that says it is ASCII", lambda w: w.reply("Größe", **ODD_TEXT), says="Größe")
add("text without a charset", lambda w: w.reply("Größe", Content_Type="text/plain"), says="Größe")
add(
    "Chinese without a charset",
    lambda w: w.reply("消息停了".encode("gb18030"), Content_Type="text/plain"),
    says="消息停了",
)
add(
    "an unknown charset", lambda w: w.reply("Größe", Content_Type="text/plain; charset=klingon"), says="Größe"
)
add(
    "a charset that is a program's",
    lambda w: w.reply("It works", Content_Type="text/plain; charset=punycode"),
)
add(
    "another such",
    lambda w: w.reply("It \\u0041", Content_Type="text/plain; charset=unicode_escape"),
    says="It \\u0041",
)
add(
    "a charset of 10,000 letters",
    lambda w: w.reply("It works", Content_Type="text/plain; charset=" + "x" * 10_000),
)
add("bytes that are no UTF-8", lambda w: w.reply(b"It works \xff\xfe\xfa now"))
add("a NUL in the text", lambda w: w.reply(b"It\0works"), says="It\ufffdworks")
add("lone surrogates", lambda w: w.reply(b"It \xed\xa0\x80 works"))
add("terminal codes", lambda w: w.reply(b"It \x1b[31mworks"), says="It \ufffd[31mworks")
add("a byte order mark", lambda w: w.reply(b"\xef\xbb\xbfIt works"))
add("line ends of an old Mac", lambda w: w.reply(b"a\rb\rc"), says="a\nb\nc")
add("one line of two million letters", lambda w: w.reply(b"x" * 2_000_000), files=1)
add("a text of 60,000 letters", lambda w: w.reply("word " * 12_000), files=1)

# --- transfer encodings ---------------------------------------------------------------------------------

B64 = {"Content_Transfer_Encoding": "base64"}
add("base64", lambda w: w.reply(base64.encodebytes(b"It works"), **B64), says="It works")
add("base64 cut off", lambda w: w.reply(base64.b64encode(b"It works now and then")[:-3], **B64))
add("base64 with rubbish", lambda w: w.reply(b"SXQg!!!d29ya3M=\r\n\r\n%%%", **B64))
add("base64 that is plain text", lambda w: w.reply(b"It works, I think!", **B64))
add(
    "quoted-printable",
    lambda w: w.reply("It =C3=B6ffnet=\r\n sich", Content_Transfer_Encoding="quoted-printable"),
    says="It öffnet sich",
)
add(
    "broken quoted-printable",
    lambda w: w.reply("It =ZZ =C3 works =", Content_Transfer_Encoding="quoted-printable"),
)
add(
    "uuencode",
    lambda w: w.reply(
        "begin 644 a.txt\r\n(270@=V]R:W,\r\n`\r\nend\r\n", Content_Transfer_Encoding="x-uuencode"
    ),
)
add("an unknown encoding", lambda w: w.reply("It works", Content_Transfer_Encoding="rot13"))
add("an encoding of nothing", lambda w: w.reply("It works", Content_Transfer_Encoding=" "))

# --- headers -----------------------------------------------------------------------------------------------

add(
    "an encoded subject that breaks the line",
    lambda w: w.letter(Subject="=?utf-8?q?a=0D=0ABcc:_x@y?="),
    OPENED,
)
add("a folded subject", lambda w: w.letter(Subject="a\r\n b\r\n\tc"), OPENED)
add("a subject in raw bytes", lambda w: w.letter(Subject="消息".encode("gb18030")), OPENED)
add("a broken encoded word", lambda w: w.letter(Subject="=?utf-8?b?!!!?= =?x?q?"), OPENED)
add("an encoded word in an unknown charset", lambda w: w.letter(Subject="=?klingon?q?a?="), OPENED)
add("10,000 encoded words", lambda w: w.letter(Subject=" ".join(["=?utf-8?q?a?="] * 10_000)), OPENED)
add("a subject with a template in it", lambda w: w.letter(Subject="{{7*7}} {0.__class__} %(x)s"), OPENED)
add("a subject that is a script", lambda w: w.letter(Subject="<script>alert(1)</script>"), OPENED)
add("a subject of control characters", lambda w: w.letter(Subject=b"\x01\x02\x1b[2J"), OPENED)
add("10,000 headers", lambda w: w.reply(more=[(f"X-{n}", "x") for n in range(10_000)]))
add("a header of a megabyte", lambda w: w.reply(more=[("X-Long", "x" * 1_000_000)]), HELD, "too_complex")
add("a header without a colon", lambda w: b"nonsense\r\n" + w.reply(), HELD, "unclear_sender")
add("an mbox line first", lambda w: b"From maya@aster.example Mon Nov 30\r\n" + w.reply())
add("headers alone", lambda w: w.reply().split(b"\r\n\r\n")[0], HELD, "empty")
add("nothing at all", lambda w: b"", HELD, "unclear_sender")
add("line ends alone", lambda w: b"\r\n\r\n\r\n", HELD, "unclear_sender")
add("random bytes", lambda w: bytes(range(256)) * 40, HELD, "unclear_sender")
add("line ends of Unix", lambda w: w.reply().replace(b"\r\n", b"\n"), says="It works now.")
add("10,000 recipients", lambda w: w.reply(Cc=", ".join(f"p{n}@x.example" for n in range(1_000))))
add(
    "5,000 reply addresses, all false but one",
    lambda w: w.reply(Cc=", ".join(f"reply+{n}.1.{'a' * 20}@kept.example" for n in range(1, 400))),
)
add("Message-ID of 5,000 letters", lambda w: w.reply(Message_ID=f"<{'m' * 5000}@x>"))

# --- parts ----------------------------------------------------------------------------------------------------


def nested(depth: int) -> Callable[[World], bytes]:
    def build(w: World) -> bytes:
        inner = part("Deep.")
        for level in range(depth, 0, -1):
            inner = part(joined(inner, mark=f"b{level}"), f'multipart/mixed; boundary="b{level}"')
        return w.parts(inner)

    return build


def mails_in_mails(depth: int) -> Callable[[World], bytes]:
    def build(w: World) -> bytes:
        return w.reply(
            b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\nDeep.", Content_Type="message/rfc822"
        )

    return build


PLAIN, PAGE = part("Plain."), part("<p>Page.</p>", "text/html; charset=utf-8")
add("text and page", lambda w: w.parts(PLAIN, PAGE, kind="alternative"), says="Plain.")
add("page and empty text", lambda w: w.parts(part(" "), PAGE, kind="alternative"), says="Page.")
add("page alone", lambda w: w.reply("<p>Hello <b>you</b></p>", Content_Type="text/html"), says="Hello you")
add(
    "page with hidden text",
    lambda w: w.reply("<p>Seen<i style='display:none'>not</i></p>", Content_Type="text/html"),
    says="Seen",
)
add(
    "page with a script",
    lambda w: w.reply("<script>alert(1)</script>Seen", Content_Type="text/html"),
    says="Seen",
)
add(
    "page of elements 100,000 deep",
    lambda w: w.reply("Seen" + "<div>" * 100_000, Content_Type="text/html"),
    says="Seen",
)
add(
    "page that never closes a comment",
    lambda w: w.reply("Seen" + "<!--" * 100_000, Content_Type="text/html"),
    says="Seen",
)
add(
    "page with nothing to see",
    lambda w: w.reply("<img src='http://x.example/t.png'>", Content_Type="text/html"),
    HELD,
    "empty",
)
add("two texts", lambda w: w.parts(part("One."), part("Two.")), says="One.\n\nTwo.")
add("20 deep", nested(20), says="Deep.")
add("200 deep", nested(200), HELD, "too_complex")
add("5,000 deep", nested(5_000), HELD, "too_complex")
add("10,000 parts", lambda w: w.parts(*[part("x")] * 10_000), HELD, "too_complex")
add("499 parts", lambda w: w.parts(*[part("x")] * 499))
add("mails in mails, 20 deep", mails_in_mails(20), files=1)
add("mails in mails, 400 deep", mails_in_mails(400), HELD, "too_complex")
add("mails in mails, 5,000 deep", mails_in_mails(5_000), HELD, "too_complex")
add("no boundary", lambda w: w.reply("It works", Content_Type="multipart/mixed"), says="It works")
add(
    "a boundary that never comes", lambda w: w.reply("It works", Content_Type="multipart/mixed; boundary=xyz")
)
add(
    "no end",
    lambda w: w.reply("--=_b\r\n\r\nIt works", Content_Type='multipart/mixed; boundary="=_b"'),
    says="It works",
)
add("a boundary of 10,000 letters", lambda w: w.parts(PLAIN, mark="b" * 10_000), says="Plain.")
add(
    "parts within parts with the same boundary",
    lambda w: w.parts(part(joined(PLAIN), 'multipart/mixed; boundary="=_b"')),
)
add(
    "a preamble",
    lambda w: w.reply(b"This is MIME.\r\n" + joined(PLAIN), Content_Type='multipart/mixed; boundary="=_b"'),
    says="Plain.",
)
add("no content type", lambda w: w.reply(Content_Type=""), says="It works now.")
add("a broken content type", lambda w: w.reply(Content_Type="text plain;;; charset"), says="It works now.")
add("an unheard-of content type", lambda w: w.reply(Content_Type="x-y/z; a=b"), files=1)
add(
    "half a mail (message/partial)",
    lambda w: w.reply("x", Content_Type="message/partial; id=1; number=1; total=2"),
)
add(
    "a mail that is kept elsewhere",
    lambda w: w.reply(
        "Content-Type: text/plain\r\n\r\n",
        Content_Type='message/external-body; access-type=URL; URL="http://x.example/"',
    ),
    HELD,
    "empty",
)
add(
    "lines that flow",
    lambda w: w.reply("It works \r\nnow.\r\n\r\nThank you.", Content_Type="text/plain; format=flowed"),
    says="It works now.\n\nThank you.",
)
add(
    "lines that flow without their space",
    lambda w: w.reply("消息 \r\n停了", Content_Type="text/plain; charset=utf-8; format=flowed; delsp=yes"),
    says="消息停了",
)
add("fields named as our own marks", lambda w: w.reply("##- Write -##"), says="##- Write -##")
add(
    "two million lines and one more",
    lambda w: w.reply(b"a\n" * 2_000_001),
    HELD,
    "too_complex",
)
