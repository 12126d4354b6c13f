"""The queue, the ticket page and the decisions in the back office."""

from tickets.admin.canned import CannedReplyAdmin
from tickets.admin.decisions import DecisionAdmin
from tickets.admin.escalation import DutyAdmin, EscalationAdmin
from tickets.admin.mail import IncomingMailAdmin
from tickets.admin.parked import ParkedRowAdmin
from tickets.admin.surveys import SurveyAdmin
from tickets.admin.teams import TeamAdmin
from tickets.admin.ticket import TicketAdmin

__all__ = [
    "CannedReplyAdmin",
    "DecisionAdmin",
    "DutyAdmin",
    "EscalationAdmin",
    "IncomingMailAdmin",
    "ParkedRowAdmin",
    "SurveyAdmin",
    "TeamAdmin",
    "TicketAdmin",
]
