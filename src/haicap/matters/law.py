"""What actions consult: the procedures, tables of competence and calendars in force, in their editions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from uuid import UUID

from haicap.clocks.calendars import Calendar
from haicap.clocks.documents import NotInForce, calendar_of, in_force, published
from haicap.clocks.entries import Sort
from haicap.clocks.fold import Edition
from haicap.clocks.wall import day_of
from haicap.journal.reference import newest
from haicap.matters import competence, procedures
from haicap.matters.schema import Procedure

CALENDAR = "vietnam"


@dataclass(frozen=True, eq=False)
class Law:
    """The documents of an installation as they stand, or as shipped where no journal is (`shipped_law`).

    The same object as long as nothing changes, so that what is made of it can be kept by it.
    """

    procedures: Mapping[str, tuple[Edition, ...]]
    tables: Mapping[str, tuple[Edition, ...]]
    calendars: Mapping[str, tuple[Edition, ...]]

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar published last. Raises `NotInForce` where none is."""
        its = self.calendars.get(CALENDAR)
        if not its:
            raise NotInForce(CALENDAR)
        return calendar_of(its[-1].text)

    def calendar_edition(self, sha256: str) -> Calendar:
        """The calendar with this digest of its own, which is not that of its text. Raises `NotInForce`."""
        for edition in (edition for its in self.calendars.values() for edition in its):
            if (calendar := calendar_of(edition.text)).sha256 == sha256:
                return calendar
        raise NotInForce(sha256)

    def procedure(self, code: str, at: datetime) -> Procedure:
        """The edition in force at `at` (aware). Raises `NotInForce`."""
        if code not in self.procedures:
            raise NotInForce(code)
        found = procedure_of(in_force(self.procedures[code], day_of(at)).text)
        if not found.valid.covers(day_of(at)):
            raise NotInForce(code)
        return found

    def pinned(self, edition: str) -> Procedure:
        """The edition that a matter pinned. Raises `NotInForce`."""
        if edition not in self._editions:
            raise NotInForce(edition)
        return procedure_of(self._editions[edition].text)

    @cached_property
    def _editions(self) -> Mapping[str, Edition]:
        """The editions of all procedures by their digests."""
        return {edition.sha256: edition for its in self.procedures.values() for edition in its}

    def current(self, at: datetime) -> tuple[Procedure, ...]:
        """All procedures in force at `at` (aware), in the order of their codes."""
        found = []
        for code in sorted(self.procedures):
            try:
                found.append(self.procedure(code, at))
            except NotInForce:
                continue
        return tuple(found)

    def table(self, code: str, at: datetime) -> competence.Table:
        """The table of competence in force. Raises `NotInForce`."""
        if code not in self.tables:
            raise NotInForce(code)
        return table_of(in_force(self.tables[code], day_of(at)).text)


def law(*, using: str = "default") -> Law:
    """The documents published in this installation. One small query while nothing in `reference` has changed."""
    return _law(newest(using), using)


def whatever_the_day(its: Law) -> Law:
    """The law with its tables of competence in force at all times: what comes in by a list may be older than they."""
    tables = {
        code: tuple(replace(edition, since=date.min) for edition in editions)
        for code, editions in its.tables.items()
    }
    return replace(its, tables=tables)


@lru_cache(maxsize=4)
def _law(reference: UUID | None, using: str) -> Law:
    found: dict[Sort, dict[str, tuple[Edition, ...]]] = {"procedure": {}, "competence": {}, "calendar": {}}
    for document in published(using=using):
        found[document.sort][document.code] = document.editions
    return Law(found["procedure"], found["competence"], found["calendar"])


@lru_cache(maxsize=256)
def procedure_of(text: str) -> Procedure:
    """The procedure that a document's text is."""
    return procedures.parse(text)


@lru_cache(maxsize=64)
def table_of(text: str) -> competence.Table:
    """The table of competence that a document's text is."""
    return competence.parse(text)
