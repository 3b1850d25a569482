"""The questions that pages ask of sheets that were taken in."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.models import SheetRow
from haicap.papers.sheets_in.room import Room, batch_of
from haicap.units.rights import Person, visible

SORTS = {"at": "at", "file": "file", "taken": "taken", "listed": "listed"}


def seen(room: Room, person: Person) -> QuerySet[SheetRow]:
    """The sheets of the units that somebody may see."""
    return visible(person, room.sees, room.rows._default_manager.all(), by=("unit",))


def listed(room: Room, person: Person, params: Mapping[str, str]) -> QuerySet[SheetRow]:
    """Those that fit an address: `q` in the file's name, `procedure`, `sort`; the latest first."""
    rows = seen(room, person)
    if q := params.get("q", "").strip():
        rows = rows.filter(file__icontains=q)
    if procedure := params.get("procedure", "").strip():
        rows = rows.filter(procedure=procedure)
    sort = params.get("sort", "")
    column = SORTS.get(sort.removeprefix("-"), "")
    return rows.order_by(f"{'-' if sort.startswith('-') else ''}{column}" if column else "-at", "id")


def one(room: Room, person: Person, id: UUID) -> Batch | None:
    """A sheet that somebody may see, or None."""
    row = seen(room, person).filter(pk=id).only("state").first()
    return batch_of(room, row.state) if row else None
