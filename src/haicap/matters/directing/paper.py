"""Directives on paper: the letter that directs, and what became of a visit's directions. In Vietnamese."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.utils import translation

from haicap.clocks.wall import VIETNAM, end_of
from haicap.matters.directing.fold import Directive
from haicap.papers.documents import render
from haicap.papers.editions import in_use
from haicap.papers.heads import head_of
from haicap.units.rights import Person

NAMED = 12  # addressees that a letter names one by one


def letter(directive: Directive, units: Mapping[str, str]) -> bytes:
    """The PDF of the directive as an official letter; `units` are the addressees' names by code.

    More than `NAMED` of them stand on a list behind the letter.
    """
    with translation.override("vi"):
        its = head_of(directive.issuer, datetime.combine(directive.issued, time(8), VIETNAM))
        data = {
            "head": its | _number(directive.number),
            "to": _addressed(directive, units),
            "annex": [units.get(code, code) for code in directive.units]
            if len(directive.units) > NAMED
            else [],
            "subject": directive.title,
            "clauses": [
                {"number": it.code, "what": it.text, "due": end_of(it.due), "measure": it.target}
                for it in directive.clauses
            ],
            "report": end_of(max(it.due for it in directive.clauses)),
            "signature": {"post": directive.signer or its["agency"]},
            "synthetic": settings.DEMO,
        }
        texts = in_use("directive", directive.issuer, directive.issued).texts
        return render("directive", data, texts)


def _number(number: str) -> dict[str, str]:
    first, _slash, symbol = number.partition("/")
    return {"number": first, "symbol": symbol}


def _addressed(directive: Directive, units: Mapping[str, str]) -> list[str]:
    if len(directive.units) <= NAMED:
        return [units.get(code, code) for code in directive.units]
    return [f"{len(directive.units)} đơn vị theo danh sách kèm theo"]


def became(person: Person, its: Any, at: datetime) -> bytes:
    """The PDF of what became of a visit's directions (`views.Became`) at `at` (aware), across an A4 page."""
    columns = [("Mục", 14), ("Nội dung chỉ đạo", 0), ("Hạn", 22), ("Kết quả", 38), ("Đơn vị báo cáo", 90)]
    directive = its.directive
    with translation.override("vi"):
        data = {
            "head": head_of(person.unit, at),
            "title": "Kết quả thực hiện chỉ đạo tại buổi làm việc",
            "summary": f"{its.unit}, ngày {directive.issued:%d/%m/%Y}",
            "lines": [
                f"Văn bản số {directive.number}: {directive.title}. Chủ trì: {directive.signer}.",
                f"Tính đến {at.astimezone(VIETNAM):%H giờ %M ngày %d/%m/%Y}.",
            ],
            "columns": [{"label": label, "width": width} for label, width in columns],
            "groups": [{"rows": [_row(it) for it in its.clauses]}],
            "synthetic": settings.DEMO,
        }
        return render("listing", data)


def _row(it: Any) -> list[str]:
    said = it.task.done if it.task else ""
    return [it.its.code, it.its.text, f"{it.its.due:%d/%m/%Y}", it.tag[1] if it.tag else "", said]
