"""What people do with the catalogue: list a kind, say otherwise of it, drop it."""

from datetime import date
from uuid import UUID, uuid5

from haicap.clocks.documents import NATION
from haicap.journal.pen import Pen
from haicap.means.catalogue.entries import KindDropped, KindListed
from haicap.means.catalogue.fold import Kind, kinds
from haicap.units.acting import NotSo, Unsaid, granted, said
from haicap.units.actions import SPACE
from haicap.units.entries import Label
from haicap.units.rights import Person

DIRECT = "means.direct"


def kind_id(code: str) -> UUID:
    """The subject of the kind with this code."""
    return uuid5(SPACE, f"means-kind/{code}")


def list_kind(pen: Pen, *, entry_id: UUID, body: KindListed) -> Kind:
    """List a kind of means, or say anew what it is. Idempotent in `entry_id`.

    What is held of it stays counted as it was: family and way of counting do not change. Raises `Refused`,
    `Unsaid` without a name or for a price that is no number of dong, `NotSo` for another family or way of counting.
    """
    known = pen.state(kinds, kind_id(body.code))
    if pen.wrote(entry_id) and known is not None:
        return known
    if known is not None and (known.family, known.counting) != (body.family, body.counting):
        raise NotSo("list")
    if body.price is not None and not body.price.isdigit():
        raise Unsaid("price")
    name = Label(vi=said(body.name.vi, "name"), en=said(body.name.en, "name"))
    return pen.write(
        kinds, entry_id, kind_id(body.code), body.model_copy(update={"name": name}), unit=NATION, grant=_grant(pen),
        channel="reference",
    )  # fmt: skip


def drop_kind(pen: Pen, *, entry_id: UUID, code: str, since: date) -> Kind:
    """Record no more of this kind from `since` on. Raises `Refused`, `NotSo` where there is none, or none any more."""
    known = pen.state(kinds, kind_id(code))
    if known is None or (known.dropped is not None and not pen.wrote(entry_id)):
        raise NotSo("drop")
    return pen.write(
        kinds, entry_id, kind_id(code), KindDropped(since=since), unit=NATION, grant=_grant(pen), channel="reference"
    )  # fmt: skip


def _grant(pen: Pen) -> UUID | None:
    units = pen.person.units if isinstance(pen.person, Person) else ()
    return granted(pen.person, DIRECT, *units)
