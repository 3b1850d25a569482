"""What the small world for crawlers has of staff and of assessment rounds."""

from datetime import timedelta

from haicap.means.rounds.actions import Naming
from haicap.units.sign_in import today
from means.rounding import NEXT, answers, closes, line, now, opens
from means.staffing import DAY, does, establishes, puts


def staffed() -> None:
    """An officer without a sign-in, qualified, trained, and seconded to the next ward."""
    establishes(officer=6, driver=2)
    one = puts("binh")
    does("qualify", one, sort="driver", grade="b", since=DAY, until=today() + timedelta(days=30))
    does("train", one, course="Sơ cứu ban đầu", since=DAY, days=2, result="completed")
    does("second", one, to=NEXT, since=DAY, until=today() + timedelta(days=20), ground="Tăng cường")


def assessed() -> None:
    """A round that was closed, and one that a ward has answered and its neighbour owes."""
    roof = Naming("headquarters", "Trụ sở dột hai phòng", money="850000000")
    before = opens(at=now() - timedelta(days=40), name="Đánh giá quý III")
    answers(before, line(said="8", fit="6", should="10", money="60000000"), at=now() - timedelta(days=39),
            account="neighbour", at_unit=NEXT)  # fmt: skip
    closes(before, at=now() - timedelta(days=30))
    its = opens(name="Đánh giá quý IV", sections=("premises", "equipment", "lines", "staff"))
    answers(its, line(said="8", fit="7", should="10", money="45000000"), account="neighbour", at_unit=NEXT,
            difficulties=(roof,))  # fmt: skip
