"""The demonstration's rounds: one closed two months ago, one open that most units have answered."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.models import Counter
from haicap.journal.projection import from_row
from haicap.matters.fold import matters
from haicap.matters.models import MatterRow
from haicap.means.holdings import held
from haicap.means.norms.reckoning import gaps
from haicap.means.rounds import actions
from haicap.means.rounds.actions import PROCEDURE, Naming
from haicap.means.rounds.entries import Condition, Said, Section
from haicap.means.rounds.fold import Round
from haicap.means.rounds.ground import Line, compared
from haicap.means.rounds.models import RoundRow
from haicap.means.year import WARD, Ground
from haicap.units.actions import SPACE
from haicap.units.fold import Unit
from haicap.units.rights import tell_database

SECTIONS: tuple[Section, ...] = ("premises", "equipment", "lines")
ANSWERED = 0.7
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """What every answer stands on: the lines of each unit, and its open difficulties."""

    lines: Mapping[str, Sequence[Line]]
    open: Mapping[str, Sequence[UUID]]


def there() -> bool:
    """Whether the demonstration has it."""
    return RoundRow.objects.using("worker").exists()


@cache
def words() -> dict[str, Any]:
    """The texts of `data/rounds_year.toml`."""
    return tomllib.loads((files("haicap.means") / "data" / "rounds_year.toml").read_text(encoding="utf-8"))


def fill(ground: Ground) -> None:
    """A round that was closed, and one that is open; the tour's own ward owes its answer to the second."""
    units = ground.communes()
    known = _known(ground, units)
    for row in Counter.objects.using("worker").filter(unit__in=[unit.code for unit in units]):
        ground.bulk.count_from(row.unit, row.year, row.last + 1)
    before = _open(ground, "closed", ground.end - 75 * DAY, ground.end - 62 * DAY, units)
    for place, unit in enumerate(units):
        if place % 29 != 7:
            _answer(
                ground, before, unit, known, ground.end - (63 + place % 10) * DAY + place * MINUTE, worse=True
            )
    at = ground.end - 60 * DAY
    pen = ground.pen(ground.who(f"{ground.province}-PH10", "department-head"), at)
    actions.close_round(pen, entry_id=ground.fresh(at), subject=before.id, note=words()["verdict"])
    now = _open(ground, "open", ground.end - 9 * DAY, ground.end + 5 * DAY, units)
    for place, unit in enumerate(units):
        if unit.code != WARD and ground.rng.random() < ANSWERED:
            _answer(ground, now, unit, known, ground.end - (1 + place % 7) * DAY + place * MINUTE)


def _known(ground: Ground, units: Sequence[Unit]) -> Known:
    """What the parts before have left in the tables, as the province's director sees it."""
    director, day = ground.who(ground.province, "director"), day_of(ground.end)
    tell_database(director)
    its, norms = held(director), gaps(director, None, day)
    tell_database(None)
    by_unit: dict[str, list[Any]] = {}
    for gap in norms:
        by_unit.setdefault(gap.unit, []).append(gap)
    lines = {unit.code: compared(unit.code, SECTIONS, its, by_unit.get(unit.code, ())) for unit in units}
    there_is = {code: [it for it in found if it.record or it.should] for code, found in lines.items()}
    return Known(there_is, _difficulties(ground))


def _difficulties(ground: Ground) -> dict[str, list[UUID]]:
    """Open difficulties by the unit that raised them; the desk in memory knows them from here on."""
    rows = MatterRow.objects.using("worker").filter(
        province=ground.province,
        procedure=PROCEDURE,
        status__in=("raised", "answered"),
        received__lt=ground.end - 80 * DAY,
    )
    found: dict[str, list[UUID]] = {}
    for row in rows.order_by("received", "id"):
        if len(found.setdefault(row.raised_by, [])) < 1:
            found[row.raised_by].append(row.pk)
            ground.bulk.kept[row.pk] = from_row(matters, row)
    return found


def _open(ground: Ground, which: str, at: datetime, due: datetime, units: Sequence[Unit]) -> Round:
    pen = ground.pen(ground.who(f"{ground.province}-PH10", "department-head"), at)
    return actions.open_round(
        pen, entry_id=ground.fresh(at), subject=uuid5(SPACE, f"demo-round/{which}"), province=ground.province,
        name=words()[which], due=day_of(due), sections=SECTIONS, units=[unit.code for unit in units],
        paper=words()[f"{which}_paper"], note=words()["guide"], synthetic=True,
    )  # fmt: skip


def _answer(
    ground: Ground, its: Round, unit: Unit, known: Known, at: datetime, *, worse: bool = False
) -> None:
    rng, pen = ground.rng, ground.pen(ground.who(unit.code, "clerk"), at)
    namings = [Naming("", "", matter=matter) for matter in known.open.get(unit.code, ())]
    if not namings or rng.random() < 0.2:
        namings.insert(0, _naming(ground))
    actions.answer(
        pen, entry_id=ground.fresh(at), subject=actions.assessment_id(its.id, unit.code), law=ground.law, unit=unit,
        lines=[_said(ground, line, worse) for line in known.lines[unit.code]],
        conditions=[Condition(section="premises", text=rng.choice(words()["premises"])),
                    Condition(section="lines", text=rng.choice(words()["lines"]))],
        difficulties=namings, synthetic=True,
    )  # fmt: skip


def _said(ground: Ground, line: Line, worse: bool) -> Said:
    """Mostly as the record says; before, somewhat less was fit."""
    rng, all_, fit, note = ground.rng, line.record, line.fit, ""
    if worse and fit >= 4 and rng.random() < 0.4:
        fit -= Decimal(rng.randint(1, int(fit) // 4))
    elif all_ >= 1 and rng.random() < 0.05:
        all_ -= 1
        fit = min(fit, all_)
    if (all_, fit) != (line.record, line.fit):
        note = rng.choice(words()["notes"])
    return line.said(all_, fit, note)


def _naming(ground: Ground) -> Naming:
    it = ground.rng.choice(words()["difficulty"])
    money = str(it["money"] * MILLION) if "money" in it else ""
    return Naming(it["sort"], it["text"], str(it.get("count", "")), money)
