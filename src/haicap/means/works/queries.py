"""The questions that pages ask of works. `filtered` is the one meaning of the list's address: what links to the list
counts with the same conditions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from haicap.clocks.wall import day_of
from haicap.journal.entry import Entry
from haicap.matters.drafts import is_uuid
from haicap.matters.queries import told as told_of
from haicap.means.works.actions import PLANNERS
from haicap.means.works.figures import Candidate, candidate
from haicap.means.works.fold import Programme, programmes, projects
from haicap.means.works.models import ProgrammeRow, ProjectRow
from haicap.means.works.state import Project
from haicap.units.models import UnitRow
from haicap.units.queries import names
from haicap.units.rights import Person, visible
from haicap.units.vietnamese import fold

SORTS = {
    "name": "order", "unit": "unit", "start": "start", "end": "end", "due": "due", "budget": "budget", "paid": "paid",
    "slip": "slip",
}  # fmt: skip
SEE = "means.see"
OPEN = ("planned", "begun")
SLIPPED = Q(end__gt=F("end_planned"), standing__in=OPEN)
MOST = 1000  # projects of one programme that its page draws; the list has all

Narrow = Callable[[QuerySet[ProjectRow], str, date], QuerySet[ProjectRow]]


def seen(person: Person) -> QuerySet[ProjectRow]:
    """All projects that `person` may see."""
    return visible(person, SEE, ProjectRow.objects.all())


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[ProjectRow]:
    """The projects that `person` may see and that fit the parameters of the list's address; `at` is aware.

    A parameter that is empty or unreadable narrows nothing; all that are given hold together.

    - `q`: every word, folded, is in the name; `unit`, `province`, `sort`, `priority`, `stage` (the next one): the code
    - `programme`: its id, or `none`
    - `state`: planned, begun, done, stopped, dropped; `open=1` neither done nor dropped; `begun=1` or `0`
    - `late=1` not done, and overdue or expected to end later than first planned; `overdue`, `slipped` either
    - `money=over` more paid than budgeted, `grown` more budgeted than at first
    - `start`, `year`: the year in which work began or is to begin, and ended or is to end
    """
    rows, today = seen(person), day_of(at)
    for name, narrow in NARROWING.items():
        if value := params.get(name, "").strip():
            rows = narrow(rows, value, today)
    return rows


def in_order(rows: QuerySet[ProjectRow], sort: str) -> QuerySet[ProjectRow]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: what is due first."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return rows.order_by(F("due").asc(nulls_last=True), "order", "id")
    if key == "slip":
        rows = rows.annotate(slip=F("end") - F("end_planned"))
    lead = F(SORTS[key])
    first = lead.desc(nulls_last=True) if sort.startswith("-") else lead.asc(nulls_last=True)
    return rows.order_by(first, "order", "id")


def _words(rows: QuerySet[ProjectRow], value: str, today: date) -> QuerySet[ProjectRow]:
    for word in fold(value).split():
        rows = rows.filter(words__contains=word)
    return rows


def _programme(rows: QuerySet[ProjectRow], value: str, today: date) -> QuerySet[ProjectRow]:
    if value == "none":
        return rows.filter(programme=None)
    return rows.filter(programme=value) if is_uuid(value) else rows


def _late(rows: QuerySet[ProjectRow], value: str, today: date) -> QuerySet[ProjectRow]:
    wanted = {"1": late(today), "overdue": overdue(today), "slipped": SLIPPED}.get(value)
    return rows if wanted is None else rows.filter(wanted)


def overdue(today: date) -> Q:
    """Projects of which the day of the next stage has passed."""
    return Q(due__lt=today)


def late(today: date) -> Q:
    """Projects that are not done, and overdue or expected to end later than first planned: as `Standing.late`."""
    return overdue(today) | SLIPPED


def _money(rows: QuerySet[ProjectRow], value: str, today: date) -> QuerySet[ProjectRow]:
    wanted = {"over": Q(paid__gt=F("budget")), "grown": Q(budget__gt=F("first_budget"))}.get(value)
    return rows if wanted is None else rows.filter(wanted)


def _year(column: str) -> Narrow:
    def narrow(rows: QuerySet[ProjectRow], value: str, today: date) -> QuerySet[ProjectRow]:
        whole = len(value) == 4 and value.isdecimal() and value > "0000"
        return rows.filter(**{f"{column}__year": int(value)}) if whole else rows

    return narrow


def _same(column: str) -> Narrow:
    return lambda rows, value, today: rows.filter(**{column: value})


NARROWING: dict[str, Narrow] = {
    "q": _words,
    "unit": _same("unit"),
    "province": _same("province"),
    "programme": _programme,
    "sort": _same("sort"),
    "priority": _same("priority"),
    "state": _same("standing"),
    "stage": _same("stage"),
    "open": lambda rows, value, today: (
        rows.exclude(standing__in=("done", "dropped")) if value == "1" else rows
    ),
    "begun": lambda rows, value, today: rows.filter(begun__isnull=value != "1"),
    "late": _late,
    "money": _money,
    "start": _year("start"),
    "year": _year("end"),
}
"""Every parameter of the list's address, in the order in which it narrows."""


