"""The questions that pages ask of equipment and vehicles.

`filtered` is the one meaning of the list's address: what links to the list counts with the same function.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, Max, Min, Q, QuerySet, Sum, Value, When
from django.urls import reverse
from django.utils.translation import get_language

from haicap.clocks.wall import day_of
from haicap.means.catalogue.queries import catalogue
from haicap.means.holdings import Held
from haicap.means.things.fold import Handed, Thing, things
from haicap.means.things.models import HANDED, MoveRow, ThingRow
from haicap.units.models import PostRow, UnitRow
from haicap.units.rights import Person, reach, visible
from haicap.units.vietnamese import fold

SEEN_BY = ("holder", "unit", "receiver")
SOON = timedelta(days=60)  # a warranty that ends within these is running out
ON = "1"
SORTS: dict[str, tuple[str, ...]] = {
    "kind": ("kind", "code"),
    "code": ("code",),
    "name": ("name", "code"),
    "holder": ("holder", "kind", "code"),
    "condition": ("condition", "kind", "code"),
    "place": ("place", "kind", "code"),
    "since": ("since", "code"),
    "warranty": ("warranty", "code"),
}
STATES = ("fit", "unfit", "away", "missing", "offered", "coming", "given", "gone", "mistake", "all")

Narrow = Callable[[QuerySet[ThingRow], str, datetime], QuerySet[ThingRow]]


def seen(person: Person) -> QuerySet[ThingRow]:
    """All things that `person` may see: of a file, held by, or offered to a unit in reach."""
    return visible(person, "means.see", ThingRow.objects.all(), by=SEEN_BY)


def here(person: Person, column: str = "holder") -> Q:
    """The things that units in reach of `person` hold (or another `column` names); a province by one comparison."""
    its = reach(person, "means.see")
    if its.everywhere:
        return Q()
    provinces = sorted(its.provinces)
    whole = frozenset(unit for part in its.parts if part.province for unit in part.units)
    units = its.units - whole if column == "holder" else its.units
    wanted = Q(province__in=provinces) if provinces and column == "holder" else Q(pk__in=[])
    return wanted | Q(**{f"{column}__any": units}) if units else wanted


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[ThingRow]:
    """The things that fit the parameters of the list's address; `at` is aware.

    Without `state` those that units in reach of `person` hold. A parameter that is empty or unknown narrows nothing;
    all that are given hold together.

    - `q`: every word, folded, is in code, name, serial number, plate, place or the name of the kind
    - `unit` (who has it), `kind`, `family`, `condition`: the code; `post`: the custodian's id
    - `site`: a site's id, with `room` its room; `handover`: the list with which it came, by its id
    - `warranty=soon` ends within `SOON`, `over` has ended, `none` is not known
    - `state=fit|unfit|away|missing|offered`: fit for use, not all fit, at repair, not found by a stock-take, handed
      over and not yet signed for; `coming`: offered to a unit in reach; `given`: of its file, had by another; `gone`:
      disposed of; `mistake`: taken back with its list; `all`: held or not
    """
    rows = _in_state(person, params.get("state", "").strip())
    for name, narrow in NARROWING.items():
        if value := params.get(name, "").strip():
            rows = narrow(rows, value, at)
    return rows


def _in_state(person: Person, state: str) -> QuerySet[ThingRow]:
    rows = ThingRow.objects.all()
    if state == "coming":
        return rows.filter(here(person, "receiver"), receiver__isnull=False)
    if state == "given":
        return rows.filter(here(person, "unit"), holder__not=F("unit"))
    held = rows.filter(here(person))
    if state == "all":
        return held
    if state in ("gone", "mistake"):
        return held.filter(gone__isnull=False, mistake=state == "mistake")
    held = held.filter(gone=None)
    match state:
        case "fit":
            return held.filter(fit=F("count"))
        case "unfit":
            return held.filter(fit__lt=F("count"))
        case "away":
            return held.filter(away__isnull=False)
        case "missing":
            return held.filter(missing=True)
        case "offered":
            return held.filter(receiver__isnull=False)
    return held


def in_order(rows: QuerySet[ThingRow], sort: str) -> QuerySet[ThingRow]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: by kind and code.

    Kinds are in the order of the catalogue, by their Vietnamese names.
    """
    key = sort.removeprefix("-")
    first, *others = SORTS.get(key, SORTS["kind"])
    if first == "kind":
        places = (When(kind=code, then=Value(place)) for place, code in enumerate(catalogue()))
        rows = rows.alias(kind_place=Case(*places, default=Value(-1)))
        first = "kind_place"
    if key == "warranty":
        lead = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
        return rows.order_by(lead, *others, "id")
    return rows.order_by(f"-{first}" if sort.startswith("-") else first, *others, "id")


