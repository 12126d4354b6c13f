"""Many requests at once, by two statements: copies of one that came in through its verb."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from tickets.models import Clock, Ticket


def copies(ticket: Ticket, count: int) -> list[int]:
    """Make ``count`` copies of a ticket with its clocks, without events, messages and notices.

    Returns their numbers. Instants are the ticket's own: the caller sets what is to differ.
    """
    own = [
        field.column for field in Ticket._meta.concrete_fields if field.name not in ("number", "client_key")
    ]
    of_clock = [field.column for field in Clock._meta.concrete_fields if field.name not in ("id", "ticket")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO tickets_ticket ({_listed(own)}) SELECT {_listed(own)} "
            "FROM tickets_ticket, generate_series(1, %s) WHERE number = %s RETURNING number",
            [count, ticket.pk],
        )
        numbers = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"INSERT INTO tickets_clock (ticket_id, {_listed(of_clock)}) "
            f"SELECT copied.number, {_listed(of_clock)} "
            "FROM tickets_clock, unnest(%s::bigint[]) AS copied (number) WHERE ticket_id = %s",
            [numbers, ticket.pk],
        )
    return numbers


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
