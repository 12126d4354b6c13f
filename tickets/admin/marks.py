"""Marks beside the requests of the queue."""

from __future__ import annotations

from django.db.models import Case, F, OuterRef, Q, Subquery, When

from tickets.enums import EventKind, Side
from tickets.models import TicketEvent, TicketQuerySet

# A customer's word that it got worse, and what of support shows that it was read.
_WORSE = Q(side=Side.CUSTOMER) & (
    Q(kind=EventKind.SEVERITY, data__how="raised") | Q(kind=EventKind.DETAILS, data__worse=True)
)
_READ = Q(
    side=Side.SUPPORT,
    kind__in=(EventKind.REPLY, EventKind.ASK, EventKind.SEVERITY, EventKind.CONFIRMED, EventKind.RESOLVE),
)


def with_worse(rows: TicketQuerySet) -> TicketQuerySet:
    """The rows with ``worse_at``: when it got worse, a customer said, where support has not read it since."""
    told = TicketEvent.objects.filter(_WORSE | _READ, ticket=OuterRef("pk")).order_by("-at", "-pk")
    newest = told.annotate(worse_at=Case(When(side=Side.CUSTOMER, then=F("at")))).values("worse_at")[:1]
    return rows.annotate(worse_at=Subquery(newest))


_SPOKEN = (EventKind.CUSTOMER, EventKind.REPLY, EventKind.ASK, EventKind.RESOLVE, EventKind.CLOSE)


def with_last_word(rows: TicketQuerySet) -> TicketQuerySet:
    """The rows with ``heard_at``: when the customer wrote, where nobody of support has said a word since."""
    spoken = TicketEvent.objects.filter(ticket=OuterRef("pk"), kind__in=_SPOKEN).order_by("-at", "-pk")
    newest = spoken.annotate(heard_at=Case(When(kind=EventKind.CUSTOMER, then=F("at"))))
    return rows.annotate(heard_at=Subquery(newest.values("heard_at")[:1]))
