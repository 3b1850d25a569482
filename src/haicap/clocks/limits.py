"""Time limits as rules write them: "24 hours", "0.5 working days", "3 working days before"."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Unit(StrEnum):
    """What a limit is counted in."""

    NOW = "at once"
    HOUR = "hour"
    WORKING_HOUR = "working hour"
    DAY = "day"
    WORKING_DAY = "working day"
    MONTH = "month"
    DATE = "date"


class UnreadableLimit(ValueError):
    """A text that is no limit; `text` is what was given."""

    def __init__(self, text: str, why: str = "not a limit") -> None:
        super().__init__(f"{why}: {text!r}")
        self.text = text


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time, or a stated date.

    `amount` is exact; hours are whole minutes, working days whole or half, days and months whole.
    `until` stands with `Unit.DATE` alone; `before` counts back from an end.
    """

    unit: Unit
    amount: Decimal = Decimal(0)
    until: date | None = None
    before: bool = False

    def __str__(self) -> str:
        """The text that `parse` reads back to an equal limit."""
        if self.unit is Unit.NOW:
            return "at once"
        if self.until:
            return f"until {self.until.isoformat()}"
        plural = "" if self.amount == 1 else "s"
        return f"{self.amount:f} {self.unit.value}{plural}{' before' if self.before else ''}"


_UNTIL = re.compile(r"until (\d{4}-\d{2}-\d{2})", re.ASCII)
_LENGTH = re.compile(
    r"(\d{1,5}(?:\.\d{1,4})?) (hour|working hour|day|working day|month)s?( before)?", re.ASCII
)
# How fine an amount may be: what a reckoning can give an exact meaning to, and nothing finer.
_GRAIN = {
    Unit.HOUR: Decimal(60),
    Unit.WORKING_HOUR: Decimal(60),
    Unit.DAY: Decimal(1),
    Unit.WORKING_DAY: Decimal(2),
    Unit.MONTH: Decimal(1),
}


def parse(text: str) -> Limit:
    """Read a limit: "at once", "N hours|working hours|days|working days|months [before]", "until YYYY-MM-DD".

    Spaces and capitals do not matter. Raises `UnreadableLimit` for anything else, for a zero, for a part of a
    day other than half a working day, and for a part of a minute or month.
    """
    plain = " ".join(text.lower().split())
    if plain == "at once":
        return Limit(Unit.NOW)
    if found := _UNTIL.fullmatch(plain):
        return Limit(Unit.DATE, until=_date(found[1], text))
    if found := _LENGTH.fullmatch(plain):
        return _length(Decimal(found[1]), Unit(found[2]), before=bool(found[3]), text=text)
    raise UnreadableLimit(text)


def _length(amount: Decimal, unit: Unit, *, before: bool, text: str) -> Limit:
    if not amount:
        raise UnreadableLimit(text, 'a limit of nothing is written "at once"')
    if amount * _GRAIN[unit] % 1:
        raise UnreadableLimit(text, "too fine a part")
    # "7.50" and "7.5" are one limit; normalize() alone would write 30 as 3E+1.
    whole = amount == amount.to_integral_value()
    return Limit(unit, amount.quantize(Decimal(1)) if whole else amount.normalize(), before=before)


def _date(written: str, text: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise UnreadableLimit(text, "no such date") from None
