"""What happened: tickets, messages, events, clocks, decisions, escalations, and what people do with them."""

from tickets.models.clocks import Clock, ClockQuerySet
from tickets.models.decisions import DecisionRecord
from tickets.models.desk import CannedReply, Draft, Presence, Watcher
from tickets.models.escalations import Duty, Escalation, EscalationQuerySet, EscalationStep
from tickets.models.events import TicketEvent
from tickets.models.idempotency import IdempotencyRecord
from tickets.models.incoming import IncomingMail, IncomingMailQuerySet
from tickets.models.links import TicketLink
from tickets.models.messages import Attachment, Message, MessageQuerySet
from tickets.models.parked import ParkedRow, ParkedRowQuerySet
from tickets.models.saved_views import SavedView, SavedViewQuerySet
from tickets.models.scope import ExclusionNote, Survey, WorkEntry
from tickets.models.tickets import Ticket, TicketQuerySet

__all__ = [
    "Attachment",
    "CannedReply",
    "Clock",
    "ClockQuerySet",
    "DecisionRecord",
    "Draft",
    "Duty",
    "Escalation",
    "EscalationQuerySet",
    "EscalationStep",
    "ExclusionNote",
    "IdempotencyRecord",
    "IncomingMail",
    "IncomingMailQuerySet",
    "Message",
    "MessageQuerySet",
    "ParkedRow",
    "ParkedRowQuerySet",
    "Presence",
    "SavedView",
    "SavedViewQuerySet",
    "Survey",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TicketQuerySet",
    "Watcher",
    "WorkEntry",
]
