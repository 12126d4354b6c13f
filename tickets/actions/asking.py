"""Asking how content the customer is: once for each closing, where the plan has that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from notices.adding import among
from notices.outbox import queue
from tickets.actions import telling
from tickets.models import Survey, Ticket


def open_surveys(tickets: Sequence[Ticket], closed: str, at: datetime) -> int:
    """Ask about tickets that closed at the instant in their column ``closed``, each closing once.

    In the transaction that records the closing. A ticket that was merged away is not asked about. Returns how
    many were asked about; five queries, however many there are.
    """
    wanted = Ticket.objects.filter(
        pk__in=among(ticket.pk for ticket in tickets), plan__survey=True, merged_into=None
    )
    asked = {row.pk: row for row in wanted.select_related("requester", "organization", "named_contact__user")}
    if not asked:
        return 0
    before = Survey.objects.filter(ticket__in=among(asked)).values_list("ticket")
    last = {pk: (cycle, at) for pk, cycle, at in before.annotate(Max("cycle"), Max("closed_at"))}
    new = []
    for ticket in tickets:
        closed_at, until = getattr(ticket, closed), ticket.reopen_until
        cycle, told_at = last.get(ticket.pk, (0, None))
        if ticket.pk in asked and until is not None and closed_at != told_at:
            new.append(Survey(ticket=asked[ticket.pk], cycle=cycle + 1, closed_at=closed_at, until=until))
    Survey.objects.bulk_create(new, ignore_conflicts=True)
    queue(
        [draft for row in new for draft in telling.drafts_of_survey(row.ticket, row.cycle, row.closed_at)], at
    )
    return len(new)
