"""A mail server on loopback that only remembers the Message-IDs of what it took."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class Sink:
    def __init__(self, port: int) -> None:
        self.taken: Counter[str] = Counter()
        self.url = f"smtp://{HOST}:{port}"
        self._controller = Controller(self, hostname=HOST, port=port, ready_timeout=60)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken[str(message_from_bytes(bytes(envelope.content))["Message-ID"])] += 1
        return "250 Taken"
