"""Work queues: the filters that stand above the list of matters, ready-made by role and kept by a person."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haicap.matters.listing import Listing
from haicap.matters.models import MatterRow
from haicap.matters.parts import Text
from haicap.matters.queries import filtered
from haicap.matters.showing import in_words
from haicap.units import filters
from haicap.units.rights import Person

PATH = "/matters/"
MOST = 100  # a queue is counted so far; more is said as "100+"
BESIDE = frozenset({"page", "sort", "format"})  # of the address, what narrows nothing
TODAY = "today"


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as it stands above the list: `count` None where it was not counted, `MOST` where there may be more."""

    label: str
    query: str
    current: bool
    kept: bool = False
    count: int | str | None = None

    @property
    def url(self) -> str:
        """Its address."""
        base = reverse("matters:list")
        return f"{base}?{self.query}" if self.query else base


def of(person: Person, params: Mapping[str, str], day: date) -> list[Queue]:
    """The queues of `person`, that of the address `params` marked current; `day` as people have it. One query."""
    here = as_query(params)
    ready = [(in_words(name), _dated(query, day), False) for name, query in _ready(person)]
    own = [(it.name, _dated(dict(parse_qsl(it.query)), day), True) for it in filters.of(person, PATH)]
    shown = [(_("Đang mở"), "open=1", False), *ready, *own, (_("Tất cả"), "", False)]
    return [Queue(label, query, query == here, kept) for label, query, kept in shown]


def _ready(person: Person) -> list[tuple[Text, dict[str, str]]]:
    return [(name, query) for roles, name, query in table() if roles & person.roles]


@cache
def table() -> tuple[tuple[frozenset[str], Text, dict[str, str]], ...]:
    """Roles, name and query of every queue that stands ready (`data/queues.toml`)."""
    rows = tomllib.loads((Path(__file__).parent / "data" / "queues.toml").read_text(encoding="utf-8"))[
        "queue"
    ]
    return tuple((frozenset(row["roles"]), Text(**row["name"]), row["query"]) for row in rows)


def _dated(query: Mapping[str, str], day: date) -> str:
    return as_query({name: day.isoformat() if value == TODAY else value for name, value in query.items()})


def as_query(params: Mapping[str, str]) -> str:
    """What narrows, in one order, so that two addresses of the same list are the same text."""
    return urlencode(sorted((name, value) for name, value in params.items() if value and name not in BESIDE))


def to_keep(query: str, day: date) -> str:
    """An address as it is kept: what was due on the day of keeping is due on the day of looking."""
    params = dict(parse_qsl(query))
    if params.get("due_on") == day.isoformat():
        params["due_on"] = TODAY
    return as_query(params)


def counted(person: Person, queues: Sequence[Queue], *, at: datetime) -> list[Queue]:
    """The queues with how many matters each holds, up to `MOST`. One query, which ends early in each."""
    found = _counts(_sets(person, dict(parse_qsl(queue.query)), at) for queue in queues)
    return [
        replace(queue, count=n if n <= MOST else f"{MOST}+") for queue, n in zip(queues, found, strict=True)
    ]


def _sets(person: Person, params: Mapping[str, str], at: datetime) -> list[QuerySet[MatterRow, Any]]:
    """What a queue holds: few among many, or, where it narrows nothing, all in the sets that have an index."""
    its = [filtered(person, params, at=at)] if params else Listing(person, params, at).parts
    return [rows.order_by().values("pk")[: MOST + 1] for rows in its]


def _counts(queues: Iterable[list[QuerySet[MatterRow, Any]]]) -> list[int]:
    asked, told = [], []
    for sets in queues:
        texts = []
        for rows in sets:
            try:
                text, values = rows.query.get_compiler(connection=connection).as_sql()
            except EmptyResultSet:  # who has no reach at all sees none
                continue
            texts.append(f"SELECT * FROM ({text}) one")
            told += values
        its = " UNION ALL ".join(texts) or "SELECT 1 WHERE false"
        asked.append(f"(SELECT count(*) FROM ({its} LIMIT {MOST + 1}) q)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(asked)}", told)
        return list(cursor.fetchone())
