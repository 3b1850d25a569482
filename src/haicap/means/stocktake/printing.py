"""The record of a stock-take on A4. Papers are Vietnamese whatever the page is."""

from collections.abc import Iterable
from typing import Any

from django.utils import translation

from haicap.matters.queries import person_names, unit_names
from haicap.means.catalogue.queries import catalogue
from haicap.means.stocktake.fold import Line, Stocktake
from haicap.means.stocktake.lists import Four
from haicap.means.things.printing import moment
from haicap.means.things.showing import kind_words, measure_words
from haicap.papers.documents import render
from haicap.papers.heads import head_of

SYMBOL = "BB-KK"  # follows the number of a stock-take's record
NOTHING = "Không có."


def record(its: Stocktake, four: Four) -> bytes:
    """The PDF of a stock-take: its lists in full; one that is not signed says so."""
    done = its.closed
    with translation.override("vi"):
        names = unit_names([its.unit, *(line.holder for line in four.elsewhere)])
        people = person_names([its.by])
        return render("record", {
            "head": head_of(its.unit, done.at if done else its.opened) | {"symbol": SYMBOL},
            "title": "Biên bản kiểm kê tài sản", "summary": its.name, "synthetic": its.synthetic,
            "facts": [
                {"label": "Đơn vị", "value": names.get(its.unit, its.unit)},
                {"label": "Nơi kiểm kê", "value": its.place or "toàn đơn vị"},
                {"label": "Mở lúc", "value": moment(its.opened)},
                {"label": "Ký lúc", "value": moment(done.at) if done else "chưa ký, số liệu đang đếm"},
                {"label": "Theo sổ", "value": f"{len(its.expected)} mục"},
                {"label": "Kết quả", "value": _counts(four)},
                {"label": "Ghi chú", "value": done.note if done else ""},
            ],
            "sections": [
                _section("I. Thấy đúng nơi", four.found), _elsewhere(its, four, names),
                _section("III. Không thấy", four.missing), _unknown(four),
            ],
            "left": _signature("Người mở kiểm kê", people.get(its.by, "")),
            "right": _signature("Thủ trưởng đơn vị", done.signer if done else ""),
        })  # fmt: skip


def _signature(post: str, name: str) -> dict[str, str]:
    return {"post": post, "name": name.split(",")[0], "hint": "Ký, ghi rõ họ tên"}


def _counts(four: Four) -> str:
    return (
        f"thấy đúng nơi {len(four.found)}, thấy ở nơi khác {len(four.elsewhere)}, không thấy {len(four.missing)}, "
        f"không có trong sổ {len(four.unknown)}"
    )


def _column(label: str, width: int, *, right: bool = False) -> dict[str, Any]:
    return {"label": label, "width": width, "right": right}


def _what(line: Line) -> str:
    return ", ".join(filter(None, (kind_words(catalogue(), line.sort), line.name)))


def _section(title: str, lines: Iterable[Line]) -> dict[str, Any]:
    kinds = catalogue()
    columns = [
        _column("Mã tài sản", 36), _column("Tên", 0), _column("Nơi theo sổ", 34), _column("ĐVT", 13),
        _column("Sổ", 12, right=True), _column("Đếm", 12, right=True),
    ]  # fmt: skip
    rows = [
        [it.code, _what(it), it.was, measure_words(kinds, it.sort), str(it.expected), str(it.counted)]
        for it in lines
    ]
    return {"title": title, "columns": columns, "rows": rows, "none": NOTHING}


def _elsewhere(its: Stocktake, four: Four, names: Any) -> dict[str, Any]:
    columns = [
        _column("Mã tài sản", 36), _column("Tên", 0), _column("Theo sổ ở", 36), _column("Thấy ở", 30),
        _column("Đếm", 12, right=True),
    ]  # fmt: skip
    kept = {
        it.thing: it.was if it.holder == its.unit else names.get(it.holder, it.holder)
        for it in four.elsewhere
    }
    rows = [[it.code, _what(it), kept[it.thing], it.place, str(it.counted)] for it in four.elsewhere]
    return {"title": "II. Thấy ở nơi khác", "columns": columns, "rows": rows, "none": NOTHING}


def _unknown(four: Four) -> dict[str, Any]:
    columns = [
        _column("Vật thấy", 0),
        _column("Mã đọc được", 38),
        _column("Thấy ở", 34),
        _column("Đếm", 12, right=True),
    ]
    rows = [[it.words, it.code, it.place, str(it.count)] for it in four.unknown]
    return {"title": "IV. Không có trong sổ", "columns": columns, "rows": rows, "none": NOTHING}
