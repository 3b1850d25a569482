"""From a gap to a request: the ordinary form of its procedure, filled in with what the gap says."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil
from uuid import UUID, uuid5

from haicap.clocks.documents import NotInForce
from haicap.clocks.wall import VIETNAM
from haicap.matters import drafts
from haicap.matters.law import Law
from haicap.matters.views_new import places, subject_of
from haicap.means import words
from haicap.means.catalogue.fold import Kind
from haicap.means.needs.queries import PROCEDURE
from haicap.means.norms.reckoning import Gap
from haicap.units.actions import SPACE
from haicap.units.rights import Person

TITLE = 120


def asking_units(person: Person, known: Law, at: datetime) -> set[str]:
    """The units for which the person may ask; no query beyond that of `law`."""
    try:
        return places(person, known.procedure(PROCEDURE, at))
    except NotInForce:
        return set()


def form_of(person: Person, gap: Gap, asked_before: int) -> UUID:
    """The form in which a person asks for it; each request that was sent makes room for the next."""
    return uuid5(SPACE, f"need/{gap.unit}/{gap.kind}/{person.id}/{asked_before}")


def begin(person: Person, gap: Gap, kind: Kind, asked_before: int, *, at: datetime) -> UUID:
    """Keep a draft of the request, unless there is one already; returns the id of its form."""
    entry_id = form_of(person, gap, asked_before)
    if drafts.kept(person, entry_id=str(entry_id)) is None:
        drafts.save(
            person, entry_id=entry_id, subject=subject_of(entry_id), procedure=PROCEDURE, act=drafts.RAISE,
            answers=filled(gap, kind, at), at=at,
        )  # fmt: skip
    return entry_id


def filled(gap: Gap, kind: Kind, at: datetime) -> dict[str, str]:
    """What the form holds before somebody types: facts in Vietnamese, as they go into a request."""
    title = f"Đề nghị trang bị {words.amount(gap.short)} {kind.measure_vi}: {kind.vi}"
    when = f"{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    return {"title": title[:TITLE], "received": when, "by": "unit", "unit": gap.unit} | facts(gap, kind)


def facts(gap: Gap, kind: Kind) -> dict[str, str]:
    """What a request says of its gap: kind, count, sum, and the norm with version and inputs."""
    short = str(ceil(gap.short))
    its: Mapping[str, str] = {
        "family": kind.family, "kind": kind.code, "what": kind.vi, "count": short, "gap": short,
        "norm": f"{gap.code}, bản {gap.version}", "inputs": words.inputs(gap.inputs),
        "money": str(gap.money) if gap.money else "",
    }  # fmt: skip
    return {name: value for name, value in its.items() if value}
