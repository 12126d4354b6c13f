"""A quiet word on the queue page where its view has changed since it was shown; nothing jumps by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from tickets.desk.asked import Asked, asked_by
from tickets.desk.counting import Desk, desk_of
from tickets.models import Ticket
from tickets.typed import whole_number

# What is older is old without a look.
LONGEST_LOOK_BACK = timedelta(hours=12)


def changed(request: HttpRequest) -> HttpResponse:
    """A line with a link to the view as it is now, or nothing. Two queries at most."""
    asked, desk = asked_by(request.GET), desk_of(request)
    since = _moment(request.GET.get("since", ""))
    news = since is not None and _has_changed(desk, asked, since, request.GET.get("shown", ""))
    context = {
        "since": since if news else None,
        "url": f"{reverse('admin:tickets_ticket_changelist')}?{asked.query()}",
        "now": desk.at,
    }
    return TemplateResponse(request, "admin/tickets/ticket/_changed.html", context)


def _has_changed(desk: Desk, asked: Asked, since: datetime, shown: str) -> bool:
    """Whether a request of the view, or one of those shown, has changed; found by the newest changes."""
    if desk.at - since > LONGEST_LOOK_BACK:
        return True
    numbers = [number for one in shown.split(",")[:100] if (number := whole_number(one)) is not None]
    recent = Ticket.objects.filter(updated_at__gt=since)
    here = desk.rows(asked).filter(updated_at__gt=since).order_by()
    return recent.filter(pk__in=numbers).exists() or here.exists()


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
