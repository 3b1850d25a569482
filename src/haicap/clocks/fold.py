"""What the entries of this room mean."""

from dataclasses import dataclass, replace
from datetime import date

from haicap.clocks.entries import DocumentPublished, Sort
from haicap.journal.entry import Entry
from haicap.journal.fold import Fold


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a document and from when on it is in force."""

    sha256: str
    since: date
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document in all its editions, in the order in which they were published."""

    sort: Sort
    code: str
    editions: tuple[Edition, ...] = ()


documents = Fold(Document)


@documents.on(DocumentPublished, opens=True, continues=True)
def published(document: Document | None, entry: Entry[DocumentPublished]) -> Document:
    it = entry.body
    known = document or Document(it.sort, it.code)
    return replace(known, editions=(*known.editions, Edition(it.sha256, it.since, it.text, it.note)))
