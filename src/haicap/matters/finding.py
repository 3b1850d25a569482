"""Finding matters by an identity number or a phone that is sealed in them: by digest, with a purpose, and recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db import connections

from haicap.journal.pen import Pen
from haicap.journal.sealing import blind
from haicap.journal.text import clean
from haicap.matters.acts import may_open
from haicap.matters.afterwards import act_beside
from haicap.matters.entries import FoundByIdentity
from haicap.matters.handling import found
from haicap.matters.identities import meant
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of, seen
from haicap.units.acting import Unsaid
from haicap.units.rights import Person

RIGHT = "matter.open-sealed"
MOST = 50  # shown at once, each with an entry; whoever has more is asked for more


@dataclass(frozen=True, slots=True)
class Bearing:
    """The matters found, the newest first, and whether there are more than are shown."""

    rows: tuple[MatterRow, ...]
    more: bool


def bearing(person: Person, number: str) -> Bearing:
    """The matters in whose sealed facts this number stands, and whose sealed facts `person` may open.

    Of others not even the count is told. Two queries. A number that can be neither an identity number nor a phone
    finds nothing.
    """
    digests = [blind(text) for text in meant(number)]
    if not digests or not person.may(RIGHT):
        return Bearing((), False)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT matters_bearing(%s, NULL)", [digests])
        ids = cursor.fetchone()[0]
    rows = seen(person).filter(pk__in=ids).order_by("-received", "id")
    allowed = [row for row in rows if may_open(person, matter_of(row))]
    return Bearing(tuple(allowed[:MOST]), len(allowed) > MOST)


def record(pen: Pen, *, entry_id: UUID, subjects: Iterable[UUID], purpose: str) -> None:
    """Write down in each of these matters that it was found so, and for what; never the number.

    The subjects are to be locked by the pen. Idempotent in `entry_id`. Raises `Refused`, `Unsaid` without a purpose.
    """
    body = FoundByIdentity(purpose=stated(purpose))
    for subject in subjects:
        act_beside(pen, entry_of(entry_id, subject), found(pen, subject), RIGHT, body)


def stated(purpose: str) -> str:
    """The purpose as it is written down. Raises `Unsaid` where there is none."""
    if not (said := clean(purpose).strip()):
        raise Unsaid("purpose")
    return said


def entry_of(entry_id: UUID, subject: UUID) -> UUID:
    """The id of one of the entries that one form makes: that of the form, its random part mixed with the subject."""
    mixed = int.from_bytes(sha256(subject.bytes).digest()[:7])
    return UUID(int=entry_id.int ^ mixed)
