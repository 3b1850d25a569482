"""The order to erase the sealed facts of a matter, written on the authority's node."""

from uuid import UUID, uuid5

from haicap.journal.erasing import DERIVED, KeyErased, erased, write_beside
from haicap.journal.pen import Live, Pen
from haicap.journal.reference import decides_here
from haicap.matters.conflicts.actions import NotHere
from haicap.matters.conflicts.of_matters import around
from haicap.matters.drafts import Draft
from haicap.matters.handling import NotNow, found
from haicap.matters.state import Matter
from haicap.units.acting import granted, said
from haicap.units.rights import Person, Scope, decide

ACTION = "journal.erase"


def erase(pen: Pen, *, entry_id: UUID, subject: UUID, ground: str, paper: str) -> Matter:
    """Order that all sealed facts and files of an ended matter are destroyed wherever they are held.

    Nothing is destroyed here and now: `journal.erasing.apply` does it, on every node that the order reaches.
    Idempotent in `entry_id`. Raises `NotHere`, `Refused`, `Unsaid`, and `NotNow` for a matter that goes on, that has
    nothing sealed, or that is erased already.
    """
    matter = found(pen, subject)
    if pen.wrote(entry_id):
        return matter
    grant = granted(pen.person, ACTION, *around(matter))
    if isinstance(pen.desk, Live) and not decides_here(pen.desk.using):
        raise NotHere
    if not fits(matter) or (isinstance(pen.desk, Live) and erased([subject], using=pen.desk.using)):
        raise NotNow("erase", matter)
    body = KeyErased(ground=said(ground, "ground"), paper=said(paper, "paper"))
    write_beside(pen, entry_id, subject, body, unit=matter.unit, grant=grant)
    for unit in dict.fromkeys(matter.came):  # whose nodes have the key, and not the file that it lies in now
        write_beside(pen, uuid5(entry_id, unit), subject, body, unit=unit, grant=grant)
    return matter


def fits(matter: Matter) -> bool:
    """Whether there is something sealed to erase, and the matter does not go on with it."""
    return bool(matter.sealed or matter.files) and (matter.ended is not None or matter.is_away)


def may_erase(person: Person, matter: Matter) -> bool:
    """Whether the matter can be erased now, and by this person."""
    return fits(matter) and decide(person, ACTION, Scope(frozenset(around(matter)))).allowed


def drop_drafts(subject: UUID, using: str) -> None:
    """Destroy what people have typed for the matter and not sent."""
    Draft.objects.using(using).filter(subject=subject).delete()


def tell() -> None:
    """Tell erasure what this room keeps beside the journal."""
    DERIVED.append(drop_drafts)
