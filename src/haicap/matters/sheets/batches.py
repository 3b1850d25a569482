"""The matters that came with a sheet, for the list of matters."""

from uuid import UUID

from haicap.matters.sheets.fold import batches
from haicap.matters.sheets.models import SheetRow
from haicap.units.rights import Person, visible


def matters_of_sheet(person: Person, id: str) -> tuple[UUID, ...]:
    """The matters that came with a sheet; none for what is no sheet that somebody may see."""
    try:
        rows = visible(person, "matter.see", SheetRow.objects.filter(pk=UUID(id)), by=("unit",))
    except ValueError:
        return ()
    row = rows.only("state").first()
    return batches.form.validate_python(row.state, strict=False).subjects if row else ()
