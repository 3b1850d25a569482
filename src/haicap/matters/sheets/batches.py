"""The questions that pages ask of sheets that were taken in."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from haicap.matters.sheets.fold import Batch, batches
from haicap.matters.sheets.models import SheetRow
from haicap.units.rights import Person, visible

SORTS = {"at": "at", "file": "file", "taken": "taken", "listed": "listed"}


def seen(person: Person) -> QuerySet[SheetRow]:
    """The sheets of the units whose matters somebody may see."""
    return visible(person, "matter.see", SheetRow.objects.all(), by=("unit",))


def listed(person: Person, params: Mapping[str, str]) -> QuerySet[SheetRow]:
    """Those that fit an address: `q` in the file's name, `procedure`, `sort`; the latest first."""
    rows = seen(person)
    if q := params.get("q", "").strip():
        rows = rows.filter(file__icontains=q)
    if procedure := params.get("procedure", "").strip():
        rows = rows.filter(procedure=procedure)
    sort = params.get("sort", "")
    column = SORTS.get(sort.removeprefix("-"), "")
    return rows.order_by(f"{'-' if sort.startswith('-') else ''}{column}" if column else "-at", "id")


def one(person: Person, id: UUID) -> Batch | None:
    """A sheet that somebody may see, or None."""
    row = seen(person).filter(pk=id).only("state").first()
    return batches.form.validate_python(row.state, strict=False) if row else None


def matters_of_sheet(person: Person, id: str) -> tuple[UUID, ...]:
    """The matters that came with a sheet; none for what is no sheet that somebody may see."""
    try:
        batch = one(person, UUID(id))
    except ValueError:
        return ()
    return batch.matters if batch else ()
