"""What a conversation is shown as, to customers and staff alike: the plain values of its components."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString


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
