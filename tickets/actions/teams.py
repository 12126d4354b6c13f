"""Which team works on a ticket: by the teams' own rules when it comes, by a person of support afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Team, User
from tickets.actions.history import locked, record
from tickets.enums import EventKind, Side
from tickets.models import Ticket


def give_to_team(
    *, ticket: Ticket, actor: User, at: datetime, to: Team | None, expected_version: int | None = None
) -> Ticket:
    """Give the ticket to a team, or to none. Who works on it stays. Customers learn nothing. Raises Stale."""
    with transaction.atomic():
        fresh = locked(ticket, expected_version)
        if fresh.team_id == (to.pk if to else None):
            return ticket
        data = {"to": to.name if to else "", "from": fresh.team.name if fresh.team else ""}
        fresh.team = to
        record(fresh, EventKind.TEAM, at=at, actor=actor, side=Side.SUPPORT, data=data)
    ticket.refresh_from_db()
    return ticket


def route(ticket: Ticket, at: datetime) -> None:
    """Give a locked new ticket to the first team whose rule fits it. One query where none does."""
    plan = f"{ticket.plan.edition.policy.slug}/{ticket.plan.code}"
    asked = {"support_type": ticket.support_type, "product": ticket.product, "plan": plan}
    team = next((team for team in Team.objects.in_use() if team.fits(**asked)), None)
    if team is None:
        return
    ticket.team = team
    data = {"to": team.name, "from": "", "by": "rule"}
    record(ticket, EventKind.TEAM, at=at, actor=None, side=Side.SYSTEM, data=data)
