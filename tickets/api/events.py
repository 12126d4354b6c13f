"""``tickets/{number}/events/`` and the feed ``events/?after=cursor`` for syncing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.describing import CONDITIONAL, NOT_MODIFIED, page_of, reads
from accounts.api.paging import Keyset, next_url, page_of_rows
from accounts.api.reading import ListQuery, Text, invalid, read_query
from tickets.api.base import RulesView, TicketView
from tickets.api.examples import EVENTS, FEED
from tickets.api.happenings import event_documents, told
from tickets.api.shapes import EventDocument
from tickets.models import Ticket, TicketEvent

IN_ORDER = Keyset("events", ("at", "pk"))
AS_RECORDED = Keyset("feed", ("pk",))
# How far the clocks of web servers may be apart.
CLOCKS_APART = timedelta(seconds=5)


class FeedQuery(ListQuery):
    after = Text(
        required=False, max_length=500, help_text="The `cursor` of the answer before; absent: from the start."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "after" in attrs and "cursor" in attrs:
            raise invalid("cursor", "repeated", _("Give this or “after”, not both."))
        return attrs


FeedPage = inline_serializer(
    "FeedPage",
    {
        "results": EventDocument(many=True, help_text="In the order of recording."),
        "next": serializers.CharField(
            allow_null=True, help_text="Address of the next page, null where you are up to date."
        ),
        "cursor": serializers.CharField(help_text="Keep this, and give it as `after` the next time."),
    },
)


class TicketEvents(TicketView):
    @extend_schema(
        operation_id="list_ticket_events",
        tags=["tickets"],
        summary="What happened to a ticket, in order",
        parameters=[ListQuery, *CONDITIONAL],
        examples=[EVENTS],
        responses={200: page_of(EventDocument, "EventPage"), 304: NOT_MODIFIED} | reads(404),
    )
    def get(self, request: Request, number: int) -> Response:
        query = read_query(ListQuery, request.query_params)
        rows = told(self.ticket.events.all(), self.user, self.at)
        return Response(page_of_rows(request, rows, IN_ORDER, query, self.documents))

    def documents(self, rows: list[TicketEvent]) -> list[dict[str, Any]]:
        return event_documents(rows, self.user, self.at)


class Feed(RulesView):
    @extend_schema(
        operation_id="list_events",
        tags=["events"],
        summary="Everything that happened and that you may see, in order",
        description=(
            "For syncing: read with `after` set to the `cursor` that you kept, work off `results`, keep the "
            "new `cursor`. None is lost and none comes twice."
        ),
        parameters=[FeedQuery, *CONDITIONAL],
        examples=[FEED],
        responses={200: FeedPage, 304: NOT_MODIFIED} | reads(),
    )
    def get(self, request: Request) -> Response:
        query = read_query(FeedQuery, request.query_params)
        cursor = query.get("after") or query.get("cursor") or AS_RECORDED.write([0])
        rows = AS_RECORDED.after(self._settled(), cursor, "after" if "after" in query else "cursor")
        limit = query["limit"]
        found = list(rows[: limit + 1])
        given, more = found[:limit], len(found) > limit
        if given:
            cursor = AS_RECORDED.of(given[-1])
        return Response(
            {
                "results": event_documents(given, self.user, self.at),
                "next": next_url(request, without="cursor", after=cursor) if more else None,
                "cursor": cursor,
            }
        )

    def _settled(self) -> QuerySet[TicketEvent]:
        rows = told(settled(), self.user, self.at)
        if self.standing.is_staff:
            return rows
        return rows.filter(ticket__in=Ticket.objects.visible_to(self.user, self.at))


def settled() -> QuerySet[TicketEvent]:
    """The events before which no other can still appear: how far the feed may go.

    Keys are taken in order but committed in any: while a transaction that writes is open, it may hold a key
    that is smaller than one committed already. It took that key after it began, so what was recorded before
    the oldest open one began can't be overtaken, and the rest waits for the next read. Nothing waits where
    nothing is open. The newest key is read by a snapshot that is older than the look at the open
    transactions: an event up to it whose transaction is open now was open then.

    What was recorded when is told by the web servers' clocks, so the beginning is put into their time; and
    whatever a clock says, what a later transaction than the oldest open one wrote waits too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT coalesce(max(id), 0) FROM tickets_ticketevent),"
            " min(xact_start), (array_agg(backend_xid::text ORDER BY age(backend_xid) DESC))[1],"
            " clock_timestamp() FROM pg_stat_activity"
            " WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND datname = current_database()"
        )
        newest, began_at, oldest, database_now = cursor.fetchone()
    rows = TicketEvent.objects.filter(pk__lte=newest)
    if oldest is None:
        return rows
    held_from = began_at + (timezone.now() - database_now) - CLOCKS_APART
    is_later = RawSQL(  # noqa: S611 - the value is a parameter
        'age("tickets_ticketevent"."xmin") BETWEEN 0 AND age(%s::xid)', [oldest], BooleanField()
    )
    return rows.filter(recorded_at__lt=held_from).annotate(is_later=is_later).filter(is_later=False)
