"""Tables of lists of means: those handed in (a projection), what is being handed in, how columns were read."""

from django.db import models

from haicap.journal.fold import Folded
from haicap.journal.models import Row
from haicap.journal.projection import projects
from haicap.means.handover.fold import Batch, batches
from haicap.papers.sheets_in import models as shapes


class SheetRow(shapes.SheetRow):
    """A list that was taken in, as lists need it."""

    class Meta:
        indexes = [models.Index(fields=["unit", "-at"], name="means_sheet_of_unit")]


@projects(batches, into=SheetRow)
def sheet_row(batch: Batch, folded: Folded[Batch]) -> Row:
    """Every column but those of `Projection`."""
    return shapes.sheet_row(batch)


class Upload(shapes.Upload):
    """A file that somebody handed in and has not taken in yet."""

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="means_upload_of")]


class KeptPlan(shapes.KeptPlan):
    """How the columns of a list with these heads were read the last time in this unit."""
