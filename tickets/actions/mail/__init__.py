"""Verbs of mail that comes in: keep it, make of it what can be made, and let staff sort the rest."""

from tickets.actions.mail.handling import handle_due, handle_one
from tickets.actions.mail.keeping import keep_head, keep_mail
from tickets.actions.mail.outcomes import Outcome
from tickets.actions.mail.polling import poll
from tickets.actions.mail.sorting import (
    add_to_request,
    check_writer,
    dismiss,
    files_of,
    may_be_sorted,
    note_opened,
    try_again,
)

__all__ = [
    "Outcome",
    "add_to_request",
    "check_writer",
    "dismiss",
    "files_of",
    "handle_due",
    "handle_one",
    "keep_head",
    "keep_mail",
    "may_be_sorted",
    "note_opened",
    "poll",
    "try_again",
]
