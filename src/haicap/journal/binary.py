"""Questions whose values travel to the database as bytes, not as text: what has thousands of them costs a fifth so."""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connections
from django.db.models import JSONField, Model
from psycopg import Cursor

M = TypeVar("M", bound=Model)


def done(question: str, given: Sequence[Any] | Mapping[str, Any], using: str, *, kept: bool = False) -> int:
    """Do it, with values at `%b`; how many rows it was done to. `kept` as in `rows`."""
    with connections[using].wrap_database_errors, _cursor(using) as cursor:
        return cursor.execute(question.encode(), given, prepare=kept).rowcount


def rows(
    question: str, given: Sequence[Any] | Mapping[str, Any], using: str, *, kept: bool = False
) -> list[tuple[Any, ...]]:
    """What is answered, with values at `%b`. `kept`: it is asked again and again, and the server keeps its plan."""
    with connections[using].wrap_database_errors, _cursor(using) as cursor:
        return cursor.execute(question.encode(), given, prepare=kept).fetchall()


def found(model: type[M], which: str, given: Sequence[Any], using: str) -> list[M]:
    """The rows of a table behind `which` (WHERE, ORDER BY), as objects: half the price of the ORM's way.

    For what every request asks.
    """
    question = f'SELECT {_columns(model)} FROM "{model._meta.db_table}" {which}'
    return [_made(model, row, using) for row in rows(question, given, using, kept=True)]


def beside(models: Sequence[type[Model]], joined: str, using: str, *, also: str = "") -> list[Any]:
    """The one row of tables that are `joined`, as an object of each, and then the values of `also`, expressions in SQL.

    None where it has no row of a table, and all of them for no row. For what every request asks together: the way
    there and back costs more than what is asked.
    """
    columns = ", ".join([*map(_columns, models), *([also] if also else [])])
    its = iter(next(iter(rows(f"SELECT {columns} FROM {joined}", [], using, kept=True)), ()))
    parts = [tuple(islice(its, len(model._meta.concrete_fields))) for model in models]
    made = [
        _made(model, part, using) if any(it is not None for it in part) else None
        for model, part in zip(models, parts, strict=True)
    ]
    return [*made, *its]


def _columns(model: type[Model]) -> str:
    return ", ".join(f'"{model._meta.db_table}"."{field.column}"' for field in model._meta.concrete_fields)


def _made(model: type[M], row: Sequence[Any], using: str) -> M:
    fields, values = model._meta.concrete_fields, list(row)
    for at, field in enumerate(fields):
        if isinstance(field, JSONField) and values[at] is not None:
            values[at] = json.loads(values[at])
    return model.from_db(using, [field.attname for field in fields], values)


def _cursor(using: str) -> Cursor[tuple[Any, ...]]:
    connections[using].ensure_connection()
    return Cursor(connections[using].connection)
