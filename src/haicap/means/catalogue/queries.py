"""The questions that every page of this room asks of the catalogue."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from haicap.journal.reference import newest
from haicap.means.catalogue.entries import Family
from haicap.means.catalogue.fold import Kind, kinds
from haicap.means.catalogue.models import KindRow


def catalogue(*, using: str = "default") -> Mapping[str, Kind]:
    """All kinds by code, dropped ones too, in the order of their Vietnamese names.

    One query while nothing of the reference has changed.
    """
    return _as_of(newest(using), using)


@lru_cache(maxsize=4)
def _as_of(reference: UUID | None, using: str) -> Mapping[str, Kind]:
    rows = KindRow.objects.using(using).order_by("order", "code")
    found = (kinds.form.validate_python(row.state, strict=False) for row in rows.only("state"))
    return {kind.code: kind for kind in found}


def of_family(*families: Family) -> Mapping[str, Kind]:
    """The kinds of these families of which more may be recorded, by code."""
    its = catalogue().items()
    return {code: kind for code, kind in its if kind.family in families and kind.dropped is None}


def name(kind: Kind, lang: str) -> str:
    """What the kind is called in a language."""
    return kind.en if lang == "en" else kind.vi
