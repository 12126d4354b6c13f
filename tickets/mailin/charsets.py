"""Bytes of a mail as text: whatever a sender declares, the result can be stored and shown."""

from __future__ import annotations

import codecs
import re

# What senders call by the name of an older, smaller set.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "",
}
# What senders call by a name that Python does not know, in lower case.
_NAMES = {
    "x-x-big5": "big5",
    "x-big5": "big5",
    "euc-tw": "big5",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "windows-31j": "cp932",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "cp50222": "iso2022_jp_ext",
    "_iso-2022-jp$esc": "iso2022_jp_ext",
    "x-windows-949": "cp949",
    "x-mac-roman": "mac_roman",
    "iso-8859-8-i": "iso8859_8",
    "iso-8859-8-e": "iso8859_8",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "unicode": "utf_16",
}
_NUMBERED = re.compile(r"(?:windows|cp|dos|ibm)-?([0-9]{3,5})")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# No character sets of mail: some of these take a time that grows with the square of the length.
_REFUSED = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def decoded(data: bytes, charset: str = "") -> str:
    """The text of ``data``; a wrong or unknown ``charset`` costs single characters, never an error."""
    name = "utf-16" if data.startswith(_UTF16_MARKS) else _codec(charset)
    if name:
        try:
            return clean(data.decode(name))
        except UnicodeError:
            pass
    for guess in ("utf-8", "gb18030"):
        try:
            return clean(data.decode(guess))
        except UnicodeError:
            continue
    return clean(data.decode(name or "cp1252", "replace"))


def clean(text: str) -> str:
    """Line ends as ``\\n``; what the database refuses or a terminal obeys becomes U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _codec(charset: str) -> str:
    given = charset.strip().strip("\"'").lower()
    numbered = _NUMBERED.fullmatch(given)
    try:
        found = codecs.lookup(_NAMES.get(given) or (f"cp{numbered[1]}" if numbered else given))
    except (LookupError, ValueError):
        return ""
    if found.name.replace("_", "-") in _REFUSED or not getattr(found, "_is_text_encoding", True):
        return ""
    return _WIDER.get(found.name, found.name)
