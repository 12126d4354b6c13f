"""What happened: tickets, messages, attachments, events, clocks and decisions."""

from tickets.models.clocks import Clock, ClockQuerySet
from tickets.models.decisions import DecisionRecord
from tickets.models.events import TicketEvent
from tickets.models.idempotency import IdempotencyRecord
from tickets.models.messages import Attachment, Message, MessageQuerySet
from tickets.models.tickets import Ticket, TicketQuerySet

__all__ = [
    "Attachment",
    "Clock",
    "ClockQuerySet",
    "DecisionRecord",
    "IdempotencyRecord",
    "Message",
    "MessageQuerySet",
    "Ticket",
    "TicketEvent",
    "TicketQuerySet",
]
