"""The questions that pages ask of directives: which there are, how their tasks stand, and what the last visit left."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.urls import reverse

from haicap.journal.projection import from_row
from haicap.matters.directing.fold import Directive, directives
from haicap.matters.directing.models import DirectiveRow
from haicap.matters.queries import filtered
from haicap.matters.tasks import tasks
from haicap.units.models import UnitRow
from haicap.units.rights import Person, reach
from haicap.units.vietnamese import fold

WAITING = ("open", "overdue")
"""How tasks stand whose units have not reported."""


@dataclass(frozen=True, slots=True)
class Task:
    """One clause for one unit: how it stands, and what was reported; `status` is the state of its procedure."""

    id: UUID
    clause: str
    unit: str
    kind: str
    status: str
    due: datetime | None
    done: str
    met: datetime | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """The tasks of a directive by unit and clause, and how many of each stand how."""

    tasks: Mapping[tuple[str, str], Task]
    by_clause: Mapping[str, Counter[str]]
    by_unit: Mapping[str, Counter[str]]
    all: Counter[str]


def seen(person: Person) -> QuerySet[DirectiveRow]:
    """The directives that `person` may see: issued in their reach, to a unit of it, or for a visit to one."""
    its = reach(person, "matter.see")
    rows = DirectiveRow.objects.all()
    if its.everywhere:
        return rows
    units = sorted(its.units)
    mine = Q(issuer__in=units) | Q(visited__in=units) | Q(province__in=sorted(its.provinces))
    return rows.filter(mine | Q(units__has_any_keys=units))


def one(person: Person, subject: UUID) -> Directive | None:
    """The directive, or None where `person` may not see it."""
    return read(seen(person).filter(pk=subject).first())


def read(row: DirectiveRow | None) -> Directive | None:
    """The directive behind its row, without a query."""
    return from_row(directives, row).state if row else None


def numbered(person: Person, numbers: Iterable[str]) -> dict[str, DirectiveRow]:
    """The directives with these numbers, by number. One query."""
    rows = (
        seen(person)
        .filter(number__in=set(numbers))
        .only("id", "number", "title", "sort", "issued", "visited", "issuer")
    )
    return {row.number: row for row in rows}


def visits(person: Person, params: Mapping[str, str]) -> QuerySet[DirectiveRow]:
    """Visits that `person` may see, the newest first; `unit` narrows to one visited, `q` to words."""
    rows = seen(person).filter(sort="visit")
    if unit := params.get("unit", "").strip():
        rows = rows.filter(visited=unit)
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(words__contains=word)
    return rows.order_by("-issued", "id")


def last_visit(person: Person, unit: str, *, before: date | None = None) -> Directive | None:
    """The newest visit to a unit, of those before a day where one is given."""
    rows = visits(person, {"unit": unit})
    return read((rows.filter(issued__lt=before) if before else rows).first())


def matrix(person: Person, numbers: Sequence[str], *, at: datetime) -> dict[str, Matrix]:
    """The tasks of directives by number, those that `person` may see. One query; `at` is aware."""
    rows = tasks(filtered(person, {"procedure": "directive"}, at=at), at).filter(
        state__facts__directive__in=numbers
    )
    parts = rows.annotate(
        paper=KT("state__facts__directive"), part=KT("state__facts__clause"), said=KT("state__facts__done")
    )
    found: dict[str, list[Task]] = {number: [] for number in numbers}
    for paper, *its in parts.values_list(
        "paper", "pk", "part", "holder", "task", "status", "was_due", "said", "was_done"
    ):
        found[paper].append(_task(its))
    return {number: _matrix(its) for number, its in found.items()}


def _task(its: Sequence[Any]) -> Task:
    subject, clause, unit, kind, status, due, said, met = its
    return Task(subject, clause, unit or "", kind, status, due, said or "", met)


def _matrix(its: Iterable[Task]) -> Matrix:
    cells: dict[tuple[str, str], Task] = {}
    by_clause: dict[str, Counter[str]] = {}
    by_unit: dict[str, Counter[str]] = {}
    for task in its:
        cells[task.unit, task.clause] = task
        by_clause.setdefault(task.clause, Counter())[task.kind] += 1
        by_unit.setdefault(task.unit, Counter())[task.kind] += 1
    return Matrix(cells, by_clause, by_unit, sum(by_clause.values(), Counter()))


def tasks_url(number: str, *, kind: str = "any", clause: str = "", unit: str = "") -> str:
    """The list of the tasks of a directive that stand so."""
    asked = {"procedure": "directive", "directive": number, "task": kind, "clause": clause, "holder": unit}
    return reverse("matters:list") + "?" + urlencode({name: value for name, value in asked.items() if value})


def waiting(its: Matrix, *, clauses: Iterable[str] = (), only: str = "") -> list[Task]:
    """The tasks not reported yet, of these clauses (none: all); `only` those that stand so."""
    wanted = set(clauses)
    kinds = (only,) if only in WAITING else WAITING
    return [it for it in its.tasks.values() if it.kind in kinds and (not wanted or it.clause in wanted)]


def addressees(province: str | None) -> list[tuple[str, str, str]]:
    """Code, name and level of the units of a province that a directive may go to, departments first."""
    rows = UnitRow.objects.filter(province=province, level__in=("department", "commune"), closed=None)
    return list(rows.order_by("-level", "order").values_list("code", "name", "level"))


def meant(lines: Iterable[str], units: Sequence[tuple[str, str, str]]) -> tuple[list[str], list[str]]:
    """The codes of units named in lines (code, whole name, or the place alone); the lines that name none, or two."""
    known: dict[str, set[str]] = {}
    for code, name, _level in units:
        for word in {fold(code), fold(name), *_places(fold(name))}:
            known.setdefault(word, set()).add(code)
    found: list[str] = []
    unknown: list[str] = []
    for line in lines:
        its = known.get(fold(line.split("·")[0])) or known.get(fold(line)) or set()
        if len(its) == 1:
            found += its
        elif fold(line):
            unknown.append(line.strip())
    return found, unknown


def _places(name: str) -> list[str]:
    """A unit's folded name without what stands before the place: `cong an phuong hong bang` also `hong bang`."""
    found = []
    for head in ("cong an ", "phuong ", "xa ", "dac khu "):
        name = name.removeprefix(head)
        found.append(name)
    return found