def project_of(row: ProjectRow) -> Project:
    """The project behind its row, without a query."""
    return projects.form.validate_python(row.state, strict=False)


def one(person: Person, subject: UUID) -> ProjectRow | None:
    """The row of a project that `person` may see, or None."""
    return seen(person).filter(pk=subject).first()


def told(subject: UUID) -> list[Entry[Any]]:
    """A project's entries in fold order. The caller has been judged."""
    return told_of(subject)


def titles(person: Person, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of projects that `person` may see, by id. One query, none for nothing."""
    wanted = {it for it in ids if it}
    return dict(seen(person).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def programme_of(row: ProgrammeRow) -> Programme:
    """The programme behind its row, without a query."""
    return programmes.form.validate_python(row.state, strict=False)


def programmes_seen(person: Person) -> QuerySet[ProgrammeRow]:
    """The programmes of the provinces in which the person sees means, the newest years first."""
    rights = [right for right in person.rights if right.allows(SEE)]
    rows = ProgrammeRow.objects.order_by("-begins", "words", "id")
    if any(right.over == "nation" for right in rights):
        return rows
    return rows.filter(province__in={person.province} if rights and person.province else ())


def programme(person: Person, subject: UUID) -> Programme | None:
    """A programme that `person` may see, or None. One query."""
    row = programmes_seen(person).filter(pk=subject).first()
    return programme_of(row) if row else None


def programme_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of programmes by id. One query, none for nothing."""
    wanted = {it for it in ids if it}
    return dict(ProgrammeRow.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def of_programme(person: Person, subject: UUID) -> list[Project]:
    """The projects of a programme that `person` may see, in the order in which they begin; at most `MOST`."""
    rows = seen(person).filter(programme=subject).order_by("start", "end", "order", "id")
    return [project_of(row) for row in rows.only("state")[:MOST]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a programme comes to: projects by where they stand, how many are late, and sums in VND."""

    all: int = 0
    begun: int = 0
    done: int = 0
    late: int = 0
    budget: int = 0
    paid: int = 0


def tallies(person: Person, ids: Iterable[UUID], today: date) -> dict[UUID, Tally]:
    """What programmes come to by the projects that `person` may see; none for those without. One query."""
    rows = seen(person).filter(programme__in=list(ids)).order_by().values("programme")
    found = rows.annotate(
        all_=Count("pk"), begun_=Count("pk", filter=Q(standing="begun")), done_=Count("pk", filter=Q(standing="done")),
        late_=Count("pk", filter=late(today)), budget_=Sum("budget"), paid_=Sum("paid"),
    )  # fmt: skip
    return {
        it["programme"]: Tally(
            it["all_"], it["begun_"], it["done_"], it["late_"], int(it["budget_"]), int(it["paid_"])
        )
        for it in found
        if it["programme"]
    }


def candidates(person: Person, province: str) -> list[Candidate]:
    """The projects of a province that are not begun and have a budget, by name, for a plan under a yearly budget."""
    rows = seen(person).filter(province=province, standing="planned").order_by("order", "id")
    found = (candidate(project_of(row)) for row in rows.only("state"))
    return [it for it in found if it is not None]


def units_planned(person: Person) -> list[tuple[str, str]]:
    """Code and name of the units for which the person plans works. One query."""
    codes = {
        unit for right in person.rights if any(right.allows(it) for it in PLANNERS) for unit in right.units
    }
    rows = UnitRow.objects.filter(code__in=codes, closed=None).order_by("level", "order")
    called = names(codes) if codes else {}
    return [(code, called.get(code, code)) for code in rows.values_list("code", flat=True)]


def units_with_works(person: Person) -> list[tuple[str, str]]:
    """Code and name of the units that have projects which `person` may see. Two queries."""
    codes = seen(person).order_by("unit").values_list("unit", flat=True).distinct()
    return sorted(names(codes[:400]).items(), key=lambda it: fold(it[1]))
