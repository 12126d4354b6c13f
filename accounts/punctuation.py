"""How lists, clauses, labels and asides are put together in the three languages of the portal.

The signs are kept here and not in the message files: a comma alone says nothing to those who translate, and
between the names of a list Chinese writes another one than between clauses.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language

# As written in English, with the spaces around it: the sign of Chinese, which brings its own room.
_CHINESE = {
    ", ": "，",
    "; ": "；",
    ": ": "：",
    ":": "：",
    ". ": "。",
    ".": "。",
    " ": "",
    " (": "（",
    "(": "（",
    ")": "）",
}
_LIST_COMMA = "、"


def mark(english: str) -> str:
    """The sign that the reader's language has for an English one, which is given with its spaces."""
    return _CHINESE.get(english, english) if _is_chinese() else english


def listed(names: Iterable[object]) -> str:
    """Names one after another: "email, phone", "电子邮件、电话"."""
    return (_LIST_COMMA if _is_chinese() else ", ").join(str(name) for name in names)


def strung(clauses: Iterable[object]) -> str:
    """Clauses of one sentence, empty ones left out: "corrected, by Idris Bell"."""
    return mark(", ").join(str(clause) for clause in clauses if clause)


def labelled(label: object, value: object) -> str:
    """ "Noted: today, 18:20"."""
    return f"{label}{mark(': ')}{value}"


def aside(word: object) -> str:
    """A word in parentheses, with the space that goes before them: " (optional)", "（可选）"."""
    return f"{mark(' (')}{word}{mark(')')}"


def _is_chinese() -> bool:
    return (get_language() or "en").lower().startswith("zh")
