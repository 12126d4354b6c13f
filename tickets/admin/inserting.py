"""Put a canned reply below what was typed; the answer form comes back with both, and nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tickets.actions.history import next_promise
from tickets.admin.drafts import kept
from tickets.admin.page import TicketPage
from tickets.canned import added, filled, offered
from tickets.enums import EventKind
from tickets.models import Ticket
from timekeeping import Event, HistoryError, Terms, replay


def insert(
    request: HttpRequest, page: TicketPage, again: Callable[[TicketPage, int], HttpResponse]
) -> HttpResponse:
    """The page with the text added; without a choice, with what was typed and what to do."""
    wanted = request.POST.get("canned", "")
    reply = next((row for row in offered(page.ticket) if str(row.pk) == wanted), None)
    data = request.POST.copy()
    if reply is None:
        messages.warning(request, _("Choose a canned reply first, then insert it."))
    else:
        promised_at = promised_after_answer(page.ticket, page.terms, page.past, page.at)
        text = filled(reply, page.ticket, page.user, promised_at, page.at)
        data["body"] = added(data.get("body", ""), text)
    request.POST = data  # type: ignore[assignment]
    page.forms["answer"] = page.fresh_answer(typed=data.dict())
    page.forms["draft"] = kept(request, page.ticket)
    return again(page, 200)


def promised_after_answer(ticket: Ticket, terms: Terms, past: list[Event], at: datetime) -> datetime | None:
    """The next due instant once an answer is sent at ``at``; as it is where none can be sent."""
    at = max(at, ticket.last_event_at)
    answer = Event(at=at, do=EventKind.REPLY.value, by="support")
    try:
        reading = replay(terms, [*past, answer], at)
    except HistoryError:
        return ticket.next_due_at
    return next_promise(reading)[0]
