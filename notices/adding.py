"""Many new rows in one statement."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def add(rows: Sequence[Model]) -> None:
    """Insert new rows of one model and give each its key; a row that breaks a unique key raises. One query.

    As ``bulk_create(rows)``, at a quarter of its cost: the rows go over as one JSON value, where that quotes
    every value of every row.
    """
    found = _insert(rows, "RETURNING id")
    for row, key in zip(rows, found, strict=True):
        row.pk = key
        row._state.adding = False


def add_missing(rows: Sequence[Model]) -> None:
    """The same for rows that may be there: one that breaks a unique key is left out. No keys are given."""
    _insert(rows, "ON CONFLICT DO NOTHING")


def _insert(rows: Sequence[Model], ending: str) -> list[int]:
    """Insert rows in their order; gives what ``ending`` returns."""
    if not rows:
        return []
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    types = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in fields)
    values: list[dict[str, Any]] = [
        {str(field.column): field.pre_save(row, add=True) for field in fields} for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({columns}) SELECT {columns} '  # noqa: S608 - names of our models
            f"FROM jsonb_to_recordset(%s::jsonb) AS given ({types}) {ending}",
            [json.dumps(values, default=str)],
        )
        return [key for (key,) in cursor.fetchall()] if cursor.description else []
