"""What a sender hears whose mail the terms refuse."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from notices.outbox import Draft, queue
from tickets.actions import telling
from tickets.actions.mail.outcomes import Outcome
from tickets.actions.refusals import Refused
from tickets.enums import MailState
from tickets.mailin.reasons import Reason
from tickets.models import IncomingMail


def refused(row: IncomingMail, person: User, refusal: Refused, at: datetime) -> Outcome:
    """Hold the mail and tell its sender why, once a day.

    The notice goes to the address that we know and has no word of the mail: From may be forged.
    """
    facts = {"detail": refusal.detail, "next_step": refusal.next_step, "received_at": _written(row)}
    draft = Draft(f"mail_refused:{at:%Y%m%d}", "mail_refused", telling.recipient(person), facts)
    queue([draft], at)
    return Outcome(MailState.HELD, Reason.TERMS, person, detail=refusal.detail)


def _written(row: IncomingMail) -> str:
    return row.received_at.isoformat()
