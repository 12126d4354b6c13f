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
# No character sets of mail: some of these take a time that grows with the square of the length.
_REFUSED = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def decoded(data: bytes, charset: str = "") -> str:
    """The text of ``data``; a wrong or unknown ``charset`` costs single characters, never an error."""
    name = _codec(charset)
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
    try:
        found = codecs.lookup(charset.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    if found.name.replace("_", "-") in _REFUSED or not getattr(found, "_is_text_encoding", True):
        return ""
    return _WIDER.get(found.name, found.name)
