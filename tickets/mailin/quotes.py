"""What a reply says, without the mail that it answers.

Line by line and in linear time: the expressions of the usual library take minutes for one long line, and
know no Chinese quotations. When in doubt text stays; what was cut is in the stored mail.
"""

from __future__ import annotations

import re

# The line above which people write: our mails carry it between these marks, in the reader's language.
MARKER_BEGIN, MARKER_END = "##-", "-##"
_LONGEST_LINE = 400
# How many lines an attribution or the headers of the earlier mail may be folded over.
_FOLDED = 4
_HEADERS = 8

_ATTRIBUTIONS = tuple(
    re.compile(expression, re.IGNORECASE)
    for expression in (
        r"(on|at|le|el|il|am|op|em|den|dne|dnia)\b.{4,}\b"
        r"(wrote|a écrit|écrit|escribió|ha scritto|schrieb|schreef|escreveu|skrev|napsal|napisał)\b"
        r".{0,120}[:：]",
        r"(在|于|於)?.{0,300}(写道|寫道|写到|寫到|書きました|のメール)\s*[:：]",
        r".{4,300}님이 (작성|쓴).{0,10}[:：]",
    )
)
_SEPARATOR = re.compile(
    r"[-_—=]{2,}\s*(original|original message|replied message|original-nachricht|ursprüngliche nachricht"
    r"|originalnachricht"
    r"|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht"
    "|原始邮件|原始郵件|原邮件|原始信件|元のメッセージ|回复邮件|回覆郵件|回复的原邮件|回覆的原郵件)"
    r"\s*[-_—=]{2,}"
    # Lotus writes both into one line
    r"|-{5}.{3,300}(wrote|schrieb|écrit|写道|寫道)\s?:?\s?-{5}",
    re.IGNORECASE,
)
_FROM_LINE = re.compile(
    r"[*|\s]*(from|von|de|da|van|od|от|fra|från|kimden|lähettäjä"
    r"|发件人|发信人|發件人|寄件者|寄件人|差出人|보낸 사람)\s*\*?\s*[:：]",
    re.IGNORECASE,
)
_OTHER_HEADER = re.compile(
    r"[*|\s]*(sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|date|à|objet|enviado( el)?|fecha|para"
    r"|asunto|enviada em|assunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|отправлено|дата|кому|копия"
    r"|тема|wysłano|do|temat|odesláno|komu|předmět|sendt|til|emne|skickat|till|ämne|lähetetty|vastaanottaja|aihe"
    r"|gönderildi|gönderilen|kime|konu|发送时间|日期|时间|收件人|抄送|主\s?题|發送時間|寄件日期|傳送日期|傳送時間"
    r"|收件者|副本|主旨|主題|送信日時|宛先|件名|보낸 날짜|날짜|받는 사람|참조|제목)\s*\*?\s*[:：]",
    re.IGNORECASE,
)
# What Lotus puts above the earlier mail's headers: its sender, when, and how it begins.
_TEASER = re.compile(r".{1,200}---[0-9]{1,4}[./-][0-9].{4,40}---.*")
# Above a quotation: a line of that language that names an address and a time, and ends so.
_NAMES_WRITER = re.compile(r"(?=.*@)(?=.*[0-9]).{4,}[:：]")
_RULE = re.compile(r"[-_=]{5,}")


def without_quotation(text: str) -> str:
    """The part that its writer wrote; all of it where nothing else would be left."""
    lines = text.split("\n")
    cut = _marker(lines)
    kept = lines[:cut] if cut is not None else lines
    begin = _quotation(kept)
    if begin is None and cut is not None:
        begin = _writer_above(kept, len(kept))
    shortest = _joined(kept[:begin]) if begin is not None else ""
    return shortest or _joined(kept) or text.strip()


def _marker(lines: list[str]) -> int | None:
    for place, line in enumerate(lines):
        plain = _unquoted(line)
        if plain.startswith(MARKER_BEGIN) and plain.endswith(MARKER_END):
            return place
    return None


def _quotation(lines: list[str]) -> int | None:
    """Where the quoted mail begins; None where there is none, or where answers stand between its lines."""
    for place, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith(">"):
            continue
        if _SEPARATOR.fullmatch(line.strip()) or _is_headers(lines, place):
            return _above_rule(lines, place)
        length = _attribution(lines, place)
        if length and not _is_answered_between(lines[place + length :]):
            return place
    return _last_quotation(lines)


def _attribution(lines: list[str], place: int) -> int:
    """How many lines from ``place`` on say who wrote the earlier mail; 0 where none does."""
    said = ""
    for length, line in enumerate(lines[place : place + _FOLDED], start=1):
        plain = line.strip()
        if not plain or plain.startswith(">"):
            return 0
        said = f"{said} {plain}".strip()
        if len(said) > _LONGEST_LINE:
            return 0
        if not plain.endswith((":", "：")):
            continue
        # It says when or by which address: "On Friday she wrote:" may be somebody's own sentence.
        if re.search(r"[0-9@]", said) and any(form.fullmatch(said) for form in _ATTRIBUTIONS):
            return length
    return 0


def _is_headers(lines: list[str], place: int) -> bool:
    """Whether the earlier mail's headers begin here: who from, and at least two more close by."""
    if len(lines[place]) > _LONGEST_LINE or not _FROM_LINE.match(lines[place]):
        return False
    near = lines[place + 1 : place + 1 + _HEADERS]
    return sum(bool(_OTHER_HEADER.match(line[:_LONGEST_LINE])) for line in near) >= 2


def _above_rule(lines: list[str], place: int) -> int:
    """Where what mail programs put above a quoted mail's sender begins: a stroke, or more of its headers."""
    begin = above = place
    while above > 0 and place - above < _HEADERS:
        above -= 1
        said = lines[above].strip()[:_LONGEST_LINE]
        if _RULE.fullmatch(said) or _SEPARATOR.fullmatch(said) or _TEASER.fullmatch(said):
            return above
        if _OTHER_HEADER.match(said):
            begin = above
        elif said:
            break
    return begin


def _is_answered_between(lines: list[str]) -> bool:
    """Whether somebody wrote below or between quoted lines: that is part of the answer."""
    quoted = False
    for line in lines:
        if line.lstrip().startswith(">"):
            quoted = True
        elif quoted and line.strip():
            return True
    return False


def _last_quotation(lines: list[str]) -> int | None:
    """Where the quoted lines begin that the text ends with, and the line that says whose they are."""
    place = len(lines)
    while place and (not lines[place - 1].strip() or lines[place - 1].lstrip().startswith(">")):
        place -= 1
    quotes = any(line.lstrip().startswith(">") for line in lines[place:])
    return _writer_above(lines, place) if quotes else None


def _writer_above(lines: list[str], place: int) -> int:
    """Where the lines begin that name the writer of what stands below ``place``; it itself without any."""
    end = place
    while end and not lines[end - 1].strip():
        end -= 1
    for begin in range(end - 1, max(-1, end - 1 - _FOLDED), -1):
        if not lines[begin].strip():
            break
        said = " ".join(line.strip() for line in lines[begin:end])
        if len(said) <= _LONGEST_LINE and _NAMES_WRITER.fullmatch(said):
            return begin
    return place


def _unquoted(line: str) -> str:
    return line[: 2 * _LONGEST_LINE].lstrip("> \t").strip()


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip()
