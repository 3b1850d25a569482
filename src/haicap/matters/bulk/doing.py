"""Doing it: every matter in a transaction of its own, sent twice is done once, also after a power cut."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from haicap.journal.ids import uuid7
from haicap.journal.pen import FromNewerVersion, Pen, writing
from haicap.matters import acts, drafts, queries
from haicap.matters.bulk.judging import STEP, Told, Verdict, judge
from haicap.matters.bulk.models import DONE, KEPT, MOST, NOT_NOW, REFUSED, WOULD, Bulk, BulkLine, entry_of
from haicap.matters.handling import Doing, NotNow, take_step
from haicap.matters.law import Law, law
from haicap.matters.models import MatterRow
from haicap.matters.work import Job, Tell, work
from haicap.units.acting import Unsaid
from haicap.units.rights import Person, Refused


def gathered(person: Person, subjects: Iterable[UUID], *, at: datetime, undoes: UUID | None = None) -> Bulk:
    """A bulk of these matters, `MOST` at the most, with nothing told yet; `at` is aware."""
    with transaction.atomic():
        bulk = Bulk.objects.create(id=uuid7(at), person=person.id, asked_at=at, undoes=undoes)
        wanted = [*dict.fromkeys(subjects)][:MOST]
        BulkLine.objects.bulk_create(
            BulkLine(bulk=bulk.id, place=place, subject=subject) for place, subject in enumerate(wanted)
        )
    return bulk


def of(person: Person, id: UUID) -> Bulk | None:
    """A bulk that `person` has begun, or None."""
    return Bulk.objects.filter(pk=id, person=person.id).first()


def lines_of(bulk: Bulk) -> list[BulkLine]:
    """Its matters in the order in which they were chosen."""
    return list(BulkLine.objects.filter(bulk=bulk.id).order_by("place"))


def rows_of(person: Person, lines: Sequence[BulkLine]) -> dict[UUID, MatterRow]:
    """Those that `person` may still see. One query."""
    return queries.seen(person).in_bulk([line.subject for line in lines])


def tell(bulk: Bulk, told: Told) -> None:
    """Keep what is to be done, sealed, until it is confirmed; a bulk that has begun stays as it is."""
    sealed = drafts.sealed(bulk.person, bulk.id, told.facts())
    Bulk.objects.filter(pk=bulk.id, began_at=None).update(act=told.act, sealed=sealed)


def told_of(bulk: Bulk) -> Told | None:
    """What is to be done, None while it has not been said."""
    return Told(**drafts.opened(bulk.person, bulk.id, bytes(bulk.sealed))) if bulk.sealed else None


def for_line(told: Told, bulk: Bulk, line: BulkLine) -> Told:
    """What is told for one matter: of a bulk that takes another back, what was there before."""
    return told.back_to(line.before) if bulk.undoes else told


def begin(bulk: Bulk, *, at: datetime) -> None:
    """From here on what is told stays."""
    Bulk.objects.filter(pk=bulk.id, began_at=None).update(began_at=at)


@work("bulk", gettext_lazy("Làm cùng lúc nhiều việc"))
def on_many(job: Job, tell_how_far: Tell) -> None:
    """A bulk of many matters, by the worker."""
    bulk = Bulk.objects.get(pk=job.id)
    run(job.person_at_work(), bulk, tell_how_far)


def run(person: Person, bulk: Bulk, tell_how_far: Tell = lambda done: None) -> None:
    """Do what the bulk says to each of its matters to which nothing was tried yet, and note what came of it."""
    told, known = told_of(bulk), law()
    if told is None:
        return
    lines = lines_of(bulk)
    for done, line in enumerate(lines, start=1):
        if not line.verdict:
            verdict = _one(person, for_line(told, bulk, line), bulk, line, known)
            line.verdict, line.why = verdict.kind, verdict.why
            line.save(update_fields=["verdict", "why", "before"])
            tell_how_far(done)


def _one(person: Person, told: Told, bulk: Bulk, line: BulkLine, known: Law) -> Verdict:
    """One matter. What `wrote` finds was done before the power went."""
    row = queries.one(person, line.subject)
    if row is None:
        return judge(person, told, None, known, timezone.now())
    entry = entry_of(bulk.id, line.place)
    try:
        with writing(person, at=timezone.now(), subjects=[row.pk], units=[row.unit]) as pen:
            if pen.wrote(entry):
                return Verdict(DONE)
            row.refresh_from_db()  # as it is under the lock
            verdict = judge(person, told, row, known, pen.at)
            if verdict.kind == WOULD:
                line.before = _before(told, row)
                _act(pen, entry, told, row, known)
                verdict = Verdict(DONE)
            return verdict
    except Refused as why:
        return Verdict(REFUSED, why.decision.reason)
    except (NotNow, Unsaid, FromNewerVersion):
        return Verdict(NOT_NOW, _("Việc đã chuyển sang bước khác."))


def _before(told: Told, row: MatterRow) -> str:
    return {"assign": str(row.assignee or ""), "hand-over": row.holder or ""}.get(told.act, "")


def _act(pen: Pen, entry: UUID, told: Told, row: MatterRow, known: Law) -> None:
    if told.act == STEP:
        take_step(pen, entry_id=entry, subject=row.pk, law=known, doing=Doing(told.step))
        return
    data: Mapping[str, Any] = told.facts()
    acts.ACTS[told.act].do(pen, entry, queries.matter_of(row), known, data)


def undone(person: Person, bulk: Bulk, *, at: datetime) -> Bulk | None:
    """A new bulk that brings back what was there before, to be looked at and confirmed; None where nothing can."""
    told = told_of(bulk)
    done = [line for line in lines_of(bulk) if line.verdict == DONE and can_go_back(told, line)]
    if told is None or not done:
        return None
    back = gathered(person, (line.subject for line in done), at=at, undoes=bulk.id)
    before = {line.subject: line.before for line in done}
    its = lines_of(back)
    for line in its:
        line.before = before[line.subject]
    BulkLine.objects.bulk_update(its, ["before"])
    tell(back, told)
    return back


def can_go_back(told: Told | None, line: BulkLine) -> bool:
    """Whether a further entry can bring back what was there before this one."""
    return told is not None and (told.act == "assign" or (told.act == "hand-over" and bool(line.before)))


@app.periodic(cron="27 3 * * *")
@app.task(name="haicap.bulk.forget", queue="work")
def forget(timestamp: int) -> None:
    """Let go of what was done or given up long ago, every night; what was done is in the journal."""
    old = Bulk.objects.filter(asked_at__lt=datetime.fromtimestamp(timestamp, UTC) - KEPT)
    BulkLine.objects.filter(bulk__in=old.values("pk")).delete()
    old.delete()