def _words(rows: QuerySet[ThingRow], value: str, at: datetime) -> QuerySet[ThingRow]:
    kinds = {code: fold(f"{it.vi} {it.en} {code}") for code, it in catalogue().items()}
    for word in fold(value).split():
        named = [code for code, words in kinds.items() if word in words]
        rows = rows.filter(Q(words__contains=word) | Q(kind__in=named))
    return rows


def _warranty(rows: QuerySet[ThingRow], value: str, at: datetime) -> QuerySet[ThingRow]:
    day = day_of(at)
    match value:
        case "soon":
            return rows.filter(warranty__gte=day, warranty__lte=day + SOON)
        case "over":
            return rows.filter(warranty__lt=day)
        case "none":
            return rows.filter(warranty=None)
    return rows


def _same(column: str) -> Narrow:
    return lambda rows, value, at: rows.filter(**{column: value})


def _id(column: str) -> Narrow:
    def narrow(rows: QuerySet[ThingRow], value: str, at: datetime) -> QuerySet[ThingRow]:
        try:
            return rows.filter(**{column: UUID(value)})
        except ValueError:
            return rows

    return narrow


NARROWING: dict[str, Narrow] = {
    "q": _words,
    "unit": _same("holder"),
    "family": _same("family"),
    "kind": _same("kind"),
    "condition": _same("condition"),
    "place": _same("place"),
    "post": _id("post"),
    "site": _id("site"),
    "room": _same("room"),
    "handover": _id("batch"),
    "warranty": _warranty,
}
"""Every parameter of the list's address but `state`, in the order in which it narrows."""


def one(person: Person, subject: UUID) -> ThingRow | None:
    """The row of a thing that `person` may see, or None."""
    return seen(person).filter(pk=subject).first()


def coded(person: Person, code: str) -> UUID | None:
    """The subject of the thing with this inventory code, if `person` may see it."""
    return seen(person).filter(code=code).values_list("pk", flat=True).first()


def thing_of(row: ThingRow) -> Thing:
    """The thing behind its row, without a query."""
    return things.form.validate_python(row.state, strict=False)


def parts_of(person: Person, thing: Thing) -> list[tuple[UUID, str]]:
    """Id and code of what went of it to other units, as far as `person` may see that. One query, none for none."""
    ids = [move.part for move in thing.moves if move.part]
    return list(seen(person).filter(pk__in=ids).values_list("pk", "code")) if ids else []


# What is held


def held(person: Person, units: Collection[str] | None) -> Iterable[Held]:
    """What each unit holds of each kind: of `units`, or of all that `person` may see. One query, over an index."""
    rows = ThingRow.objects.filter(here(person), gone=None)
    if units is not None:
        rows = rows.filter(holder__any=frozenset(units))
    counted = rows.order_by().values_list("holder", "kind").annotate(all=Sum("count"), fit=Sum("fit"))
    with (
        connection.cursor() as cursor
    ):  # tens of thousands of rows for the whole country, which Django would convert
        cursor.execute(*counted.query.sql_with_params())
        found = cursor.fetchall()
    for unit, kind, everything, fit in found:
        yield Held(unit, kind, Decimal(everything), Decimal(fit))


def address(unit: str, kind: str) -> str:
    """The list that holds exactly what is counted as all of a kind at a unit."""
    return f"{reverse('things:list')}?{urlencode({'unit': unit, 'kind': kind})}"


