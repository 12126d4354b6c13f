"""Answers as the mail programs of the world write them: of each only what its writer wrote is left."""

# ruff: noqa: E501, RUF001 - samples stand as mail programs write them

from __future__ import annotations

import base64

import pytest

from tests.mailin.world import joined, part
from tickets.mailin.automatic import machine_reason
from tickets.mailin.parts import read_mail

ANSWER = "It works now."
QUOTED = "> We looked.\n> It runs.\n"
# What stands above a quotation, each line of which begins with a mark.
ATTRIBUTIONS = {
    "gmail de": "Am So., 22. Nov. 2026 um 10:00 Uhr schrieb Kept support <\nreply+7.1.aaaa@kept.example>:\n",
    "gmail fr": "Le dim. 22 nov. 2026 à 10:00, Kept support <reply+7.1.aaaa@kept.example> a\nécrit :\n",
    "gmail fr nbsp": "Le\xa0dim. 22 nov. 2026 à\xa010:00, Kept support <reply+7.1.aaaa@kept.example> a écrit\xa0:\n",
    "gmail ja": "2026年11月22日(日) 10:00 Kept support <reply+7.1.aaaa@kept.example>:\n",
    "gmail ru": "вс, 22 нояб. 2026 г. в 10:00, Kept support <reply+7.1.aaaa@kept.example>:\n",
    "gmail pt-br": "Em dom., 22 de nov. de 2026 às 10:00, Kept support <\nreply+7.1.aaaa@kept.example> escreveu:\n",
    "gmail it": "Il giorno dom 22 nov 2026 alle ore 10:00 Kept support <\nreply+7.1.aaaa@kept.example> ha scritto:\n",
    "gmail pl": "niedz., 22 lis 2026 o 10:00 Kept support <reply+7.1.aaaa@kept.example>\nnapisał(a):\n",
    "gmail ko": "2026년 11월 22일 (일) 오전 10:00, Kept support <reply+7.1.aaaa@kept.example>님이 작성:\n",
    "gmail zh-tw": "Kept support <reply+7.1.aaaa@kept.example> 於 2026年11月22日週日 上午10:00寫道：\n",
    "gmail zh-hk": "Kept support <reply+7.1.aaaa@kept.example> 於 2026年11月22日 週日 上午10:00 寫道：\n",
    "gmail tr": "Kept support <reply+7.1.aaaa@kept.example>, 22 Kas 2026 Paz, 10:00 tarihinde\nşunu yazdı:\n",
    "apple fr": "Le 22 nov. 2026 à 10:00, Kept support <reply+7.1.aaaa@kept.example> a écrit :\n\n",
    "apple de": "Am 22.11.2026 um 10:00 schrieb Kept support <reply+7.1.aaaa@kept.example>:\n\n",
    "thunderbird": "On 11/22/26 10:00, Kept support wrote:\n",
    "thunderbird de": "Am 22.11.26 um 10:00 schrieb Kept support:\n",
    "thunderbird fr": "Le 22/11/2026 à 10:00, Kept support a écrit :\n",
    "thunderbird zh-tw": "Kept support 於 2026/11/22 10:00 寫道:\n",
    "163 en": 'At 2026-11-22 10:00:00, "Kept support" <reply+7.1.aaaa@kept.example> wrote:\n',
    "yahoo zh": "在 2026年11月22日星期日 GMT+8 10:00:00， Kept support <reply+7.1.aaaa@kept.example> 写道：\n",
    "sv": "Den sön 22 nov. 2026 kl 10:00 skrev Kept support <reply+7.1.aaaa@kept.example>:\n",
    "nl tb": "Op 22-11-2026 om 10:00 schreef Kept support:\n",
    "da": "Den søn. 22. nov. 2026 kl. 10.00 skrev Kept support <reply+7.1.aaaa@kept.example>:\n",
    "cs": "ne 22. 11. 2026 v 10:00 odesílatel Kept support <reply+7.1.aaaa@kept.example> napsal:\n",
    "mutt": "On Sun, Nov 22, 2026 at 10:00:00AM +0000, Kept support wrote:\n",
    "protonmail": "On Sunday, November 22nd, 2026 at 10:00 AM, Kept support <reply+7.1.aaaa@kept.example> wrote:\n\n",
    "hey": "On November 22, 2026, Kept support <reply+7.1.aaaa@kept.example> wrote:\n",
}

