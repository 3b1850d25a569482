"""Matters as tables for other programs: heads are codes, the same in every language, and so are values."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from django.db.models import Q, QuerySet

from haicap.clocks.wall import start_of
from haicap.matters.models import MatterRow
from haicap.papers.sheets import Column, csv_stream, xlsx

What = Literal["matters", "difficulties"]
Form = Literal["csv", "xlsx"]

_MOMENTS = {"received", "due", "third_due", "ended"}
_NUMBERS = {"conflicts", "count"}
_ROW = (
    "number", "procedure", "unit", "holder", "raised_by", "province", "title", "status", "branch", "outcome", "topic",
    "received", "due", "third_due", "ended", "paused", "conflicts", "synthetic",
)  # fmt: skip
_FACTS = (
    "what", "since", "count", "money", "tried", "proposal", "measure", "guidance", "authority", "paper", "answer_due",
    "remains",
)  # fmt: skip
_SOURCE = ("publication", "number", "date", "place")
_DIFFICULTY = (
    "number", "unit", "holder", "topic", "title", "status", "outcome", "received", "due", "third_due", "ended",
    "synthetic", *_FACTS, *(f"source_{name}" for name in _SOURCE),
)  # fmt: skip


def export(
    what: What, form: Form, *, unit: str | None = None, since: date | None = None, using: str = "worker"
) -> Iterator[bytes]:
    """The table in pieces: all matters, or all difficulties with what was asked and answered in public fields.

    `unit` is a unit's code and takes in what is its file, is held or was raised by it; `since` the first day of
    coming in (Asia/Ho_Chi_Minh). Sealed facts are never among it. By the order of coming in.
    """
    names: Sequence[str] = _ROW if what == "matters" else _DIFFICULTY
    columns = [Column(name, name, 20, _kind(name)) for name in names]
    rows = _rows(what, _chosen(what, unit, since, using))
    return csv_stream(columns, rows) if form == "csv" else iter([xlsx(columns, rows, what)])


def _kind(name: str) -> Literal["text", "number", "moment"]:
    return "moment" if name in _MOMENTS else "number" if name in _NUMBERS else "text"


def _chosen(what: What, unit: str | None, since: date | None, using: str) -> QuerySet[MatterRow]:
    rows = MatterRow.objects.using(using).order_by("received", "id")
    if what == "difficulties":
        rows = rows.filter(procedure="difficulty")
    if unit:
        rows = rows.filter(Q(unit=unit) | Q(holder=unit) | Q(raised_by=unit))
    if since:
        rows = rows.filter(received__gte=start_of(since))
    return rows


def _rows(what: What, rows: QuerySet[MatterRow]) -> Iterator[dict[str, Any]]:
    if what == "matters":
        yield from rows.values(*_ROW).iterator()
        return
    own = [name for name in _DIFFICULTY if name in _ROW]
    for row in rows.only("state", *own).iterator():
        state: Mapping[str, Mapping[str, Any]] = row.state or {}
        facts, source = state["facts"], state["source"]
        yield {name: facts.get(name) for name in _FACTS} | {
            **{f"source_{name}": source.get(name) for name in _SOURCE},
            **{name: getattr(row, name) for name in own},
        }
