"""The demonstration's plans: two that were adopted, calculated from its own record; all of it is invented."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.pen import writing
from haicap.matters.law import law
from haicap.means.plans import actions
from haicap.means.plans.models import PlanRow
from haicap.means.plans.sorts import SORTS, Question
from haicap.means.year import Ground
from haicap.units.actions import SPACE
from haicap.units.rights import Person, person_of, tell_database

ACCOUNT = "head.ph10"
ADOPTED: tuple[tuple[str, str, Mapping[str, str], str, int], ...] = (
    ("support", "Điều cán bộ hỗ trợ đợt cuối năm", {
        "longest_km": "30", "keep": "95", "most_moves": "12", "most_out": "2", "most_in": "2", "weigh": "True",
    }, "214/KH-PH10", 6),
    ("points", "Điểm tiếp nhận chung hồ sơ căn cước", {"points": "18", "aim": "median", "within": "", "longest": ""},
     "198/KH-PH10", 20),
)  # fmt: skip
"""Sort, name, parameters, the paper, and how many days before the end it was adopted."""


def there() -> bool:
    """Whether they are written."""
    return PlanRow.objects.using("worker").filter(pk__in=[_subject(it[0]) for it in ADOPTED]).count() == len(
        ADOPTED
    )


def fill(ground: Ground) -> None:
    """Calculate and adopt them, as the head of the logistics department does on the pages."""
    person = person_of(ACCOUNT, day_of(ground.end))
    assert person is not None
    tell_database(person)
    try:
        for sort, name, asked, paper, days in ADOPTED:
            _adopt(ground, person, sort, name, asked, paper, days)
    finally:
        tell_database(None)


def _adopt(
    ground: Ground, person: Person, code: str, name: str, asked: Mapping[str, str], paper: str, days: int
) -> None:
    subject, at, sort = _subject(code), ground.end - timedelta(days=days), SORTS[code]
    answer = sort.answer(person, Question(ground.province, asked, (), (), at, more=False))
    unit = ground.crew.units[person.unit]
    with writing(person, at=at, subjects=[subject], units=[unit.code]) as pen:
        actions.adopt(
            pen, entry_id=uuid5(subject, "adopted"), subject=subject, law=law(), unit=unit, name=name, sort=code,
            paper=paper, due=day_of(ground.end) + timedelta(days=30), asked=asked, kept=(), forbidden=(), answer=answer,
            requests={item.key: sort.request(item, asked) for item in answer.items}, synthetic=True,
        )  # fmt: skip


def _subject(code: str) -> UUID:
    return uuid5(SPACE, f"demonstration/plan/{code}")
