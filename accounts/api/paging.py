"""Pages of lists by keyset: none is skipped or repeated while rows are added, and nothing counts a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts.api.reading import invalid

Key = Sequence[Any]


@dataclass(frozen=True)
class Keyset:
    """The order of a list: field names, each with ``-`` where it descends; together they are unique.

    A cursor holds the values of the last row given out, signed, so that only our own are taken.
    """

    name: str
    fields: tuple[str, ...]

    def after(self, rows: QuerySet[Any], cursor: str | None, name: str = "cursor") -> QuerySet[Any]:
        """The rows behind the cursor, in order. Raises ValidationError for one that is not ours.

        ``name`` is the parameter that it came in.
        """
        ordered = rows.order_by(*self.fields)
        return ordered if cursor is None else ordered.filter(self._behind(self.read(cursor, name)))

    def read(self, cursor: str, name: str = "cursor") -> list[Any]:
        """The values of a cursor."""
        try:
            values = signing.Signer(salt=self._salt).unsign_object(cursor)
        except (signing.BadSignature, ValueError):
            raise invalid(
                name, "invalid_cursor", _("This is no cursor of this list. Begin again without one.")
            ) from None
        return [datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value for value in values]

    def write(self, values: Key) -> str:
        """The cursor behind a row with these values."""
        plain = [{"at": value.isoformat()} if isinstance(value, datetime) else value for value in values]
        return signing.Signer(salt=self._salt).sign_object(plain)

    def of(self, row: Model) -> str:
        """The cursor behind ``row``."""
        return self.write([getattr(row, field.lstrip("-")) for field in self.fields])

    @property
    def _salt(self) -> str:
        return f"api.cursor.{self.name}"

    def _behind(self, values: Key) -> Q:
        behind, same = Q(), Q()
        for field, value in zip(self.fields, values, strict=True):
            name = field.lstrip("-")
            step = "lt" if field.startswith("-") else "gt"
            behind |= same & Q(**{f"{name}__{step}": value})
            same &= Q(**{name: value})
        return behind


def page(
    request: Request,
    rows: QuerySet[Any],
    keyset: Keyset,
    query: dict[str, Any],
    represent: Callable[[Any], dict[str, Any]],
) -> dict[str, Any]:
    """One page of ``rows``: ``{"results": [...], "next": url or None}``. One query."""
    return page_of_rows(request, rows, keyset, query, lambda found: [represent(row) for row in found])


def page_of_rows(
    request: Request,
    rows: QuerySet[Any],
    keyset: Keyset,
    query: dict[str, Any],
    represent: Callable[[list[Any]], list[dict[str, Any]]],
) -> dict[str, Any]:
    """The same where the documents of a page are written together."""
    limit = query["limit"]
    found = list(keyset.after(rows, query.get("cursor"))[: limit + 1])
    following = keyset.of(found[limit - 1]) if len(found) > limit else None
    return {
        "results": represent(found[:limit]),
        "next": next_url(request, cursor=following) if following else None,
    }


def page_of_values(
    request: Request, items: Iterable[tuple[Key, dict[str, Any]]], keyset: Keyset, query: dict[str, Any]
) -> dict[str, Any]:
    """The same for the few values of one ticket that are computed: pairs of ascending key and document."""
    start = keyset.read(query["cursor"]) if "cursor" in query else None
    left = [(key, item) for key, item in items if start is None or list(key) > start]
    limit = query["limit"]
    following = keyset.write(left[limit - 1][0]) if len(left) > limit else None
    return {
        "results": [item for _key, item in left[:limit]],
        "next": next_url(request, cursor=following) if following else None,
    }


def next_url(request: Request, without: str = "", **changed: str) -> str:
    """This request's address with some parameters changed, and one left out."""
    params = request.query_params.dict() | changed
    params.pop(without, None)
    return request.build_absolute_uri(f"{request.path}?{urlencode(params)}")
