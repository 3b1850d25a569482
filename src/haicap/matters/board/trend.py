"""Twelve months of figures, each beside the same month a year before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from haicap.clocks.wall import VIETNAM
from haicap.matters.board.counting import Params, address
from haicap.matters.board.periods import CUT, DAY, Period, month_of
from haicap.matters.board.words import number
from haicap.matters.board.work import came
from haicap.matters.queries import filtered
from haicap.units.rights import Person

MONTHS = 12
WIDTH, HEIGHT, FOOT, ROOM = 620, 190, 22, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: what came in, what came in a year before, the list, and where it stands in the drawing."""

    period: Period
    n: int
    then: int
    url: str
    x: float
    width: float
    top: float
    height: float
    mark: float

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.width / 2, 1)

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 1)

    @property
    def over(self) -> float:
        """Where its number stands: over the bar, and over the mark where that would cross it."""
        return round(min(self.top, self.mark if 0 < self.top - self.mark < ROOM else self.top) - 4, 1)

    @property
    def month(self) -> str:
        """`11`, in January with the year."""
        end = self.period.whole
        return f"1/{end.year}" if end.month == 1 else str(end.month)

    @property
    def title(self) -> str:
        """The month in words, with both numbers."""
        words = _("%(period)s: %(n)s, cùng tháng năm trước %(then)s")
        return words % {"period": self.period.said, "n": number(self.n), "then": number(self.then)}


def trend(person: Person, base: Params, last: date, *, today: date, at: datetime) -> list[Bar]:
    """What came in by months of figures, twelve up to the one that holds the day `last`. One query."""
    months = [month_of(last)]
    while len(months) < 2 * MONTHS:
        months.insert(0, month_of(months[0].first - DAY))
    since = {"since": months[0].first.isoformat(), "until": months[-1].last.isoformat()}
    found = _by_month(person, {**base, **since}, at)
    counts = [found.get(it.last.replace(day=1), 0) for it in months]
    return _drawn([it.until(today) for it in months[MONTHS:]], counts[MONTHS:], counts[:MONTHS], base)


def _by_month(person: Person, params: Params, at: datetime) -> dict[date, int]:
    """Counts by the first day of the month in which a month of figures ends.

    Days from the 15th on, put back by 14 days, fall into the calendar month before the one that names them.
    """
    cut = TruncMonth(F("received") - timedelta(days=CUT), tzinfo=VIETNAM)
    rows = filtered(person, params, at=at).annotate(cut=cut).values_list("cut").annotate(n=Count("pk"))
    return {month_of((cut + timedelta(days=CUT)).date()).last.replace(day=1): n for cut, n in rows}


def _drawn(months: Sequence[Period], now: Sequence[int], then: Sequence[int], base: Params) -> list[Bar]:
    most = max([1, *now, *then])
    step = WIDTH / len(months)
    scale = (HEIGHT - FOOT - ROOM) / most
    return [
        Bar(
            it, n, before, address(came(base, it)), round(place * step + step * 0.16, 1), round(step * 0.68, 1),
            round(HEIGHT - FOOT - n * scale, 1), round(n * scale, 1), round(HEIGHT - FOOT - before * scale, 1),
        )
        for place, (it, n, before) in enumerate(zip(months, now, then, strict=True))
    ]  # fmt: skip
