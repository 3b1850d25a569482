"""Sheets of matters that take long, as long works: `matters/work.py` says how they are done."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy

from haicap.matters.sheets.room import MATTERS
from haicap.matters.work import Job, Tell, work
from haicap.papers.sheets_in import taking


@work("import-sheet", gettext_lazy("Nhập bảng việc"))
def import_sheet(job: Job, tell: Tell) -> None:
    """Take in the file of the job's id; gone, it was taken in before."""
    taking.go_on(MATTERS, job.person_at_work(), job.id, datetime.now(UTC), tell)


@work("undo-sheet", gettext_lazy("Rút lại bảng đã nhập"))
def undo_sheet(job: Job, tell: Tell) -> None:
    """Take back the sheet from whose id the job's was made."""
    taking.go_back(MATTERS, job.person_at_work(), job.id, datetime.now(UTC), tell)
