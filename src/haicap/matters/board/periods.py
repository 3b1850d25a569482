"""Reporting periods: from the 15th to the 14th, as the Ministry's published tables are cut.

Month: 15th of the month before to the 14th; quarters on the same cut; year: 15 December to 14 December
(`domain/facts.md` 3.1). Days are days in Asia/Ho_Chi_Minh; both the first and the last belong to the period.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from haicap.clocks.wall import end_of, start_of

Kind = Literal["month", "quarter", "year", "days"]
DAY = timedelta(days=1)
CUT = 14  # the last day of a month's figures
_CODE = re.compile(r"(?P<year>20\d\d)(?:-(?P<month>0[1-9]|1[0-2])|-Q(?P<quarter>[1-4]))?")
_MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """All days from `first` to `last`; `whole` is the last day planned, later than `last` while it runs."""

    code: str
    kind: Kind
    first: date
    last: date
    whole: date

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Half-open, aware UTC."""
        return start_of(self.first), end_of(self.last)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def running(self) -> bool:
        """Whether it is cut at the day of looking."""
        return self.last < self.whole

    @property
    def said(self) -> str:
        """`15/10–14/11/2026`; the first year too where it differs."""
        first = f"{self.first:%d/%m}" if self.first.year == self.last.year else f"{self.first:%d/%m/%Y}"
        return f"{first}–{self.last:%d/%m/%Y}"

    def until(self, day: date) -> "Period":
        """Cut at `day` where that lies within, so that it is compared with as many days and no more."""
        return replace(self, last=max(self.first, min(self.last, day)))

    def year_before(self) -> "Period":
        """The same days a year before; 29 February becomes the 28th."""
        return Period(
            "", "days", _earlier_year(self.first), _earlier_year(self.last), _earlier_year(self.last)
        )

    def before(self) -> "Period":
        """As many days of the period before: of the month, quarter or year before, else just before it."""
        if self.kind == "days":
            first = self.first - self.days * DAY
            return Period("", "days", first, self.first - DAY, self.first - DAY)
        first = _months_on(self.first, -_MONTHS[self.kind])
        whole = self.first - DAY
        last = min(whole, first + (self.days - 1) * DAY) if self.running else whole
        return Period("", "days", first, last, whole)

    def query(self) -> dict[str, str]:
        """What stands for it in an address."""
        if self.kind == "days":
            return {"from": self.first.isoformat(), "to": self.whole.isoformat()}
        return {"period": self.code}


def month(year: int, of: int) -> Period:
    """The month of the figures: November 2026 is 15 October to 14 November 2026."""
    last = date(year, of, CUT)
    return Period(f"{year}-{of:02d}", "month", _months_on(last + DAY, -1), last, last)


def quarter(year: int, of: int) -> Period:
    """Three months of figures: the fourth quarter of 2026 is 15 September to 14 December 2026."""
    last = date(year, 3 * of, CUT)
    return Period(f"{year}-Q{of}", "quarter", _months_on(last + DAY, -3), last, last)


def year(of: int) -> Period:
    """15 December of the year before to 14 December."""
    last = date(of, 12, CUT)
    return Period(str(of), "year", date(of - 1, 12, CUT + 1), last, last)


def month_of(day: date) -> Period:
    """The month of figures to which a day belongs."""
    to = day if day.day <= CUT else _months_on(day.replace(day=1), 1)
    return month(to.year, to.month)


def read(params: Mapping[str, str], today: date) -> Period:
    """The period that an address asks for (`period=2026-11`, `2026-Q4`, `2026`, or `from` and `to`).

    Cut at `today`; what cannot be read, or has not begun, is the month of figures that runs.
    """
    asked = _days(params) or _coded(params.get("period", "")) or month_of(today)
    return (asked if asked.first <= today else month_of(today)).until(today)


def _coded(code: str) -> Period | None:
    found = _CODE.fullmatch(code)
    if not found:
        return None
    of = int(found["year"])
    if found["month"]:
        return month(of, int(found["month"]))
    return quarter(of, int(found["quarter"])) if found["quarter"] else year(of)


def _days(params: Mapping[str, str]) -> Period | None:
    try:
        first, last = (date.fromisoformat(params[name]) for name in ("from", "to"))
    except (KeyError, ValueError):
        return None
    return Period("", "days", first, last, last) if date(2000, 1, 1) <= first <= last else None


def choices(today: date) -> list[tuple[str, str]]:
    """The periods that one chooses from: code and words, the running month first."""
    now = month_of(today)
    months = [now]
    while len(months) < 12:
        months.append(month_of(months[-1].first - DAY))
    at = now.last
    of = (at.month + 2) // 3
    quarters = [quarter(at.year - (of <= n), (of - 1 - n) % 4 + 1) for n in range(4)]
    years = [year(at.year), year(at.year - 1)]
    return [
        (it.code, title(it))
        for it in (*months[:2], quarters[0], years[0], *months[2:], *quarters[1:], years[1])
    ]


def title(period: Period) -> str:
    """What a period is called, with its days."""
    words = {
        "month": _("Tháng %(of)s/%(year)s"),
        "quarter": _("Quý %(of)s/%(year)s"),
        "year": _("Năm %(year)s"),
        "days": "",
    }[period.kind]
    end = period.whole
    of = (end.month + 2) // 3 if period.kind == "quarter" else end.month
    name = words % {"of": of, "year": end.year}
    return f"{name} ({replace(period, last=end).said})" if name else period.said


def _months_on(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    return day.replace(year=place // 12, month=place % 12 + 1)


def _earlier_year(day: date) -> date:
    return (
        day.replace(year=day.year - 1, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 1)
    )
