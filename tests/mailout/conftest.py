"""Mail that goes out, through a real SMTP server: the scene of the ticket tests, and servers in trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from accounts.models import User
from notices.outbox import Draft, Recipient, queue
from tests.mailservers import DEADLINE_SECONDS, HOST, SmtpServer, free_port
from tests.portal.conftest import browse, now
from tests.tickets.conftest import Scene, ask, contract_for, other_customer, scene, utc

__all__ = ["Scene", "ask", "browse", "contract_for", "now", "other_customer", "scene", "utc"]


@dataclass
class PickyServer(SmtpServer):
    """``refusals`` are answers to recipients, by address or ``@domain``; ``asked`` counts who was named."""

    refusals: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.asked.append(address)
        refusal = self.refusals.get(address) or self.refusals.get(address[address.index("@") :])
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 Welcome"


@pytest.fixture
def server(settings: Any, _quiet_outside: None) -> Iterator[PickyServer]:
    picky = PickyServer(free_port())
    controller = Controller(picky, hostname=HOST, port=picky.port, ready_timeout=DEADLINE_SECONDS)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, picky.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield picky
    controller.stop()


@pytest.fixture
def nobody_listens(settings: Any, server: PickyServer) -> Callable[[bool], None]:
    """``nobody_listens(True)``: the mail server is down; False: it is there again."""

    def _set(is_down: bool) -> None:
        settings.EMAIL_PORT = free_port() if is_down else server.port

    return _set


@pytest.fixture
def put(at: datetime) -> Callable[..., None]:
    """``put(person, key="a")``: one notice about no request in the outbox."""

    def _put(person: User, key: str, when: datetime = at, **fields: Any) -> None:
        facts = {"organization": "Aster", "plan": "Startup", "ends_on": "2026-12-31", "days": 31, "path": "/"}
        to = Recipient(f"user:{person.pk}", person.email, person.language, person.time_zone)
        queue([Draft(key, "contract_ending", to, facts, **fields)], when)

    return _put
