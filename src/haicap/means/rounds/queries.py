"""The questions that pages ask of rounds; each list has one function that is the meaning of its address."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from haicap.clocks.wall import day_of
from haicap.journal.entry import Entry
from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered as matters_filtered
from haicap.matters.queries import told as told_of
from haicap.means.rounds.actions import PROCEDURE
from haicap.means.rounds.fold import Assessment, Round, assessments, rounds
from haicap.means.rounds.models import AssessmentRow, NamedRow, RoundRow, SaidRow
from haicap.units.models import UnitRow
from haicap.units.rights import Person, reach, visible
from haicap.units.vietnamese import fold

SEE = "means.see"
STATES = ("answered", "waiting", "late", "corrected", "was-late")
UNIT_SORTS = {
    "due": "due", "answered": "answered", "changed": "changed", "difficulties": "difficulties", "money": "money",
    "unit": "unit",
}  # fmt: skip
LINE_SORTS = {
    "unit": "unit", "sort": "sort", "record": "record", "said": "said", "fit": "fit", "should": "should",
    "short": "short", "money": "money",
}  # fmt: skip
NAMED_SORTS = {"unit": "unit", "place": "place", "sort": "sort", "money": "money"}


def seen(person: Person) -> QuerySet[RoundRow]:
    """All rounds that `person` may see: of a province reached as a whole, or that ask a unit within reach."""
    its = reach(person, SEE)
    rows = RoundRow.objects.all()
    if its.everywhere:
        return rows
    asked = Q(pk__in=visible(person, SEE, AssessmentRow.objects.all()).values("round"))
    return rows.filter(Q(province__in=sorted(its.provinces)) | asked)


def listed(person: Person, params: Mapping[str, str]) -> QuerySet[RoundRow]:
    """The rounds that fit an address: `q` (every word, folded, in name or paper), `state`: `open`, `closed`.

    The newest first, or in the order of `sort` (`name`, `due`, `opened`).
    """
    rows = seen(person)
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(words__contains=word)
    match params.get("state", ""):
        case "open":
            rows = rows.filter(closed=None)
        case "closed":
            rows = rows.exclude(closed=None)
    key = params.get("sort", "").removeprefix("-")
    if key not in ("name", "due", "opened"):
        return rows.order_by(F("closed").desc(nulls_first=True), "-opened", "id")
    return rows.order_by(f"-{key}" if params["sort"].startswith("-") else key, "-opened", "id")


def counts(person: Person, ids: Iterable[UUID], *, at: datetime) -> dict[UUID, dict[str, int]]:
    """Of each round: how many units that `person` sees are asked, have answered, are late. One query."""
    rows = visible(person, SEE, AssessmentRow.objects.filter(round__in=list(ids)))
    counted = rows.values("round").annotate(
        n=Count("pk"),
        done=Count("pk", filter=_stands("answered", at)),
        late=Count("pk", filter=_stands("late", at)),
    )
    return {it["round"]: {"asked": it["n"], "answered": it["done"], "late": it["late"]} for it in counted}


def one(person: Person, subject: UUID) -> Round | None:
    """The round, where `person` may see it."""
    row = seen(person).filter(pk=subject).first()
    return rounds.form.validate_python(row.state, strict=False) if row else None


def before(its: Round) -> Round | None:
    """The round of the same province that was closed last before this one was opened. One query."""
    rows = RoundRow.objects.filter(province=its.province, closed__isnull=False, opened__lt=its.opened)
    row = rows.exclude(pk=its.id).order_by("-closed").first()
    return rounds.form.validate_python(row.state, strict=False) if row else None


def answered(person: Person, its: Round) -> QuerySet[AssessmentRow]:
    """What the units of a round have answered, as far as `person` may see it."""
    return visible(person, SEE, AssessmentRow.objects.filter(round=its.id, answered__isnull=False))


def whole(person: Person, its: Round) -> bool:
    """Whether `person` sees the units of the round's province as a whole, and so its report."""
    mine = reach(person, SEE)
    return mine.everywhere or its.province in mine.provinces


def assessment(person: Person, subject: UUID) -> Assessment | None:
    """What a unit owes and says, where `person` may see it."""
    row = visible(person, SEE, AssessmentRow.objects.filter(pk=subject)).first()
    return assessment_of(row) if row else None


def assessment_of(row: AssessmentRow) -> Assessment:
    """The assessment behind its row, without a query."""
    return assessments.form.validate_python(row.state, strict=False)


def own(person: Person, its: Iterable[Round]) -> dict[UUID, AssessmentRow]:
    """What the units of one's own posts owe and say in these rounds, by round; of several the first. One query."""
    rows = visible(
        person, SEE, AssessmentRow.objects.filter(round__in=[it.id for it in its], unit__in=person.units)
    )
    return {row.round: row for row in rows.order_by("-unit").defer("state")}


