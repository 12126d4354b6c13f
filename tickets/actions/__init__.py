"""Verbs of tickets: every door (portal, back office, API, tasks) changes tickets through these alone."""

from tickets.actions.converse import THEN, hear, note, say
from tickets.actions.decisions import turn_away
from tickets.actions.drafts import Place, discard_draft, draft_at, forget_draft, keep_draft, seen_of
from tickets.actions.escalating import acknowledge, end_escalation, escalate
from tickets.actions.files import faults_of_files
from tickets.actions.life import (
    SEVERITY_HOW,
    assign,
    change_details,
    change_severity,
    close_by_customer,
    close_by_support,
    confirm_severity,
    end_hold,
    hold,
    mark_no_reply_needed,
    reopen,
)
from tickets.actions.linking import link, unlink
from tickets.actions.merging import merge
from tickets.actions.refusals import Refused, Stale, window_closed
from tickets.actions.relocating import move_to_organization
from tickets.actions.splitting import split
from tickets.actions.submit import Submission, follow_up, submit
from tickets.actions.sweep import sweep
from tickets.actions.teams import give_to_team
from tickets.actions.verification import bring_in, shut_out, verify
from tickets.actions.worsening import report_worse

__all__ = [
    "SEVERITY_HOW",
    "THEN",
    "Place",
    "Refused",
    "Stale",
    "Submission",
    "acknowledge",
    "assign",
    "bring_in",
    "change_details",
    "change_severity",
    "close_by_customer",
    "close_by_support",
    "confirm_severity",
    "discard_draft",
    "draft_at",
    "end_escalation",
    "end_hold",
    "escalate",
    "faults_of_files",
    "follow_up",
    "forget_draft",
    "give_to_team",
    "hear",
    "hold",
    "keep_draft",
    "link",
    "mark_no_reply_needed",
    "merge",
    "move_to_organization",
    "note",
    "reopen",
    "report_worse",
    "say",
    "seen_of",
    "shut_out",
    "split",
    "submit",
    "sweep",
    "turn_away",
    "unlink",
    "verify",
    "window_closed",
]
