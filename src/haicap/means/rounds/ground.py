"""What the form of an assessment shows before anybody types: the record of today and the norms, by kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from haicap.means.catalogue.entries import Family
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import of_family
from haicap.means.holdings import Held, held
from haicap.means.norms.reckoning import Gap, gaps
from haicap.means.rounds.entries import Said, Section
from haicap.means.rounds.summing import plain
from haicap.units.rights import Person, Scope, decide

FAMILIES: Mapping[Section, tuple[Family, ...]] = {
    "premises": ("premises",), "equipment": ("equipment", "vehicle"), "lines": ("line",), "staff": ("post",),
}  # fmt: skip
WORDED: tuple[Section, ...] = ("premises", "lines")
"""The sections whose condition a unit says in words, too."""


@dataclass(frozen=True, slots=True)
class Line:
    """A kind at a unit: what the record says, all and fit, and what the norms ask, None where there is none for it."""

    section: Section
    kind: Kind
    record: Decimal
    fit: Decimal
    should: Decimal | None
    norm: str

    def said(self, all_: Decimal, fit: Decimal, note: str) -> Said:
        """What the unit says of it, with what it is compared with; what is short is priced by the catalogue."""
        short = Decimal() if self.should is None else max(Decimal(), self.should - fit)
        money = str(int(short * int(self.kind.price))) if self.kind.price else None
        return Said(
            sort=self.kind.code, record=plain(self.record), record_fit=plain(self.fit), norm=self.norm,
            should=None if self.should is None else plain(self.should), said=plain(all_), fit=plain(fit), note=note,
            money=money,
        )  # fmt: skip


def lines(person: Person, unit: str, sections: Iterable[Section], day: date) -> list[Line]:
    """The kinds of these sections at a unit; people only for whoever may see how many there are.

    A handful of queries.
    """
    wanted = [it for it in sections if it != "staff" or decide(person, "staff.see", Scope.of(unit)).allowed]
    return compared(unit, wanted, held(person, [unit]), gaps(person, [unit], day))


def compared(
    unit: str, sections: Iterable[Section], known: Mapping[tuple[str, str], Held], norms: Iterable[Gap]
) -> list[Line]:
    """The same from what is held and what is asked."""
    asked = {it.kind: it for it in norms if it.unit == unit}
    return [
        _line(section, kind, known.get((unit, code)), asked.get(code))
        for section in sections
        for code, kind in of_family(*FAMILIES[section]).items()
    ]


def _line(section: Section, kind: Kind, its: Held | None, gap: Gap | None) -> Line:
    record, fit = (its.all, its.fit) if its else (Decimal(), Decimal())
    norm = f"{gap.code}/{gap.version}" if gap else ""
    return Line(section, kind, record, fit, gap.should if gap else None, norm)
