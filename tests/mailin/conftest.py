"""Mail tests have a world of people, and hand mails to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.mailin.world import World
from tickets.actions.mail import handle_one, keep_mail
from tickets.models import IncomingMail

Take = Callable[..., IncomingMail]


@pytest.fixture
def world(db: None, at: datetime) -> World:
    return World(at)


@pytest.fixture
def take(world: World) -> Take:
    """``take(raw)``: keep a mail and handle it, at the world's instant or another."""

    def _take(raw: bytes, at: datetime | None = None) -> IncomingMail:
        when = at or world.at
        row = keep_mail(raw=raw, received_at=when, at=when)
        handle_one(key=row.pk, at=when)
        row.refresh_from_db()
        return row

    world.take = _take
    return _take
