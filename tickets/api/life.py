"""``close/``, ``reopen/``, ``escalate/`` and ``clocks/`` of a ticket."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.describing import (
    CHANGED,
    CONDITIONAL,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    NOT_MODIFIED,
    REPLAYED,
    page_of,
    reads,
    writes,
)
from accounts.api.paging import Keyset, page_of_values
from accounts.api.reading import read_body, read_query
from accounts.models import User
from tickets.actions import close_by_customer, close_by_support, escalate, reopen, say
from tickets.api.base import TicketView
from tickets.api.documents import clock_document
from tickets.api.examples import CLOCKS, TICKET
from tickets.api.idempotency import once
from tickets.api.shapes import ClockDocument, ClockQuery, Reason, TicketDocument
from tickets.enums import Metric, Side, Status
from tickets.reading import reading_of

BY_METRIC = Keyset("clocks", ("metric", "cycle"))
_REASON = OpenApiExample(
    "a reason", value={"reason": "Solved: a wrong clock on the domain controller."}, request_only=True
)
_TOO_SLOW = OpenApiExample(
    "why", value={"reason": "Nobody has answered since this morning."}, request_only=True
)


def _number(ticket: dict[str, Any]) -> int:
    """The ticket that an answer tells of."""
    number: int = ticket["number"]
    return number


class Close(TicketView):
    @extend_schema(
        operation_id="close_ticket",
        tags=["tickets"],
        summary="Close a ticket",
        description="Staff close with a public message (the reason), or a resolved ticket without one.",
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, REPLAYED, *CHANGED],
        request=Reason,
        examples=[_REASON, TICKET],
        responses={200: TicketDocument} | writes(404, 412, 422),
    )
    def post(self, request: Request, number: int) -> Response:
        return once(request, self.at, _number, self._act)

    def _act(self) -> Response:
        reason = read_body(Reason, self.request.data).get("reason", "")
        user: User = self.request.user  # type: ignore[assignment]
        with self.unchanged():
            if not self.standing.is_staff:
                close_by_customer(ticket=self.ticket, actor=user, at=self.at, reason=reason)
            elif reason and self.ticket.status_at(self.at) != Status.RESOLVED:
                say(ticket=self.ticket, author=user, body=reason, at=self.at, then="closed")
            else:
                close_by_support(ticket=self.ticket, actor=user, at=self.at, reason=reason)
        return self.answer()


class Reopen(TicketView):
    @extend_schema(
        operation_id="reopen_ticket",
        tags=["tickets"],
        summary="Reopen a resolved or closed ticket",
        description="Up to and including `reopen_until`; after it: 403 with `reopen_window_closed`.",
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, REPLAYED, *CHANGED],
        request=Reason,
        examples=[_REASON, TICKET],
        responses={200: TicketDocument} | writes(404, 412, 422),
    )
    def post(self, request: Request, number: int) -> Response:
        return once(request, self.at, _number, self._act)

    def _act(self) -> Response:
        reason = read_body(Reason, self.request.data).get("reason", "")
        side = Side.SUPPORT if self.standing.is_staff else Side.CUSTOMER
        user: User = self.request.user  # type: ignore[assignment]
        with self.unchanged():
            reopen(ticket=self.ticket, actor=user, at=self.at, side=side, reason=reason)
        return self.answer()


class Escalate(TicketView):
    @extend_schema(
        operation_id="escalate_ticket",
        tags=["tickets"],
        summary="Ask for escalation",
        description=(
            "The ticket goes to the first level; where an escalation is open, to the next one. `reason` is "
            "needed. Refused with `escalation_not_in_plan` where the plan has no levels to ask for, with "
            "`escalation_at_top` where none is above. Each call is one level: send an `Idempotency-Key`."
        ),
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, REPLAYED, *CHANGED],
        request=Reason,
        examples=[_TOO_SLOW, TICKET],
        responses={200: TicketDocument} | writes(404, 412, 422),
    )
    def post(self, request: Request, number: int) -> Response:
        return once(request, self.at, _number, self._act)

    def _act(self) -> Response:
        reason = read_body(Reason, self.request.data).get("reason", "")
        side = Side.SUPPORT if self.standing.is_staff else Side.CUSTOMER
        user: User = self.request.user  # type: ignore[assignment]
        with self.unchanged():
            escalate(ticket=self.ticket, actor=user, at=self.at, side=side, reason=reason)
        return self.answer()


class Clocks(TicketView):
    @extend_schema(
        operation_id="list_clocks",
        tags=["tickets"],
        summary="What each promise reads, and why it is due when it is",
        parameters=[ClockQuery, *CONDITIONAL],
        examples=[CLOCKS],
        responses={200: page_of(ClockDocument, "ClockPage"), 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(ClockQuery, request.query_params)
        clocks = reading_of(self.ticket, self.at).clocks
        items = (
            (
                (Metric.values.index(clock.metric), clock.cycle),
                clock_document(clock, self.at, query["explain"]),
            )
            for clock in clocks
        )
        return Response(page_of_values(request, items, BY_METRIC, query))
