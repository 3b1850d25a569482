"""How facts, limits and times of a matter are shown to people: pure functions, in the active language."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import JsonValue

from haicap.clocks.limits import Unit, parse
from haicap.clocks.reckoning import left
from haicap.clocks.sheet import limit_said
from haicap.clocks.wall import VIETNAM
from haicap.matters.entries import Reason
from haicap.matters.fields import PERSON_PARTS, Field
from haicap.matters.law import Law
from haicap.matters.parts import Text
from haicap.matters.schema import Procedure
from haicap.matters.state import RETRACTED, Clock, Matter
from haicap.units.old_addresses import convert

SEALED = "••••••"


def lang() -> str:
    """`vi` or `en`: the language of the page."""
    return (get_language() or "vi")[:2]


def in_words(text: Text | Reason | None) -> str:
    """A text of a procedure or a reason in the active language; empty for None."""
    if text is None:
        return ""
    return text.vi if lang() == "vi" else text.en


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who on a page: units by code, people by id (name, post)."""

    units: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[UUID, str] = field(default_factory=dict)

    def unit(self, code: str | None) -> str:
        """The unit's name; its code where no name is known; for None, that nobody is competent."""
        return self.units.get(code, code) if code else _("chưa xác định đơn vị")

    def person(self, who: UUID | None) -> str:
        """The person's name and post; an entry of the installation itself has no person."""
        return self.people.get(who, _("Hệ thống")) if who else ""


def moment(at: dt.datetime) -> str:
    """`21/11/2026 07:41` in Vietnam's time."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def day(text: str) -> str:
    """`21/11/2026` for an ISO date."""
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}"


def shown(asked: Field | None, value: JsonValue, names: Names) -> str:
    """A fact as people read it: a choice by its label, money and numbers grouped, days and times of Vietnam."""
    if isinstance(value, Mapping):
        return ", ".join(str(value[part]) for part in PERSON_PARTS if value.get(part))
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if asked is None or value is None:
        return "" if value is None else str(value)
    match asked.type:
        case "choice":
            return in_words(asked.of.get(str(value))) or str(value)
        case "number" | "money":
            return formats.number_format(Decimal(str(value)), use_l10n=True, force_grouping=True)
        case "date":
            return day(str(value))
        case "datetime":
            return moment(dt.datetime.fromisoformat(str(value)))
        case "unit":
            return names.unit(str(value))
        case _:
            return str(value)


def limit_words(limit: str) -> str:
    """A limit as entries hold it ("10 working days") in the active language."""
    return limit_said(parse(limit))


def state_words(matter: Matter, procedure: Procedure) -> str:
    """The state's label; a matter that was joined into another says so."""
    if matter.joined:
        return _("Đã nhập vào việc khác")
    if matter.state == RETRACTED:
        return _("Đã rút lại")
    return in_words(procedure.states.get(matter.state)) or matter.state


def title_of(matter: Matter, procedure: Procedure) -> str:
    """The title, or what kind of matter it is where the title is sealed."""
    return matter.title or in_words(procedure.name)


@dataclass(frozen=True, slots=True)
class Due:
    """What the tag of a clock is told: its end, days left where counted in working days, and how it stands."""

    due: dt.datetime | None
    working_days: int | None = None
    paused: str = ""
    done: dt.datetime | None = None


def first_due(matter: Matter, *, binds_us: bool = True) -> Clock | None:
    """The running clock that ends first; of those that bind units of the service unless told otherwise."""
    running = [clock for clock in matter.clocks if clock.runs and (clock.binds != "third-party") is binds_us]
    dated = [clock for clock in running if clock.due]
    return min(dated, key=lambda clock: (str(clock.due), clock.code), default=next(iter(running), None))


def due_of(clock: Clock | None, procedure: Procedure, law: Law, at: dt.datetime) -> Due:
    """How a clock is told at `at` (aware); without one nothing is owed."""
    if clock is None:
        return Due(None)
    if clock.due is None and clock.runs:
        return Due(None, paused=ground_words(clock, procedure))
    return Due(clock.due, working_days(clock, law, at), done=clock.met)


def working_days(clock: Clock, law: Law, at: dt.datetime) -> int | None:
    """Working days left, or passed since the end, for a limit counted so; None for any other, and below one."""
    if clock.due is None or clock.met or parse(clock.limit).unit is not Unit.WORKING_DAY:
        return None
    its = left(clock.due, at, Unit.WORKING_DAY, law.calendar_edition(clock.calendar))
    return its.amount if its.unit == "working-day" else None


def ground_words(clock: Clock, procedure: Procedure) -> str:
    """Why a clock stands still now, in words; empty where it does not."""
    if not clock.pauses or clock.pauses[-1].until:
        return ""
    ground = clock.pauses[-1].ground
    labels: Iterable[Text | None] = (
        *(step.grounds.get(ground) for step in procedure.step.values()),
        procedure.step.get(ground),
    )
    return next((in_words(label) for label in labels if label), ground)


def today_of(place: str) -> str:
    """The territory of today for an address that names an old ward; empty where it names none, or is unclear."""
    names = {match.territory.name for match in convert(place) if match.way == "ward"}
    return names.pop() if len(names) == 1 else ""
