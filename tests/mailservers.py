"""A real SMTP server and a real IMAP server on this machine's loopback, for tests of mail.

``smtp_server`` points Django's SMTP backend at an aiosmtpd server and keeps what it took; ``imap_server`` is
a pymap server with an empty inbox, in a process of its own.
"""

from __future__ import annotations

import asyncio
import imaplib
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"
# Far beyond what a busy machine needs.
DEADLINE_SECONDS = 120.0
USER, PASSWORD = "portal", "a-pass-word"


@dataclass(frozen=True)
class Taken:
    """A mail that the SMTP server took: the envelope, and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]


@dataclass
class SmtpServer:
    """``taken`` holds mails in the order of their coming.

    ``answers`` are given to the next mails instead of taking them: a line such as ``"451 Try later"``, or
    ``"drop"``, which takes the mail and cuts the connection before saying so.
    """

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answers: deque[str] = field(default_factory=deque)

    @property
    def url(self) -> str:
        """As the setting ``EMAIL_URL`` has it."""
        return f"smtp://{HOST}:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        answer = self.answers.popleft() if self.answers else ""
        if answer in ("", "drop"):
            content = bytes(envelope.content)
            self.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        if answer == "drop":
            assert server.transport is not None
            server.transport.abort()
            raise asyncio.CancelledError
        return answer or "250 Taken"


@dataclass
class ImapServer:
    """An inbox that ``put`` drops mail into, as a mail server would; ``url`` is a value for ``IMAP_URL``."""

    port: int
    process: subprocess.Popen[bytes] | None = None
    certificate: tuple[str, str] | None = None

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@{HOST}:{self.port}/INBOX"

    def put(self, *raws: bytes) -> None:
        with self.login() as box:
            for raw in raws:
                box.append("INBOX", "", "", raw)  # type: ignore[arg-type]

    def count(self, folder: str = "INBOX", what: str = "ALL") -> int:
        """How many mails the folder has; ``what`` is a search such as ``UNSEEN``."""
        with self.login() as box:
            status, _answer = box.select(folder)
            assert status == "OK", f"no folder {folder}"
            return len(box.search(None, what)[1][0].split())

    def login(self) -> imaplib.IMAP4:
        box = imaplib.IMAP4(HOST, self.port)
        box.login(USER, PASSWORD)
        return box

    def start(self) -> None:
        """Start it; a server that starts anew is empty and has another UIDVALIDITY.

        With ``certificate`` (paths of certificate and key) it offers TLS.
        """
        program = [sys.executable, "-c", "from pymap.main import main; main()"]
        # Its pid file has a name of its own, or two tests at once would get into each other's way.
        where = ["--host", HOST, "--port", str(self.port), "--pid-file", f"pymap-{self.port}"]
        tls = (
            ["--cert", self.certificate[0], "--key", self.certificate[1]]
            if self.certificate
            else ["--no-tls"]
        )
        who = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
        self.process = subprocess.Popen(
            [*program, *where, *tls, *who], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.login().logout()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the IMAP server did not come up")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(DEADLINE_SECONDS)
            self.process = None


@pytest.fixture
def smtp_server(settings: Any, _quiet_outside: None) -> Iterator[SmtpServer]:
    server = SmtpServer(free_port())
    controller = Controller(server, hostname=HOST, port=server.port, ready_timeout=DEADLINE_SECONDS)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    controller.stop()


@pytest.fixture
def imap_server() -> Iterator[ImapServer]:
    server = ImapServer(free_port())
    server.start()
    yield server
    server.stop()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
