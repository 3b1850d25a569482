"""Attaching files to a matter, opening and hiding them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haicap.journal.ids import uuid7
from haicap.journal.pen import Pen, writing
from haicap.journal.sealing import Destroyed
from haicap.journal.text import clean
from haicap.matters.afterwards import act_beside, unseal
from haicap.matters.attaching.entries import Attached, Detached
from haicap.matters.handling import found
from haicap.matters.queries import told
from haicap.matters.state import File, Matter
from haicap.matters.transferring.opening import unsealed
from haicap.papers.attachments import Kind
from haicap.papers.keeping import Upload, looked_at, sealed
from haicap.units.acting import Unsaid
from haicap.units.rights import Person, Scope, decide, require


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in its place, sealed, and is not written down yet."""

    entry_id: UUID
    body: Attached
    name: str


def attach(
    person: Person,
    matter: Matter,
    uploads: Sequence[Upload],
    *,
    entry_id: UUID,
    at: datetime,
    about: str,
    personal: bool,
    using: str = "default",
) -> Matter:
    """Attach files, all or none; `entry_id` is the first one's, the others' count on from it.

    They are looked at before anything is kept, and sealed before the matter is locked to write them down; what a
    crash leaves between is an orphan that `haicap verify` lists. Raises `NotAccepted`, `Unsaid` without a file,
    `Refused`.
    """
    if not uploads:
        raise Unsaid("files")
    kinds = looked_at(uploads)
    ids = [UUID(int=entry_id.int + place) for place in range(len(uploads))]  # in the order of sending
    with writing(person, at=at, subjects=[matter.id], units=[matter.unit], using=using) as pen:
        units = {unit for unit in (matter.unit, matter.holder, matter.raised_by) if unit}
        require(decide(person, "matter.note", Scope(frozenset(units), matter.procedure)))
        key = pen.desk.key(matter.id)
        new = [place for place, one in enumerate(ids) if not pen.wrote(one)]
    kept = [
        _kept(ids[it], uploads[it], kinds[it], key, about=clean(about).strip(), personal=personal)
        for it in new
    ]
    with writing(person, at=at, subjects=[matter.id], units=[matter.unit], using=using) as pen:
        for one in kept:
            secret = {"file": one.name} if personal else None
            act_beside(pen, one.entry_id, found(pen, matter.id), "matter.note", one.body, sealed=secret)
        return found(pen, matter.id)


def _kept(entry_id: UUID, upload: Upload, kind: Kind, key: bytes, *, about: str, personal: bool) -> Kept:
    its = sealed(upload, kind, key, pictured=not personal)
    body = Attached(
        blob=its.blob, size=its.size, media=its.media, name="" if personal else its.name, personal=personal,
        about=about, picture=its.picture,
    )  # fmt: skip
    return Kept(entry_id, body, its.name)


def detach(pen: Pen, *, entry_id: UUID, subject: UUID, file: UUID, reason: str) -> Matter:
    """Show a file no more; it stays in the journal. Raises `Refused`, `Unsaid` without a reason, `LookupError`."""
    matter = found(pen, subject)
    if file not in {it.id for it in matter.files}:
        raise LookupError(file)
    if not (said := clean(reason).strip()):
        raise Unsaid("reason")
    return act_beside(pen, entry_id, matter, "matter.correct", Detached(attached=file, reason=said))


def opened(person: Person, matter: Matter, file: File, *, entry_id: UUID, at: datetime, purpose: str) -> str:
    """Record that a personal file is opened, and for what; returns its name.

    Raises `Refused`, `Unsaid` without a purpose, `Destroyed`.
    """
    with writing(person, at=at, subjects=[matter.id], units=[matter.unit]) as pen:
        if pen.wrote(entry_id):  # each opening is its own entry
            entry_id = uuid7()
        unseal(pen, entry_id=entry_id, subject=matter.id, purpose=purpose)
    facts = unsealed(told(matter.id)).get(file.id)
    if facts is None:
        raise Destroyed(f"the name of file {file.id} has been destroyed")
    return str(facts["file"])  # `attach` seals the name of every personal file
