"""Lists of data lines."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.utils.translation import gettext as _

from haicap.journal.pen import Pen
from haicap.means.catalogue.queries import of_family
from haicap.means.handover.lists import List, day, finished, key_of, recorded, sum_of
from haicap.means.handover.words import chosen, kind_words, named, target
from haicap.means.lines import actions, queries
from haicap.means.lines.entries import Medium, Terms
from haicap.means.lines.importing import number_in
from haicap.means.lines.showing import media
from haicap.papers.sheets_in import room
from haicap.papers.sheets_in.plans import Plan
from haicap.papers.sheets_in.reading import Reading
from haicap.papers.sheets_in.targets import unit_targets
from haicap.papers.tables import Line
from haicap.units.rights import Person
from haicap.units.vietnamese import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit(room.Record):
    """What a line of the list says of a data line."""

    terms: Terms


class Lines(List[Circuit]):
    """Data lines with their contracts."""

    code = "lines"

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        kinds = of_family("line")
        self.targets = (
            target("lines", "provider", _("Nhà cung cấp"), needed=True, common=True),
            target("lines", "number", _("Mã, số đường truyền"), needed=True),
            target("lines", "kind", _("Loại đường truyền"), "choice", needed=True, common=True, choices=named(kinds),
                   options=kind_words(kinds, "line")),
            chosen("lines", "medium", _("Truyền dẫn"), "medium", media(), needed=True, common=True),
            target("lines", "down", _("Tốc độ tải xuống (Mbit/s)"), needed=True),
            target("lines", "up", _("Tốc độ tải lên (Mbit/s)")),
            target("lines", "begun", _("Hợp đồng từ ngày"), "date", needed=True, common=True),
            target("lines", "until", _("Hợp đồng đến ngày"), "date"),
            target("lines", "cost", _("Cước tháng"), "money"), target("lines", "contract", _("Số hợp đồng")),
            *unit_targets(),
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What the list is called."""
        return _("Đường truyền bàn giao")

    def record(self, reading: Reading) -> Circuit | None:
        """The data line that a line of the list is."""
        unit, provider, number = reading.unit(), reading.words("provider", 120), reading.words("number", 60)
        kind, medium = reading.choice("kind"), reading.choice("medium")
        rates, since, until = _rates(reading), day(reading, "begun"), reading.day("until")
        cost, paper = sum_of(reading, "cost"), reading.words("contract", 200)
        if since and until and until < since:
            reading.blame("until", "before")
        if reading.faults or unit is None or since is None or rates is None:
            return None
        if self.met_elsewhere(f"{fold(provider)}|{fold(number)}", unit, reading):
            return None
        terms = Terms(
            provider=provider, number=number, sort=kind, medium=cast(Medium, medium), down=rates[0], up=rates[1],
            since=since, until=until, cost=cost, paper=paper,
        )  # fmt: skip
        key = key_of(unit, "lines", fold(provider), fold(number))
        return Circuit(unit=unit, key=key, title=f"{provider} {number}", terms=terms)

    @property
    def beside_name(self) -> str:
        """What `beside` is called."""
        return _("Mbit/s xuống/lên, từ ngày")

    def beside(self, record: Circuit) -> str:
        """The rates as they were understood, and from when on."""
        return f"{record.terms.down}/{record.terms.up}, {record.terms.since:%d/%m/%Y}"

    def ours(self, person: Person, lines: Sequence[Line], plan: Plan) -> Mapping[int, UUID]:
        """The data lines that are recorded here, by number and provider. Two queries.

        What a list that is not done yet brought is its own, and goes on being taken in.
        """
        place, column = plan.column_of("number"), plan.column_of("provider")
        if place is None:
            return {}
        said = {
            line.number: (_cell(line, place), fold(_cell(line, column) or plan.fixed.get("provider", "")))
            for line in lines
        }
        numbers = {number for number, _provider in said.values() if number}
        rows = list(
            queries.seen(person).filter(number__in=numbers, mistake=False, ended=None)
            .values_list("pk", "number", "provider", "batch")
        )  # fmt: skip
        done = finished(row[3] for row in rows)
        known = {(row[1], fold(row[2])): row[0] for row in rows if row[3] is None or row[3] in done}
        return {line: known[its] for line, its in said.items() if its in known}

    def enter(
        self, pen: Pen, record: Circuit, subject: UUID, *, source: Mapping[str, str], synthetic: bool
    ) -> None:
        """Record the data line, unless it is there."""
        actions.contract(
            pen, entry_id=recorded(subject), subject=subject, unit=self.unit(pen, record.unit), terms=record.terms,
            batch=UUID(source["batch"]), synthetic=synthetic,
        )  # fmt: skip


def _cell(line: Line, place: int | None) -> str:
    return " ".join(line.cells[place].split()) if place is not None and place < len(line.cells) else ""


def _rates(reading: Reading) -> tuple[str, str] | None:
    """Mbit/s down and up; one rate alone holds for both ways, and the dry run shows it so."""
    said, other = reading.words("down", 60), reading.words("up", 60)
    first, _slash, second = said.partition("/") if re.search(r"/\s*\d", said) else (said, "", "")
    down, up = _rate(first, said), _rate(other or second or first, other or said)
    if said and down is None:
        reading.blame("down", "not-a-rate")
    if (other or said) and up is None and down is not None:
        reading.blame("up" if other else "down", "not-a-rate")
    return (down, up) if down and up else None


def _rate(text: str, unit: str) -> str | None:
    """A rate as entries hold it; `unit` may name Gbit or kbit, else it is Mbit."""
    number = number_in(re.sub(r"(?i)^(ftth|adsl|mpls)\s*", "", text))
    if number is None:
        return None
    plain = fold(unit)
    times = Decimal(1000) if re.search(r"\d ?g(b|bps|bit)?", plain) else Decimal(1)
    if re.search(r"\d ?k(b|bps|bit)?", plain):
        times = Decimal("0.001")
    its = round(number * times, 3)
    return f"{its.normalize():f}" if actions.SLOWEST <= its <= actions.FASTEST else None
