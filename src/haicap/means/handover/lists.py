"""What every sort of list of means has: the unit of today, the day and paper of the handover, who may take it in."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, TypeVar
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from haicap.clocks.wall import day_of
from haicap.journal.pen import Pen, Reused, Unwritable
from haicap.means.handover.models import SheetRow
from haicap.means.handover.words import target
from haicap.papers.figures import amount
from haicap.papers.sheets_in import room
from haicap.papers.sheets_in.reading import Reading
from haicap.papers.sheets_in.targets import Target
from haicap.papers.sheets_in.words import OF_LINES, fault
from haicap.units.acting import NotSo, NotYet, Unsaid, granted
from haicap.units.actions import unit_id
from haicap.units.fold import Unit, units
from haicap.units.rights import Person

WRITE = "means.write"
OF_LINES |= {
    "too-many": lambda: _("là số lượng quá lớn cho một dòng; hãy tách dòng."),
    "not-an-area": lambda: _("không phải diện tích tính bằng m², ví dụ 470,5."),
    "not-a-year": lambda: _("không phải năm hoặc ngày hợp lý, ví dụ 2019 hoặc 16/02/2019."),
    "not-a-rate": lambda: _("không phải tốc độ tính bằng Mbit/s, ví dụ 100 hoặc 100/50."),
    "before": lambda: _("trước ngày bắt đầu."),
}
R = TypeVar("R", bound=room.Record)


def recorded(subject: UUID) -> UUID:
    """The entry with which a line of a list opens its subject."""
    return uuid5(subject, "recorded")


class List(room.Sort[R]):
    """A sort of list of means, taken in at `at` (aware)."""

    fails: ClassVar = {
        Unsaid: "not-taken:", NotSo: "not-taken:", NotYet: "not-taken:", Reused: "not-taken:", Unwritable: "not-taken:",
    }  # fmt: skip

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.units: dict[str, Unit] = {}
        self.met: dict[
            str, tuple[int, str]
        ] = {}  # by the number of one thing alone: its first line, its unit

    def require(self, person: Person, unit: str) -> None:
        """Whoever writes of a unit's means takes lists of them in. Raises `Refused`."""
        granted(person, WRITE, unit)

    def unit(self, pen: Pen, code: str) -> Unit:
        """The unit whose file it will be."""
        if code not in self.units:
            its = pen.state(units, unit_id(code))
            assert its is not None
            self.units[code] = its
        return self.units[code]

    def met_elsewhere(self, sole: str, unit: str, reading: Reading) -> bool:
        """Whether an earlier line has this very thing at another unit: then somebody has to say whose it is."""
        line = reading.line.number
        first, its = self.met.setdefault(sole, (line, unit))
        if first == line or its == unit:
            return False
        reading.faults.append(fault(f"twice:{first}"))
        return True


def handed(group: str, since: str, paper: str) -> tuple[Target, Target]:
    """Since when the unit has what a line is of, and by which paper; `since` and `paper` are their labels."""
    return (
        target(group, "since", since, "date", common=True),
        target(group, "paper", paper, common=True),
    )


def day(reading: Reading, code: str, default: date | None = None) -> date | None:
    """A whole day that is not ahead."""
    its = reading.day(code)
    if its is not None and its > day_of(reading.ground.at):
        reading.blame(code, "future")
    return its or default


def sum_of(reading: Reading, code: str) -> str | None:
    """A sum in whole dong."""
    its = reading.money(code)
    if its is not None and not its.isdigit():
        reading.blame(code, "not-an-amount")
        return None
    return its


def area(reading: Reading, code: str, most: int) -> str | None:
    """Square metres from above nought to `most`: `1.250,5 m²` is `1250.5`."""
    said = reading.words(code)
    plain = said.replace("m²", "").replace("m2", "").replace("M2", "").strip()
    its = amount(plain)
    if said and (its is None or not 0 < Decimal(its) <= most):
        reading.blame(code, "not-an-area")
        return None
    return its


def finished(its: Iterable[UUID | None]) -> set[UUID]:
    """Of these lists those that were taken in to the end. One query, none for none."""
    wanted = {it for it in its if it is not None}
    rows = SheetRow.objects.filter(pk__in=wanted, done__isnull=False)
    return set(rows.values_list("pk", flat=True)) if wanted else set()


def key_of(*parts: object) -> str:
    """What a record is known by again, out of what is said of it in any spelling."""
    return "|".join(str(part or "") for part in parts)
