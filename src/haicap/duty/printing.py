"""The bulletin and the slip of a shift on A4. Papers are Vietnamese whatever the page is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import pypdfium2
from django.utils import formats, translation

from haicap.clocks.wall import VIETNAM, day_of
from haicap.duty.entries import BulletinIssued, Commune, Outage, Told
from haicap.duty.fold import Shift
from haicap.duty.models import LineRow
from haicap.duty.queries import line_of
from haicap.duty.showing import case_words, length
from haicap.duty.window import WEEKS
from haicap.duty.words import figure_words
from haicap.matters.queries import person_names, unit_names
from haicap.papers.documents import render
from haicap.papers.heads import head_of

T = TypeVar("T")
CUT = 130  # characters of an incident
SYMBOL = "BT-TB"  # follows the number of a bulletin and of a slip
ROOM = ((8, 4, 12), (6, 4, 10), (5, 3, 8), (4, 3, 7), (3, 2, 6), (2, 2, 5), (1, 1, 3), (0, 0, 0))
"""Incidents, outages and communes on the page, tried from the most: the first that fits one page is printed."""
NOTE = (
    "Số liệu tính tại giờ chốt theo thời điểm ghi sổ; gia hạn, tạm dừng, mở lại sau giờ chốt có thể làm thay đổi "
    "bản chưa ký. Trễ của cơ quan khác không tính vào đơn vị."
)


def bulletin(said: BulletinIssued, *, signed: bool) -> bytes:
    """The PDF of a bulletin: one A4 page, cut where there is too much."""
    with translation.override("vi"):
        head = _head(said.unit, said.since, day_of(said.until))
        for room in ROOM:
            pdf = render("bulletin", _bulletin(said, head, room, signed=signed))
            if pages(pdf) == 1:
                break
    return pdf


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _bulletin(
    said: BulletinIssued, head: Mapping[str, Any], room: tuple[int, int, int], *, signed: bool
) -> dict[str, Any]:
    names = unit_names(said.named)
    where = names if said.whole else {}
    counts = {it.code: it.now for it in said.figures}
    shown, down, communes = said.incidents[: room[0]], said.outages[: room[1]], said.communes[: room[2]]
    return {
        "head": head, "synthetic": said.synthetic, "whole": said.whole,
        "summary": f"ngày {said.day:%d/%m/%Y}", "note": NOTE if not signed else "",
        "period": f"(từ {_moment(said.since)} đến {_moment(said.until)})",
        "on_duty": _on_duty(said),
        "figures": [
            {"label": figure_words(it.code), "now": _number(it.now), "before": _number(it.before),
             "usual": formats.number_format(it.usual / WEEKS, 1, use_l10n=True, force_grouping=True)}
            for it in said.figures
        ],
        "incidents": _listed([_incident(it, where) for it in shown], counts["incidents"]),
        "outages": _listed([_outage(it, where) for it in down], counts["outages"]),
        "communes": [{"cells": _cells(it, names)} for it in communes],
        "more_communes": len(said.communes) - len(communes),
        "signature": {
            "post": "Trực chỉ huy" if said.whole else "Chỉ huy ca trực", "name": said.signer if signed else "",
        },
    }  # fmt: skip


def _listed(shown: list[str], in_all: int) -> dict[str, Any]:
    return {"shown": shown, "more": max(0, in_all - len(shown))}


def _on_duty(said: BulletinIssued) -> list[str]:
    """The shifts of the day, each with its people; whoever commands first."""
    found: dict[tuple[datetime, datetime], list[str]] = {}
    for it in said.on_duty:
        found.setdefault((it.since, it.until), []).append(it.name + (" (chỉ huy)" if it.commands else ""))
    shifts = list(found.items())[:3]
    return [
        f"{_moment(since)} – {_moment(until)}: {', '.join(names[:4])}" for (since, until), names in shifts
    ]


def _head(unit: str, at: datetime, day: date) -> dict[str, Any]:
    """The head of a paper of `day`, with the letterhead that was in force at `at`: a later one changes nothing."""
    return head_of(unit, at) | {"symbol": SYMBOL, "date": day}


def _moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m}"


def _number(count: int) -> str:
    return formats.number_format(count, use_l10n=True, force_grouping=True)


def cut(text: str, most: int = CUT) -> str:
    """A text of at most so many characters, with an ellipsis where it was longer."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def _incident(it: Told, names: Any) -> str:
    quick = {"given": "đã báo cáo nhanh", "late": "báo cáo nhanh trễ", "missing": "chưa báo cáo nhanh"}
    parts = [_moment(it.happened), names.get(it.unit, ""), case_words(it.case), it.place]
    said = ", ".join(part for part in map(cut, parts) if part)
    return f"{said}: {cut(it.text)}" + (f" ({quick[it.quick]})" if it.quick in quick else "")


def _outage(it: Outage, names: Any) -> str:
    parts = ", ".join(part for part in (names.get(it.unit, ""), cut(it.place, 60)) if part)
    end = f"thông lại {_moment(it.until)}" if it.until else "chưa thông"
    return (
        f"{parts + ': ' if parts else ''}mất từ {_moment(it.since)}, {end}, trong ngày {length(it.minutes)}"
    )


def _cells(it: Commune, names: Any) -> list[str]:
    counts = (it.overdue, it.incidents, it.late, it.outages)
    return [names.get(it.unit, it.unit), *map(_number, counts), "có" if it.manned else "không"]


def slip(shift: Shift) -> bytes:
    """The PDF of a shift that was handed over. Raises `ValueError` for one that was not."""
    if shift.signed is None:
        raise ValueError(f"shift {shift.id} was not handed over")
    signed, accepted = shift.signed, shift.accepted
    people = {shift.commander, *shift.people, signed.by, *([accepted.by] if accepted else [])}
    with translation.override("vi"):
        names = person_names(people)
        rows = LineRow.objects.in_bulk(list(signed.lines))
        lines = [line_of(rows[one]) for one in signed.lines if one in rows]
        said = [f"{_moment(line.now.happened)}: {cut(line.as_of(signed.at).text)}" for line in lines]
        return render("shift", {
            "head": _head(shift.unit, signed.at, day_of(signed.at)), "synthetic": shift.synthetic, "since": shift.since,
            "until": shift.until, "commander": names.get(shift.commander, "–"),
            "people": [names[one] for one in shift.people if one in names], "signed": signed.at,
            "accepted": accepted.at if accepted else None,
            "counts": [{"cells": (label, _number(count))} for label, count in _counts(shift)],
            "lines": {"shown": said[:15], "more": max(0, len(said) - 15)}, "note": signed.note,
            "outgoing": {"post": "Người bàn giao", "hint": "Ký, ghi rõ họ tên", "name": _name(names, signed.by)},
            "incoming": {
                "post": "Người nhận", "hint": "Ký, ghi rõ họ tên",
                "name": _name(names, accepted.by) if accepted else "",
            },
        })  # fmt: skip


def _name(names: Any, who: Any) -> str:
    """The name alone; the post stands above the signature."""
    return str(names.get(who, "")).split(",")[0]


def _counts(shift: Shift) -> Sequence[tuple[str, int]]:
    assert shift.signed is not None
    it = shift.signed
    return (
        ("Dòng sổ trực chưa xong", len(it.lines)),
        ("Báo cáo nhanh chưa đủ", it.quick),
        ("Thời hạn của đơn vị trong 24 giờ tới", it.due),
        ("Thời hạn của đơn vị đã quá", it.overdue),
        ("Bản nháp của người bàn giao", it.drafts),
    )
