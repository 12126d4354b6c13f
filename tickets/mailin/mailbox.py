"""The mailbox on an IMAP server into which requests and answers are delivered.

What lies in its folder was not taken yet; what was taken is moved to another folder, never deleted.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxCopyError, MailboxMoveError

TIMEOUT_SECONDS = 15
# What goes wrong with a server, as opposed to our own mistakes.
Unreachable = (OSError, imaplib.IMAP4.error, ImapToolsError)
_PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}


@dataclass(frozen=True)
class Fetched:
    """A mail as the server has it; only its headers where ``is_whole`` is not."""

    uid: str
    raw: bytes
    received_at: datetime | None
    is_whole: bool


class Mailbox:
    """A connection, for a ``with`` block. ``url``: ``imaps://user:password@host:port/folder``.

    ``imap+tls`` begins in the clear and turns to TLS; ``imap`` stays in the clear.
    """

    def __init__(self, url: str, done_folder: str, max_bytes: int) -> None:
        self._url = urlsplit(url)
        self._done = done_folder
        self._max_bytes = max_bytes
        self._box: BaseMailBox

    def __enter__(self) -> Mailbox:
        self._box = self._connected()
        folder = unquote(self._url.path.lstrip("/")) or "INBOX"
        try:
            self._box.login(unquote(self._url.username or ""), unquote(self._url.password or ""), folder)
        except Unreachable:
            self._box.client.shutdown()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._box.logout()
        except Unreachable:  # it is over either way
            return

    def _connected(self) -> BaseMailBox:
        """A connection. The client by itself would not check the certificate of a server over TLS."""
        scheme, host = self._url.scheme, self._url.hostname or ""
        if scheme not in _PORTS:
            raise ValueError("IMAP_URL begins with imaps://, imap+tls:// or imap://")
        port = self._url.port or _PORTS[scheme]
        if scheme == "imap":
            return MailBoxUnencrypted(host, port, timeout=TIMEOUT_SECONDS)
        kind = MailBox if scheme == "imaps" else MailBoxStartTls
        context = ssl.create_default_context()
        return kind(host, port, timeout=TIMEOUT_SECONDS, ssl_context=context)

    def waiting(self, limit: int) -> Iterator[Fetched]:
        """The mails that lie in the folder, oldest first, at most ``limit``; reading marks none as seen."""
        for uid in self._box.uids("UNDELETED", charset=None)[:limit]:
            size, received_at = self._facts(uid)
            is_whole = size <= self._max_bytes
            raw = self._fetch(uid, "(BODY.PEEK[])" if is_whole else "(BODY.PEEK[HEADER])")
            if raw:
                yield Fetched(uid, raw, received_at, is_whole)

    def done(self, uid: str) -> None:
        """Move a mail that was taken out of the way."""
        try:
            self._box.move(uid, self._done)
        except (MailboxMoveError, MailboxCopyError):
            # The folder is not there yet; a second failure is one.
            self._box.folder.create(self._done)
            self._box.move(uid, self._done)

    def _facts(self, uid: str) -> tuple[int, datetime | None]:
        """Its size, and when it reached the server."""
        _status, answer = self._box.client.uid("FETCH", uid, "(RFC822.SIZE INTERNALDATE)")
        line = next((item for item in answer if isinstance(item, bytes)), b"")
        size = re.search(rb"RFC822\.SIZE (\d+)", line)
        came = imaplib.Internaldate2tuple(line)
        at = datetime.fromtimestamp(time.mktime(came), UTC) if came is not None else None
        return int(size[1]) if size else 0, at

    def _fetch(self, uid: str, what: str) -> bytes:
        """The bytes; none where the mail has gone meanwhile."""
        _status, answer = self._box.client.uid("FETCH", uid, what)
        return next((bytes(item[1]) for item in answer if isinstance(item, tuple)), b"")
