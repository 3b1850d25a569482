"""What would become of each line of a sheet, before anything is written: the dry run, and the plan of the import."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from haicap.papers.books import Sheet
from haicap.papers.sheets_in.entries import Fault, Verdict
from haicap.papers.sheets_in.plans import Plan
from haicap.papers.sheets_in.reading import Ground
from haicap.papers.sheets_in.room import Record, Room, Sort
from haicap.papers.sheets_in.targets import words_of
from haicap.papers.tables import Line, Table, understood
from haicap.units.rights import Person

MOST_AGAIN = 20  # times that one line can be taken in, taken back and taken in again


@dataclass(frozen=True, slots=True)
class Judged:
    """A line and what would become of it; `subject` is the one that it has or would have."""

    line: Line
    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    record: Any = None  # a `Record` of the room
    subject: UUID | None = None


def table_of(sheets: Sequence[Sheet], plan: Plan, sort: Sort[Any]) -> Table:
    """The sheet that the plan names, understood."""
    return understood(sheets[min(plan.sheet, len(sheets) - 1)], words_of(sort.targets), plan.head)


def judged(
    room: Room, sort: Sort[Any], table: Table, ground: Ground, person: Person, batch: UUID | None = None
) -> list[Judged]:
    """What becomes of every line: as many as the sheet has, in their order.

    A record that is there already (taken in by this `batch` itself apart), or twice in the sheet, is said to be there.
    At most a few queries, whatever the number of lines.
    """
    read = [
        (line, *sort.read(line, ground)) if line.sort == "data" else (line, None, ()) for line in table.lines
    ]
    records = [record for _line, record, _faults in read if record]
    ours, subjects = sort.ours(person, table.data, ground.plan), _subjects(room, records, batch)
    seen: dict[UUID, int] = {}
    found = []
    for line, record, faults in read:
        here = ours.get(line.number)
        found.append(
            Judged(line, "there", subject=here) if here else _judged(line, record, faults, subjects, seen)
        )
    return found


def _judged(
    line: Line,
    record: Record | None,
    faults: tuple[Fault, ...],
    subjects: Mapping[str, tuple[UUID, bool]],
    seen: dict[UUID, int],
) -> Judged:
    if line.sort != "data":
        return Judged(line, "passed")
    if record is None:
        return Judged(line, "listed", faults)
    subject, there = subjects[record.key]
    if subject in seen:
        return Judged(line, "there", (Fault(cell="", reason=f"twice:{seen[subject]}"),), None, subject)
    seen[subject] = line.number
    return Judged(line, "there" if there else "taken", (), None if there else record, subject)


def subject_of(key: str, again: int = 0) -> UUID:
    """The subject of a line by what it is known by; `again` counts how often it was taken back before.

    Made with a key of this installation: a name cannot be tried out against it.
    """
    digest = hmac.digest(_key(), key.encode(), "sha256")
    first = UUID(bytes=digest[:16], version=5)
    return uuid5(first, f"again/{again}") if again else first


@cache
def _key() -> bytes:
    return HKDF(SHA256(), 32, None, b"haicap sheets").derive(bytes.fromhex(settings.KEK))


def _subjects(room: Room, records: Collection[Record], batch: UUID | None) -> dict[str, tuple[UUID, bool]]:
    """Of each record, by its key: its subject, and whether it is there already. One query, and one for each time that
    some were taken back."""
    found: dict[str, tuple[UUID, bool]] = {}
    left = {record.key for record in records}
    for again in range(MOST_AGAIN):
        tried = {subject_of(key, again): key for key in left}
        known = room.there(tried)
        for subject, key in tried.items():
            its = known.get(subject)
            if its is None or not its.retracted:
                found[key] = (subject, its is not None and its.batch != str(batch))
                left.discard(key)
        if not left:
            break
    return found | {key: (subject_of(key, MOST_AGAIN), True) for key in left}
