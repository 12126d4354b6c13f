"""Pages of lists: every row once, in order, forwards and backwards, and by ranges of an index alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection

from tests.factories.many import copies
from tickets.desk.tabs import BY_CLOSING, BY_PROMISE, FIRST_COME, NEWEST
from tickets.models import Ticket
from tickets.paging import beside, cursor_at, page_of

ORDERS = (BY_PROMISE, FIRST_COME, BY_CLOSING, NEWEST)


@pytest.fixture
def many(ask, at) -> list[int]:
    """Requests with the same and with other values in each column of the orders, empty ones too."""
    numbers = copies(ask("P1"), 16)
    for number, (due, rank, priority) in zip(numbers, product((None, 0, 0, 1), (1, 2), (0, 1)), strict=True):
        Ticket.objects.filter(pk=number).update(
            next_due_at=None if due is None else at + timedelta(hours=due),
            auto_close_at=None if due is None else at + timedelta(days=due),
            severity_rank=rank,
            has_priority=bool(priority),
            submitted_at=at - timedelta(hours=number % 2),
        )
    return numbers


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
def test_every_row_stands_on_one_page_whichever_way_one_reads(many, order) -> None:
    rows = Ticket.objects.filter(pk__in=many)
    whole = list(rows.order_by(*order.expressions(backwards=False)))
    pages = [page_of(rows, order, "", 3)]
    while pages[-1].later:
        pages.append(page_of(rows, order, pages[-1].later, 3))
    assert [row.pk for page in pages for row in page.rows] == [row.pk for row in whole]
    page = pages[-1]
    for expected in reversed(pages[:-1]):
        page = page_of(rows, order, page.earlier, 3)
        assert page.rows == expected.rows
    for before, row, after in zip([None, *whole], whole, [*whole[1:], None], strict=False):
        place = cursor_at(order, row)
        assert beside(rows, order, place, backwards=False) == after
        assert beside(rows, order, place, backwards=True) == before


@pytest.mark.parametrize("order", (BY_PROMISE, FIRST_COME, NEWEST), ids=lambda order: order.name)
def test_a_page_far_behind_begins_where_the_last_one_ended(many, order) -> None:
    """The plan has the cursor's values as conditions of an index, not as a filter of what it has read."""
    rows = Ticket.objects.unsolved().filter(pk__in=many)
    middle = rows.filter(next_due_at__isnull=False).order_by(*order.expressions(backwards=False))[4]
    asked: list[tuple[str, object]] = []

    def watch(execute, sql, params, is_many, context):
        asked.append((sql, params))
        return execute(sql, params, is_many, context)

    with connection.execute_wrapper(watch):
        page_of(Ticket.objects.unsolved(), order, cursor_at(order, middle), 3)
    column = order.columns[-2][0] if len(order.columns) > 1 else order.columns[0][0]
    plan = _plan(*asked[0])
    assert any("Index Cond" in line and column in line for line in plan.splitlines()), plan


def _plan(sql, params) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(row[0] for row in cursor.fetchall())
