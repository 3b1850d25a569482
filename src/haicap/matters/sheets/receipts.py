"""The receipt of a sheet that was handed over, on paper."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from haicap.clocks.wall import day_of
from haicap.matters.law import law
from haicap.matters.sheets.fold import Batch
from haicap.matters.sheets.targets import targets
from haicap.matters.sheets.words import all_said
from haicap.matters.views import newest
from haicap.papers.documents import render
from haicap.units import register
from haicap.units.fold import Unit, units
from haicap.units.models import UnitRow
from haicap.units.rights import Person

MOST_LISTED = 200  # lines on paper; the page has them all


def receipt_of(batch: Batch, person: Person, at: datetime) -> bytes:
    """The PDF (Vietnamese): the file, how many lines, taken in, there before, not taken with the cells that are wrong.

    `at` (aware) is the day on it. Three queries.
    """
    codes = [batch.unit, *filter(None, [batch.province])]
    rows = {row.code: row for row in UnitRow.objects.filter(code__in=codes)}
    unit: Unit = units.form.validate_python(rows[batch.unit].state, strict=False)
    above = rows[batch.province].name if batch.province and batch.province != batch.unit else "Bộ Công an"
    with translation.override("vi"):
        return render("receipt", _data(batch, unit, above, person, at))


def _data(batch: Batch, unit: Unit, above: str, person: Person, at: datetime) -> dict[str, Any]:
    procedure = newest(law(), batch.procedure)
    name = procedure.name.vi if procedure else batch.procedure
    return {
        "head": {
            "superior": above, "agency": unit.name.vi, "place": _place(unit), "date": day_of(at),
        },
        "title": "Biên nhận danh sách hồ sơ bàn giao",
        "number": str(batch.id)[-12:].upper(),
        "procedure": name,
        "subject": f"Danh sách trong tệp {batch.file}\nMã tệp (SHA-256): {batch.sha256}",
        "giver": {"name": batch.giver} if batch.giver else None,
        "items": [*_counts(batch), *_not_taken(batch)],
        "received": batch.at,
        "synthetic": settings.DEMO,
        "signature": {"post": "Người nhận danh sách", "name": person.name, "hint": "Ký, ghi rõ họ tên"},
    }  # fmt: skip


def _counts(batch: Batch) -> list[dict[str, Any]]:
    told = [
        ("Dòng trong danh sách", batch.lines, f"{batch.count('passed')} dòng tiêu đề, trống, cộng, ghi chú"),
        (
            "Hồ sơ đã nhận",
            batch.count("taken"),
            f"đã rút lại {len(batch.withdrawn)}" if batch.withdrawn else "",
        ),
        ("Hồ sơ đã có từ trước", batch.count("there"), ""),
        ("Dòng không nhận, nêu từng dòng dưới đây", batch.count("listed"), ""),
    ]
    return [{"name": what, "count": count, "note": note} for what, count, note in told if count]


def _not_taken(batch: Batch) -> list[dict[str, Any]]:
    procedure = newest(law(), batch.procedure)
    its = {target.code: target for target in targets(procedure)} if procedure else {}
    rows = [row for row in batch.rows if row.verdict == "listed"]
    told = [{"name": f"Dòng {row.number}: {all_said(row.faults, its)}"[:480]} for row in rows[:MOST_LISTED]]
    more = len(rows) - MOST_LISTED
    return [*told, *([{"name": "Các dòng còn lại nêu trong sổ điện tử", "count": more}] if more > 0 else [])]


def _place(unit: Unit) -> str:
    if unit.territories:
        return register.territory(unit.territories[0]).short
    return register.province(unit.province).short if unit.province else "Hà Nội"
