"""Mail about a request came back: staff see it in its history. It moves nothing and stops no clock."""

from __future__ import annotations

from notices.models import Bounce
from tickets.actions.history import locked, record
from tickets.enums import EventKind, Side
from tickets.models import Ticket


def note_on_ticket(bounce: Bounce) -> None:
    """Add the event to the request that the mail was about, in the caller's transaction."""
    number = bounce.notice.context.get("number") if bounce.notice is not None else None
    ticket = Ticket.objects.filter(pk=number).first() if isinstance(number, int) else None
    if ticket is not None:
        data = {"email": bounce.email, "status": bounce.status, "permanent": bounce.is_permanent}
        record(locked(ticket), EventKind.MAIL_BOUNCED, at=bounce.at, actor=None, side=Side.SYSTEM, data=data)
