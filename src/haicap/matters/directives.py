"""Directives rolled up: of each clause, how many units have done it, late, claim to have, or have not yet.

One directive is one subject per unit and clause; the roll-up is a question asked of those, never a record.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.db.models.fields.json import KT
from django.urls import reverse

from haicap.matters.queries import filtered
from haicap.matters.tasks import tasks
from haicap.units.rights import Person

KINDS = ("done", "late", "claimed", "open", "overdue", "revoked")
"""Verified and reported in time; verified and reported late; reported and not verified; not reported; of these
past their date; taken back. In this order on the page."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many tasks of a clause stand so, and the list of them."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a directive (None: the whole directive) and how its tasks stand."""

    directive: str
    clause: str | None
    title: str
    cells: Mapping[str, Cell]
    all: Cell


def rolled_up(person: Person, *, at: datetime) -> list[tuple[Clause, list[Clause]]]:
    """Each directive that `person` sees tasks of, the newest first, with its clauses; `at` is aware. One query.

    The directive's own file, held by whoever gave it, is not a task.
    """
    rows = (
        tasks(filtered(person, {"procedure": "directive"}, at=at), at)
        .annotate(paper=KT("state__facts__directive"), part=KT("state__facts__clause"))
        .values("paper", "part", "task")
        .annotate(n=Count("pk"), newest=Max("received"), named=Max("title"))
        .order_by("paper", "part")
    )
    found: dict[str, dict[str, dict[str, int]]] = {}
    newest: dict[str, datetime] = {}
    titles: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["paper"], {}).setdefault(row["part"], {})[row["task"]] = row["n"]
        newest[row["paper"]] = max(newest.get(row["paper"], row["newest"]), row["newest"])
        titles[row["paper"]] = row["named"]
    ordered = sorted(found, key=lambda paper: (newest[paper], paper), reverse=True)
    return [
        (
            _clause(paper, None, titles[paper], _sum(found[paper].values())),
            [
                _clause(paper, part, titles[paper], found[paper][part])
                for part in sorted(found[paper], key=in_numbers)
            ],
        )
        for paper in ordered
    ]


def in_numbers(clause: str) -> list[tuple[int, str]]:
    """The key that sorts clauses as they are counted: `2` before `10`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", clause or "")]


def _sum(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in parts:
        for kind, number in counts.items():
            total[kind] = total.get(kind, 0) + number
    return total


def _clause(paper: str, part: str | None, title: str, counts: Mapping[str, int]) -> Clause:
    cells = {kind: Cell(counts.get(kind, 0), _url(paper, part, kind)) for kind in KINDS}
    return Clause(paper, part, title, cells, Cell(sum(counts.values()), _url(paper, part, "")))


def _url(paper: str, part: str | None, kind: str) -> str:
    asked = {"procedure": "directive", "directive": paper, "task": kind or "any"}
    return reverse("matters:list") + "?" + urlencode(asked | ({"clause": part} if part else {}))
