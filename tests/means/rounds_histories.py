"""A history for every kind of entry of assessment rounds."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.rounds import entries as e
from haicap.means.rounds.fold import assessments, rounds

DUE = date(2026, 12, 15)
OPENED = e.RoundOpened(
    province="31", name="Đánh giá quý IV", paper="112/CAHP-PH10", due=DUE, sections=("premises", "equipment"),
    units=("11311", "11329"),
)  # fmt: skip
CLOSED = e.RoundClosed(
    answered=("11311",), missing=("11329",),
    sums=(e.Sum(sort="computer", units=1, record="9", said="8", fit="7", should="10", short="3", money="45000000"),),
    difficulties=(e.Hard(sort="headquarters", named=1, units=1, first=1, money="0"),),
)  # fmt: skip
ASKED = e.AssessmentAsked(
    round=UUID(int=7), name="Đánh giá quý IV", number="112/CAHP-PH10", unit="11311", province="31", due=DUE,
    sections=("premises", "equipment"),
)  # fmt: skip
LINE = e.Said(
    sort="computer", record="9", record_fit="9", should="10", norm="computers/1", said="8", fit="7", note="Một bộ mất",
    money="45000000",
)  # fmt: skip
ANSWERED = e.AssessmentAnswered(
    lines=(LINE,), conditions=(e.Condition(section="premises", text="Dột hai phòng"),),
    difficulties=(
        e.Named(sort="headquarters", text="Trụ sở dột", money="850000000", matter=UUID(int=8),
                number="11311-1", fresh=True),
    ),
)  # fmt: skip
AGAIN = ANSWERED.model_copy(update={"reason": "Đếm lại", "difficulties": ()})


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


ROUNDS: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "round.opened": (rounds, always(OPENED)),
    "round.reminded": (rounds, always(OPENED, e.RoundReminded(units=("11329",), text="Khẩn trương"))),
    "round.closed": (rounds, always(OPENED, CLOSED)),
    "assessment.asked": (assessments, always(ASKED)),
    "assessment.answered": (assessments, always(ASKED, ANSWERED, AGAIN)),
    "assessment.reminded": (assessments, always(ASKED, e.AssessmentReminded(text="Khẩn trương"), ANSWERED)),
    "assessment.ended": (assessments, always(ASKED, ANSWERED, e.AssessmentEnded(answered=True))),
}
