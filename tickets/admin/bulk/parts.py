"""What the acts on several requests share: which they are, doing it one by one, saying what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from tickets.actions import Refused, Stale
from tickets.admin.bulk.choosing import back_in, numbers_in
from tickets.models import Ticket
from tickets.typed import whole_number

VERSION = "version-"


@dataclass(frozen=True)
class Outcome:
    """What came of one request: ``words`` say what was done, or why it was not, ``next_step`` what to do."""

    ticket: Ticket
    is_done: bool
    words: str
    next_step: str = ""


class Several:
    """The chosen requests of one page, with the versions that its reader saw."""

    def __init__(self, request: HttpRequest, base: dict[str, Any], title: str) -> None:
        self.request, self.base, self.title = request, base, title
        self.user: User = request.user  # type: ignore[assignment]
        self.at: datetime = request.at  # type: ignore[attr-defined]
        self.back_url = back_in(request.GET.get("next", ""))
        numbers = numbers_in(request.GET.get("n", "").split(","))
        rows = (
            Ticket.objects.filter(pk__in=numbers)
            .select_related("organization", "requester", "assigned_to", "team", "plan__edition__policy")
            .prefetch_related("plan__edition__severities")
        )
        found = {row.pk: row for row in rows}
        self.tickets = [found[number] for number in numbers if number in found]
        self.seen = {row.pk: self._seen(row) for row in self.tickets}

    def _seen(self, ticket: Ticket) -> int:
        """The version that the page showed; on its first showing the one that there is."""
        given = whole_number(self.request.POST.get(f"{VERSION}{ticket.pk}", ""), digits=9)
        return ticket.version if given is None else given

    def page(self, template: str, status: int = 200, **more: Any) -> HttpResponse:
        """The act's page; without a request there is nothing to do but to go back."""
        if not self.tickets:
            messages.warning(self.request, _("Tick the requests first, then choose what is done to them."))
            return HttpResponseRedirect(self.back_url)
        context = self.base | {
            "title": self.title,
            "tickets": self.tickets,
            "seen": [(f"{VERSION}{number}", version) for number, version in self.seen.items()],
            "here": self.request.get_full_path(),
            "back_url": self.back_url,
            **more,
        }
        return TemplateResponse(
            self.request, f"admin/tickets/several/{template}.html", context, status=status
        )

    def each(
        self, act: Callable[[Ticket, int], str], tickets: Iterable[Ticket] | None = None
    ) -> list[Outcome]:
        """Do it to one after the other, each in a transaction of its own; one that is refused stops no other.

        ``act`` takes the request and the version its reader saw, and returns what was done in words.
        """
        return [self._one(act, ticket) for ticket in (self.tickets if tickets is None else tickets)]

    def _one(self, act: Callable[[Ticket, int], str], ticket: Ticket) -> Outcome:
        try:
            return Outcome(ticket, True, act(ticket, self.seen[ticket.pk]))
        except Stale:
            words = _("Somebody changed it after you opened this page. Nothing was done to it.")
            return Outcome(ticket, False, words, _("Look at it, then do it there."))
        except Refused as refusal:
            return Outcome(ticket, False, refusal.detail, refusal.next_step)

    def told(self, outcomes: list[Outcome]) -> HttpResponse:
        """Back to the list where all was done; else a page that says of each what came of it."""
        done = sum(outcome.is_done for outcome in outcomes)
        refused = len(outcomes) - done
        words = ngettext("%(n)s request done.", "%(n)s requests done.", done) % {"n": done}
        if not refused and outcomes:
            messages.success(self.request, words)
            return HttpResponseRedirect(self.back_url)
        summary = _("%(done)s done, %(refused)s refused") % {"done": done, "refused": refused}
        return self.page("outcome", 200 if done else 409, outcomes=outcomes, summary=summary)
