"""Of a reply only what its writer wrote is posted, in every usual form of quoting; when in doubt, all."""

# ruff: noqa: E501 - samples stand as mail programs write them

from __future__ import annotations

import pytest

from tickets.mailin.page import text_of_page
from tickets.mailin.quotes import without_quotation

ANSWER = "It works now.\n\nThank you."
QUOTATIONS = {
    "gmail": "On Mon, Nov 30, 2026 at 6:00 PM Kept support <support@kept.example> wrote:\n\n> We looked.\n> It runs.",
    "gmail folded": "On Mon, Nov 30, 2026 at 6:00 PM Kept support with a long name\n<support@kept.example>\nwrote:\n> a",
    "apple german": "Am 30.11.2026 um 18:00 schrieb Kept support <support@kept.example>:\n\n> a",
    "french": "Le lun. 30 nov. 2026 à 18:00, Kept support <support@kept.example> a écrit :\n> a",
    "spanish": "El lun, 30 nov 2026 a las 18:00, Kept (<support@kept.example>) escribió:\n> a",
    "dutch": "Op ma 30 nov. 2026 om 18:00 schreef Kept <support@kept.example>:\n> a",
    "gmail chinese": "Kept support <support@kept.example> 于2026年11月30日周一 18:00写道：\n\n> a",
    "apple chinese": "在 2026年11月30日，18:00，Kept support <support@kept.example> 写道：\n\n> a",
    "thunderbird chinese": "在 2026/11/30 18:00, Kept support 写道:\n> a",
    "traditional chinese": "Kept support <support@kept.example> 於 2026年11月30日 週一 下午6:00寫道：\n> a",
    "qq": '------------------ 原始邮件 ------------------\n发件人: "Kept"<support@kept.example>;\n'
    + '发送时间: 2026年11月30日(星期一) 晚上6:00\n收件人: "Maya"<maya@aster.example>;\n主题: [#7] 消息\n\nwe looked',
    "foxmail": "发件人： Kept support\n发送时间： 2026-11-30 18:00\n收件人： maya\n主题： Re: 消息\nwe looked",
    "163": '在 2026-11-30 18:00:00，"Kept support" <support@kept.example> 写道：\n\nwe looked',
    "outlook": "________________________________\nFrom: Kept support <support@kept.example>\n"
    "Sent: Monday, November 30, 2026 18:00\nTo: Maya\nSubject: [#7] Messages\n\nWe looked.",
    "outlook bold": "*From:* Kept support\n*Sent:* Monday\n*To:* Maya\n*Subject:* [#7] Messages\n\nWe looked.",
    "outlook german": "Von: Kept support\nGesendet: Montag, 30. November 2026\nAn: Maya\nBetreff: [#7]\n\nWe looked.",
    "outlook french": "De : Kept support\nEnvoyé : lundi 30 novembre 2026\nÀ : Maya\nObjet : [#7]\n\nWe looked.",
    "outlook traditional": "寄件者: Kept support\n寄件日期: 2026年11月30日\n收件者: Maya\n主旨: [#7]\n\nWe looked.",
    "original message": "-----Original Message-----\nFrom: Kept support\nSent: Monday\n\nWe looked.",
    "original chinese": "-----原始邮件-----\n发件人:Kept\n\nWe looked.",
    "original german": "-----Ursprüngliche Nachricht-----\nVon: Kept\n\nWe looked.",
    "japanese": "2026年11月30日(月) 18:00 Kept support <support@kept.example> のメール:\n> a",
    "marker": "##- Write your answer above this line -##\nWe looked.\nIt runs.",
    "marker quoted": "On Monday somebody unusual said\n> ##- 请在此线以上回复 -##\n> We looked.",
    "bare quotation": "> We looked.\n> It runs.\n",
}


@pytest.mark.parametrize("quotation", QUOTATIONS.values(), ids=QUOTATIONS.keys())
def test_the_quoted_mail_is_cut(quotation):
    said = without_quotation(f"{ANSWER}\n\n{quotation}\n")
    assert said.startswith(ANSWER)
    assert "looked" not in said
    assert "> a" not in said


@pytest.mark.parametrize("quotation", QUOTATIONS.values(), ids=QUOTATIONS.keys())
def test_a_mail_that_is_nothing_but_a_quotation_stays_whole(quotation):
    assert without_quotation(quotation) != ""


@pytest.mark.parametrize(
    "text",
    [
        "Two things:\n\n- first\n- second\n\nBest regards\nMaya",
        "> Does it run?\n\nYes.\n\n> Since when?\n\nSince noon.",
        "On Monday Kept wrote:\n> Does it run?\n\nYes, since noon.",
        "The log says:\nFrom: 10.0.0.1\nport 25\nno answer",
        "See the forwarded mail.\n\n---------- Forwarded message ---------\nHello",
        "在 2026 年我们换了服务器。\n然后消息停了。",
        "He wrote:",
        "Hello,\nOn Friday your colleague wrote:\nRestart it.\nThat does not help.",
    ],
)
def test_what_is_no_quotation_stays(text):
    assert without_quotation(text) == text


def test_a_page_with_a_quotation():
    page = (
        "<div>It works now.</div><div class='gmail_quote'><div class='gmail_attr'>On Mon, Nov 30, 2026 at 6:00 PM"
        " Kept &lt;<a href='mailto:support@kept.example'>support@kept.example</a>&gt; wrote:<br></div>"
        "<blockquote class='gmail_quote'>We looked.<p>It runs.</p></blockquote></div>"
    )
    assert without_quotation(text_of_page(page)) == "It works now."


@pytest.mark.parametrize(
    "text",
    ["On " + "a b " * 200_000, "On a b\n" * 100_000, "> " * 300_000, "From:\n" * 100_000, "在" * 500_000],
)
def test_long_hostile_text_is_read_at_once(text):
    assert without_quotation(text)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Seen<span style='display:none'>unseen</span></p>", "Seen"),
        ("<p>Seen<span style='font-size:0px'>unseen</span></p>", "Seen"),
        ("<p hidden>unseen</p>Seen", "Seen"),
        ("<script>alert(1)</script><style>p{}</style>Seen<!-- unseen -->", "Seen"),
        ("<img src='http://tracker.example/x.png'>Seen", "Seen"),
        ("<a href='https://a.example/b'>here</a>", "here <https://a.example/b>"),
        ("<a href='javascript:alert(1)'>here</a>", "here"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("&lt;b&gt; 5 &amp; 6 7", "<b> 5 & 6 7"),
        ("", ""),
    ],
)
def test_a_page_is_read_as_text(page, text):
    assert text_of_page(page) == text
