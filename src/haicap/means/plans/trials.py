"""Trying plans: questions and answers as local rows, calculated as long works."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.matters.work import Job, Tell, begin, work
from haicap.means.plans.models import Trial
from haicap.means.plans.outcome import Answer
from haicap.means.plans.sorts import SORTS, NotCalculated, Question
from haicap.units.rights import Person


def of(person: Person) -> QuerySet[Trial]:
    """The trials of the person's units, the latest first."""
    return Trial.objects.filter(unit__in=person.units).order_by("-at")


def try_one(
    person: Person,
    *,
    id: UUID,
    sort: str,
    name: str,
    province: str,
    asked: Mapping[str, str],
    kept: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    before: UUID | None = None,
    at: datetime,
) -> Job:
    """Ask a question; it is answered by a long work. Asked twice under one `id` it is asked once. `at` is aware."""
    Trial.objects.get_or_create(
        id=id,
        defaults={
            "person": person.id,
            "unit": person.unit,
            "province": province,
            "sort": sort,
            "name": name,
            "asked": dict(asked),
            "kept": list(kept),
            "forbidden": list(forbidden),
            "before": before,
            "at": at,
        },
    )
    return begin(person, calculate, id=id, total=1, result=reverse("plans:trial", args=[id]))


def answer_of(trial: Trial) -> Answer | None:
    """The answer, once it is there."""
    return Answer.model_validate(trial.answer, strict=False) if trial.answer is not None else None


def forget(person: Person, id: UUID) -> None:
    """Throw a trial of one's own away; what was adopted of it stays."""
    Trial.objects.filter(pk=id, person=person.id).delete()


@work("plan", gettext_lazy("Tính phương án"))
def calculate(job: Job, tell: Tell) -> None:
    """Answer the trial of the job's id; gone, nobody asks any more."""
    trial = Trial.objects.filter(pk=job.id, answer__isnull=True).first()
    if trial is None:
        return
    question = Question(trial.province, trial.asked, trial.kept, trial.forbidden, trial.at)
    answer, fault = None, ""
    try:
        answer = SORTS[trial.sort].answer(job.person_at_work(), question).model_dump(mode="json")
    except NotCalculated as why:
        fault = str(why)
    except ModuleNotFoundError:
        fault = _("Máy này chưa cài phần tính toán phương án; phần này có ở máy chủ của tỉnh.")
    Trial.objects.filter(pk=trial.pk).update(answer=answer, fault=fault)
    tell(1)


def now() -> datetime:
    """The moment at which a question is asked."""
    return datetime.now(UTC)
