"""The questions that pages ask of requests to other authorities: one filter for figures and for lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Max, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Concat, Length, LPad
from django.urls import reverse

from haicap.clocks.wall import end_of, read_day, start_of
from haicap.matters.authorities.models import AskedRow
from haicap.units.rights import Person, visible
from haicap.units.vietnamese import fold

SEEN_BY = ("unit", "holder", "raised_by")
WIDTH = 4  # digits of a name's length
SPELLED = Max(
    Concat(
        LPad(Cast(Length("authority"), TextField()), WIDTH, Value("0"), output_field=TextField()),
        "authority",
        output_field=TextField(),
    )
)
"""The longest spelling, with its length before it."""
CAME = ("granted", "partly", "refused", "answered", "dropped")
HOW = ("waiting", "late", "answered", "granted", "partly", "refused", "dropped", "was-late")
SORTS = ("authority", "asked", "answered", "waiting", "late", "sum", "granted", "last")
REQUEST_SORTS: dict[str, tuple[str, ...]] = {
    "asked": ("asked",), "due": ("due",), "met": ("met",), "sum": ("sum",), "authority": ("key",),
    "number": ("number",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """How many requests, and the list of exactly these."""

    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Authority:
    """What one authority was asked for, and what came of it; `key` is empty for all together."""

    key: str
    name: str
    figures: Mapping[str, Figure]  # asked, answered, waiting, late
    sum: Decimal
    granted: Decimal
    land: Decimal
    land_granted: Decimal
    last: datetime | None  # when it was last asked for something


def filtered(person: Person, params: Mapping[str, str], *, at: datetime) -> QuerySet[AskedRow]:
    """The requests that `person` may see and that fit an address; what is empty or unknown narrows nothing.

    - `q`: every word, folded, is in the authority's name; `authority`: its key; `kind`; `unit`: who asked
    - `province`: a code; `since`, `until`: days on which it was asked, both included (Asia/Ho_Chi_Minh)
    - `how`: `waiting` (no answer yet), `late` (of these, past the date), `answered` (whatever was said),
      `granted`, `partly`, `refused`, `dropped`, `was-late` (answered after the date)
    """
    rows = visible(person, "matter.see", AskedRow.objects.all(), by=SEEN_BY)
    for word in fold(params.get("q", "")).split():
        rows = rows.filter(key__contains=word)
    for name, column in (("authority", "key"), ("kind", "kind"), ("province", "province"), ("unit", "unit")):
        if value := params.get(name, "").strip():
            rows = rows.filter(**{column: value})
    if since := read_day(params.get("since", "")):
        rows = rows.filter(asked__gte=start_of(since))
    if until := read_day(params.get("until", "")):
        rows = rows.filter(asked__lt=end_of(until))
    how = params.get("how", "")
    return rows.filter(_stands(how, at)) if how in HOW else rows


def _stands(how: str, at: datetime) -> Q:
    return {
        "waiting": Q(met=None),
        "late": Q(met=None, due__lt=at),
        "answered": Q(met__isnull=False) & ~Q(came="dropped"),
        "was-late": Q(due__lt=F("met")) & ~Q(came="dropped"),
    }.get(how, Q(came=how))


def in_order(rows: QuerySet[AskedRow], sort: str) -> QuerySet[AskedRow]:
    """Requests in the order of `sort`, a key of `REQUEST_SORTS` with or without `-`; else the newest first."""
    key = sort.removeprefix("-")
    if key not in REQUEST_SORTS:
        return rows.order_by("-asked", "subject", "place")
    first, *others = REQUEST_SORTS[key]
    lead = F(first).desc(nulls_last=True) if sort.startswith("-") else F(first).asc(nulls_last=True)
    return rows.order_by(lead, *others, "subject", "place")


def authorities(person: Person, params: Mapping[str, str], *, at: datetime) -> list[Authority]:
    """What each authority was asked for, those that fit the address as `filtered` does. One query.

    An authority is called by the longest of its spellings, the one with the fewest abbreviations.
    """
    rows = filtered(person, params, at=at)
    counted = rows.values("key").annotate(name=SPELLED, n=Count("pk"), last=Max("asked"), **_measures(at))
    base = {
        name: value
        for name, value in params.items()
        if name in ("province", "since", "until", "kind") and value
    }
    return [_authority(row, base) for row in counted]


def whole(its: list[Authority], params: Mapping[str, str]) -> Authority:
    """All authorities of a list together."""
    names = ("q", "province", "since", "until", "kind")
    base = {name: value for name, value in params.items() if name in names and value}
    sums = {
        name: sum((getattr(it, name) for it in its), Decimal())
        for name in ("sum", "granted", "land", "land_granted")
    }
    figures = {
        name: Figure(sum(it.figures[name].n for it in its), _url(base, how)) for name, how in FIGURES.items()
    }
    return Authority("", "", figures, **sums, last=max((it.last for it in its if it.last), default=None))


FIGURES = {"asked": "", "answered": "answered", "waiting": "waiting", "late": "late"}
"""The figures of an authority, and which requests each counts."""


def _measures(at: datetime) -> dict[str, Any]:
    counts = {name: Count("pk", filter=_stands(how, at)) for name, how in FIGURES.items() if how}
    sums = {
        "asked_sum": Sum("sum"), "granted_sum": Sum("sum_granted"), "land_sum": Sum("land"),
        "land_granted_sum": Sum("land_granted"),
    }  # fmt: skip
    return {f"n_{name}": each for name, each in counts.items()} | sums


def _authority(row: Mapping[str, Any], base: Mapping[str, str]) -> Authority:
    its = {**base, "authority": row["key"]}
    counts = {"asked": row["n"], **{name: row[f"n_{name}"] for name in ("answered", "waiting", "late")}}
    return Authority(
        row["key"], row["name"][WIDTH:],
        {name: Figure(counts[name], _url(its, how)) for name, how in FIGURES.items()},
        row["asked_sum"] or Decimal(), row["granted_sum"] or Decimal(), row["land_sum"] or Decimal(),
        row["land_granted_sum"] or Decimal(), row["last"],
    )  # fmt: skip


def _url(base: Mapping[str, str], how: str) -> str:
    asked = {**base, "how": how} if how else base
    return reverse("authorities:requests") + (f"?{urlencode(asked)}" if asked else "")


def sorted_by(its: list[Authority], sort: str) -> list[Authority]:
    """Authorities in the order of `sort`, a key of `SORTS` with or without `-`; else those that are late first."""
    key = sort.removeprefix("-")
    if key not in SORTS:
        return sorted(its, key=lambda it: (-it.figures["late"].n, -it.figures["waiting"].n, it.key))
    its = sorted(its, key=lambda it: it.key)
    return sorted(its, key=lambda it: _measure(it, key), reverse=sort.startswith("-"))


def _measure(it: Authority, key: str) -> Any:
    match key:
        case "authority":
            return it.key
        case "sum" | "granted":
            return getattr(it, key)
        case "last":
            return it.last
    return it.figures[key].n


def named(person: Person, key: str) -> str | None:
    """What an authority is called where `person` may see a request to it, else None."""
    rows = visible(person, "matter.see", AskedRow.objects.filter(key=key), by=SEEN_BY)
    found: str | None = rows.aggregate(name=SPELLED)["name"]
    return found and found[WIDTH:]
