"""Submit a request: the decision first, then ticket, clocks and what is told of it, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.standing import standing_of
from plans.decision import Decision, Question, decide
from plans.models import Severity
from tickets.actions import telling
from tickets.actions.decisions import keep_decision
from tickets.actions.files import attach
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.actions.teams import route
from tickets.enums import Channel, EventKind, Side, Status, Unverified
from tickets.models import Ticket


@dataclass(frozen=True)
class Submission:
    """What a person asks. Codes are those of the plan; empty severity or type: the plan's default.

    ``impact`` is ``{"can_sign_in", "users_affected", "executives_affected", "lost", "since"}``;
    ``best_time_to_contact`` is ``{"from": "09:00", "to": "12:00", "time_zone"}``.
    """

    subject: str
    description: str = ""
    severity: str = ""
    support_type: str = ""
    category: str = ""
    product: str = ""
    device: str = ""
    operating_system: str = ""
    external_reference: str = ""
    impact: dict[str, Any] | None = None
    best_time_to_contact: dict[str, Any] | None = None
    files: Sequence[UploadedFile] = field(default=())


def submit(
    *,
    person: User,
    organization: Organization,
    submission: Submission,
    at: datetime,
    channel: str = Channel.PORTAL,
    received_at: datetime | None = None,
    entered_by: User | None = None,
    client_key: uuid.UUID | None = None,
    follows: Ticket | None = None,
    accepts_rate: bool = False,
    is_emergency: bool = False,
    is_extraordinary: bool = False,
) -> Ticket:
    """Open a ticket for ``organization``, asked by ``person``; the same ``client_key`` opens one ticket.

    ``received_at`` is when a call or a mail came in that ``entered_by`` enters later; it is never later than
    ``at``. Staff may take it for somebody unlisted in an emergency, or outside the plan's channels where the
    portal is out of reach (``is_emergency``, ``is_extraordinary``): it is then marked unverified, and nothing
    of it is told to who asked before that is over (``tickets.actions.verification``).

    Raises Refused with the rule's code where the decision says no; that decision is kept.
    """
    if client_key is not None and (there := Ticket.objects.filter(client_key=client_key).first()):
        return there
    asked_at = min(received_at or at, at)
    question = replace(
        _question(person, organization, submission, asked_at, channel),
        accepts_rate=accepts_rate,
        entered_by_staff=entered_by is not None,
        is_emergency=is_emergency,
        is_extraordinary=is_extraordinary,
    )
    decision = decide(question)
    kept = partial(
        keep_decision,
        decision=decision,
        person=person,
        organization=organization,
        at=asked_at,
        question=_asked(submission, channel),
    )
    if decision.is_refused:
        kept()
        raise Refused(decision.code, decision.detail, decision.next_step)
    try:
        with transaction.atomic():
            ticket = _opened(
                person, organization, submission, decision, asked_at, channel, entered_by, client_key, follows
            )
            _mark_unverified(ticket, decision, question)
            attach(ticket, None, submission.files)
            event = record(
                ticket,
                EventKind.SUBMIT,
                at=asked_at,
                actor=entered_by or person,
                side=Side.SUPPORT if entered_by else Side.CUSTOMER,
                data={"severity": ticket.severity},
            )
            route(ticket, asked_at)
            kept(ticket=ticket)
            telling.of_submission(ticket, event)
    except IntegrityError:
        # The other half of a double click was quicker.
        if client_key is None:
            raise
        return Ticket.objects.get(client_key=client_key)
    return ticket


def follow_up(
    *,
    ticket: Ticket,
    person: User,
    body: str,
    at: datetime,
    files: Sequence[UploadedFile] = (),
    client_key: uuid.UUID | None = None,
    channel: str = Channel.PORTAL,
) -> Ticket:
    """A message after the reopen window opens a new ticket, linked to the old one, with its text.

    Of a merged ticket the survivor is followed. Raises Refused where a message may still be written on the
    ticket or reopens it, or as ``submit`` does.
    """
    ticket = ticket.survivor
    if ticket.status_at(at) != Status.CLOSED:
        raise Refused(
            "move_not_allowed",
            _("This request is open."),
            _("Write your message on the request itself: the people who work on it read it."),
        )
    if ticket.may_be_reopened(at):
        raise Refused(
            "move_not_allowed",
            _("This request can still be reopened."),
            _("Write your message on the request itself: it opens again with its history."),
        )
    submission = Submission(
        subject=ticket.subject,
        description=body,
        severity="",
        support_type=ticket.support_type,
        category=ticket.category,
        product=ticket.product,
        device=ticket.device,
        operating_system=ticket.operating_system,
        external_reference=ticket.external_reference,
        best_time_to_contact=ticket.best_time_to_contact,
        files=files,
    )
    new = submit(
        person=person,
        organization=ticket.organization,
        submission=submission,
        at=at,
        channel=channel,
        follows=ticket,
        client_key=client_key,
    )
    with transaction.atomic():
        old = locked(ticket)
        if not old.events.filter(kind=EventKind.FOLLOWED_UP, data__by=new.pk).exists():
            record(old, EventKind.FOLLOWED_UP, at=at, actor=person, side=Side.CUSTOMER, data={"by": new.pk})
    return new


def _question(
    person: User, organization: Organization, submission: Submission, at: datetime, channel: str
) -> Question:
    return Question(
        person=person,
        organization=organization,
        at=at,
        channel=channel,
        severity=submission.severity or None,
        support_type=submission.support_type or None,
        product=submission.product or None,
    )


def _opened(
    person: User,
    organization: Organization,
    submission: Submission,
    decision: Decision,
    at: datetime,
    channel: str,
    entered_by: User | None,
    client_key: uuid.UUID | None,
    follows: Ticket | None,
) -> Ticket:
    """Save a new ticket under the terms that the decision read."""
    plan, contract = decision.plan, decision.contract
    if plan is None or contract is None:
        raise ValueError("an allowed request has a plan and a contract")
    severity = Severity.objects.get(edition=plan.edition_id, code=decision.severity)
    return Ticket.objects.create(
        organization=organization,
        requester=person,
        entered_by=entered_by,
        subject=submission.subject.strip(),
        description=submission.description,
        channel=channel,
        contract=contract,
        plan=plan,
        coverage_option=decision.coverage_option,
        customer_zone=organization.time_zone,
        own_targets=contract.own_targets or None,
        support_type=decision.support_type,
        contact_function=decision.contact_function,
        severity=severity.code,
        severity_rank=severity.rank,
        has_priority=plan.priority_access,
        rate_code=decision.rate_code,
        category=submission.category,
        product=submission.product,
        device=submission.device,
        operating_system=submission.operating_system,
        external_reference=submission.external_reference,
        impact=submission.impact,
        best_time_to_contact=submission.best_time_to_contact,
        submitted_at=at,
        last_event_at=at,
        updated_at=at,
        follows=follows,
        client_key=client_key,
        version=0,
    )


def _mark_unverified(ticket: Ticket, decision: Decision, question: Question) -> None:
    """Note why it is not known who asks; a contact who asks is the named contact already.

    The row is saved with its first event.
    """
    if any(note.code == "emergency_contact" for note in decision.notes):
        ticket.unverified_reason = Unverified.EMERGENCY
    elif question.is_extraordinary and question.entered_by_staff:
        ticket.unverified_reason = Unverified.EXTRAORDINARY
        ticket.named_contact = standing_of(ticket.requester, question.at).contacts.get(ticket.organization_id)


def _asked(submission: Submission, channel: str) -> dict[str, Any]:
    """What a decision was asked, as it is kept."""
    return {
        "channel": channel,
        "severity": submission.severity,
        "support_type": submission.support_type,
        "product": submission.product,
    }
