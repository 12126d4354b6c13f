"""Verbs of exclusions: noted beside a request or a promise, objected to, answered, withdrawn.

A note takes no breach back. Staff of support note and withdraw; who answers an objection is a lead or a
manager (``accounts.roles``), because somebody else than its writer should look at it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from plans.models import Exclusion
from plans.texts import text_in
from tickets.actions import telling
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.enums import ClockState, EventKind, Side
from tickets.models import Clock, ExclusionNote, Ticket, TicketEvent

# What ended without a miss needs no excuse.
_ENDED = (ClockState.MET, ClockState.WITHDRAWN, ClockState.MERGED)


def exclude(
    *, ticket: Ticket, actor: User, at: datetime, code: str, clock: Clock | None = None, text: str = ""
) -> ExclusionNote:
    """Note that the request, or one promise, falls under an exclusion of its edition; tell the customer.

    ``text`` empty takes the exclusion's own words in the requester's language. Raises Refused
    (``unknown_exclusion``, ``nothing_to_exclude``, ``excluded_already``).
    """
    with transaction.atomic():
        fresh = locked(ticket)
        exclusion = _exclusion(fresh, code)
        if clock is not None:
            _check_open(fresh, clock, at)
        if fresh.exclusions.in_force().filter(clock=clock).exists():
            raise Refused(
                "excluded_already",
                _("An exclusion stands beside it already."),
                _("Withdraw that one first, with a reason, then note the other."),
            )
        note = ExclusionNote.objects.create(
            ticket=fresh,
            clock=clock,
            code=code,
            text=text.strip() or text_in(exclusion.text, fresh.requester.language),
            by=actor,
            at=max(at, fresh.last_event_at),
        )
        event = _record(note, fresh, EventKind.EXCLUDED, actor, Side.SUPPORT, at, note.text)
        facts = _facts(note) | {"text": note.text, "rule": exclusion.text}
        telling.tell(fresh, event, "excluded", telling.customers(fresh), facts)
    return note


def object_to(*, note: ExclusionNote, actor: User, at: datetime, text: str) -> ExclusionNote:
    """The customer objects, once; told to who works on the request and to the leads.

    Raises Refused (``reason_missing``, ``not_in_force``, ``objected_already``).
    """
    _check_words(text, _("Write what is wrong about it."))
    with transaction.atomic():
        ticket, fresh = _locked_note(note)
        if fresh.objected_at is not None:
            raise Refused(
                "objected_already",
                _("There is an objection already, and there is one for each exclusion."),
                _("Support answers it here. You may write to them at any time."),
            )
        event = _record(fresh, ticket, EventKind.OBJECTED, actor, Side.CUSTOMER, at, text)
        fresh.objection, fresh.objected_by, fresh.objected_at = text.strip(), actor, event.at
        fresh.save()
        people = dict.fromkeys([*telling.workers(ticket), *telling.leads()])
        facts = _facts(fresh) | {"author": str(actor), "text": fresh.objection}
        telling.tell(ticket, event, "objected", people, facts)
    return fresh


def answer_objection(
    *, note: ExclusionNote, actor: User, at: datetime, is_upheld: bool, text: str
) -> ExclusionNote:
    """Answer the customer's objection: the exclusion is upheld, or withdrawn. Told to the customer.

    Raises Refused (``reason_missing``, ``not_in_force``, ``no_objection``).
    """
    _check_words(text, _("Write the answer; the customer reads it."))
    with transaction.atomic():
        ticket, fresh = _locked_note(note)
        if not fresh.awaits_an_answer:
            raise Refused(
                "no_objection",
                _("No objection waits for an answer here."),
                _("Look at the request again: somebody may have answered meanwhile."),
            )
        outcome = "upheld" if is_upheld else "withdrawn"
        event = _record(
            fresh, ticket, EventKind.OBJECTION_ANSWERED, actor, Side.SUPPORT, at, text, outcome=outcome
        )
        _note_answer(fresh, actor, event.at, text)
        if not is_upheld:
            fresh.withdrawn_by, fresh.withdrawn_at = actor, event.at
        fresh.save()
        _tell_outcome(fresh, ticket, event, outcome, text)
    return fresh


def withdraw_exclusion(*, note: ExclusionNote, actor: User, at: datetime, reason: str) -> ExclusionNote:
    """Withdraw an exclusion, at any time; an objection that waits is answered by it. Told to the customer.

    Raises Refused (``reason_missing``, ``not_in_force``).
    """
    _check_words(reason, _("Write why; the customer reads it."))
    with transaction.atomic():
        ticket, fresh = _locked_note(note)
        event = _record(fresh, ticket, EventKind.EXCLUSION_WITHDRAWN, actor, Side.SUPPORT, at, reason)
        if fresh.awaits_an_answer:
            _note_answer(fresh, actor, event.at, reason)
        fresh.withdrawn_by, fresh.withdrawn_at = actor, event.at
        fresh.save()
        _tell_outcome(fresh, ticket, event, "withdrawn", reason)
    return fresh


def _exclusion(ticket: Ticket, code: str) -> Exclusion:
    found = ticket.plan.edition.exclusions.filter(code=code).first()
    if found is None:
        raise Refused(
            "unknown_exclusion",
            _("The terms of this request have no such exclusion."),
            _("Choose one of its edition's exclusions."),
        )
    return found


def _check_open(ticket: Ticket, clock: Clock, at: datetime) -> None:
    if clock.ticket_id != ticket.pk or clock.state_at(at) in _ENDED:
        raise Refused(
            "nothing_to_exclude",
            _("This promise was kept, or ended before it fell due."),
            _("Choose a promise that was missed or still runs."),
        )


def _check_words(text: str, next_step: str) -> None:
    if not text.strip():
        raise Refused("reason_missing", _("This needs a sentence of text."), next_step)


def _locked_note(note: ExclusionNote) -> tuple[Ticket, ExclusionNote]:
    """The ticket, locked, and its note read anew. Raises Refused where the note is withdrawn."""
    ticket = locked(note.ticket)
    fresh = ExclusionNote.objects.select_related("clock").get(pk=note.pk)
    if not fresh.is_in_force:
        raise Refused(
            "not_in_force",
            _("This exclusion has been withdrawn."),
            _("Nothing is left to do: the promise counts in both figures."),
        )
    return ticket, fresh


def _record(
    note: ExclusionNote,
    ticket: Ticket,
    kind: EventKind,
    actor: User,
    side: Side,
    at: datetime,
    reason: str,
    **more: str,
) -> TicketEvent:
    data = _facts(note) | {"note": note.pk, "reason": reason.strip()} | more
    return record(ticket, kind, at=at, actor=actor, side=side, data=data)


def _facts(note: ExclusionNote) -> dict[str, Any]:
    """What a note is about; metric and cycle are absent where it is about the whole request."""
    promise = {"metric": note.clock.metric, "cycle": note.clock.cycle} if note.clock else {}
    return {"code": note.code, **promise}


def _note_answer(note: ExclusionNote, actor: User, at: datetime, text: str) -> None:
    note.answer, note.answered_by, note.answered_at = text.strip(), actor, at


def _tell_outcome(note: ExclusionNote, ticket: Ticket, event: TicketEvent, outcome: str, text: str) -> None:
    facts = _facts(note) | {"outcome": outcome, "text": text.strip()}
    telling.tell(ticket, event, "exclusion_answered", telling.customers(ticket), facts)
