"""Papers that no office changes: the bulletin of a day, which is one page whatever happened, the slip of a shift, the
record of a survey."""

from collections.abc import Mapping

from pydantic import Field

from haicap.papers.contents import Paper, Part, Signature
from haicap.papers.wording import Day, Line, Moment, Text, Words


class Counted(Part):
    """A figure in words: what is counted, the count of the day, of the day before, and what is usual."""

    label: Words
    now: Words
    before: Words
    usual: Words


class Listed(Part):
    """A list that is cut: what is shown, and how many more there are."""

    shown: tuple[Words, ...] = ()
    more: int = Field(default=0, ge=0)


class Row(Part):
    """A line of a table."""

    cells: tuple[Line, ...]


class DayBulletin(Paper):
    """The bulletin of the 24 hours to a fixed hour, of a unit or of a province with its communes."""

    summary: Words
    period: Words
    on_duty: tuple[Words, ...] = ()
    figures: tuple[Counted, ...]
    incidents: Listed = Listed()
    outages: Listed = Listed()
    communes: tuple[Row, ...] = ()
    more_communes: int = Field(default=0, ge=0)
    whole: bool = False
    note: Line = ""
    signature: Signature


class ShiftSlip(Paper):
    """The slip of a shift that is handed over: who was on, what is open, and two signatures."""

    since: Moment
    until: Moment
    commander: Words
    people: tuple[Words, ...] = ()
    signed: Moment
    accepted: Moment | None = None
    taken_by: Line = ""
    unsigned: bool = False
    counts: tuple[Row, ...]
    lines: Listed = Listed()
    note: Line = ""
    outgoing: Signature
    incoming: Signature


class SurveyRecord(Paper):
    """The record of a look at a building: what was found, its rooms, what lies beside it, and two signatures."""

    site: Words
    address: Words
    building: Words
    about: Words
    on: Day
    condition: Words
    wrong: Text = ""
    estimate: Line = ""
    rooms: tuple[Row, ...] = ()
    pieces: tuple[Words, ...] = ()
    surveyor: Signature
    holder: Signature


SHEETS: Mapping[str, type[Paper]] = {
    "bulletin": DayBulletin,
    "shift": ShiftSlip,
    "survey": SurveyRecord,
}
"""These are laid out by a template of their own, not by texts that an office changes."""
