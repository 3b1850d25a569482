"""Figures of several rooms, each with the address of the list that it counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, QuerySet, Value
from django.urls import reverse

from haicap.matters.queries import filtered
from haicap.units.rights import Person


class Counted(NamedTuple):
    """How many matters a list holds, and its address."""

    n: int
    url: str


def counts(person: Person, asked: Mapping[str, Mapping[str, str]], *, at: datetime) -> dict[str, Counted]:
    """For each name the count of the matters that fit its parameters of the list's address; `at` is aware.

    The same function narrows list and figure, so both are equal. One query.
    """
    parts: list[QuerySet[Any, Any]] = [
        filtered(person, params, at=at)
        .order_by()
        .annotate(figure=Value(name))
        .values("figure")
        .annotate(n=Count("pk"))
        .values_list("figure", "n")
        for name, params in asked.items()
    ]
    first, *rest = parts
    found = dict(first.union(*rest, all=True))
    return {name: Counted(found.get(name, 0), address(params)) for name, params in asked.items()}


def address(params: Mapping[str, str]) -> str:
    """The list of matters that these parameters narrow."""
    return f"{reverse('matters:list')}?{urlencode(params)}"
