"""The questions that pages ask of requests for means. Each is a matter: what it says stands in that matter's facts.

The link to a gap is the unit and the kind that the request names; so a gap closes by itself as soon as what is held
reaches the norm, whatever became of the request.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, DecimalField, F, QuerySet, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse

from haicap.matters.listing import in_order as usual_order
from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered as matters_filtered
from haicap.means.things.models import ThingRow
from haicap.units.rights import Person, visible

PROCEDURE = "means-request"
ENDED = ("arrived", "refused", "withdrawn")
PROMISED = ("agreed", "asked", "planned", "coming", "arrived")
GIVEN = ("coming", "arrived")
STATES = ("raised", "agreed", "asked", "planned", "coming", *ENDED)
SORTS = ("unit", "received", "status", "money", "kind")


@dataclass(frozen=True, slots=True)
class Need:
    """A request as lists and gaps show it; sums in VND. `due`: the first end of a clock that runs, of whoever's."""

    id: UUID
    number: str
    unit: str
    kind: str
    family: str
    what: str
    status: str
    received: datetime
    ended: datetime | None
    due: datetime | None
    third_due: datetime | None
    count: int
    agreed: int | None
    given: int | None
    arrived: int | None
    money: Decimal
    money_agreed: Decimal
    money_granted: Decimal
    money_given: Decimal
    norm: str
    synthetic: bool

    @property
    def open(self) -> bool:
        """Whether something is still to come of it."""
        return self.status not in ENDED


@dataclass(frozen=True, slots=True)
class Total:
    """How many requests, and the money asked for, promised, granted by authorities, and given, in VND."""

    n: int
    asked: Decimal
    promised: Decimal
    granted: Decimal
    given: Decimal


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[MatterRow]:
    """The requests that `person` may see and that fit an address, as `matters.queries.filtered` reads it.

    Besides `unit`, `province`, `status`, `open`, `overdue`, `since`, `until`, `q`: `kind` of the catalogue, `family`;
    `money=promised` or `given`, those that such money stands behind.
    """
    params = {**params, "procedure": PROCEDURE, "topic": params.get("kind", "")}
    rows = matters_filtered(person, params, at=at)
    if family := params.get("family", ""):
        rows = rows.filter(state__facts__family=family)
    match params.get("money", ""):
        case "asked":
            return rows.exclude(status__in=ENDED[1:])
        case "promised":
            return rows.filter(status__in=PROMISED)
        case "given":
            return rows.filter(status__in=GIVEN)
    return rows


def in_order(rows: QuerySet[MatterRow], sort: str) -> QuerySet[MatterRow]:
    """By a key of `SORTS`, `-` before it for the other way round; else what is due first."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return usual_order(rows, "")
    if key == "money":
        rows = rows.annotate(money=Cast(KT("state__facts__money"), AMOUNT))
    column = F("topic" if key == "kind" else key)
    first = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(first, "number", "id")


SUMS = ("money", "sum_agreed", "sum_granted", "sum_given")
AMOUNT: "DecimalField[Any, Any]" = DecimalField(max_digits=24, decimal_places=2)


def totals(rows: QuerySet[MatterRow]) -> Total:
    """Sums of the requests of a list. One query."""
    sums = {name: Sum(Cast(KT(f"state__facts__{name}"), AMOUNT)) for name in SUMS}
    counted: Iterable[Any] = rows.order_by().values("status").annotate(n=Count("pk"), **sums)
    its = list(counted)

    def of(name: str, states: Collection[str]) -> Decimal:
        return sum((it[name] or Decimal() for it in its if it["status"] in states), Decimal())

    asked = [state for state in STATES if state not in ("refused", "withdrawn")]
    return Total(
        sum(it["n"] for it in its), of("money", asked), of("sum_agreed", PROMISED), of("sum_granted", PROMISED),
        of("sum_given", GIVEN),
    )  # fmt: skip


COLUMNS = (
    "id", "number", "unit", "topic", "status", "received", "ended", "due", "third_due", "synthetic", "state",
)  # fmt: skip


def needs(rows: QuerySet[MatterRow] | Iterable[MatterRow]) -> list[Need]:
    """The requests behind rows of matters."""
    return [need(row) for row in (rows.only(*COLUMNS) if isinstance(rows, QuerySet) else rows)]


def need(row: MatterRow) -> Need:
    """The request behind the row of its matter, without a query."""
    facts: Mapping[str, Any] = (row.state or {}).get("facts", {})
    return Need(
        id=row.id, number=row.number, unit=row.unit, kind=row.topic or "", family=str(facts.get("family", "")),
        what=str(facts.get("what", "")), status=row.status, received=row.received, ended=row.ended, due=row.due,
        third_due=row.third_due, count=_whole(facts, "count") or 0, agreed=_whole(facts, "count_agreed"),
        given=_whole(facts, "count_given"), arrived=_whole(facts, "count_received"), money=_amount(facts, "money"),
        money_agreed=_amount(facts, "sum_agreed"), money_granted=_amount(facts, "sum_granted"),
        money_given=_amount(facts, "sum_given"), norm=str(facts.get("norm", "")), synthetic=row.synthetic,
    )  # fmt: skip


def _amount(facts: Mapping[str, Any], name: str) -> Decimal:
    try:
        return Decimal(str(facts.get(name) or 0))
    except InvalidOperation:
        return Decimal()


def _whole(facts: Mapping[str, Any], name: str) -> int | None:
    value = facts.get(name)
    return None if value in (None, "") else int(_amount(facts, name))


def asked_for(
    person: Person, units: Collection[str] | None, *, at: datetime
) -> dict[tuple[str, str], list[Need]]:
    """The requests of these units (None: all within reach) by unit and kind, the newest first. One query."""
    rows = matters_filtered(person, {"procedure": PROCEDURE}, at=at)
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    found: dict[tuple[str, str], list[Need]] = defaultdict(list)
    for it in needs(rows.order_by("-received", "-id")):
        found[it.unit, it.kind].append(it)
    return found


def one(person: Person, subject: UUID, *, at: datetime) -> Need | None:
    """The request, if it is one and `person` may see it."""
    row = matters_filtered(person, {"procedure": PROCEDURE}, at=at).filter(pk=subject).first()
    return need(row) if row else None


def things_of(person: Person, its: Need) -> QuerySet[ThingRow]:
    """What was recorded as the answer to a request, as far as the person may see it."""
    rows = visible(person, "means.see", ThingRow.objects.all(), by=("unit", "holder", "receiver"))
    return rows.filter(unit=its.unit, kind=its.kind, state__request=str(its.id)).order_by("code")


def address(params: Mapping[str, str]) -> str:
    """The address of the list with these parameters; empty ones are left out."""
    return f"{reverse('needs:list')}?{urlencode({name: value for name, value in params.items() if value})}"