def units_filtered(
    person: Person, its: Round, params: Mapping[str, str], *, at: datetime
) -> QuerySet[AssessmentRow]:
    """What the units of a round owe and say, as far as `person` may see it; what is unknown narrows nothing.

    - `q`: every word, folded, is in the unit's names; `unit`: the code
    - `state`: `answered`, `waiting`, `late` (of these, past the day), `corrected`, `was-late` (answered after it)
    """
    rows = visible(person, SEE, AssessmentRow.objects.filter(round=its.id))
    if words := fold(params.get("q", "")).split():
        named = UnitRow.objects.all()
        for word in words:
            named = named.filter(words__contains=word)
        rows = rows.filter(unit__in=named.values("code"))
    if unit := params.get("unit", "").strip():
        rows = rows.filter(unit=unit)
    state = params.get("state", "")
    if state in STATES:
        rows = rows.filter(_stands(state, at))
    return _in_order(
        rows, params.get("sort", ""), UNIT_SORTS, F("answered").asc(nulls_first=True), "unit", "id"
    )


def _stands(state: str, at: datetime) -> Q:
    today = day_of(at)
    return {
        "answered": Q(answered__isnull=False),
        "waiting": Q(answered=None),
        "late": Q(answered=None) & (Q(due__lt=today) | Q(ended__isnull=False)),
        "corrected": Q(corrected__isnull=False),
        "was-late": Q(answered__date__gt=F("due")),
    }[state]


def lines(person: Person, its: Round, params: Mapping[str, str]) -> QuerySet[SaidRow]:
    """What units say by kind: `kind`, `unit`, `state`: `changed` (otherwise than the record), `short` of the norm."""
    rows = visible(person, SEE, SaidRow.objects.filter(round=its.id))
    rows = _same(rows, params, kind="sort", unit="unit")
    match params.get("state", ""):
        case "changed":
            rows = rows.filter(changed=True)
        case "short":
            rows = rows.filter(short__gt=0)
    return _in_order(rows, params.get("sort", ""), LINE_SORTS, F("unit").asc(), "place", "subject")


def difficulties(person: Person, its: Round, params: Mapping[str, str]) -> QuerySet[NamedRow]:
    """The difficulties named in a round: `kind`, `unit`, `first=1` (named first), `fresh=1` (raised with it)."""
    rows = visible(person, SEE, NamedRow.objects.filter(round=its.id))
    rows = _same(rows, params, kind="sort", unit="unit")
    if params.get("first") == "1":
        rows = rows.filter(place=1)
    if params.get("fresh") == "1":
        rows = rows.filter(fresh=True)
    return _in_order(rows, params.get("sort", ""), NAMED_SORTS, F("place").asc(), "unit", "subject")


def _same(rows: QuerySet[Any], params: Mapping[str, str], **columns: str) -> QuerySet[Any]:
    for name, column in columns.items():
        if value := params.get(name, "").strip():
            rows = rows.filter(**{column: value})
    return rows


def _in_order(
    rows: QuerySet[Any], sort: str, known: Mapping[str, str], usual: Any, *then: str
) -> QuerySet[Any]:
    key = sort.removeprefix("-")
    if key not in known:
        return rows.order_by(usual, *then)
    lead = F(known[key]).desc(nulls_last=True) if sort.startswith("-") else F(known[key]).asc(nulls_last=True)
    return rows.order_by(lead, *then)


def open_difficulties(person: Person, unit: str, *, at: datetime) -> list[tuple[str, str]]:
    """Id, number and title of the difficulties of a unit that are not over, the newest first. One query."""
    rows = matters_filtered(person, {"procedure": PROCEDURE, "unit": unit, "open": "1"}, at=at)
    rows = rows.filter(raised_by=unit).order_by("-received")[:60]
    return [
        (str(pk), f"{number} · {title}") for pk, number, title in rows.values_list("pk", "number", "title")
    ]


def standing(person: Person, ids: Iterable[UUID]) -> dict[UUID, str]:
    """How matters stand now, by id: `open` or another status, as far as `person` may see them. One query."""
    wanted = set(ids)
    rows = visible(
        person, "matter.see", MatterRow.objects.filter(pk__in=wanted), by=("unit", "holder", "raised_by")
    )
    return dict(rows.values_list("pk", "status")) if wanted else {}


def asked_of(province: str) -> Sequence[tuple[str, str, str]]:
    """Code, name and level of the units that a round of a province may ask: communes, then departments. One query."""
    rows = UnitRow.objects.filter(province=province, closed=None, level__in=("commune", "department"))
    return list(rows.order_by("level", "order").values_list("code", "name", "level"))


def told(subject: UUID) -> list[Entry[Any]]:
    """The entries of a round or of an assessment in fold order. The caller has been judged."""
    return told_of(subject)
