"""The receipt of a sheet that was handed over, on paper."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from haicap.papers.documents import render
from haicap.papers.heads import head_of
from haicap.papers.sheets_in.fold import Batch
from haicap.papers.sheets_in.room import Room
from haicap.papers.sheets_in.targets import Target
from haicap.papers.sheets_in.words import all_said
from haicap.units.rights import Person

MOST_LISTED = 200  # lines on paper; the page has them all


def receipt_of(room: Room, batch: Batch, person: Person, at: datetime) -> bytes:
    """The PDF (Vietnamese): the file, how many lines, taken in, there before, not taken with the cells that are wrong.

    `at` (aware) is the day on it. What was received is named where the room names it. Two queries beside that.
    """
    with translation.override("vi"):
        return render("receipt", _data(room, batch, person, at))


def _data(room: Room, batch: Batch, person: Person, at: datetime) -> dict[str, Any]:
    sort = room.known(batch.procedure)
    return {
        "head": head_of(batch.unit, at),
        "title": "Biên nhận danh sách bàn giao",
        "number": str(batch.id)[-12:].upper(),
        "procedure": sort.name if sort else batch.procedure,
        "subject": f"Danh sách trong tệp {batch.file}\nMã tệp (SHA-256): {batch.sha256}",
        "giver": {"name": batch.giver} if batch.giver else None,
        "items": [*_counts(batch), *_received(room, batch), *_not_taken(batch, sort.targets if sort else ())],
        "received": batch.at,
        "synthetic": settings.DEMO,
        "signature": {"post": "Người nhận danh sách", "name": person.name, "hint": "Ký, ghi rõ họ tên"},
    }  # fmt: skip


def _counts(batch: Batch) -> list[dict[str, Any]]:
    back = f"đã rút lại {len(batch.withdrawn)}" if batch.withdrawn else ""
    told = [
        ("Dòng trong danh sách", batch.lines, f"{batch.count('passed')} dòng tiêu đề, trống, cộng, ghi chú"),
        ("Dòng đã nhận", batch.count("taken"), back),
        ("Dòng đã có từ trước", batch.count("there"), ""),
        ("Dòng không nhận, nêu từng dòng dưới đây", batch.count("listed"), ""),
    ]
    return [{"name": what, "count": count, "note": note} for what, count, note in told if count]


def _received(room: Room, batch: Batch) -> list[dict[str, Any]]:
    its = room.received(batch.id)
    more = len(its) - MOST_LISTED
    told = [{"name": what, "count": count, "note": note} for what, count, note in its[:MOST_LISTED]]
    return [*told, *([{"name": "Các mục còn lại nêu trong sổ điện tử", "count": more}] if more > 0 else [])]


def _not_taken(batch: Batch, its: tuple[Target, ...]) -> list[dict[str, Any]]:
    rows = [row for row in batch.rows if row.verdict == "listed"]
    told = [{"name": f"Dòng {row.number}: {all_said(row.faults, its)}"[:480]} for row in rows[:MOST_LISTED]]
    more = len(rows) - MOST_LISTED
    return [*told, *([{"name": "Các dòng còn lại nêu trong sổ điện tử", "count": more}] if more > 0 else [])]
