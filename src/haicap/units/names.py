"""The names of all units, kept until `reference` moves, and of people."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from haicap.journal.reference import newest
from haicap.units.models import Bearer, OfficerRow, PostRow, UnitRow


def unit_names(codes: Iterable[str | None]) -> dict[str, str]:
    """Names of units by code, in the active language; no query while nothing of units has changed."""
    names = _names(newest(), _column())
    return {code: names[code] for code in codes if code and code in names}


def units_above(province: str | None) -> tuple[tuple[str, str], ...]:
    """Code and name of a province's own units above its communes; none for None. Kept as `unit_names` are."""
    return _above(province, newest(), _column()) if province else ()


def heirs(codes: Iterable[str | None]) -> dict[str, tuple[date, str | None]]:
    """Of these units those that have ended: since when, and the one that goes on with their work (None: several do).

    Kept as `unit_names` are.
    """
    ended = _ended(newest())
    return {code: ended[code] for code in codes if code and code in ended}


@lru_cache(maxsize=4)
def _ended(reference: UUID | None) -> Mapping[str, tuple[date, str | None]]:
    rows = UnitRow.objects.exclude(closed=None).values_list("code", "closed", "successor")
    return {code: (closed, successor) for code, closed, successor in rows if closed}


def _column() -> str:
    return "name_en" if (get_language() or "vi").startswith("en") else "name"


@lru_cache(maxsize=4)
def _names(reference: UUID | None, column: str) -> Mapping[str, str]:
    return dict(UnitRow.objects.values_list("code", column))


@lru_cache(maxsize=128)
def _above(province: str, reference: UUID | None, column: str) -> tuple[tuple[str, str], ...]:
    rows = UnitRow.objects.filter(province=province, level__in=("province", "department"), closed=None)
    return tuple(rows.order_by("level", "order").values_list("code", column))


def person_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Name and latest post of people by id. One query, none for nobody."""
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    post = Bearer.objects.filter(person=OuterRef("pk")).order_by("-since").values("subject")[:1]
    name = PostRow.objects.filter(pk=OuterRef("post")).values("name")[:1]
    rows = OfficerRow.objects.filter(pk__in=wanted).annotate(post=Subquery(post)).annotate(at=Subquery(name))
    return {pk: ", ".join(filter(None, (who, at))) for pk, who, at in rows.values_list("pk", "name", "at")}
