"""How lists of means are taken in: the sorts of list, where what came with one stands, and taking it back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Sum
from django.utils import timezone

from haicap.journal.pen import Pen
from haicap.means.catalogue.queries import catalogue
from haicap.means.handover.entries import Imported, Read, Row, Undone
from haicap.means.handover.fold import batches
from haicap.means.handover.lines import Lines
from haicap.means.handover.lists import WRITE, List, recorded
from haicap.means.handover.models import KeptPlan, SheetRow, Upload
from haicap.means.handover.premises import Premises, entries_of
from haicap.means.handover.things import Equipment, Files, siblings
from haicap.means.lines import actions as lines
from haicap.means.lines.models import CircuitRow
from haicap.means.premises import recording as premises
from haicap.means.premises.models import SiteRow
from haicap.means.things import recording as things
from haicap.means.things.fold import things as things_fold
from haicap.means.things.models import ThingRow
from haicap.means.words import called, measure
from haicap.papers.sheets_in import room
from haicap.papers.sheets_in.room import NoSuchSort, There
from haicap.units.acting import granted
from haicap.units.names import unit_names
from haicap.units.rights import Person, reach

SORTS: Mapping[str, type[List[Any]]] = {it.code: it for it in (Equipment, Premises, Lines, Files)}
"""The sorts of list by code, in the order in which they are offered."""


class MeansRoom(room.Room):
    """The lists of former units' means."""

    batches, rows, uploads, plans = batches, SheetRow, Upload, KeptPlan
    imported, read, row, undone = Imported, Read, Row, Undone
    sees = "means.see"

    def sorts(self, person: Person) -> list[List[Any]]:
        """All of them, for whoever writes of means anywhere."""
        return [it(timezone.now()) for it in SORTS.values()] if person.may(WRITE) else []

    def sort(self, code: str, at: datetime | None = None) -> List[Any]:
        """The sort with this code. Raises `NoSuchSort`."""
        if code not in SORTS:
            raise NoSuchSort(code)
        return SORTS[code](at or timezone.now())

    def desk(self, person: Person, sort: room.Sort[Any]) -> str:
        """The province, where somebody writes for all of it: then each line says its unit; else their own unit."""
        return min(reach(person, WRITE).provinces, default=person.unit)

    def grant(self, person: Person, unit: str, code: str) -> UUID:
        """The grant to write of a unit's means. Raises `Refused`."""
        its = granted(person, WRITE, unit)
        assert its is not None
        return its

    def there(self, subjects: Collection[UUID]) -> Mapping[UUID, There]:
        """Things, sites and lines with the list that they came with. One query."""
        return {pk: There(str(batch or ""), mistake) for pk, _unit, batch, mistake in _rows(subjects)}

    def files(self, subjects: Collection[UUID]) -> Mapping[UUID, str]:
        """The units whose files they are. One query."""
        return {pk: unit for pk, unit, _batch, _mistake in _rows(subjects)}

    def along(self, subject: UUID) -> Collection[UUID]:
        """The single things that came in one line with the first of them. One query."""
        its = siblings(subject, things.AT_ONCE)
        return list(ThingRow.objects.filter(pk__in=its).order_by("pk").values_list("pk", flat=True))

    def received(self, batch: UUID) -> list[tuple[str, int, str]]:
        """Things by kind and unit, sites and lines by name, as they stand today. Five queries."""
        kinds = catalogue()
        of_things = ThingRow.objects.filter(batch=batch, mistake=False).order_by("unit", "kind")
        counts = of_things.values_list("kind", "unit").annotate(n=Sum("count"))
        of_sites = SiteRow.objects.filter(batch=batch, mistake=False).order_by("unit", "order")
        of_lines = CircuitRow.objects.filter(batch=batch, mistake=False).order_by("unit", "order")
        found = [
            *(
                (f"{called(kinds.get(kind), kind)} ({measure(kinds.get(kind))})", n, unit)
                for kind, unit, n in counts
            ),
            *((name, 1, unit) for name, unit in of_sites.values_list("name", "unit")),
            *(
                (f"{its} {number}", 1, unit)
                for its, number, unit in of_lines.values_list("provider", "number", "unit")
            ),
        ]
        names = unit_names(unit for _what, _n, unit in found)
        return [(what, n, names.get(unit, unit)) for what, n, unit in found]

    def retract(
        self, pen: Pen, *, entry_id: UUID, subject: UUID, batch: UUID, reason: str, grant: UUID | None
    ) -> bool:
        """Take back what a line brought: all of it, or nothing where anybody has gone on with any of it."""
        if ThingRow.objects.filter(pk=subject).exists():
            return self._things(pen, entry_id, subject, batch, reason)
        if SiteRow.objects.filter(pk=subject).exists():
            its = entries_of(subject)
            return premises.withdraw(
                pen, entry_id=entry_id, subject=subject, batch=batch, reason=reason, recorded=its
            ) is not None  # fmt: skip
        return lines.withdraw(
            pen, entry_id=entry_id, subject=subject, reason=reason, recorded=recorded(subject)
        ) is not None  # fmt: skip

    def _things(self, pen: Pen, entry_id: UUID, subject: UUID, batch: UUID, reason: str) -> bool:
        first = recorded(subject)
        opened = {subject: first} | {
            it: uuid5(first, f"entry/{place}")
            for place, it in enumerate(siblings(subject, things.AT_ONCE), 1)
            if pen.state(things_fold, it) is not None
        }
        if not all(things.untouched(pen, subject=it, recorded=entry) for it, entry in opened.items()):
            return False
        for it in opened:
            entry = entry_id if it == subject else uuid5(it, "retracted")
            things.withdraw(pen, entry_id=entry, subject=it, batch=batch, reason=reason)
        return True


def _rows(subjects: Collection[UUID]) -> Any:
    """Of these subjects, those that are there: subject, unit, list, whether it was taken back."""
    columns = ("pk", "unit", "batch", "mistake")
    its = [
        table._default_manager.filter(pk__in=list(subjects)).order_by().values_list(*columns)
        for table in (ThingRow, SiteRow, CircuitRow)
    ]
    return its[0].union(*its[1:], all=True)


MEANS = MeansRoom()
