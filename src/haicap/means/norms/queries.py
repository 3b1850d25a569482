"""The questions that pages ask of norms."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

from haicap.journal.projection import from_row
from haicap.means.norms.fold import Norm, norms
from haicap.means.norms.models import NormRow
from haicap.units.rights import Person, reach
from haicap.units.vietnamese import fold

SORTS: dict[str, tuple[str, ...]] = {
    "name": ("order",),
    "since": ("since", "order"),
    "issuer": ("issuer", "order"),
    "mark": ("mark", "order"),
}


def listed(person: Person, params: Mapping[str, str], day: date) -> QuerySet[NormRow]:
    """The norms that fit a list's address: the nation's, and those of provinces within reach.

    `q`: words; `means`: a kind of the catalogue; `mark`; `state`: `in-force` on `day`, or `ended`. Sorted by `sort`;
    else those of provinces first.
    """
    rows = NormRow.objects.all()
    its = reach(person, "means.see")
    if not its.everywhere:
        rows = rows.filter(Q(province=None) | Q(province__in=sorted(its.provinces | {person.province or ""})))
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(words__contains=word)
    for name in ("means", "mark"):
        if value := params.get(name, ""):
            rows = rows.filter(**{name: value})
    if (state := params.get("state", "")) in ("in-force", "ended"):
        ended = Q(withdrawn=True) | Q(until__lte=day)
        rows = rows.filter(ended) if state == "ended" else rows.exclude(ended)
    return _in_order(rows, params.get("sort", ""))


def _in_order(rows: QuerySet[NormRow], sort: str) -> QuerySet[NormRow]:
    key = sort.removeprefix("-")
    if key not in SORTS:
        return rows.order_by(F("province").asc(nulls_last=True), "order", "code", "id")
    first, *others = SORTS[key]
    return rows.order_by(f"-{first}" if sort.startswith("-") else first, *others, "id")


def one(subject: UUID) -> Norm | None:
    """The norm with all its versions, or None."""
    row = NormRow.objects.filter(pk=subject).first()
    return from_row(norms, row).state if row else None


def names(ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Code and Vietnamese name of norms by id. One query, none for no id."""
    wanted = set(ids)
    rows = NormRow.objects.filter(pk__in=wanted).values_list("pk", "code", "name") if wanted else ()
    return {pk: (code, name) for pk, code, name in rows}
