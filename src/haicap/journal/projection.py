"""Tables that pages read, made from folded subjects: which fold fills which table, and how rows are written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db import connections
from django.db.models import Field, Model
from pydantic import BaseModel

from haicap.journal.binary import done
from haicap.journal.fold import Fold, Folded
from haicap.journal.models import Projection, Row, columns

S = TypeVar("S")
P = TypeVar("P", bound=Projection)
AT_ONCE = 1000  # rows in a statement


@dataclass(frozen=True, slots=True)
class Projects(Generic[S]):
    """A fold, its table, and what makes the row's own columns; `also` are further tables keyed by subject."""

    fold: Fold[S]
    table: type[Projection]
    row: Callable[[S, Folded[S]], Row]
    also: list[tuple[type[Model], Callable[[UUID, Folded[S]], list[Row]]]]


PROJECTIONS: dict[Fold[Any], Projects[Any]] = {}


def projects(fold: Fold[S], into: type[P]) -> Callable[[Callable[[S, Folded[S]], Row]], Any]:
    """Register the function that makes every column of `into` but those of `Projection` itself."""

    def register(row: Callable[[S, Folded[S]], Row]) -> Any:
        PROJECTIONS[fold] = Projects(fold, into, row, [])
        return row

    return register


def projects_also(
    fold: Fold[S], into: type[Model]
) -> Callable[[Callable[[UUID, Folded[S]], list[Row]]], Any]:
    """Register a function that makes rows of a further table, each with a column `subject`."""

    def register(rows: Callable[[UUID, Folded[S]], list[Row]]) -> Any:
        PROJECTIONS[fold].also.append((into, rows))
        return rows

    return register


def projection_of(fold: Fold[S]) -> Projects[S]:
    """Where a fold's subjects are shown."""
    return PROJECTIONS[fold]


def as_row(its: Projects[S], subject: UUID, folded: Folded[S]) -> Row:
    """The one row of a folded subject that has a state."""
    assert folded.state is not None
    return {
        "id": subject,
        "state": folded.state,
        "last": folded.last,
        "aside": folded.aside,
        "branches": folded.branches,
        "waiting": folded.waiting,
        "frozen": folded.frozen,
        **its.row(folded.state, folded),
    }


def from_row(fold: Fold[S], row: Projection) -> Folded[S]:
    """The folded subject behind its row."""
    load = fold.form.validate_python
    return Folded(
        state=load(row.state, strict=False),
        last=row.last,
        aside=tuple(UUID(entry) for entry in row.aside),
        branches=tuple(load(branch, strict=False) for branch in row.branches),
        waiting=tuple(UUID(entry) for entry in row.waiting),
        frozen=row.frozen,
    )


def _in_json(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no JSON")


as_json = msgspec.json.Encoder(enc_hook=_in_json).encode
"""A value as the database is given it: the bytes of its JSON. Raises `TypeError` for what has none."""


def packed(table: type[Model], row: Row) -> bytes:
    """A row on its way to the database: the JSON array of its values, in the order of `columns`."""
    return as_json(_values(table)(row))


@cache
def _values(table: type[Model]) -> Callable[[Row], tuple[Any, ...]]:
    return itemgetter(*columns(table))


def show(its: Projects[S], subject: UUID, folded: Folded[S], using: str, *, is_new: bool = False) -> None:
    """Write a subject's rows as they are now; a subject without a state has none, nor has one that `is_new`."""
    if folded.state is None:
        done(f'DELETE FROM "{its.table._meta.db_table}" WHERE id = %b', [subject], using)
    else:
        done(_upsert(its.table), [[packed(its.table, as_row(its, subject, folded))]], using)
    for table, make in its.also:
        if not is_new:
            done(f'DELETE FROM "{table._meta.db_table}" WHERE subject = %b', [subject], using)
        put_rows(table, (packed(table, row) for row in make(subject, folded)), using)


def put_rows(table: type[Model], rows: Iterable[bytes], using: str) -> None:
    """Write new rows, each as `packed` made it: so the serving role may, at half of COPY's price."""
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        done(_insert(table), [some], using)


@cache
def _insert(table: type[Model]) -> str:
    """The INSERT of whole rows, a list of what `packed` made; OFFSET keeps one from being parsed for each column."""
    fields = [field for field in table._meta.concrete_fields if field.column]
    listed = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field, place) for place, field in enumerate(fields))
    rows = "(SELECT convert_from(it, 'UTF8')::jsonb AS r FROM unnest(%b::bytea[]) it OFFSET 0) its"
    return f'INSERT INTO "{table._meta.db_table}" ({listed}) SELECT {values} FROM {rows}'


def _value(field: "Field[Any, Any]", place: int) -> str:
    """What stands at a place of the array `r`, as the column's type has it; null is SQL's."""
    kind = field.db_type(connections["worker"])
    return f"NULLIF(r -> {place}, 'null')" if kind == "jsonb" else f"(r ->> {place})::{kind}"


@cache
def _upsert(table: type[Model]) -> str:
    """The INSERT that replaces the rows of the same subjects."""
    listed = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in columns(table) if name != "id")
    return f"{_insert(table)} ON CONFLICT (id) DO UPDATE SET {listed}"