# What stands above a quotation without marks.
HEADERS = {
    "outlook en sep": "________________________________\nFrom: Kept support <r@kept.example>\nSent: Sunday, November 22, 2026 10:00\nTo: Maya\nSubject: [#7] Messages stopped\n\nWe looked.\n",
    "outlook de": "Von: Kept support <r@kept.example>\nGesendet: Sonntag, 22. November 2026 10:00\nAn: Maya\nCc: Lin\nBetreff: [#7] Messages stopped\n\nWe looked.\n",
    "outlook fr nbsp": "De\xa0: Kept support <r@kept.example>\nEnvoyé\xa0: dimanche 22 novembre 2026 10:00\nÀ\xa0: Maya\nObjet\xa0: [#7] Messages stopped\n\nWe looked.\n",
    "outlook zh-cn": "发件人: Kept support <r@kept.example>\n发送时间: 2026年11月22日 10:00\n收件人: Maya\n主题: [#7] Messages stopped\n\nWe looked.\n",
    "outlook zh-cn new": "发件人: Kept support <r@kept.example>\n日期: 星期日, 2026年11月22日 10:00\n收件人: Maya\n主题: [#7] Messages stopped\n\nWe looked.\n",
    "outlook zh-tw": "寄件者: Kept support <r@kept.example>\n傳送日期: 2026年11月22日 上午 10:00\n收件者: Maya\n主旨: [#7] Messages stopped\n\nWe looked.\n",
    "outlook zh-tw new": "寄件者： Kept support <r@kept.example>\n日期： 星期日, 2026年11月22日 上午10:00\n收件者： Maya\n主旨： [#7] Messages stopped\n\nWe looked.\n",
    "outlook es": "De: Kept support <r@kept.example>\nEnviado el: domingo, 22 de noviembre de 2026 10:00\nPara: Maya\nAsunto: [#7] Messages stopped\n\nWe looked.\n",
    "outlook it": "Da: Kept support <r@kept.example>\nInviato: domenica 22 novembre 2026 10:00\nA: Maya\nOggetto: [#7] Messages stopped\n\nWe looked.\n",
    "outlook ja": "差出人: Kept support <r@kept.example>\n送信日時: 2026年11月22日 10:00\n宛先: Maya\n件名: [#7] Messages stopped\n\nWe looked.\n",
    "outlook ru": "От: Kept support <r@kept.example>\nОтправлено: 22 ноября 2026 г. 10:00\nКому: Maya\nТема: [#7] Messages stopped\n\nWe looked.\n",
    "outlook ko": "보낸 사람: Kept support <r@kept.example>\n보낸 날짜: 2026년 11월 22일 일요일 오전 10:00\n받는 사람: Maya\n제목: [#7] Messages stopped\n\nWe looked.\n",
    "lotus": 'From:   "Kept support" <r@kept.example>\nTo:     Maya Okafor/Aster@Aster\nDate:   22/11/2026 10:00\nSubject:        [#7] Messages stopped\n\n\n\nWe looked.\n',
    "lotus de": 'Von:    "Kept support" <r@kept.example>\nAn:     Maya Okafor/Aster@Aster\nDatum:  22.11.2026 10:00\nBetreff:        [#7] Messages stopped\n\n\nWe looked.\n',
    "lotus inherit": '-----"Kept support" <r@kept.example> wrote: -----\nTo: Maya Okafor/Aster@Aster\nFrom: "Kept support" <r@kept.example>\nDate: 11/22/2026 10:00AM\nSubject: [#7] Messages stopped\n\nWe looked.\n',
    "qq": '------------------&nbsp;原始邮件&nbsp;------------------\n发件人: "Kept support" <r@kept.example>;\n发送时间:&nbsp;2026年11月22日(星期天) 上午10:00\n收件人:&nbsp;"Maya"<maya@aster.example>;\n主题:&nbsp;[#7] Messages stopped\n\nWe looked.\n'.replace(
        "&nbsp;", "\xa0"
    ),
    "qq en": '------------------\xa0Original\xa0------------------\nFrom: \xa0"Kept support"<r@kept.example>;\nDate: \xa0Sun, Nov 22, 2026 10:00 AM\nTo: \xa0"Maya"<maya@aster.example>;\nSubject: \xa0[#7] Messages stopped\n\nWe looked.\n',
    "netease master": "---- 回复的原邮件 ----\n发件人\tKept support<r@kept.example>\n日期\t2026年11月22日 10:00\n收件人\tMaya\n主题\t[#7] Messages stopped\nWe looked.\n",
    "netease master en": "---- Replied Message ----\nFrom\tKept support<r@kept.example>\nDate\t11/22/2026 10:00\nTo\tMaya\nSubject\t[#7] Messages stopped\nWe looked.\n",
    "sina": "----- 原始邮件 -----\n发件人：Kept support <r@kept.example>\n收件人：Maya\n主题：[#7] Messages stopped\n日期：2026年11月22日 10点00分\n\nWe looked.\n",
    "foxmail en": "\nFrom: Kept support\nDate: 2026-11-22 10:00\nTo: maya\nSubject: [#7] Messages stopped\nWe looked.\n",
    "aliyun": "------------------------------------------------------------------\n发件人：Kept support <r@kept.example>\n发送时间：2026年11月22日(星期日) 10:00\n收件人：Maya\n主　题：[#7] Messages stopped\n\nWe looked.\n",
    "samsung": "-------- Original message --------\nFrom: Kept support <r@kept.example>\nDate: 22/11/2026 10:00 (GMT+00:00)\nTo: Maya\nSubject: [#7] Messages stopped\n\nWe looked.\n",
    "k9": "-------- Original Message --------\nFrom: Kept support <r@kept.example>\nSent: 22 November 2026 10:00:00 UTC\nTo: Maya\nSubject: [#7] Messages stopped\n\nWe looked.\n",
    "web.de": 'Gesendet: Sonntag, 22. November 2026 um 10:00 Uhr\nVon: "Kept support" <r@kept.example>\nAn: maya@aster.example\nBetreff: [#7] Messages stopped\n\nWe looked.\n',
    "proton orig": "------- Original Message -------\nOn Sunday, November 22nd, 2026 at 10:00 AM, Kept support <r@kept.example> wrote:\n\n\n> We looked.\n",
    "exchange de": "-----Ursprüngliche Nachricht-----\nVon: Kept support [mailto:r@kept.example] \nGesendet: Sonntag, 22. November 2026 10:00\nAn: Maya\nBetreff: [#7]\n\nWe looked.\n",
    "fr orange": '> Message du 22/11/26 10:00\n> De : "Kept support"\n> A : maya@aster.example\n> Copie à : \n> Objet : [#7]\n>\n> We looked.\n',
}

