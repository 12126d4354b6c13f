"""Keyset paging: a page begins behind the row that the last one ended with.

However many rows are added meanwhile, none is skipped or shown twice, and no query counts a table or reads
what lies before the page. A cursor is opaque to its holder; one that is damaged, or was made for another
order, begins at the first page.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

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
    """Return the page that ``cursor`` names (empty: the first), in one query."""
    backwards, values = _read(cursor, order)
    found = rows if values is None else rows.filter(_beyond(order, values, backwards))
    got = list(found.order_by(*order.expressions(backwards))[: size + 1])
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
    """The row next to a place (``cursor_at``), behind it or before it; None at an end. One query."""
    _way, values = _read(place, order)
    if values is None:
        return None
    return rows.filter(_beyond(order, values, backwards)).order_by(*order.expressions(backwards)).first()


def _beyond(order: Order, values: list[Any], backwards: bool) -> Q:
    """Rows behind the one with ``values`` (before it, read backwards)."""
    beyond, equal = Q(), Q()
    for (name, descending), value in zip(order.columns, values, strict=True):
        if value is None:
            step = Q(**{f"{name}__isnull": False}) if backwards else None
            same = Q(**{f"{name}__isnull": True})
        else:
            step = Q(**{f"{name}__{'lt' if descending != backwards else 'gt'}": value})
            if not backwards and name == order.columns[0][0] and len(order.columns) > 1:
                step |= Q(**{f"{name}__isnull": True})
            same = Q(**{name: value})
        if step is not None:
            beyond |= equal & step
        equal &= same
    return beyond


def _written(order: Order, row: Model, backwards: bool) -> str:
    values = [getattr(row, name) for name, _descending in order.columns]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    written = json.dumps([order.name, "b" if backwards else "f", *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _read(cursor: str, order: Order) -> tuple[bool, list[Any] | None]:
    """Whether to read backwards, and the values to go on from (None: from the start)."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, way, *plain = json.loads(base64.urlsafe_b64decode(padded))
        if name != order.name or way not in ("f", "b") or len(plain) != len(order.columns):
            return False, None
        values = [_value(part) for part in plain]
    except (ValueError, TypeError, binascii.Error):
        return False, None
    if values[-1] is None or any(value is None for value in values[1:]):
        return False, None
    return way == "b", values


def _value(part: Any) -> Any:
    if part is None or isinstance(part, bool) or (isinstance(part, int) and 0 <= part < 2**63):
        return part
    moment = datetime.fromisoformat(part)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
