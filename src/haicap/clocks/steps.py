"""What a derivation is made of: the steps from the moment a clock starts to the moment its limit is over."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, NamedTuple

from haicap.clocks.calendars import Mark, Skipped, Worked
from haicap.clocks.limits import Limit, Unit
from haicap.clocks.regimes import Rule


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stood still in [since, until), aware; `until` is None while it still does."""

    since: datetime
    until: datetime | None
    ground: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer limit: `to` a whole length from the same start, or `add` a length from the former end.

    How often and how far is the caller's to keep (the procedure names count and cap).
    """

    limit: Limit
    how: Literal["to", "add"]
    ground: str = ""
    law: str = ""
    mark: Mark = "setting"


class Rest(NamedTuple):
    """An amount of a unit: hours may be any fraction, days are whole, working days whole or half."""

    unit: Unit
    amount: Fraction


class DayOne(NamedTuple):
    """The day of the event, not counted."""

    day: date
    rule: Rule


class FromMoment(NamedTuple):
    """Hours run from `at` (aware), through nights and days off."""

    at: datetime
    rule: Rule


class Opening(NamedTuple):
    """Working hours begin at `at` (aware): at once, or when the office opens."""

    at: datetime
    rule: Rule


class Sitting(NamedTuple):
    """Half a working day: the sitting from `opens` to `closes` (aware) is the one counted last."""

    opens: datetime
    closes: datetime
    rule: Rule


class MonthEnd(NamedTuple):
    """The last month has no such date: its last day `day` stands for it."""

    day: date
    rule: Rule


class Stated(NamedTuple):
    """The date that the paper states."""

    day: date
    rule: Rule


class Back(NamedTuple):
    """Counted back from `day`, which is not counted."""

    day: date
    rule: Rule


class Rolled(NamedTuple):
    """The last day fell on days off and moved to a working day."""

    day: date
    to: date
    off: tuple[Skipped, ...]
    rule: Rule


class Paused(NamedTuple):
    """A pause, and how much of the limit's unit it gave back (None while it lasts)."""

    pause: Pause
    gave: Rest | None
    rule: Rule


class Extended(NamedTuple):
    """An extension, and the last day of the limit before it (None where it replaces the limit)."""

    extension: Extension
    after: date | None
    rule: Rule


class Result(NamedTuple):
    """The limit is over at `due` (aware); None while the clock stands still with `rest` to run."""

    due: datetime | None
    rest: tuple[Rest, ...]
    rule: Rule


Step = (
    DayOne
    | FromMoment
    | Opening
    | Sitting
    | MonthEnd
    | Stated
    | Back
    | Rolled
    | Paused
    | Extended
    | Skipped
    | Worked
    | Result
)