# Whole pages.
PAGES = {
    "outlook html": '<html><head><style>p.MsoNormal{margin:0}</style></head><body><div class=WordSection1><p class=MsoNormal>It works now.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class=MsoNormal><b>From:</b> Kept support &lt;r@kept.example&gt; <br><b>Sent:</b> Sunday, November 22, 2026 10:00<br><b>To:</b> Maya<br><b>Subject:</b> [#7] Messages stopped<o:p></o:p></p></div></div><p class=MsoNormal>We looked.</p></div></body></html>',
    "owa html": '<html><body><div class="elementToProof">It works now.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>From:</b> Kept support &lt;r@kept.example&gt;<br><b>Sent:</b> Sunday<br><b>To:</b> Maya<br><b>Subject:</b> [#7]</font><div>&nbsp;</div></div><div>We looked.</div></body></html>',
    "apple html": '<html><body style="word-wrap: break-word;">It works now.<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>On 22 Nov 2026, at 10:00, Kept support &lt;r@kept.example&gt; wrote:</div><br class="Apple-interchange-newline"><div>We looked.</div></blockquote></div><br></body></html>',
    "qq html": '<div>It works now.</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"Kept support" &lt;r@kept.example&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月22日(星期天) 上午10:00</div><div><b>收件人:</b>&nbsp;"Maya"&lt;maya@aster.example&gt;;</div><div><b>主题:</b>&nbsp;[#7]</div></div><div>We looked.</div>',
    "163 html": '<div style="line-height:1.7">It works now.</div><div style="zoom:1"></div><br/><br/><p style="margin:0"></p>在 2026-11-22 10:00:00，"Kept support" &lt;r@kept.example&gt; 写道：<br/><blockquote id="isReplyContent" style="padding-left:1ex"><div>We looked.</div></blockquote>',
    "netease html": '<div>It works now.</div><div><br></div><div class="ne-quoted-Flag"></div><div style="x">---- 回复的原邮件 ----</div><table><tbody><tr><td>发件人</td><td>Kept support&lt;r@kept.example&gt;</td></tr><tr><td>日期</td><td>2026年11月22日 10:00</td></tr><tr><td>收件人</td><td>Maya</td></tr><tr><td>主题</td><td>[#7]</td></tr></tbody></table><div>We looked.</div>',
    "lotus html": '<p><font size="2">It works now.</font><br><br><img width="16" height="16" src="cid:1__=x" border="0" alt="Inactive hide details for &quot;Kept support&quot; ---22/11/2026 10:00---We looked"><font size="2" color="#424282">&quot;Kept support&quot; ---22/11/2026 10:00---We looked</font><br><br><font size="1" color="#5F5F5F">From: </font><font size="1">&quot;Kept support&quot; &lt;r@kept.example&gt;</font><br><font size="1">To: </font><font size="1">Maya</font><br><font size="1">Date: </font><font size="1">22/11/2026 10:00</font><br><font size="1">Subject: </font><font size="1">[#7]</font></p><hr><p>We looked.</p>',
    "yahoo html": '<div class="ydpx"><div>It works now.</div></div><div class="yahoo_quoted"><div style="font-size:13px"><div>On Sunday, November 22, 2026 at 10:00:00 AM GMT, Kept support &lt;r@kept.example&gt; wrote: </div><div><br></div><div><div>We looked.</div></div></div></div>',
    "thunderbird html": '<p>It works now.</p><div class="moz-cite-prefix">Am 22.11.26 um 10:00 schrieb Kept support:<br></div><blockquote type="cite" cite="mid:x"><p>We looked.</p></blockquote>',
    "zimbra html": '<div>It works now.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF"><b>From: </b>"Kept support" &lt;r@kept.example&gt;<br><b>To: </b>"Maya"<br><b>Sent: </b>Sunday<br><b>Subject: </b>[#7]<br></blockquote></div><div data-marker="__QUOTED_TEXT__"><blockquote>We looked.</blockquote></div>',
}


