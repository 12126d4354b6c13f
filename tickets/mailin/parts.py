"""The body of a mail: its text, and its files. Whatever the bytes are, it ends, and soon."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from tickets.mailin.charsets import decoded
from tickets.mailin.head import Head, head_block, read_head, words
from tickets.mailin.page import text_of_page
from tickets.mailin.quotes import without_quotation

MOST_PARTS = 500
DEEPEST = 30
# The parser keeps each line by itself; a mail with the largest files has a quarter of these.
MOST_LINES = 2_000_000
LONGEST_HEAD = 512 * 1024
LONGEST_TEXT = 1_000_000
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
# The half of a file of an old Mac that only such a machine reads.
_LEFT_OUT = (*_SIGNATURES, "application/applefile")
_TEXTS = ("text/plain", "text/html", "text/markdown", "text/x-markdown", "text/enriched", "text/richtext")
_PGP = "-----BEGIN PGP MESSAGE-----"
_SIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,9}\n"
    r"(.*?)\n-----BEGIN PGP SIGNATURE-----\n.*",
    re.DOTALL,
)
# Where a page names its character set itself.
_PAGE_HEAD = 4096
_PAGE_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)


class TooComplex(Exception):
    """More parts, or deeper ones, than any mail has that a person wrote."""


@dataclass(frozen=True)
class File:
    """A file as the mail names it; the name is anybody's text."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A mail that was read. ``types``: the content types of all parts, in order.

    ``is_sealed``: what it says is encrypted, or in a form that only one mail program reads.
    """

    head: Head
    root: Message
    text: str
    files: tuple[File, ...]
    types: tuple[str, ...]
    is_sealed: bool

    @property
    def own_text(self) -> str:
        """The text without the mail that it answers."""
        return without_quotation(self.text)


def read_mail(raw: bytes) -> Mail:
    """Read a whole mail. Raises TooComplex; nothing else, whatever the bytes are."""
    head = read_head(raw)
    root = parsed(raw)
    body = _Body()
    text = _unsigned(body.read(root).strip())
    is_sealed = body.is_sealed and not text or text.startswith(_PGP)
    return Mail(head, root, text[:LONGEST_TEXT], tuple(body.files), tuple(body.types), is_sealed)


def parsed(raw: bytes) -> Message:
    """The parts of a mail. Raises TooComplex.

    Counted before parsing: the parser's time grows with the depth of parts for each line.
    """
    lower = raw.lower()
    if len(head_block(raw)) > LONGEST_HEAD or lower.count(b"boundary") > MOST_PARTS:
        raise TooComplex
    if lower.count(b"message/rfc822") > MOST_PARTS or raw.count(b"\n") > MOST_LINES:
        raise TooComplex
    try:
        root = message_from_bytes(raw, policy=compat32)
    except RecursionError as error:
        raise TooComplex from error
    if sum(1 for _part in walk(root)) > MOST_PARTS:
        raise TooComplex
    return root


def walk(root: Message) -> Iterator[Message]:
    """Every part, the mail itself first. Raises TooComplex below ``DEEPEST``."""
    waiting = [(root, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            raise TooComplex
        yield part
        if part.is_multipart():
            waiting += [(inner, depth + 1) for inner in reversed(_children(part))]


def payload(part: Message) -> bytes:
    """The bytes of a part that has no parts, its transfer encoding undone as far as it goes."""
    try:
        data = part.get_payload(decode=True)
    except Exception:  # broken encodings raise half a dozen kinds
        data = None
    if isinstance(data, bytes):
        return data
    plain = part.get_payload()
    return plain.encode("utf-8", "surrogateescape") if isinstance(plain, str) else b""


@dataclass
class _Body:
    files: list[File] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    is_sealed: bool = False

    def read(self, part: Message) -> str:
        """The text that a part shows; its files are kept on the way."""
        kind = part.get_content_type()
        self.types.append(kind)
        if kind == "message/rfc822":
            self._keep_mail(part)
            return ""
        if part.is_multipart():
            return self._read_parts(part, kind)
        if kind in _LEFT_OUT:
            return ""
        if kind in _SEALED + _TNEF:
            self.is_sealed = True
        is_text = kind in _TEXTS or kind.startswith("multipart/")
        if is_text and not _is_file(part):
            return _text(part, kind)
        self._keep(part, kind)
        return ""

    def _read_parts(self, part: Message, kind: str) -> str:
        self.is_sealed |= kind == "multipart/encrypted"
        children = _children(part)
        if kind == "multipart/alternative":
            children = [child for child in children if not _is_other_form(child)] or children
        texts = [(child.get_content_type(), self.read(child)) for child in children]
        told = [(inner, text) for inner, text in texts if text.strip()]
        if kind == "multipart/alternative":
            plain = [text for inner, text in told if inner == "text/plain"]
            return (plain or [text for _inner, text in told] or [""])[0]
        return "\n\n".join(text.strip() for _inner, text in told)

    def _keep(self, part: Message, kind: str) -> None:
        self.files.append(File(_name(part) or f"file{mimetypes.guess_extension(kind) or ''}", payload(part)))

    def _keep_mail(self, part: Message) -> None:
        """A mail within the mail is a file; it is not read."""
        inner = _children(part)
        if not inner:
            self._keep(part, "message/rfc822")
            return
        name = _name(part) or words(_header(inner[0], "subject"))[:80] or "mail"
        try:
            content = inner[0].as_bytes(policy=compat32)
        except Exception:  # parts that contradict each other can't be written again
            content = b""
        self.files.append(File(name if name.lower().endswith(".eml") else f"{name}.eml", content))


def _children(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [child for child in inner if isinstance(child, Message)] if isinstance(inner, list) else []


def _is_other_form(part: Message) -> bool:
    """Whether a part of alternatives says the same as the text, for a program that is not ours."""
    kind = part.get_content_type()
    is_other = kind.startswith("text/") and kind not in (*_TEXTS, "text/calendar")
    return (is_other or kind == "application/rtf") and not _is_file(part)


def _unsigned(text: str) -> str:
    """The text without the frame of a signature in it (RFC 9580, 7)."""
    found = _SIGNED.fullmatch(text)
    return re.sub(r"(?m)^- ", "", found[1]).strip() if found else text


def _header(part: Message, name: str) -> str:
    return next((str(value) for field, value in part.raw_items() if field.lower() == name), "")


def _is_file(part: Message) -> bool:
    disposition = _header(part, "content-disposition").strip().lower()
    return disposition.startswith("attachment") or bool(_name(part))


def _name(part: Message) -> str:
    try:
        return words(part.get_filename() or "")
    except Exception:  # broken continuations and charsets raise half a dozen kinds
        return ""


def _parameter(part: Message, name: str) -> str:
    try:
        found = part.get_param(name)
    except Exception:  # as for names
        return ""
    return found if isinstance(found, str) else ""


def _text(part: Message, kind: str) -> str:
    # Four bytes a letter at most; a longer text is cut anyway.
    data, charset = payload(part)[: 4 * LONGEST_TEXT], _parameter(part, "charset")
    if kind == "text/html" and not charset and (named := _PAGE_CHARSET.search(data[:_PAGE_HEAD])):
        charset = named[1].decode("ascii")
    text = decoded(data, charset)
    if kind == "text/html":
        return text_of_page(text)
    if _parameter(part, "format").lower() == "flowed":
        return _unwrapped(text, _parameter(part, "delsp").lower() == "yes")
    return text


def _unwrapped(text: str, drops_space: bool) -> str:
    """Lines that the sender's program broke, whole again (RFC 3676)."""
    lines: list[str] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        plain = line.lstrip(">")
        marks = len(line) - len(plain)
        plain = plain[1:] if plain.startswith(" ") else plain
        is_soft = plain.endswith(" ") and plain != "-- "
        said = plain[:-1] if is_soft and drops_space else plain
        if flows and marks == depth and plain != "-- ":
            lines[-1] += said
        else:
            lines.append(f"{'>' * marks} {said}" if marks else said)
        flows, depth = is_soft, marks
    return "\n".join(lines)
