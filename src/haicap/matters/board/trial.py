"""A change on trial, as its address says it, and what came of it in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.clocks.calendars import OutsideCalendar
from haicap.clocks.limits import Unit, UnreadableLimit, parse
from haicap.clocks.sheet import limit_said
from haicap.matters import preview
from haicap.matters.law import Law
from haicap.matters.preview import Moved, NoChange
from haicap.units.rights import Person

Kind = Literal["off", "worked", "limit"]
AT_MOST = 20_000  # rows that are worked out in words; all of them fit a province


@dataclass(frozen=True, slots=True)
class Trial:
    """What is put on trial; `wrong` names the field that cannot be read, with what to do."""

    kind: Kind
    day: str
    clock: str
    amount: str
    unit: str
    asked: bool
    wrong: tuple[tuple[str, str], ...] = ()

    @property
    def limit(self) -> str:
        """The limit as `haicap.clocks.limits` reads it."""
        return f"{self.amount} {self.unit}"

    @property
    def fault(self) -> dict[str, str]:
        """The sentence for each field that is wrong."""
        return dict(self.wrong)


@dataclass(frozen=True, slots=True)
class Shown:
    """A clock that would move, as the page says it."""

    it: Moved
    procedure: str
    clock: str
    unit: str
    late: bool
    saved: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it: the rows, how many clocks were reckoned anew, and how many would be late, or no longer."""

    rows: Sequence[Shown]
    reckoned: int
    late: int
    saved: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A clock that may be given another limit; `code` is `procedure/clock`."""

    code: str
    procedure: str
    clock: str
    limit: str


def clocks(law: Law, at: datetime) -> list[Choice]:
    """The clocks of the procedures in force at `at` (aware) that have a length."""
    lang = get_language() or "vi"
    return [
        Choice(f"{it.code}/{code}", it.name.in_(lang), it.clock[code].in_(lang), _said(limits))
        for it in law.current(at)
        for code, limits in preview.limits_of(it).items()
    ]


def _said(limits: Iterable[str]) -> str:
    return " · ".join(limit_said(parse(limit)) for limit in limits)


def units() -> list[tuple[str, str]]:
    """What a limit may be counted in: as it is written in rules, and in words."""
    return [
        (Unit.WORKING_DAY, _("ngày làm việc")),
        (Unit.DAY, _("ngày")),
        (Unit.HOUR, _("giờ")),
        (Unit.WORKING_HOUR, _("giờ làm việc")),
        (Unit.MONTH, _("tháng")),
    ]


def read(params: Mapping[str, str], law: Law, at: datetime) -> Trial:
    """The trial of an address; one without `kind` asks for nothing yet."""
    kind = params.get("kind", "")
    known: Kind = kind if kind in ("off", "worked", "limit") else "off"  # type: ignore[assignment]  # narrowed
    day, clock, amount, unit = (params.get(name, "").strip() for name in ("day", "clock", "amount", "unit"))
    trial = Trial(known, day, clock, amount, unit, bool(kind))
    faults = dict(_faults(trial, law, at)) if trial.asked else {}
    return replace(trial, asked=trial.asked and not faults, wrong=tuple(faults.items()))


def _faults(trial: Trial, law: Law, at: datetime) -> list[tuple[str, str]]:
    if trial.kind == "limit":
        return _limit_faults(trial, law, at)
    try:
        preview.changed(law.calendar, date.fromisoformat(trial.day), worked=trial.kind == "worked")
    except NoChange as same:
        words = (
            _("Ngày %(day)s vốn đã là ngày làm việc.")
            if trial.kind == "worked"
            else _("Ngày %(day)s vốn đã là ngày nghỉ.")
        )
        return [("day", words % {"day": f"{same.day:%d/%m/%Y}"})]
    except OutsideCalendar:
        return [("day", _("Lịch làm việc chưa có năm này."))]
    except ValueError:
        return [("day", _("Chọn một ngày."))]
    return []


def _limit_faults(trial: Trial, law: Law, at: datetime) -> list[tuple[str, str]]:
    faults = []
    if trial.clock not in {choice.code for choice in clocks(law, at)}:
        faults.append(("clock", _("Chọn một thời hạn.")))
    try:
        parse(trial.limit)
    except UnreadableLimit:
        faults.append(
            ("limit", _("Nhập một số dương; ngày và tháng không lẻ, ngày làm việc có thể lẻ nửa ngày."))
        )
    return faults


def run(trial: Trial, person: Person, law: Law, names: Mapping[str, str], at: datetime) -> Found:
    """Reckon anew what the trial touches. The trial has been read without a fault."""
    if trial.kind == "limit":
        procedure, _slash, clock = trial.clock.partition("/")
        its = preview.of_limit(person, law, procedure, clock, trial.limit, at=at)
    else:
        day = date.fromisoformat(trial.day)
        its = preview.of_calendar(person, law, day, worked=trial.kind == "worked", at=at)
    rows = [_shown(moved, law, names, at) for moved in its.moved[:AT_MOST]]
    return Found(rows, its.reckoned, sum(row.late for row in rows), sum(row.saved for row in rows))


def _shown(moved: Moved, law: Law, names: Mapping[str, str], at: datetime) -> Shown:
    lang = get_language() or "vi"
    pinned = law.pinned(moved.edition)
    clock = pinned.clock[moved.clock].in_(lang)
    unit = names.get(moved.unit, moved.unit)
    return Shown(moved, pinned.name.in_(lang), clock, unit, moved.late(at), moved.saved(at))