def written(body: str, kind: str) -> bytes:
    head = f"From: Maya <maya@aster.example>\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n"
    return (head + body).encode()


@pytest.mark.parametrize("above", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_what_is_quoted_with_marks_is_cut_with_the_line_above_it(above):
    assert read_mail(written(f"{ANSWER}\n\n{above}{QUOTED}", "plain")).own_text == ANSWER


@pytest.mark.parametrize("above", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
def test_so_is_our_own_mail_by_the_line_that_it_begins_with(above):
    quoted = "> ##- Write your answer above this line -##\n" + QUOTED
    assert read_mail(written(f"{ANSWER}\n\n{above}{quoted}", "plain")).own_text == ANSWER


@pytest.mark.parametrize("quoted", HEADERS.values(), ids=HEADERS.keys())
def test_what_is_quoted_under_its_headers_is_cut(quoted):
    assert read_mail(written(f"{ANSWER}\n\n{quoted}", "plain")).own_text == ANSWER


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_a_page_is_cut_too(page):
    assert read_mail(written(page, "html")).own_text == ANSWER


# What a mail program calls a character set, what it means by that, and a text in it.
CHARSETS = [
    ("x-gbk", "gbk", "消息停了，请看。"),
    ("windows-936", "gbk", "消息停了，请看。"),
    ("hz-gb-2312", "hz", "消息停了，请看。"),
    ("iso-2022-cn", "gb18030", "消息停了，请看。"),
    ("x-x-big5", "big5", "訊息停了，請看。"),
    ("euc-tw", "big5", "訊息停了，請看。"),
    ("big5-hkscs", "big5hkscs", "訊息停了，請看。"),
    ("cp50221", "iso-2022-jp", "メッセージが止まりました。"),
    ("_iso-2022-jp$ESC", "iso-2022-jp", "メッセージが止まりました。"),
    ("iso-2022-jp-2", "iso-2022-jp-2", "メッセージが止まりました。"),
    ("x-sjis", "shift_jis", "メッセージが止まりました。"),
    ("Windows-31J", "cp932", "メッセージが止まりました。"),
    ("ks_c_5601-1987", "euc-kr", "메시지가 멈췄어요"),
    ("utf-7", "utf-7", "消息停了，请看。"),
    ("unicode-1-1-utf-7", "utf-7", "消息停了，请看。"),
    ("unicode", "utf-16", "Größe 消息"),
    ("us-ascii", "utf-16", "Größe 消息"),
    ("cp-850", "cp850", "Größe"),
    ("x-mac-roman", "mac-roman", "Größe"),
    ("iso-8859-8-i", "iso-8859-8", "שלום"),
    ("windows-874", "cp874", "ภาษาไทย"),
]


@pytest.mark.parametrize(("name", "codec", "text"), CHARSETS, ids=[name for name, *_rest in CHARSETS])
def test_a_character_set_by_whatever_name(name, codec, text):
    head = f"Content-Type: text/plain; charset={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert read_mail(head.encode() + base64.encodebytes(text.encode(codec))).text == text


@pytest.mark.parametrize("charset", ["big5", "gb2312", "utf-8"])
def test_a_page_that_names_its_character_set_itself(charset):
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head>星期一'
    assert read_mail(b"Content-Type: text/html\r\n\r\n" + page.encode(charset)).text == "星期一"


PLAIN = part("It works now.")
OTHERS = {
    "as rich text": part("{\\rtf1 It works}", "text/rtf"),
    "for a program that runs it": part("<html amp4email>", "text/x-amp-html"),
    "for a watch": part("<html>", "text/watch-html"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_the_same_text_in_another_form_is_no_file(other):
    mail = read_mail(whole(PLAIN, other, kind="alternative"))
    assert (mail.text, mail.files) == ("It works now.", ())


def test_an_invitation_keeps_its_calendar():
    calendar = part("BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    mail = read_mail(whole(PLAIN, calendar, kind="alternative"))
    assert [file.name for file in mail.files] == ["file.ics"]
    assert machine_reason(mail) is None


def test_of_a_file_of_an_old_mac_only_what_others_read_is_kept():
    halves = joined(
        part("x", "application/applefile; name=a.pdf"), part("y", "application/pdf; name=a.pdf"), mark="h"
    )
    mail = read_mail(whole(part(halves, 'multipart/appledouble; boundary="h"'), PLAIN))
    assert [(file.name, file.content) for file in mail.files] == [("a.pdf", b"y")]


def test_a_signature_around_the_text_is_taken_off():
    frame = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{}\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END"
    assert (
        read_mail(written(frame.format("It works.\n- -----\nMaya"), "plain")).text == "It works.\n-----\nMaya"
    )


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: 消息",
        "自動答覆：訊息",
        "Réponse automatique : x",
        "Resposta automática: x",
        "Автоответ: x",
        "Otomatik Yanıt: x",
    ],
)
def test_an_automatic_answer_by_its_subject(subject):
    head = f"From: maya@aster.example\r\nSubject: {subject}\r\n\r\nI am away."
    assert machine_reason(read_mail(head.encode())) == "automatic"


def whole(*parts: bytes, kind: str = "mixed") -> bytes:
    head = f'From: maya@aster.example\r\nContent-Type: multipart/{kind}; boundary="=_b"\r\n\r\n'
    return head.encode() + joined(*parts)
