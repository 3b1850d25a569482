"""Lists of means that take long, as long works: `matters/work.py` says how they are done."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy

from haicap.matters.work import Job, Tell, work
from haicap.means.handover.room import MEANS
from haicap.papers.sheets_in import taking


@work("import-handover", gettext_lazy("Nhập danh sách bàn giao"))
def import_handover(job: Job, tell: Tell) -> None:
    """Take in the file of the job's id; gone, it was taken in before."""
    taking.go_on(MEANS, job.person_at_work(), job.id, datetime.now(UTC), tell)


@work("undo-handover", gettext_lazy("Rút lại danh sách bàn giao"))
def undo_handover(job: Job, tell: Tell) -> None:
    """Take back the list from whose id the job's was made."""
    taking.go_back(MEANS, job.person_at_work(), job.id, datetime.now(UTC), tell)
