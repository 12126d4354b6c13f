"""The headers of a mail, read from bytes that anybody may have written.

Only what is safe to trust is offered: the one address in From (who it says that it is from), the addresses
that we signed, and headers as text of one line. Nothing here raises for any bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header
from email.parser import BytesHeaderParser
from email.policy import compat32

from django.conf import settings

from tickets.mailin.addresses import read_reply_address
from tickets.mailin.charsets import clean, decoded

# No honest mail has more; what lies beyond is in the stored bytes.
HEAD_BYTES = 256 * 1024
_VALUE_LENGTH = 20_000
# A name and an address; what is longer is no clear sender, and looking through quotes takes the square of it.
_LONGEST_SENDER = 2_000
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "resent-to")
_SIGNED = re.compile(r"reply\+[0-9]{1,20}\.[0-9]{1,12}\.[a-z2-7]{1,40}@[a-z0-9.-]{1,255}", re.IGNORECASE)
_ADDRESS = r"[^<>\s@,;:\"()\[\]\\]+@[^<>\s@,;:\"()\[\]\\]+"
_NAMED = re.compile(rf"([^<>,;]*)<\s*({_ADDRESS})\s*>")
_BARE = re.compile(_ADDRESS)
_ANY_ADDRESS = re.compile(_ADDRESS)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,490}>")


@dataclass(frozen=True)
class Head:
    """``fields`` are (name in lower case, text of one line), in order. ``is_cut``: there was more."""

    fields: tuple[tuple[str, str], ...]
    is_cut: bool = False

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    def get(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next((value for field, value in self.fields if field == name), "")

    @property
    def from_email(self) -> str:
        """The one address in From, in lower case; empty where it isn't clearly one."""
        values = self.all("from")
        return one_address(values[0]) if len(values) == 1 else ""

    @property
    def mail_id(self) -> str:
        found = _MESSAGE_ID.search(self.get("message-id"))
        return found[0] if found else ""

    @property
    def subject(self) -> str:
        return words(self.get("subject"))[:500]

    @property
    def answers_to(self) -> list[str]:
        """The Message-IDs that In-Reply-To and References name, at most fifty. They prove nothing."""
        text = f"{self.get('in-reply-to')} {self.get('references')}"
        return list(dict.fromkeys(_MESSAGE_ID.findall(text)))[:50]

    def recipients(self) -> set[str]:
        """Every address that it says it was sent to, in lower case."""
        text = " ".join(value for name in _RECIPIENTS for value in self.all(name))
        return {found.lower() for found in _ANY_ADDRESS.findall(text)}

    def signed(self) -> tuple[set[tuple[int, int]], bool]:
        """(request, person) of each reply address of ours among the recipients, and whether any was false."""
        text = " ".join(value for name in _RECIPIENTS for value in self.all(name))
        found = {address.lower() for address in _SIGNED.findall(text)}
        ours = {address for address in found if address.endswith("@" + settings.MAIL_DOMAIN.lower())}
        read = {address: read_reply_address(address) for address in ours}
        return {pair for pair in read.values() if pair is not None}, None in read.values()


def read_head(raw: bytes) -> Head:
    """The headers of the mail ``raw``, up to ``HEAD_BYTES`` of them."""
    block = head_block(raw)
    message = BytesHeaderParser(policy=compat32).parsebytes(block[:HEAD_BYTES])
    fields = tuple((name.lower(), _one_line(str(value))) for name, value in message.raw_items())
    return Head(fields, len(block) > HEAD_BYTES)


def head_block(raw: bytes) -> bytes:
    """What stands before the first empty line."""
    ends = [place for mark in (b"\r\n\r\n", b"\n\n", b"\r\r") if (place := raw.find(mark)) >= 0]
    return raw[: min(ends)] if ends else raw


def words(value: str) -> str:
    """A header as people read it: encoded words decoded, on one line."""
    try:
        chunks = list(_decoded_chunks(value))
    except Exception:  # the library raises half a dozen kinds for broken encoded words
        chunks = [value]
    return " ".join(clean("".join(chunks)).split())


def one_address(value: str) -> str:
    """The address of a header that names exactly one, in lower case; else empty.

    A name that looks like another address is no clear sender, nor is a list or a group.
    """
    if len(value) > _LONGEST_SENDER:
        return ""
    plain = _COMMENT.sub(" ", _QUOTED.sub(" ", value)).strip()
    if found := _NAMED.fullmatch(plain):
        name, address = found[1].strip(), found[2].lower()
        return "" if "@" in name and name.lower() != address else address
    return plain.lower() if _BARE.fullmatch(plain) else ""


def _decoded_chunks(value: str) -> Iterator[str]:
    for data, charset in decode_header(value):
        yield data if isinstance(data, str) else decoded(data, charset or "")


def _one_line(value: str) -> str:
    """Unfolded, with raw bytes read as text, and short enough to be looked through."""
    data = value[:_VALUE_LENGTH].encode("utf-8", "surrogateescape")
    return clean(re.sub(r"[\r\n]+", "", decoded(data)))
