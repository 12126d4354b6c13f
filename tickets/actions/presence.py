"""Who else is on a ticket's page at this moment, and whether they write. True for a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from tickets.enums import Doing
from tickets.models import Draft, Presence, Ticket

# A page says every 20 seconds that it is open; after three it counts as left.
SEEN_FOR = timedelta(seconds=60)
# Who has typed nothing for so long reads, though a draft may stand in the box.
WRITES_FOR = timedelta(minutes=3)


def be_present(*, ticket: Ticket, user: User, at: datetime) -> None:
    """Note that somebody of support has the page open; they write where their draft is a moment old."""
    writes = Draft.objects.filter(user=user, ticket=ticket, updated_at__gte=at - WRITES_FOR).exists()
    row = Presence(ticket=ticket, user=user, doing=Doing.WRITING if writes else Doing.VIEWING, seen_at=at)
    Presence.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["ticket", "user"],
        update_fields=["doing", "seen_at"],
    )


def others_on(ticket: Ticket, user: User, at: datetime) -> list[Presence]:
    """Who else has the page open, writers first. One query."""
    rows = ticket.present.filter(seen_at__gte=at - SEEN_FOR, user__is_active=True).exclude(user=user)
    # "writing" stands behind "viewing" in the alphabet.
    return list(rows.select_related("user").order_by("-doing", "user__name", "pk")[:10])
