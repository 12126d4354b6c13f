"""Links between tickets of one organization: related, duplicates, causes. A split makes its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.actions.history import locked, record
from tickets.actions.refusals import Refused
from tickets.enums import EventKind, LinkKind, Side
from tickets.models import Ticket, TicketLink


def link(
    *, ticket: Ticket, to: Ticket, kind: str, actor: User, at: datetime, in_split: bool = False
) -> TicketLink:
    """Say that ``ticket`` stands to ``to`` as ``kind`` says; it is seen from both.

    Raises Refused: ``link_to_itself``, ``link_other_organization``, ``linked_already``, and ``unknown_link``
    for a kind that there is not, or that only a split makes.
    """
    if to.pk == ticket.pk:
        raise Refused(
            "link_to_itself",
            _("A request can't be linked to itself."),
            _("Write the number of another one."),
        )
    if to.organization_id != ticket.organization_id:
        raise Refused(
            "link_other_organization",
            _("The two requests are of different organizations."),
            _("Link only requests of one organization: each sees its own alone."),
        )
    if kind not in LinkKind.values or (kind == LinkKind.SPLIT_FROM and not in_split):
        raise Refused("unknown_link", _("There is no such link."), _("Choose one of the kinds."))
    with transaction.atomic():
        rows = _locked_in_order(ticket, to)
        if between(ticket, to) is not None:
            raise Refused(
                "linked_already",
                _("These two are linked already."),
                _("Remove that link first if it should say something else."),
            )
        made = TicketLink.objects.create(source=ticket, target=to, kind=kind, by=actor, at=at)
        _record_both(rows, made, EventKind.LINKED, actor, at)
    ticket.refresh_from_db()
    return made


def unlink(*, ticket: Ticket, other: Ticket, actor: User, at: datetime) -> Ticket:
    """Remove the link between two tickets, whichever way it was made. Raises Refused where there is none.

    That one was split from the other is a fact and stays (``split_stays``).
    """
    with transaction.atomic():
        rows = _locked_in_order(ticket, other)
        found = between(ticket, other)
        if found is None:
            raise Refused(
                "not_linked", _("These two are not linked."), _("Look again: somebody may have removed it.")
            )
        if found.kind == LinkKind.SPLIT_FROM:
            raise Refused(
                "split_stays",
                _("One was split from the other."),
                _("That stays in the history of both."),
            )
        _record_both(rows, found, EventKind.UNLINKED, actor, at)
        found.delete()
    ticket.refresh_from_db()
    return ticket


def between(one: Ticket, other: Ticket) -> TicketLink | None:
    """The link between two tickets, in either direction."""
    either = Q(source=one, target=other) | Q(source=other, target=one)
    return TicketLink.objects.filter(either).first()


def _locked_in_order(*tickets: Ticket) -> dict[int, Ticket]:
    return {row.pk: locked(row) for row in sorted(tickets, key=lambda row: row.pk)}


def _record_both(
    rows: dict[int, Ticket], made: TicketLink, kind: EventKind, actor: User, at: datetime
) -> None:
    """One event on each: the other's number, and whether it is the source or the target of the link."""
    for here, other, end in (
        (made.source_id, made.target_id, "source"),
        (made.target_id, made.source_id, "target"),
    ):
        data: dict[str, Any] = {"to": other, "link": made.kind, "end": end}
        record(rows[here], kind, at=at, actor=actor, side=Side.SUPPORT, data=data)
