"""What a conversation is shown as, to customers and staff alike: the plain values of its components."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import ngettext


@dataclass(frozen=True)
class File:
    """An attachment as ``components/message.html`` shows it."""

    url: str
    name: str
    size_words: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message; the fields are those of ``components/message.html``."""

    id: str
    at: datetime
    author: str
    side: str
    channel_words: str
    html: SafeString
    files: list[File] = field(default_factory=list)
    own: bool = False
    internal: bool = False
    is_message: bool = True


@dataclass(frozen=True)
class Happened:
    """An event line; the fields are those of ``components/event.html``."""

    at: datetime
    fact: str
    words: str = ""
    url: str = ""
    is_message: bool = False


def people_words(data: dict[str, Any]) -> str:
    """Of an event's impact, how many people are affected; nothing where it was not said."""
    number = (data.get("impact") or {}).get("users_affected")
    if not isinstance(number, int):
        return ""
    return ngettext("%(n)s person affected", "%(n)s people affected", number) % {"n": number}
