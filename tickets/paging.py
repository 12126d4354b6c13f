"""Keyset paging: a page begins behind the row that the last one ended with.

However many rows are added meanwhile, none is skipped or shown twice, and no query counts a table or reads
what lies before the page. A cursor is opaque to its holder, and signed; one that is not ours, or was made for
another order, begins at the first page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet

_SALT = "tickets.paging"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Order:
    """Columns by which rows stand in order, as (name, descending); the last one is unique.

    Only an ascending first column may be empty: such rows stand last, as the database has it by itself.
    """

    name: str
    columns: tuple[tuple[str, bool], ...]

    def expressions(self, backwards: bool) -> list[str]:
        """What ``order_by`` takes."""
        return [name if descending == backwards else f"-{name}" for name, descending in self.columns]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """``earlier`` and ``later`` are cursors, empty where there is nothing more."""

    rows: list[Row] = field(default_factory=list)
    earlier: str = ""
    later: str = ""


def page_of(rows: QuerySet[Row], order: Order, cursor: str, size: int) -> Page[Row]:
    """Return the page that ``cursor`` names (empty: the first), in one query; two or three at a boundary."""
    backwards, values = _read(cursor, order)
    got: list[Row] = []
    for stretch in [Q()] if values is None else _stretches(rows, order, values, backwards):
        found = rows.filter(stretch).order_by(*order.expressions(backwards))
        got += found[: size + 1 - len(got)]
        if len(got) > size:
            break
    more = len(got) > size
    got = got[:size]
    if backwards:
        got.reverse()
    if not got:
        return Page()
    behind = more if not backwards else True
    before = more if backwards else values is not None
    return Page(
        got,
        earlier=_written(order, got[0], backwards=True) if before else "",
        later=_written(order, got[-1], backwards=False) if behind else "",
    )


def cursor_at(order: Order, row: Model) -> str:
    """The place of a row in an order: a page that begins there begins behind it."""
    return _written(order, row, backwards=False)


def beside(rows: QuerySet[Row], order: Order, place: str, backwards: bool) -> Row | None:
    """The row next to a place (``cursor_at``), behind it or before it; None at an end. Few queries."""
    _way, values = _read(place, order)
    if values is None:
        return None
    for stretch in _stretches(rows, order, values, backwards):
        found = rows.filter(stretch).order_by(*order.expressions(backwards)).first()
        if found is not None:
            return found
    return None


def _stretches(rows: QuerySet[Any], order: Order, values: list[Any], backwards: bool) -> Iterator[Q]:
    """What lies behind the row with ``values`` (before it, read backwards), in stretches in their order.

    Each is one range of the order's index: as one condition, behind one column or another, the database would
    read all that lies before the page.
    """
    *outer, last = zip(order.columns, values, strict=True)
    is_behind = {True: "lt", False: "gt"}
    (name, descending), value = last
    behind = Q(**{f"{name}__{is_behind[descending != backwards]}": value})
    if outer:
        (name, descending), value = outer[-1]
        if value is None:
            behind &= Q(**{f"{name}__isnull": True})
        else:
            step = is_behind[descending != backwards]
            behind = Q(**{f"{name}__{step}e": value}) & (Q(**{f"{name}__{step}": value}) | behind)
    yield behind & _equal(outer[:-1])
    for place in range(len(outer) - 2, -1, -1):
        (name, descending), value = outer[place]
        if value is not None:
            step = is_behind[descending != backwards]
            yield Q(**{f"{name}__{step}": value}) & _equal(outer[:place])
    (name, _descending), value = (*outer, last)[0]
    may_be_empty = name in rows.query.annotations or rows.model._meta.get_field(name).null
    if may_be_empty and (value is None) == backwards:
        yield Q(**{f"{name}__isnull": not backwards})


def _equal(columns: Iterable[tuple[tuple[str, bool], Any]]) -> Q:
    """Rows with the same values in these columns."""
    same = Q()
    for (name, _descending), value in columns:
        same &= Q(**{f"{name}__isnull": True} if value is None else {name: value})
    return same


def _written(order: Order, row: Model, backwards: bool) -> str:
    values = [getattr(row, name) for name, _descending in order.columns]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return signing.Signer(salt=_SALT).sign_object([order.name, "b" if backwards else "f", *plain])


def _read(cursor: str, order: Order) -> tuple[bool, list[Any] | None]:
    """Whether to read backwards, and the values to go on from (None: from the start)."""
    try:
        name, way, *plain = signing.Signer(salt=_SALT).unsign_object(cursor)
    except signing.BadSignature:
        return False, None
    if name != order.name or len(plain) != len(order.columns):
        return False, None
    return way == "b", [datetime.fromisoformat(part) if isinstance(part, str) else part for part in plain]
