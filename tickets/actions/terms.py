"""Moving a running request to other terms: an explicit act, previewed, with a reason, in its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from plans.models import Plan
from plans.terms import TermsError
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.enums import UNSOLVED, EventKind, Side
from tickets.models import Ticket
from tickets.reading import as_history, replayed_events, submitted_terms, terms_of
from timekeeping import Event, HistoryError, Reading, replay


def move_to_terms(
    *,
    ticket: Ticket,
    to: Plan,
    coverage: str,
    at: datetime,
    actor: User,
    reason: str,
    own_targets: dict[str, Any] | None = None,
) -> Ticket:
    """From ``at`` on the ticket's clocks run under plan ``to``; what was before is read as it was.

    Clocks that run count their new target from their start, with every pause since; what is met, missed or
    withdrawn stays. ``coverage`` empty takes the plan's default. Raises Refused where the ticket is solved,
    the terms don't fit it, are a draft's or another policy's, are those it has, or no reason is given.
    """
    if not reason.strip():
        raise _refused(_("Write why the request moves to other terms."))
    with transaction.atomic():
        fresh = locked(ticket)
        before = _told(fresh)
        _take(fresh, to, coverage, own_targets)
        after = _told(fresh)
        if after == before:
            raise _refused(_("The request has these terms already."))
        data = {
            "changed": {_("terms"): f"{_words(before)} → {_words(after)}"},
            "terms": {"from": before, "to": after},
            "reason": reason.strip(),
        }
        try:
            record(fresh, EventKind.DETAILS, at=at, actor=actor, side=Side.SUPPORT, data=data)
        except TermsError as error:
            raise _refused(str(error)) from None
    ticket.refresh_from_db()
    return ticket


def reading_after_move(
    ticket: Ticket, to: Plan, coverage: str, at: datetime, own_targets: dict[str, Any] | None = None
) -> tuple[Reading, Reading]:
    """What the clocks read at ``at`` as they are, and if the ticket moved now. Nothing is written.

    Raises Refused in words where it may not move. Two queries.
    """
    at = max(at, ticket.last_event_at)
    events = replayed_events(ticket)
    begin, history = submitted_terms(ticket, events), as_history(events)
    _take(ticket, to, coverage, own_targets)
    try:
        moved = [*history, Event(at=at, do="terms", terms=terms_of(ticket))]
        return replay(begin, history, at), replay(begin, moved, at)
    except (TermsError, HistoryError) as error:
        raise _refused(str(error)) from None


def _take(ticket: Ticket, to: Plan, coverage: str, own_targets: dict[str, Any] | None) -> None:
    """Set the ticket's columns of its terms, unsaved. Raises Refused where they can't be its terms."""
    if to.edition.is_draft or to.edition.policy_id != ticket.plan.edition.policy_id:
        raise _refused(_("Choose a plan of a published edition of the same policy."))
    if ticket.status not in UNSOLVED:
        raise _refused(_("A solved request keeps its terms."))
    severity = to.edition.severities.filter(code=ticket.severity).first()
    if severity is None:
        raise _refused(_("That edition has no severity %(code)s.") % {"code": ticket.severity})
    ticket.plan, ticket.coverage_option = to, coverage
    ticket.own_targets = own_targets if to.own_targets and own_targets else None
    ticket.severity_rank, ticket.has_priority = severity.rank, to.priority_access


def _told(ticket: Ticket) -> dict[str, Any]:
    """The ticket's terms as an event keeps them: enough to read its history again."""
    return {
        "policy": ticket.plan.edition.policy.slug,
        "edition": ticket.plan.edition_id,
        "number": ticket.plan.edition.number,
        "plan": ticket.plan.code,
        "coverage": ticket.coverage_option,
        "own_targets": ticket.own_targets,
    }


def _words(told: dict[str, Any]) -> str:
    coverage = f", {told['coverage']}" if told["coverage"] else ""
    return f"{told['policy']} {told['number']}, {told['plan']}{coverage}"


def _refused(detail: str) -> Refused:
    return Refused("move_not_allowed", detail, _("Choose other terms, or leave the request under its own."))
