"""Questions whose values travel to the database as bytes, not as text: what has thousands of them costs a fifth so."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections
from psycopg import Cursor


def done(question: str, given: Sequence[Any] | Mapping[str, Any], using: str) -> None:
    """Do it, with values at `%b`."""
    with connections[using].wrap_database_errors, _cursor(using) as cursor:
        cursor.execute(question.encode(), given)


def rows(question: str, given: Sequence[Any] | Mapping[str, Any], using: str) -> list[tuple[Any, ...]]:
    """What is answered, with values at `%b`."""
    with connections[using].wrap_database_errors, _cursor(using) as cursor:
        return cursor.execute(question.encode(), given).fetchall()


def _cursor(using: str) -> Cursor[tuple[Any, ...]]:
    connections[using].ensure_connection()
    return Cursor(connections[using].connection)
