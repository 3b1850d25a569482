"""Sheets that take long, as long works: `matters/work.py` says how they are done."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.matters.sheets import batches, uploads
from haicap.matters.sheets.fold import Batch
from haicap.matters.sheets.taking import take_in, undo
from haicap.matters.work import Job, Tell, work
from haicap.units.rights import Person

AT_ONCE = 60  # records; more than these are done by the worker


@work("import-sheet", gettext_lazy("Nhập bảng việc"))
def import_sheet(job: Job, tell: Tell) -> None:
    """Take in the file of the job's id; gone, it was taken in before."""
    person = job.person_at_work()
    upload = uploads.of(person).filter(pk=job.id).first()
    if upload is not None:
        take_in(upload, person, at=datetime.now(UTC), told=tell)


@work("undo-sheet", gettext_lazy("Rút lại bảng đã nhập"))
def undo_sheet(job: Job, tell: Tell) -> None:
    """Take back the sheet from whose id the job's was made."""
    person = job.person_at_work()
    ids = batches.seen(person).values_list("pk", flat=True)
    its = next((id for id in ids if undoing(id) == job.id), None)
    batch = batches.one(person, its) if its else None
    if batch is not None:
        take_back(person, batch, tell)


def take_back(person: Person, batch: Batch, tell: Tell = lambda done: None) -> Batch:
    """Take a sheet back now."""
    reason = _("Rút lại cả bảng %(file)s") % {"file": batch.file}
    return undo(person, batch, at=datetime.now(UTC), reason=reason, told=tell)


def undoing(batch: UUID) -> UUID:
    """The id of the long work that takes a sheet back."""
    return uuid5(batch, "undo")
