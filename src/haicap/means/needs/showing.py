"""How requests are told: where they stand, and what is next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from haicap.matters.law import Law
from haicap.matters.showing import in_words
from haicap.means.needs.queries import PROCEDURE, Need
from haicap.means.norms.reckoning import Gap
from haicap.means.words import amount

TAGS = {
    "raised": "soon", "agreed": "well", "asked": "hold", "planned": "hold", "coming": "well", "arrived": "done",
    "refused": "plain", "withdrawn": "plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What was done about a gap: the newest request, how many there were, and whether one may ask now."""

    need: Need | None
    state: tuple[str, str]
    earlier: int
    may: bool


def states(known: Law, at: datetime) -> dict[str, str]:
    """The states of requests by code."""
    return {code: in_words(text) for code, text in known.procedure(PROCEDURE, at).states.items()}


def families(known: Law, at: datetime) -> dict[str, str]:
    """The families by code, as the procedure names them."""
    return {code: in_words(text) for code, text in known.procedure(PROCEDURE, at).field["family"].of.items()}


def tag(its: Need, said: Mapping[str, str]) -> tuple[str, str]:
    """The sign and the words of where a request stands."""
    return TAGS.get(its.status, "plain"), said.get(its.status, its.status)


def gap_words(gap: Gap | None) -> tuple[str, str]:
    """Whether the gap is still there: by what is held today."""
    if gap is None:
        return "plain", _("không có định mức")
    if gap.short:
        return "soon", _("còn thiếu %(n)s") % {"n": amount(gap.short)}
    return "done", _("đã đủ theo định mức")
