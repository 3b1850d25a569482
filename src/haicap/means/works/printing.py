"""A programme on A4 across. Papers are Vietnamese whatever the page is."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import translation

from haicap.clocks.wall import day_of
from haicap.matters.queries import unit_names
from haicap.means.works import figures
from haicap.means.works.figures import ZERO
from haicap.means.works.fold import Programme
from haicap.means.works.gantt import Bar, chart
from haicap.means.works.showing import billions, day, purses, slip_words, states
from haicap.means.works.state import PURSES, STATES, Project
from haicap.papers.documents import render
from haicap.papers.heads import head_of

LONGEST = 150  # characters of a name
KEY = (
    "Thanh đậm: đã làm; thanh nhạt: còn làm; viền đậm: chậm; vạch mảnh phía trước: chuẩn bị; "
    "vạch đen phía dưới: {before}."
)


def programme(its: Programme, projects: Sequence[Project], *, at: datetime, against: date | None) -> bytes:
    """The PDF of a programme as it stands at `at` (aware), its bars beside how they were at an earlier day."""
    with translation.override("vi"):
        return render("programme", _data(its, projects, at, against))


def _data(its: Programme, projects: Sequence[Project], at: datetime, against: date | None) -> dict[str, Any]:
    today = day_of(at)
    stood = figures.then(projects, against) if against else {}
    now = figures.figures((it.now for it in projects), today)
    drawn, names = chart(projects, today, stood), unit_names({it.unit for it in projects})
    sources = "; ".join(
        f"{purses()[it]} {billions(now.budget.get(it, ZERO))}, đã trả {billions(now.paid.get(it, ZERO))}"
        for it in PURSES
        if now.budget.get(it) or now.paid.get(it)
    )
    lines = [
        f"{its.paper}." if its.paper else "",
        f"So với những gì đã ghi trước ngày {day(against)}." if against else "",
        f"Kinh phí (tỷ đồng): {sources}." if sources else "",
    ]
    counted = [
        ("Tổng số", now.all),
        *((states()[code], n) for code in STATES if (n := now.states.get(code, 0))),
    ]
    before = f"theo ngày {day(against)}" if against else "theo kế hoạch đầu"
    return {
        "head": head_of(its.province, at), "title": its.name, "summary": f"Tiến độ đến ngày {day(today)}",
        "lines": [line for line in lines if line],
        "counts": [{"label": words, "value": str(n)} for words, n in (*counted, ("Chậm", now.late))],
        "marks": [{"x": it.x, "label": it.words, "strong": it.year} for it in drawn.ticks] if drawn else [],
        "today": drawn.today if drawn else None,
        "bars": [_bar(bar, names.get(bar.unit, bar.unit)) for bar in drawn.bars] if drawn else [],
        "note": KEY.format(before=before), "synthetic": its.synthetic,
    }  # fmt: skip


def _bar(bar: Bar, unit: str) -> dict[str, Any]:
    late = slip_words(bar.slip) or ("quá ngày dự kiến" if bar.late else "")
    note = f"{states()[bar.state]}, {late}" if late else states()[bar.state]
    name = bar.name if len(bar.name) <= LONGEST else bar.name[: LONGEST - 1].rstrip() + "…"
    return {
        "label": name, "unit": unit, "note": note, "kind": bar.state, "late": bar.late, "before": asdict(bar.before),
        "prepares": asdict(bar.prepares) if bar.prepares else None, "works": asdict(bar.works),
        "done": asdict(bar.done) if bar.done else None,
    }  # fmt: skip
