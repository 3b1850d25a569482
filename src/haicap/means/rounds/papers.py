"""The report of a round on A4: what units say against record and norm, and their difficulties. In Vietnamese."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation

from haicap.matters.law import Law
from haicap.means import words as said
from haicap.means.catalogue.queries import catalogue
from haicap.means.rounds import words
from haicap.means.rounds.fold import Round
from haicap.means.rounds.report import Report
from haicap.papers.documents import render
from haicap.papers.heads import head_of
from haicap.units.rights import Person

KINDS = (
    ("Loại", 0, False), ("Theo sổ", 19, True), ("Xác nhận", 19, True), ("Dùng được", 19, True), ("Định mức", 19, True),
    ("Thiếu", 17, True), ("Kinh phí", 24, True), ("So đợt trước", 19, True),
)  # fmt: skip
HARD = (
    ("Nhóm vướng mắc", 0, False), ("Số lần nêu", 22, True), ("Số đơn vị", 22, True), ("Nêu đầu tiên", 24, True),
    ("Kinh phí", 28, True), ("So đợt trước", 24, True),
)  # fmt: skip


def report(
    person: Person, its: Round, found: Report, counts: Mapping[str, int], *, law: Law, at: datetime
) -> bytes:
    """The PDF, made at `at` (aware); a closed round says when it was closed."""
    with translation.override("vi"):
        return render("record", _data(person, its, found, counts, law, at))


def _data(
    person: Person, its: Round, found: Report, counts: Mapping[str, int], law: Law, at: datetime
) -> dict[str, Any]:
    names = words.sections()
    facts = [
        ("Đợt đánh giá", its.name + (f" ({its.paper})" if its.paper else "")),
        ("Nội dung", ", ".join(name.lower() for code, name in names.items() if code in its.sections)),
        ("Hạn trả lời", f"hết ngày {its.due:%d/%m/%Y}"),
        ("Đã trả lời", f"{counts.get('answered', 0)} trên {counts.get('asked', 0)} đơn vị"),
        ("Kinh phí cần để đủ định mức", said.money(found.money)),
    ]
    if found.since:
        facts.append(
            ("So với", f"{found.since.before.name}, ở {found.since.units} đơn vị trả lời cả hai đợt")
        )
    return {
        "head": head_of(person.unit, at),
        "title": "Báo cáo kết quả đợt đánh giá",
        "summary": "Trụ sở, trang thiết bị, đường truyền và con người của các đơn vị",
        "facts": [{"label": label, "value": value} for label, value in facts],
        "sections": [
            {"title": "1. Hiện có so với sổ và định mức", "columns": _columns(KINDS), "rows": _kinds(found),
             "none": "Chưa đơn vị nào trả lời."},
            {"title": "2. Vướng mắc đơn vị nêu", "columns": _columns(HARD), "rows": _hard(found, law, at),
             "none": "Không đơn vị nào nêu vướng mắc."},
        ],
        "note": its.closed.note if its.closed else "",
        "left": {"post": "Người lập báo cáo"},
        "right": {"post": "Lãnh đạo ký"},
        "synthetic": settings.DEMO,
    }  # fmt: skip


def _columns(columns: Sequence[tuple[str, int, bool]]) -> list[dict[str, Any]]:
    return [{"label": label, "width": width, "right": right} for label, width, right in columns]


def _kinds(found: Report) -> list[list[str]]:
    kinds = catalogue()
    return [
        [
            said.called(kinds.get(it.sort), it.sort), said.amount(it.record), said.amount(it.said), said.amount(it.fit),
            "" if it.should is None else said.amount(it.should), said.amount(it.short) if it.short else "",
            said.money(it.money) if it.money else "", _signed(it.change),
        ]
        for it in found.kinds
        if it.record or it.said or it.should
    ]  # fmt: skip


def _hard(found: Report, law: Law, at: datetime) -> list[list[str]]:
    names = words.difficulty_kinds(law, at)
    return [
        [
            names.get(it.sort, it.sort), str(it.named), str(it.units), str(it.first),
            said.money(it.money) if it.money else "", _signed(None if it.change is None else Decimal(it.change)),
        ]
        for it in found.difficulties
    ]  # fmt: skip


def _signed(change: Decimal | None) -> str:
    if change is None:
        return ""
    return "0" if not change else f"{'+' if change > 0 else '−'}{said.amount(abs(change))}"
