"""Tables that pages read, made from folded subjects: which fold fills which table, and how rows are written."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connections
from django.db.models import Model
from pydantic_core import to_json

from haicap.journal.fold import Fold, Folded
from haicap.journal.models import Projection, Row, columns

S = TypeVar("S")
P = TypeVar("P", bound=Projection)


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
    dump = its.fold.form.dump_python
    return {
        "id": subject,
        "state": dump(folded.state, mode="json"),
        "last": folded.last,
        "aside": [str(entry) for entry in folded.aside],
        "branches": [dump(branch, mode="json") for branch in folded.branches],
        "waiting": [str(entry) for entry in folded.waiting],
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


def values(model: type[Model], row: Row) -> list[Any]:
    """A row's values in the order of the table's columns, dicts and lists wrapped as JSON."""
    return wrapped(row[name] for name in columns(model))


def as_json(value: object) -> str:
    """A value as the database is given it: the text of its JSON."""
    return to_json(value).decode() if value != [] else "[]"  # as most are


def wrapped(plain: Iterable[Any]) -> list[Any]:
    """Values as the database is given them: dicts and lists as the text of their JSON."""
    return [as_json(value) if isinstance(value, (dict, list)) else value for value in plain]


def show(its: Projects[S], subject: UUID, folded: Folded[S], using: str, *, is_new: bool = False) -> None:
    """Write a subject's rows as they are now; a subject without a state has none, nor has one that `is_new`."""
    with connections[using].cursor() as cursor:
        if folded.state is None:
            cursor.execute(f'DELETE FROM "{its.table._meta.db_table}" WHERE id = %s', [subject])
        else:
            cursor.execute(upsert(its.table), values(its.table, as_row(its, subject, folded)))
        for table, make in its.also:
            if not is_new:
                cursor.execute(f'DELETE FROM "{table._meta.db_table}" WHERE subject = %s', [subject])
            for row in make(subject, folded):
                cursor.execute(insert(table), values(table, row))


def insert(table: type[Model]) -> str:
    """The INSERT of one whole row."""
    names = columns(table)
    listed = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table._meta.db_table}" ({listed}) VALUES ({", ".join(["%s"] * len(names))})'


def upsert(table: type[Model]) -> str:
    """The INSERT that replaces the row of the same subject."""
    listed = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in columns(table) if name != "id")
    return f"{insert(table)} ON CONFLICT (id) DO UPDATE SET {listed}"


def copy_rows(table: type[Model], rows: Iterable[Sequence[Any]], using: str) -> None:
    """Write many new rows; each holds the values of `columns(table)` in order.

    By way of a temporary table: PostgreSQL does not COPY into a table with row-level security.
    """
    name = table._meta.db_table
    listed = ", ".join(f'"{column}"' for column in columns(table))
    with connections[using].cursor() as cursor:
        cursor.execute(f'CREATE TEMP TABLE coming (LIKE "{name}") ON COMMIT DROP')
        with cursor.copy(f"COPY coming ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f'INSERT INTO "{name}" ({listed}) SELECT {listed} FROM coming')
        cursor.execute("DROP TABLE coming")


def insert_rows(table: type[Model], rows: Iterable[Sequence[Any]], using: str) -> None:
    """Write some hundreds of new rows as the serving role may; each holds the values of `columns(table)` in order."""
    with connections[using].cursor() as cursor:
        cursor.executemany(insert(table), list(rows))
