"""The questions that pages ask of data lines.

`filtered` is the one meaning of the list's address: what links to the list counts with the same function.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse

from haicap.clocks.wall import day_of
from haicap.means.holdings import Held, Source
from haicap.means.lines.fold import Circuit, circuits
from haicap.means.lines.models import CircuitRow
from haicap.units.models import UnitRow
from haicap.units.rights import Person, visible
from haicap.units.sign_in import today
from haicap.units.vietnamese import fold

ENOUGH = (
    90  # percent of the contracted rate from which on a line does as contracted; rates are never met in full
)
HALF = 50  # percent below which a line is not fit
LATELY = timedelta(days=30)  # measurements that are older say nothing of today
STEADY = 99  # percent of the time watched from which on a line is steady
POOR = 95  # percent below which people are often cut off
SOON = timedelta(days=60)  # a contract that ends within these is running out
SORTS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "order"),
    "provider": ("order", "number"),
    "number": ("number",),
    "down": ("down", "order"),
    "share": ("share", "order"),
    "available": ("available", "order"),
    "outages": ("outages", "order"),
    "until": ("until", "order"),
    "cost": ("cost", "order"),
}

Narrow = Callable[[QuerySet[CircuitRow], str, datetime], QuerySet[CircuitRow]]


def seen(person: Person) -> QuerySet[CircuitRow]:
    """All lines that `person` may see."""
    return visible(person, "means.see", CircuitRow.objects.all())


def running(day: date) -> Q:
    """Lines that there are on `day`."""
    return Q(since__lte=day, mistake=False) & (Q(ended=None) | Q(ended__gt=day))


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[CircuitRow]:
    """The lines that `person` may see and that fit the parameters of the list's address; `at` is aware.

    A parameter that is empty or unreadable narrows nothing, but for `state`; all that are given hold together.

    - `state`: those that run on the day of `at`, unless it is `ended`, `mistake` or `all`
    - `handover`: the list of a former unit with which it came, by its id
    - `q`: every word, folded, is in provider, number or paper; `unit`, `kind`: the code; `provider`: its name
    - `quality`: `half` less than half of what is contracted, `below` less than `ENOUGH` percent, `well` that or more,
      `unmeasured` nothing for thirty days
    - `service`: `poor` up less than `POOR` percent of the time that its node watched in thirty days, `below` less than
      `STEADY`, `steady` that or more, `unwatched` by no node for thirty days
    - `contract`: `soon` ends within `SOON`, `over` has ended and the line runs on, `open` has no end
    """
    state = params.get("state", "").strip()
    rows = seen(person)
    if state == "mistake":
        rows = rows.filter(mistake=True)
    elif state != "all":
        rows = (
            rows.exclude(ended=None).filter(mistake=False)
            if state == "ended"
            else rows.filter(running(day_of(at)))
        )
    for name, narrow in NARROWING.items():
        if value := params.get(name, "").strip():
            rows = narrow(rows, value, at)
    return rows


def in_order(rows: QuerySet[CircuitRow], sort: str) -> QuerySet[CircuitRow]:
    """Rows in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: the weakest first."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return rows.order_by(F("share").asc(nulls_last=True), "unit", "order", "id")
    first, *others = SORTS[key]
    lead = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return rows.order_by(lead, *others, "id")


def _words(rows: QuerySet[CircuitRow], value: str, at: datetime) -> QuerySet[CircuitRow]:
    for word in fold(value).split():
        rows = rows.filter(words__contains=word)
    return rows


def _quality(rows: QuerySet[CircuitRow], value: str, at: datetime) -> QuerySet[CircuitRow]:
    lately = rows.filter(measured__gte=at - LATELY)
    match value:
        case "half":
            return lately.filter(share__lt=HALF)
        case "below":
            return lately.filter(share__lt=ENOUGH)
        case "well":
            return lately.filter(share__gte=ENOUGH)
        case "unmeasured":
            return rows.filter(Q(measured=None) | Q(measured__lt=at - LATELY))
    return rows


def _service(rows: QuerySet[CircuitRow], value: str, at: datetime) -> QuerySet[CircuitRow]:
    lately = rows.filter(watched__gte=at - LATELY)
    match value:
        case "poor":
            return lately.filter(available__lt=POOR)
        case "below":
            return lately.filter(available__lt=STEADY)
        case "steady":
            return lately.filter(available__gte=STEADY)
        case "unwatched":
            return rows.filter(Q(watched=None) | Q(watched__lt=at - LATELY))
    return rows


