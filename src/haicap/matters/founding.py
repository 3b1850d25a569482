"""The founding of an installation, second part: the documents that come with haicap, published in its journal."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from haicap.clocks.calendars import draft
from haicap.clocks.documents import NATION, document_id, publish
from haicap.clocks.entries import Sort
from haicap.clocks.fold import Edition, documents
from haicap.journal.bulk import Bulk
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Pen, writing
from haicap.matters import procedures
from haicap.matters.law import CALENDAR, Law
from haicap.papers import texts
from haicap.units.loading import FOUNDED, Founder, seeded

CALENDAR_YEARS = (2025, 2030)
TABLES_SINCE = date(2025, 3, 1)


class Shipped(NamedTuple):
    """A document that comes with haicap, and from when on it is in force."""

    sort: Sort
    code: str
    text: str
    since: date


def shipped() -> Iterator[Shipped]:
    """The calendar (drafted), the procedures, the tables of competence and the papers that come with haicap."""
    first, last = CALENDAR_YEARS
    yield Shipped("calendar", CALENDAR, draft(first, last).model_dump_json(), date(first, 1, 1))
    folder = files("haicap.matters") / "shipped"
    tomls = [it.read_text(encoding="utf-8") for it in folder.iterdir() if it.name.endswith(".toml")]
    found = [(procedures.parse(text), text) for text in tomls]
    for procedure, text in sorted(found, key=lambda it: (it[0].code, it[0].valid.from_)):
        yield Shipped("procedure", procedure.code, text, procedure.valid.from_)
    for file in sorted((folder / "competence").iterdir(), key=lambda it: it.name):
        code = file.name.removesuffix(".toml")
        yield Shipped("competence", code, file.read_text(encoding="utf-8"), TABLES_SINCE)
    for paper in texts.changeable():
        yield Shipped("paper", paper, texts.shipped(paper), TABLES_SINCE)


def shipped_law() -> Law:
    """The documents that come with haicap as a `Law`, for where there is no journal."""
    found: dict[Sort, dict[str, tuple[Edition, ...]]] = {
        "procedure": {}, "competence": {}, "calendar": {}, "paper": {}
    }  # fmt: skip
    for it in shipped():
        digest = sha256(it.text.encode()).hexdigest()
        known = found[it.sort].get(it.code, ())
        found[it.sort][it.code] = (*known, Edition(digest, it.since, it.text, ""))
    return Law(found["procedure"], found["competence"], found["calendar"])


def load_documents(*, using: str = "worker") -> int:
    """Publish what comes with haicap in a journal that has no documents yet; returns how many entries."""
    desk = Bulk(own(using), seeded("documents"))
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    for it in shipped():
        entry_id = uuid7(pen.at, desk.entropy)
        publish(pen, entry_id=entry_id, sort=it.sort, code=it.code, text=it.text, since=it.since)
    return desk.load(using)


def publish_procedure(text: str, *, using: str = "worker") -> bool:
    """Publish an edition of a procedure in the name of the installation; False where it is the newest already.

    `text` has been proved to make sense. In force from its own `valid.from` on.
    """
    procedure = procedures.parse(text)
    with writing(
        Founder(own(using).id), at=datetime.now(UTC), subjects=[document_id("procedure", procedure.code)],
        units=[NATION], channel="reference", using=using,
    ) as pen:  # fmt: skip
        known = pen.state(documents, document_id("procedure", procedure.code))
        now = publish(
            pen,
            entry_id=uuid7(),
            sort="procedure",
            code=procedure.code,
            text=text,
            since=procedure.valid.from_,
        )
    return known is None or len(now.editions) > len(known.editions)
