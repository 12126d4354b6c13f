"""Moving a running request to other terms: an explicit act, previewed, with a reason, in its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from plans.models import Edition, Plan, Severity
from plans.terms import TermsError, policy_terms_of
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.enums import UNSOLVED, EventKind, Side
from tickets.models import Ticket, TicketEvent
from tickets.reading import IS_REPLAYED, as_history, is_move, submitted_terms, terms_of
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
        _take(fresh, to, coverage, own_targets, {row.code: row for row in to.edition.severities.all()})
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

    Raises Refused in words where it may not move.
    """
    ((_ticket, found),) = readings_after_moves([ticket], to, coverage, at, own_targets)
    if isinstance(found, Refused):
        raise found
    return found


def readings_after_moves(
    tickets: list[Ticket], to: Plan, coverage: str, at: datetime, own_targets: dict[str, Any] | None = None
) -> Iterator[tuple[Ticket, tuple[Reading, Reading] | Refused]]:
    """The same for several tickets, each with its readings or why it stays. Nothing is written.

    Four queries whatever their number; more for editions not read before.
    """
    events: dict[int, list[TicketEvent]] = defaultdict(list)
    by_key = {ticket.pk: ticket for ticket in tickets}
    for event in TicketEvent.objects.filter(IS_REPLAYED, ticket__in=by_key).order_by("at", "pk"):
        event.ticket = by_key[event.ticket_id]
        events[event.ticket_id].append(event)
    moves = [event.data["terms"] for rows in events.values() for event in rows if is_move(event)]
    told = {terms[end]["edition"] for terms in moves for end in ("from", "to")}
    named = Edition.objects.filter(pk__in=told).select_related("policy")
    sources = policy_terms_of({to.edition, *named, *(ticket.plan.edition for ticket in tickets)})
    severities = {row.code: row for row in to.edition.severities.all()}
    for ticket in tickets:
        instant = max(at, ticket.last_event_at)
        try:
            begin = submitted_terms(ticket, events[ticket.pk], sources)
            history = as_history(events[ticket.pk], sources)
            _take(ticket, to, coverage, own_targets, severities)
            terms = terms_of(ticket, sources[to.edition_id])
            moved = [*history, Event(at=instant, do="terms", terms=terms)]
            yield ticket, (replay(begin, history, instant), replay(begin, moved, instant))
        except (TermsError, HistoryError) as error:
            yield ticket, _refused(str(error))
        except Refused as refusal:
            yield ticket, refusal


def _take(
    ticket: Ticket,
    to: Plan,
    coverage: str,
    own_targets: dict[str, Any] | None,
    severities: Mapping[str, Severity],
) -> None:
    """Set the ticket's columns of its terms, unsaved. Raises Refused where they can't be its terms.

    ``severities`` are those of the edition moved to, by code.
    """
    if to.edition.is_draft or to.edition.policy_id != ticket.plan.edition.policy_id:
        raise _refused(_("Choose a plan of a published edition of the same policy."))
    if ticket.status not in UNSOLVED:
        raise _refused(_("A solved request keeps its terms."))
    severity = severities.get(ticket.severity)
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
