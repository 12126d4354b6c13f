"""Moving a request that was filed under the wrong organization (decision 14).

A ticket never changes its organization: the one at the wrong place closes as moved, and what its requester
wrote opens anew at the right one, decided there, with its clocks from the first submission on. So neither
organization ever holds what is the other's; who may see both knows of the two from the note that staff read.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.standing import standing_of
from plans.decision import Decision, Question, decide
from tickets.actions.converse import note
from tickets.actions.files import copy_files
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused, merged_away, move_not_allowed
from tickets.actions.submit import Submission, submit
from tickets.enums import UNSOLVED, EventKind, Side, Visibility
from tickets.models import Message, Ticket


def move_to_organization(
    *,
    ticket: Ticket,
    to: Organization,
    actor: User,
    at: datetime,
    reason: str,
    severity: str = "",
    support_type: str = "",
    expected_version: int | None = None,
) -> Ticket:
    """Open the request anew for ``to`` and close it where it was; returns the new one.

    Only before any public answer, and while nobody but its requester wrote in it. The requester must be able
    to ask there. Severity and type are codes of the other terms; empty: their default. Raises Stale, and
    Refused: ``reason_missing``, ``move_to_same``, ``move_answered``, ``move_others_wrote``,
    ``move_unverified``, ``move_has_links``, ``move_not_allowed``, ``merged_away``, and as ``submit`` does.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("A reason is missing."), _("Write why it belongs there."))
    check_may_move(ticket, to, at)
    question = question_for(ticket, to, severity, support_type)
    if (decision := decide(question)).is_refused:
        raise Refused(decision.code, decision.detail, decision.next_step)
    with transaction.atomic():
        old = locked(ticket, expected_version)
        check_may_move(old, to, at)
        new = submit(
            person=old.requester,
            organization=to,
            submission=_submission(old, severity, support_type),
            at=at,
            channel=old.channel,
            received_at=old.submitted_at,
            entered_by=actor,
        )
        copy_files(old.attachments.exclude(message__visibility=Visibility.INTERNAL), new)
        told = {"into": new.pk, "reason": reason.strip()}
        record(old, EventKind.MOVED, at=at, actor=actor, side=Side.SUPPORT, data=told)
        words = _("Moved here from #%(number)s, which was filed under %(organization)s: %(reason)s")
        facts = {"number": old.pk, "organization": old.organization.name, "reason": reason.strip()}
        note(ticket=new, author=actor, body=words % facts, at=at)
    ticket.refresh_from_db()
    return new


def question_for(ticket: Ticket, to: Organization, severity: str, support_type: str) -> Question:
    """What the terms of the other organization are asked: as if it had been asked there from the start."""
    return Question(
        person=ticket.requester,
        organization=to,
        at=ticket.submitted_at,
        channel=ticket.channel,
        severity=severity or None,
        support_type=support_type or None,
        product=ticket.product or None,
        entered_by_staff=True,
    )


def decision_after_move(ticket: Ticket, to: Organization, severity: str, support_type: str) -> Decision:
    """What the terms there say; nothing is written or kept."""
    return decide(question_for(ticket, to, severity, support_type))


def organizations_open_to(ticket: Ticket, at: datetime) -> list[Organization]:
    """Where the requester may ask besides: as a contact, or by a mandate to act. By name."""
    standing = standing_of(ticket.requester, at)
    return [
        row
        for row in standing.organizations
        if row.pk != ticket.organization_id and standing.may_act_for(row.pk)
    ]


def check_may_move(ticket: Ticket, to: Organization, at: datetime) -> None:
    """Raise Refused with the reason for which the ticket stays where it is."""
    if to.pk == ticket.organization_id:
        raise Refused(
            "move_to_same", _("It is that organization's request already."), _("Choose another organization.")
        )
    check_movable(ticket, at)


def check_movable(ticket: Ticket, at: datetime) -> None:
    """Raise Refused where the ticket can't be moved to any organization."""
    if ticket.merged_into_id is not None:
        raise merged_away()
    if ticket.status_at(at) not in UNSOLVED:
        raise move_not_allowed(str(ticket.status_at(at).label).lower())
    if ticket.is_unverified:
        raise Refused(
            "move_unverified", _("It is not known yet who asked."), _("Record first who asked, then move it.")
        )
    said = Message.objects.filter(ticket=ticket, visibility=Visibility.PUBLIC)
    if said.filter(side=Side.SUPPORT).exists():
        raise Refused(
            "move_answered",
            _("Support has answered already, under this organization's promises."),
            _("Leave it here, and take a new request for the other organization."),
        )
    if said.exclude(author=ticket.requester_id).exists():
        raise Refused(
            "move_others_wrote",
            _("Somebody else of this organization wrote in it, which the other one must not read."),
            _("Leave it here, and take a new request for the other organization."),
        )
    if ticket.links_out.exists() or ticket.links_in.exists() or ticket.merged_from.exists():
        raise Refused(
            "move_has_links",
            _("It is linked to other requests of this organization."),
            _("Remove the links first. What was merged or split stays."),
        )


def _submission(ticket: Ticket, severity: str, support_type: str) -> Submission:
    """Everything that the requester wrote, as one text."""
    said = ticket.messages.filter(visibility=Visibility.PUBLIC).order_by("at", "pk")
    texts = [ticket.description, *(f"{row.at:%Y-%m-%d %H:%M} UTC:\n\n{row.body}" for row in said)]
    return Submission(
        subject=ticket.subject,
        description="\n\n".join(text for text in texts if text),
        severity=severity,
        support_type=support_type,
        product=ticket.product,
        device=ticket.device,
        operating_system=ticket.operating_system,
        impact=ticket.impact,
        best_time_to_contact=ticket.best_time_to_contact,
    )
