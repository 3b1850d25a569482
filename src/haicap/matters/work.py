"""Long work: begun in a page, done by a worker, looked at by whoever began it, who may leave and come back.

To add one, write beside what it does a function of a `Job`, and let `work` name it:

    @work("import-matters", _("Nhập bảng việc"))
    def import_matters(job: Job, tell: Tell) -> None:
        for done, row in enumerate(rows_of(job.id), start=1):
            take_in(job.person_at_work(), row)       # commits by itself, with an id made from the job's
            tell(done)

and begin it in a view, then send the person to its page:

    job = begin(request.person, import_matters, id=upload.id, total=len(rows), result=address_of_the_outcome)
    return redirect("work:one", job.id)

The job's id is the id of what it works on: a job carries ids, never facts. Its module is named in the setting
`PROCRASTINATE_IMPORT_PATHS`, so that a worker knows it. It is done as the person who began it, with the rights of
the day on which it is done, under row-level security. It can be cut off anywhere (a power cut, the end of `serve`)
and is then begun again from its start: what it does must be the same done twice. `tell` raises `Interrupted` when the
worker is to end; let it through.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from haicap.units.models import OfficerRow
from haicap.units.rights import Person, person_of, tell_database
from haicap.units.sign_in import PEOPLE, today

KEPT = timedelta(days=30)  # how long the page of a work that is done is there
ENDED = Event()  # set when the worker of this process is to end
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

log = logging.getLogger(__name__)


class Interrupted(Exception):
    """The worker ends; what is not done yet is done by the next one."""


class NobodyAnyMore(Exception):
    """Whoever began the work holds no account by now."""


class Job(models.Model):
    """How one long work stands: a local row, no entry."""

    id = models.UUIDField(primary_key=True)  # of what is worked on
    person = models.UUIDField()
    what = models.TextField()  # the code of a `Work`
    done = models.IntegerField(default=0)
    total = models.IntegerField()
    state = models.TextField(default=WAITING)
    result = models.TextField()  # the address of the page that says what came of it
    language = models.TextField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-asked_at"], name="matters_job_of_person")]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in (DONE, FAILED)

    def person_at_work(self) -> Person:
        """Whoever began it, with the rights of today. Raises `NobodyAnyMore`."""
        account = OfficerRow.objects.filter(pk=self.person).values_list("account", flat=True).first()
        person = person_of(account, today()) if account else None
        if person is None:
            raise NobodyAnyMore(self.id)
        return person


Tell = Callable[[int], None]
Do = Callable[[Job, Tell], None]


@dataclass(frozen=True, slots=True)
class Work:
    """A sort of long work: its code, what people call it (translated when shown), and how it is done."""

    code: str
    words: Any
    do: Do


WORKS: dict[str, Work] = {}


def work(code: str, words: Any) -> Callable[[Do], Work]:
    """Make a function of a job a sort of long work; `words` is a lazily translated text."""

    def named(do: Do) -> Work:
        WORKS[code] = Work(code, words, do)
        return WORKS[code]

    return named


def begin(person: Person, what: Work, *, id: UUID, total: int, result: str) -> Job:
    """Have `what` done for `person`; begun twice under one id it is done once. `total` is in its own units.

    With the setting `WORK_AT_ONCE` (tests) it is done before this returns.
    """
    with transaction.atomic():
        job, is_new = Job.objects.get_or_create(
            id=id,
            defaults={
                "person": person.id,
                "what": what.code,
                "total": total,
                "result": result,
                "language": translation.get_language() or settings.LANGUAGE_CODE,
                "asked_at": datetime.now(UTC),
            },
        )
        if is_new and not settings.WORK_AT_ONCE:
            carry_out.defer(job=str(id))
    if is_new and settings.WORK_AT_ONCE:
        do(id)
        job.refresh_from_db()
    return job


def again(person: Person, id: UUID) -> None:
    """Have a work that failed done again, from where what it did already is found done."""
    with transaction.atomic():
        mine = Job.objects.filter(pk=id, person=person.id, state=FAILED)
        if mine.update(state=WAITING, ended_at=None) and not settings.WORK_AT_ONCE:
            carry_out.defer(job=str(id))


def of(person: Person) -> models.QuerySet[Job]:
    """The long works of `person`, the latest first."""
    return Job.objects.filter(person=person.id).order_by("-asked_at")


@app.task(name="haicap.work", queue="work")
def carry_out(job: str) -> None:
    """What the worker does with one job; it leaves no connection with somebody's reach behind."""
    from django.db import connections

    try:
        do(UUID(job))
    except Interrupted:
        carry_out.defer(job=job)
    finally:
        connections.close_all()


@app.periodic(cron="17 3 * * *")
@app.task(name="haicap.work.forget", queue="work")
def forget(timestamp: int) -> None:
    """Let go of what was over long ago, every night."""
    Job.objects.filter(ended_at__lt=datetime.fromtimestamp(timestamp, UTC) - KEPT).delete()


def do(id: UUID) -> None:
    """Do a job as whoever began it, in that person's language. Raises `Interrupted` where the worker is to end."""
    job = Job.objects.filter(pk=id).exclude(state=DONE).first()
    if job is None:
        return
    _note(job, state=RUNNING)
    try:
        with translation.override(job.language), timezone.override(PEOPLE):
            tell_database(job.person_at_work())
            WORKS[job.what].do(job, lambda done: _reached(job, done))
    except Interrupted:
        _note(job, state=WAITING)
        raise
    except Exception:  # whatever it was, it is the person's to see that it did not end
        log.exception("job %s (%s) failed", job.id, job.what)
        _note(job, state=FAILED, ended_at=datetime.now(UTC))
    else:
        _note(job, state=DONE, done=job.total, ended_at=datetime.now(UTC))


def _reached(job: Job, done: int) -> None:
    _note(job, done=done)
    if ENDED.is_set():
        raise Interrupted


def _note(job: Job, **facts: Any) -> None:
    Job.objects.filter(pk=job.pk).update(**facts)
