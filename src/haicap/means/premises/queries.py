"""The questions that pages ask of premises.

`filtered` is the one meaning of the list's address: what links to the list counts with the same function.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse

from haicap.means.holdings import Held, Source
from haicap.means.premises.fold import Site, sites
from haicap.means.premises.models import CONDITIONS, SiteRow, SpaceRow
from haicap.units.rights import Person, visible
from haicap.units.vietnamese import fold

SEEN_BY = ("unit", "holder", "receiver")
NEVER = "none"  # of a condition: a building that nobody has looked at
SORTS: dict[str, tuple[str, ...]] = {
    "name": ("order",),
    "holder": ("holder", "order"),
    "land": ("land", "order"),
    "floor": ("floor", "order"),
    "condition": ("condition", "order"),
    "surveyed": ("surveyed", "order"),
    "estimate": ("estimate", "order"),
}

Narrow = Callable[[QuerySet[SiteRow], str], QuerySet[SiteRow]]


def seen(person: Person) -> QuerySet[SiteRow]:
    """All sites that `person` may see: of a file, held by, or handed to a unit in reach."""
    return visible(person, "means.see", SiteRow.objects.all(), by=SEEN_BY)


def filtered(person: Person, params: Mapping[str, str]) -> QuerySet[SiteRow]:
    """The sites that `person` may see and that fit the parameters of the list's address.

    A parameter that is empty or unreadable narrows nothing; all that are given hold together.

    - `q`: every word, folded, is in name, address (today's or old), certificate, owner, former unit or a building
    - `unit`: the code of the holder
    - `condition`: the worst of its buildings is this; `none`: a building that nobody has looked at
    - `use`: `own` by the unit alone, `borrowed`, `lent`, `shared`
    - `former`: `district`, `commune`, or `any`; `fate`: what became of it, or `undecided`
    - `handover`: the list with which it came, by its id; `state=mistake`: taken back with its list, else never
    - `title`: how far the title is; `space`: has rooms of this kind of means; `waiting=1`: handed over, not accepted
    """
    rows = seen(person).filter(mistake=params.get("state") == "mistake")
    for name, narrow in NARROWING.items():
        if value := params.get(name, "").strip():
            rows = narrow(rows, value)
    return rows


def in_order(rows: QuerySet[SiteRow], sort: str) -> QuerySet[SiteRow]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: the worst first."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return rows.order_by(F("condition").desc(nulls_last=True), "order", "id")
    first, *others = SORTS[key]
    lead = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return rows.order_by(lead, *others, "id")


def _words(rows: QuerySet[SiteRow], value: str) -> QuerySet[SiteRow]:
    for word in fold(value).split():
        rows = rows.filter(words__contains=word)
    return rows


def _condition(rows: QuerySet[SiteRow], value: str) -> QuerySet[SiteRow]:
    if value == NEVER:
        return rows.filter(unsurveyed__gt=0)
    places = {code: place for place, code in enumerate(CONDITIONS)}
    return rows.filter(condition=places[value]) if value in places else rows


def _use(rows: QuerySet[SiteRow], value: str) -> QuerySet[SiteRow]:
    if value == "own":
        return rows.filter(borrowed=False, lent=False, shared=False)
    return rows.filter(**{value: True}) if value in ("borrowed", "lent", "shared") else rows


def _former(rows: QuerySet[SiteRow], value: str) -> QuerySet[SiteRow]:
    return rows.exclude(former=None) if value == "any" else rows.filter(former=value)


def _fate(rows: QuerySet[SiteRow], value: str) -> QuerySet[SiteRow]:
    undecided = ~Q(former=None) & (Q(fate=None) | Q(fate="empty"))
    return rows.filter(undecided) if value == "undecided" else rows.filter(fate=value)


def _handover(rows: QuerySet[SiteRow], value: str) -> QuerySet[SiteRow]:
    try:
        return rows.filter(batch=UUID(value))
    except ValueError:
        return rows


def _space(rows: QuerySet[SiteRow], value: str) -> QuerySet[SiteRow]:
    return rows.filter(pk__in=SpaceRow.objects.filter(kind=value).values("subject"))


NARROWING: dict[str, Narrow] = {
    "q": _words,
    "unit": lambda rows, value: rows.filter(holder=value),
    "condition": _condition,
    "use": _use,
    "former": _former,
    "fate": _fate,
    "title": lambda rows, value: rows.filter(title=value),
    "space": _space,
    "handover": _handover,
    "waiting": lambda rows, value: rows.exclude(receiver=None),
}
"""Every parameter of the list's address, in the order in which it narrows."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What rows come to: sites, m² of land and floor, VND of mending, and m² by kind (all, fit)."""

    sites: int
    land: Decimal
    floor: Decimal
    estimate: Decimal
    spaces: Mapping[str, tuple[Decimal, Decimal]]


def totals(rows: QuerySet[SiteRow]) -> Totals:
    """The totals of filtered rows. Two queries."""
    its = rows.aggregate(
        sites=Count("pk"), of_land=Sum("land"), of_floor=Sum("floor"), of_estimate=Sum("estimate")
    )
    none = Decimal()
    return Totals(
        its["sites"], its["of_land"] or none, its["of_floor"] or none, its["of_estimate"] or none, spaces(rows)
    )  # fmt: skip


def spaces(rows: QuerySet[SiteRow]) -> dict[str, tuple[Decimal, Decimal]]:
    """m² by use of rooms, all and fit, of these sites. One query."""
    found = SpaceRow.objects.filter(subject__in=rows.order_by().values("pk")).values("kind")
    counted = found.annotate(all=Sum("area"), good=Sum("area", filter=Q(fit=True))).order_by("kind")
    return {it["kind"]: (it["all"], it["good"] or Decimal()) for it in counted}


def held(person: Person, units: Collection[str] | None) -> Iterable[Held]:
    """m² by holder and use of rooms, for `holdings.SOURCES`. One query."""
    rows = visible(person, "means.see", SpaceRow.objects.all(), by=("holder",))
    if units is not None:
        rows = rows.filter(holder__in=list(units))
    counted = rows.values("holder", "kind").annotate(all=Sum("area"), good=Sum("area", filter=Q(fit=True)))
    for it in counted.order_by():
        yield Held(it["holder"], it["kind"], it["all"], it["good"] or Decimal())


def held_url(unit: str, kind: str) -> str:
    """The list of the sites in which a unit has rooms of a kind."""
    return f"{reverse('premises:list')}?{urlencode({'unit': unit, 'space': kind})}"


SOURCE = Source(held, held_url)
"""What this part tells of the family `premises`."""


def site_of(row: SiteRow) -> Site:
    """The site behind its row, without a query."""
    return sites.form.validate_python(row.state, strict=False)


def one(person: Person, subject: UUID) -> SiteRow | None:
    """The row of a site that `person` may see, or None."""
    return seen(person).filter(pk=subject).first()


def sites_of(person: Person, unit: str) -> list[tuple[UUID, str]]:
    """Id and name of the sites that a unit holds, as far as `person` may see them. One query."""
    return list(seen(person).filter(holder=unit, mistake=False).order_by("order").values_list("pk", "name"))
