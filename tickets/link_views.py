"""Links between requests in words, as pages show them: seen from one of the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tickets.enums import LinkKind
from tickets.models import Ticket, TicketLink, TicketQuerySet


@dataclass(frozen=True)
class LinkView:
    """How the page's request stands to ``other``. ``may_be_removed``: a split is a fact and stays."""

    words: str
    other: Ticket
    may_be_removed: bool


def links_of(ticket: Ticket, among: TicketQuerySet) -> list[LinkView]:
    """The links of a request to those of ``among``, which are all that exists for the reader. Two queries."""
    rows = list(TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket)))
    others = among.in_bulk({row.target_id if row.source_id == ticket.pk else row.source_id for row in rows})
    views = []
    for row in rows:
        is_source = row.source_id == ticket.pk
        other = others.get(row.target_id if is_source else row.source_id)
        if other is not None:
            words = link_words(row.kind, is_source=is_source)
            views.append(LinkView(words, other, row.kind != LinkKind.SPLIT_FROM))
    return views


def link_words(kind: str, *, is_source: bool) -> str:
    """How the source stands to the target, or the target to the source."""
    if is_source:
        return str(LinkKind(kind).label)
    return {
        LinkKind.RELATED: _("Related to"),
        LinkKind.DUPLICATE: _("Has a duplicate in"),
        LinkKind.CAUSED_BY: _("Causes"),
        LinkKind.SPLIT_FROM: _("Split off into"),
    }[LinkKind(kind)]


def event_words(data: dict[str, Any]) -> str:
    """What a linked or unlinked event says of the link."""
    kind = str(data.get("link") or LinkKind.RELATED)
    return f"{link_words(kind, is_source=data.get('end') != 'target')} #{data.get('to', '')}"
