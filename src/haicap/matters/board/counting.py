"""Counts that are equal to the lists they open: both are made by `queries.filtered` from the same parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote_plus, urlencode

from django.db.models import Aggregate, Count, ExpressionWrapper, F, FloatField, Min, Q, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Extract
from django.urls import reverse

from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered
from haicap.matters.state import RETRACTED
from haicap.units.rights import Person

Params = Mapping[str, str]
By = Literal["unit", "holder", "raised_by", "procedure", "topic", "status", "authority", "all"]
KEYS: dict[str, Any] = {"authority": KT("state__facts__authority"), "all": Value("")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure to be counted: the parameters of the list that it opens, and by what it is split."""

    params: Params
    by: By = "unit"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many, by key (a unit's code; None where the matter has none), and when the oldest of them came in.

    `url` is the address of the list that holds exactly these.
    """

    url: str
    by: By
    counts: dict[str | None, int] = field(default_factory=dict)
    oldest: dict[str | None, datetime] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    def url_of(self, key: str | None) -> str:
        """The address of the list that holds exactly those of one key; None of `holder` is nobody."""
        if key is None:
            return f"{self.url}&nobody=1" if self.by == "holder" else self.url
        return f"{self.url}&{self.by}={quote_plus(key)}"


def address(params: Params) -> str:
    """The address of the list of matters with these parameters; empty ones are left out."""
    return f"{reverse('matters:list')}?{urlencode({name: value for name, value in params.items() if value})}"


def count(person: Person, asked: Mapping[str, Asked], *, at: datetime) -> dict[str, Counted]:
    """Count every figure asked for, in one query; `at` is aware.

    A union of grouped counts, one for each figure, so that each is the list's own WHERE and nothing else.
    """
    first, *others = (_grouped(person, name, it, at) for name, it in asked.items())
    found = {name: Counted(address(it.params), it.by) for name, it in asked.items()}
    for what, key, n, oldest in first.union(*others, all=True):
        found[what].counts[key] = n
        found[what].oldest[key] = oldest
    return found


def _grouped(person: Person, name: str, it: Asked, at: datetime) -> QuerySet[MatterRow, Any]:
    rows = filtered(person, it.params, at=at)
    keyed = rows.annotate(what=Value(name), key=KEYS.get(it.by, F(it.by)))
    return (
        keyed.values("what", "key")
        .annotate(n=Count("pk"), oldest=Min("received"))
        .values_list("what", "key", "n", "oldest")
    )


class Quantile(Aggregate):
    """`percentile_cont` of PostgreSQL, with interpolation between the two values around it."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    allow_distinct = False

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=float(share), output_field=FloatField(), **extra)


@dataclass(frozen=True, slots=True)
class Settling:
    """How many days settling took: half of the matters at most `median`, nine in ten at most `p90`."""

    ended: int
    median: float | None
    p90: float | None


def settling(
    person: Person, asked: Mapping[str, Params], *, at: datetime
) -> dict[str, dict[str | None, Settling]]:
    """Days from coming in to the end of the matters of each list, by unit; under None all together. One query.

    What was joined into another matter counts as ended, not in the days: it was not settled by itself.
    """
    parts = [part for name, params in asked.items() for part in _days(person, name, params, at)]
    found: dict[str, dict[str | None, Settling]] = {name: {None: Settling(0, None, None)} for name in asked}
    for what, key, n, median, p90 in parts[0].union(*parts[1:], all=True):
        found[what][key or None] = Settling(n, median, p90)
    return found


def _days(person: Person, name: str, params: Params, at: datetime) -> list[QuerySet[MatterRow, Any]]:
    days = ExpressionWrapper(
        Extract(F("ended") - F("received"), "epoch") / 86_400.0, output_field=FloatField()
    )
    alone = ~Q(status__in=("joined", RETRACTED))
    measures = {
        "n": Count("pk"),
        "median": Quantile(days, 0.5, filter=alone),
        "p90": Quantile(days, 0.9, filter=alone),
    }
    ended = filtered(person, params, at=at).filter(ended__isnull=False)
    return [
        ended.annotate(what=Value(name), key=key)
        .values("what", "key")
        .annotate(**measures)
        .values_list("what", "key", *measures)
        for key in (F("unit"), Value(""))
    ]
