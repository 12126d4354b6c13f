"""Many rows in one statement, which stays as short for ten thousand as for one.

Values go over as one JSON value or array: a statement with a place for each of them costs more to put
together than the rows cost the database.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import RawSQL


def add(rows: Sequence[Model]) -> None:
    """Insert new rows of one model and give each its key. One query; a broken unique key raises."""
    if not rows:
        return
    readers = {field: _reader(field) for field in _columns(type(rows[0]))}
    values = [{str(field.column): read(row) for field, read in readers.items()} for row in rows]
    for row, key in zip(rows, _insert(type(rows[0]), values, {}, "RETURNING id"), strict=True):
        row.pk = key
        row._state.adding = False


def add_missing(model: type[Model], rows: Sequence[Mapping[str, Any]], **same: Any) -> None:
    """Insert rows, given as values by column; one that breaks a unique key is left out. One query.

    Each names the same columns. ``same`` are values of fields that all rows share; what neither names has
    the field's default.
    """
    if not rows:
        return
    pattern = model(**same)
    shared = {
        field: field.get_db_prep_save(field.pre_save(pattern, add=True), connection)
        for field in _columns(model)
        if field.column not in rows[0]
    }
    _insert(model, rows, shared, "ON CONFLICT DO NOTHING")


def among(keys: Iterable[int]) -> RawSQL:
    """What ``pk__in`` takes for many keys."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])  # noqa: S611 - a text without a value in it


def _columns(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _reader(field: Field[Any, Any]) -> Callable[[Any], Any]:
    """What gives a row's value of a field, as ``pre_save`` does where a field has its own."""
    if type(field).pre_save is Field.pre_save:
        return attrgetter(field.attname)
    return lambda row: field.pre_save(row, add=True)


def _insert(
    model: type[Model],
    rows: Sequence[Mapping[str, Any]],
    shared: Mapping[Field[Any, Any], Any],
    ending: str,
) -> list[int]:
    """Insert rows in their order, with the values that they share; gives what ``ending`` returns."""
    own = [field for field in _columns(model) if field not in shared]
    columns = ", ".join(f'"{field.column}"' for field in [*own, *shared])
    types = ", ".join(f'"{field.column}" {field.db_type(connection)}' for field in own)
    values = [f'given."{field.column}"' for field in own]
    values += [f"%s::{field.db_type(connection)}" for field in shared]
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {", ".join(values)} '  # noqa: S608 - names of our models
            f"FROM jsonb_to_recordset(%s::jsonb) AS given ({types}) {ending}",
            [*shared.values(), json.dumps(rows, default=str)],
        )
        return [key for (key,) in cursor.fetchall()] if cursor.description else []
