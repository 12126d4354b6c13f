"""What became of a mail: what each step of handling answers."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from tickets.enums import MailState
from tickets.mailin.reasons import Reason
from tickets.models import Message, Ticket


@dataclass(frozen=True)
class Outcome:
    """``person`` is who wrote it, where that is proven; ``detail`` is for staff: a refusal's words."""

    state: MailState
    reason: Reason | None = None
    person: User | None = None
    ticket: Ticket | None = None
    posted: Message | None = None
    detail: str = ""


class Held(Exception):
    """Nothing was made of the mail by itself; staff look at it."""

    def __init__(self, reason: Reason, person: User | None = None, detail: str = "") -> None:
        super().__init__(reason)
        self.outcome = Outcome(MailState.HELD, reason, person, detail=detail)