def _contract(rows: QuerySet[CircuitRow], value: str, at: datetime) -> QuerySet[CircuitRow]:
    day = day_of(at)
    wanted = {
        "soon": Q(until__gte=day, until__lte=day + SOON),
        "over": Q(until__lt=day),
        "open": Q(until=None),
    }.get(value)
    return rows.filter(wanted) if wanted is not None else rows


def _handover(rows: QuerySet[CircuitRow], value: str, at: datetime) -> QuerySet[CircuitRow]:
    try:
        return rows.filter(batch=UUID(value))
    except ValueError:
        return rows


NARROWING: dict[str, Narrow] = {
    "q": _words,
    "unit": lambda rows, value, at: rows.filter(unit=value),
    "kind": lambda rows, value, at: rows.filter(kind=value),
    "provider": lambda rows, value, at: rows.filter(provider=value),
    "quality": _quality,
    "service": _service,
    "contract": _contract,
    "handover": _handover,
}
"""Every parameter of the list's address but `state`, in the order in which it narrows."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What rows come to: lines, VND a month, and how many do how."""

    lines: int
    cost: Decimal
    half: int
    below: int
    unmeasured: int
    soon: int
    unsteady: int


def totals(rows: QuerySet[CircuitRow], at: datetime) -> Totals:
    """The totals of filtered rows. One query."""
    day, lately = day_of(at), Q(measured__gte=at - LATELY)
    its = rows.aggregate(
        lines=Count("pk"), of_cost=Sum("cost"), half=Count("pk", filter=lately & Q(share__lt=HALF)),
        below=Count("pk", filter=lately & Q(share__lt=ENOUGH)),
        unmeasured=Count("pk", filter=Q(measured=None) | Q(measured__lt=at - LATELY)),
        soon=Count("pk", filter=Q(until__gte=day, until__lte=day + SOON)),
        unsteady=Count("pk", filter=Q(watched__gte=at - LATELY, available__lt=STEADY)),
    )  # fmt: skip
    return Totals(
        its["lines"],
        its["of_cost"] or Decimal(),
        its["half"],
        its["below"],
        its["unmeasured"],
        its["soon"],
        its["unsteady"],
    )


def without(person: Person, kind: str, day: date) -> QuerySet[UnitRow]:
    """The commune-level units in `person`'s reach that have no line of `kind` on `day` (any line, where empty)."""
    have = seen(person).filter(running(day))
    have = have.filter(kind=kind) if kind else have
    units = UnitRow.objects.filter(level="commune", closed=None)
    rows = visible(person, "means.see", units, by=("code",))
    return rows.exclude(code__in=have.values("unit")).order_by("province", "order", "code")


def held(person: Person, units: Collection[str] | None) -> Iterable[Held]:
    """Running lines by unit and kind, for `holdings.SOURCES`. One query.

    Fit is what was not measured below half of what is contracted.
    """
    rows = seen(person).filter(running(today()))
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    fit = Q(share=None) | Q(share__gte=HALF)
    counted = rows.values("unit", "kind").annotate(all=Count("pk"), good=Count("pk", filter=fit)).order_by()
    for it in counted:
        yield Held(it["unit"], it["kind"], Decimal(it["all"]), Decimal(it["good"]))


def held_url(unit: str, kind: str) -> str:
    """The list of a unit's running lines of a kind."""
    return f"{reverse('lines:list')}?{urlencode({'unit': unit, 'kind': kind})}"


SOURCE = Source(held, held_url)
"""What this part tells of the family `line`."""


def providers(person: Person) -> list[str]:
    """The providers of the lines that `person` may see, by name. One query."""
    return list(seen(person).order_by("order", "provider").values_list("provider", flat=True).distinct())


def circuit_of(row: CircuitRow) -> Circuit:
    """The line behind its row, without a query."""
    return circuits.form.validate_python(row.state, strict=False)


def one(person: Person, subject: UUID) -> CircuitRow | None:
    """The row of a line that `person` may see, or None."""
    return seen(person).filter(pk=subject).first()


def cuts(unit: str, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """The outages of the lines of a unit that the session may see, as far as they touch this time. One query."""
    rows = CircuitRow.objects.filter(unit=unit, mistake=False)
    found = [
        (it.began, it.ended)
        for row in rows
        for it in circuit_of(row).outages
        if it.began < until and it.ended > since
    ]
    return sorted(found)
