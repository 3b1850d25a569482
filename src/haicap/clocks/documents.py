"""Publishing documents, and finding the edition in force or the one that a matter pinned."""

from datetime import date
from functools import lru_cache
from hashlib import sha256
from uuid import UUID, uuid5

from haicap.clocks.calendars import Calendar
from haicap.clocks.entries import DocumentPublished, Sort
from haicap.clocks.fold import Document, Edition, documents
from haicap.clocks.models import DocumentRow
from haicap.journal.pen import Pen
from haicap.units.actions import SPACE
from haicap.units.rights import Person, Scope, decide, require

NATION = "BCA"  # the file in which documents for everybody lie


class NotInForce(LookupError):
    """No edition of this document is in force that day, or none has this digest."""


def document_id(sort: Sort, code: str) -> UUID:
    """The subject of a document."""
    return uuid5(SPACE, f"document/{sort}/{code}")


def publish(
    pen: Pen, *, entry_id: UUID, sort: Sort, code: str, text: str, since: date, note: str = ""
) -> Document:
    """Publish an edition, in force from `since`; the text that is the newest edition already changes nothing.

    Raises `Refused`. Whether the text makes sense the caller has proved before.
    """
    subject = document_id(sort, code)
    digest = sha256(text.encode()).hexdigest()
    known = pen.state(documents, subject)
    if known is not None and known.editions[-1].sha256 == digest:
        return known
    grant = None
    if isinstance(pen.person, Person):
        grant = require(decide(pen.person, "document.publish", Scope.of(*pen.person.units)))
    body = DocumentPublished(sort=sort, code=code, sha256=digest, text=text, since=since, note=note)
    return pen.write(documents, entry_id, subject, body, unit=NATION, grant=grant, channel="reference")


def published(*, using: str = "default") -> list[Document]:
    """All documents that actions consult, with all their editions; not the texts of papers.

    One query, and not a small one: keep the answer as `law` does.
    """
    rows = DocumentRow.objects.using(using).exclude(sort="paper").order_by("sort", "code")
    return [documents.form.validate_python(row.state) for row in rows]


def in_force(its: tuple[Edition, ...], day: date) -> Edition:
    """The edition in force on `day`: the last published of those that had begun. Raises `NotInForce`."""
    begun = [edition for edition in its if edition.since <= day]
    if not begun:
        raise NotInForce(day.isoformat())
    return begun[-1]


@lru_cache(maxsize=32)
def calendar_of(text: str) -> Calendar:
    """The calendar that a document's text is."""
    return Calendar.model_validate_json(text)
