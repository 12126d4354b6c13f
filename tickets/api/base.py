"""What the addresses below one ticket have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.response import Response

from accounts.api import problems
from accounts.api.base import ApiView, check_if_match
from accounts.api.reading import invalid
from accounts.models import Organization
from tickets.actions import Refused, Stale
from tickets.actions.history import locked
from tickets.api.documents import ticket_with_etag
from tickets.models import Ticket

BIGGEST_NUMBER = 2**63 - 1


class RulesView(ApiView):
    """A view whose verbs may be refused by a rule (403 with its code) or find the ticket changed (412)."""

    staff_read = "tickets.view_ticket"
    staff_write = "tickets.change_ticket"

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Refused) and exc.code == "reason_missing":
            exc = invalid("reason", "required", exc.next_step)
        elif isinstance(exc, Refused):
            exc = problems.Refused(exc.code, exc.detail, exc.next_step, **exc.extra)
        elif isinstance(exc, Stale):
            exc = problems.Stale()
        return super().handle_exception(exc)

    def check_may_act_for(self, organization: Organization) -> None:
        """Raise Refused where the caller only reads: by a mandate to read, or as a read-only contact."""
        if self.standing.is_staff:
            return
        if self.standing.is_read_only_contact_of(organization.pk):
            raise Refused(
                "contact_not_authorised",
                _("You are a read-only contact of %(name)s.") % {"name": organization.name},
                _("Ask an administrator of %(name)s for another function.") % {"name": organization.name},
            )
        if not self.standing.may_act_for(organization.pk):
            raise Refused(
                "mandate_read_only",
                _("Your mandate for %(name)s lets you read, not act.") % {"name": organization.name},
                _("Ask an administrator of %(name)s for a mandate to act.") % {"name": organization.name},
            )


class TicketView(RulesView):
    """A view of one ticket: 404 by every verb unless it exists for the caller."""

    ticket: Ticket

    def find(self, number: int, **kwargs: Any) -> None:  # type: ignore[override]
        rows = Ticket.objects.visible_to(self.request.user, self.at)  # type: ignore[arg-type]
        found = rows.select_related("organization", "plan__edition__policy").filter(pk=number).first()
        if number > BIGGEST_NUMBER or found is None:
            raise Http404
        self.ticket = found

    def check_may_write(self) -> None:
        super().check_may_write()
        self.check_may_act_for(self.ticket.organization)

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """A transaction in which the ticket is still what ``If-Match`` says. Raises Stale where it is not."""
        with transaction.atomic():
            locked(self.ticket)
            if "If-Match" in self.request.headers:
                check_if_match(self.request, self._told()[1])
            yield

    def answer(self) -> Response:
        """The ticket as it is now, with its ETag."""
        document, etag = self._told()
        return Response(document, headers={"ETag": etag})

    def _told(self) -> tuple[dict[str, Any], str]:
        return ticket_with_etag(self.ticket.pk, self.request.user, self.at)  # type: ignore[arg-type]
