"""What the ticket page says of other requests: where it was merged, what was merged in, links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from accounts.models import Organization
from tickets.forms.joining import LinkForm
from tickets.link_views import links_of
from tickets.models import Ticket

if TYPE_CHECKING:
    from tickets.admin.page import TicketPage

# Moving to another organization ends promises of one contract and begins those of another.
MAY_MOVE = ("tickets.change_ticket", "accounts.change_organization")
MOST = 50
MOST_NAMED = 200


def panel(page: TicketPage) -> dict[str, Any]:
    """The panel, and what of the acts on several requests is open here. Three queries, four where merged."""
    ticket = page.ticket
    return {
        "links": links_of(ticket, Ticket.objects.all()),
        "merged_in": list(Ticket.objects.filter(merged_into=ticket).order_by("number")[:MOST]),
        "survivor": ticket.survivor if ticket.merged_into_id is not None else None,
        "link_form": page.forms.get("link") or LinkForm(prefix="link"),
        "acts": {name: address(ticket, name) for name in ("merge", "split", "move")},
        "may_move": page.user.has_perms(MAY_MOVE),
    }


def named_so(words: str) -> list[int]:
    """The keys of organizations with these words in their names, the first few hundred. One query."""
    rows = Organization.objects.order_by().filter(name__icontains=words)
    return list(rows.values_list("pk", flat=True)[:MOST_NAMED])


def address(ticket: Ticket, act: str) -> str:
    return reverse("admin:tickets_ticket_act", args=[ticket.pk, act])