# Hand-overs


@dataclass(frozen=True, slots=True)
class Transfer:
    """A hand-over: how many things, how many of them still wait for the receiver, when the giver signed."""

    id: UUID
    giver: str
    receiver: str
    things: int
    waiting: int
    offered: datetime
    ended: datetime | None


def moves_seen(person: Person) -> QuerySet[MoveRow]:
    """All that was handed over by or to a unit in reach of `person`."""
    return visible(person, "means.see", MoveRow.objects.all(), by=("giver", "receiver"))


def transfers(person: Person, params: Mapping[str, str]) -> QuerySet[Any]:
    """Hand-overs as groups of things, the newest first, by what the address of their list asks.

    `state=waiting` for the receiver, `done`; `giver`, `receiver`: a unit's code; `mine=1`: waiting for a unit at which
    `person` may sign.
    """
    rows = moves_seen(person)
    for name in ("giver", "receiver"):
        if value := params.get(name, "").strip():
            rows = rows.filter(**{name: value})
    if params.get("mine") == ON:
        rows = rows.filter(receiver__any=signing(person), verdict=None)
    grouped = rows.order_by().values("transfer", "giver", "receiver").annotate(
        things=Count("subject"), open=Count("subject", filter=Q(verdict=None)), at=Min("offered"), end=Max("ended")
    )  # fmt: skip
    state = params.get("state", "")
    if state in ("waiting", "done"):
        grouped = grouped.filter(**({"open__gt": 0} if state == "waiting" else {"open": 0}))
    return grouped.order_by("-at", "transfer")


def transfer_of(it: Mapping[str, Any]) -> Transfer:
    """A group of `transfers` as a thing with names."""
    return Transfer(
        it["transfer"], it["giver"], it["receiver"], it["things"], it["open"], it["at"], it["end"]
    )


def signing(person: Person) -> frozenset[str]:
    """The units in which the person holds a post with which they sign for means."""
    return frozenset(
        unit
        for right in person.rights
        if right.allows("means.sign") and right.over == "unit"
        for unit in right.units
    )


def to_sign(person: Person) -> list[Transfer]:
    """The hand-overs that wait for the signature of the person's own units. One query, none for who does not sign."""
    if not signing(person):
        return []
    return [transfer_of(it) for it in transfers(person, {"mine": ON})]


def in_transfer(person: Person, transfer: UUID) -> list[Handed]:
    """The things of a hand-over by kind and code, if `person` sees one of its sides. One query."""
    rows = moves_seen(person).filter(transfer=transfer).values_list("state", flat=True)
    its = [HANDED.validate_python(state, strict=False) for state in rows]
    return sorted(its, key=lambda it: (it.kind, it.code))


def still_seen(person: Person, its: Iterable[UUID]) -> set[UUID]:
    """Which of these things `person` may see today. One query."""
    return set(seen(person).filter(pk__in=list(its)).values_list("pk", flat=True))


def posts_of(unit: str) -> list[tuple[UUID, str]]:
    """Id and name of the open posts of a unit, for a custodian. One query."""
    rows = PostRow.objects.filter(unit=unit).order_by("name").values_list("pk", "name", "state__closed")
    return [(pk, name) for pk, name, closed in rows if closed is None]


def places_of(unit: str) -> list[str]:
    """The places that a unit's things are said to be in, in order. One query."""
    rows = ThingRow.objects.filter(holder=unit, gone=None).exclude(place="")
    return list(rows.order_by("place").values_list("place", flat=True).distinct())


def units_seen(person: Person) -> list[tuple[str, str]]:
    """Code and name of the open units whose means `person` may see, where they are a province's or few. One query."""
    its = {unit for right in person.rights if right.allows("means.see") for unit in right.units}
    rows = UnitRow.objects.filter(code__any=frozenset(its), closed=None).order_by("level", "order")
    column = "name_en" if (get_language() or "vi").startswith("en") else "name"
    return list(rows.values_list("code", column))
