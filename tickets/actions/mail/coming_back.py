"""Reports of other mail servers on mails of ours."""

from __future__ import annotations

from notices.bounces import record_bounce
from notices.models import Notice
from tickets.actions.mail.outcomes import Outcome
from tickets.enums import MailState
from tickets.mailin.parts import Mail
from tickets.mailin.reasons import Reason
from tickets.mailin.returned import read_returned
from tickets.models import IncomingMail, Ticket


def take_returned(row: IncomingMail, mail: Mail) -> Outcome:
    """Record that a mail of ours came back: only for a notice that we sent, to the address it went to.

    It reopens nothing and stops no clock. Anybody can write a report; only who got the notice knows its
    Message-ID.
    """
    told = read_returned(mail, bytes(row.raw))
    notices = {notice.message_id: notice for notice in Notice.objects.filter(message_id__in=told.mail_ids)}
    notice = next((notices[mail_id] for mail_id in told.mail_ids if mail_id in notices), None)
    if notice is None or (told.emails and notice.to_email.lower() not in told.emails):
        return Outcome(MailState.STOPPED, Reason.RETURN_UNKNOWN)
    record_bounce(
        email=notice.to_email,
        notice=notice,
        is_permanent=told.is_permanent,
        status=told.status,
        text=told.text,
        at=row.received_at,
    )
    reason = Reason.RETURNED if told.is_permanent else Reason.DELAYED
    return Outcome(MailState.BOUNCE, reason, ticket=_ticket_of(notice))


def _ticket_of(notice: Notice) -> Ticket | None:
    number = notice.context.get("number")
    return Ticket.objects.filter(pk=number).first() if isinstance(number, int) else None
