"""What the terms said of a request is kept, whichever way it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Organization, User
from plans.decision import Decision
from plans.enums import Outcome
from tickets.actions.elsewhere import day_begins
from tickets.enums import Channel
from tickets.models import DecisionRecord, Ticket


def keep_decision(
    *,
    decision: Decision,
    person: User,
    organization: Organization,
    at: datetime,
    question: dict[str, Any],
    ticket: Ticket | None = None,
) -> DecisionRecord:
    """Keep a decision, with its ticket where it took the request.

    ``question`` is what was asked: channel, severity, support type and product, as plain text.
    """
    return DecisionRecord.objects.create(
        ticket=ticket,
        organization=organization,
        person=person,
        at=at,
        outcome=decision.outcome,
        code=decision.code,
        question=question,
        terms=decision.terms_read or {},
    )


@transaction.atomic
def turn_away(
    *, decision: Decision, person: User, organization: Organization, at: datetime
) -> DecisionRecord:
    """Keep that the portal's form was closed to ``person`` before anything was sent.

    Somebody who looks again, or loads the page anew, was not refused twice: the same person, rule and terms
    are kept once for each day of the organization's zone. Returns what is kept, or was kept earlier that day.
    """
    # Two windows at once wait here for one another.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    terms = decision.terms_read or {}
    there = DecisionRecord.objects.filter(
        organization=organization,
        person=person,
        outcome=Outcome.REFUSED,
        code=decision.code,
        at__gte=day_begins(at, organization.time_zone),
        at__lte=at,
        terms=terms,
    ).first()
    if there is not None:
        return there
    question = {"channel": Channel.PORTAL.value, "severity": "", "support_type": "", "product": ""}
    return keep_decision(
        decision=decision, person=person, organization=organization, at=at, question=question
    )
