"""The questions that pages ask of stock-takes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from haicap.clocks.wall import read_day
from haicap.means.stocktake.actions import Known
from haicap.means.stocktake.fold import Stocktake, stocktakes
from haicap.means.stocktake.models import StocktakeRow
from haicap.means.things.fold import Thing
from haicap.means.things.models import ThingRow
from haicap.means.things.queries import thing_of
from haicap.units.rights import Person, visible
from haicap.units.vietnamese import fold

OPEN = Q(closed=None, dropped=False)
SORTS: dict[str, tuple[str, ...]] = {
    "opened": ("opened",),
    "name": ("name", "opened"),
    "unit": ("unit", "-opened"),
    "expected": ("expected", "opened"),
    "found": ("found", "opened"),
    "missing": ("missing", "opened"),
}
Narrow = Callable[[QuerySet[StocktakeRow], str], QuerySet[StocktakeRow]]


def seen(person: Person) -> QuerySet[StocktakeRow]:
    """All stock-takes that `person` may see."""
    return visible(person, "means.see", StocktakeRow.objects.all())


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[StocktakeRow]:
    """The stock-takes that fit the parameters of the list's address.

    `q`: every word, folded; `unit`: a code; `state=open|closed|dropped`, without it all but dropped ones; `with`: has
    something `missing`, found `elsewhere`, `unknown`, `disputed`; `since`, `until`: days of opening, both included.
    """
    rows = seen(person)
    if params.get("state", "") != "dropped":
        rows = rows.filter(dropped=False)
    for name, narrow in NARROWING.items():
        if value := params.get(name, "").strip():
            rows = narrow(rows, value)
    return rows


def _words(rows: QuerySet[StocktakeRow], value: str) -> QuerySet[StocktakeRow]:
    for word in fold(value).split():
        rows = rows.filter(words__contains=word)
    return rows


def _state(rows: QuerySet[StocktakeRow], value: str) -> QuerySet[StocktakeRow]:
    wanted = {"open": OPEN, "closed": Q(closed__isnull=False), "dropped": Q(dropped=True)}.get(value)
    return rows if wanted is None else rows.filter(wanted)


def _with(rows: QuerySet[StocktakeRow], value: str) -> QuerySet[StocktakeRow]:
    columns = ("missing", "elsewhere", "unknown", "disputed")
    return rows.filter(**{f"{value}__gt": 0}) if value in columns else rows


def _day(lookup: str) -> Narrow:
    def narrow(rows: QuerySet[StocktakeRow], value: str) -> QuerySet[StocktakeRow]:
        day = read_day(value)
        return rows.filter(**{lookup: day}) if day else rows

    return narrow


NARROWING: dict[str, Narrow] = {
    "q": _words,
    "unit": lambda rows, value: rows.filter(unit=value),
    "state": _state,
    "with": _with,
    "since": _day("day__gte"),
    "until": _day("day__lte"),
}
"""Every parameter of the list's address, in the order in which it narrows."""


def in_order(rows: QuerySet[StocktakeRow], sort: str) -> QuerySet[StocktakeRow]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-`; nothing known: what is open first, the newest."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return rows.order_by("-closed", "-opened", "id")
    first, *others = SORTS[key]
    return rows.order_by(f"-{first}" if sort.startswith("-") else first, *others, "id")


def one(person: Person, subject: UUID) -> Stocktake | None:
    """The stock-take that `person` may see, or None."""
    row = seen(person).filter(pk=subject).first()
    return stocktake_of(row) if row else None


def stocktake_of(row: StocktakeRow) -> Stocktake:
    """The stock-take behind its row, without a query."""
    return stocktakes.form.validate_python(row.state, strict=False)


def running(person: Person) -> list[StocktakeRow]:
    """The open stock-takes of the units for which `person` writes, the newest first. One query, none for others."""
    units = [right.unit for right in person.rights if right.allows("means.write") and right.over == "unit"]
    if not units:
        return []
    rows = StocktakeRow.objects.filter(OPEN, unit__in=units).order_by("-opened")
    return list(rows.only("id", "unit", "name", "place", "state"))


def counting(person: Person, thing: UUID) -> list[tuple[StocktakeRow, bool]]:
    """The open stock-takes that `person` counts in, with whether the thing has been counted there. One query."""
    rows = running(person)
    return [(row, any(count.thing == thing for count in stocktake_of(row).valid)) for row in rows]


def held_at(unit: str, place: str) -> list[Thing]:
    """What a unit holds by the register, or holds in one place: what a stock-take expects. One query."""
    rows = ThingRow.objects.filter(holder=unit, gone=None)
    if place:
        rows = rows.filter(place=place)
    return [thing_of(row) for row in rows.order_by("place", "kind", "code").only("state")]


def known(codes: Iterable[str] = (), ids: Iterable[UUID] = ()) -> dict[str, Known]:
    """Things by code, of whichever unit: asked while a pen is at work, for a label may be anybody's. One query."""
    rows = ThingRow.objects.filter(Q(code__in=list(codes)) | Q(pk__in=list(ids)), gone=None)
    return {row.code: known_of(row) for row in rows.defer("state")}


def known_of(row: ThingRow) -> Known:
    """A thing as a counter meets it."""
    name = " ".join(filter(None, (row.name, row.plate)))
    return Known(row.pk, row.code, row.kind, name, row.single, row.holder, row.place)


def files_of(subjects: Iterable[UUID]) -> list[str]:
    """The files in which these things lie. One query."""
    rows = ThingRow.objects.filter(pk__in=list(subjects)).order_by("unit")
    return list(rows.values_list("unit", flat=True).distinct())
