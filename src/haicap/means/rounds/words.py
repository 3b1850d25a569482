"""What the parts of rounds are called: pure functions, in the active language."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from haicap.clocks.wall import day_of
from haicap.journal.entry import Entry
from haicap.matters.law import Law
from haicap.matters.showing import Names, in_words
from haicap.means.rounds import entries as e
from haicap.means.rounds.actions import PROCEDURE

Tag = tuple[str, str]


def sections() -> dict[str, str]:
    """The sections of a round by code, in their order."""
    return {
        "premises": _("Trụ sở làm việc"),
        "equipment": _("Trang thiết bị, phương tiện"),
        "lines": _("Đường truyền"),
        "staff": _("Con người"),
    }


def difficulty_kinds(law: Law, at: datetime) -> dict[str, str]:
    """The kinds of difficulty by code, as the procedure in force at `at` (aware) calls them."""
    its = law.procedure(PROCEDURE, at).field["kind"].of
    return {code: in_words(label) for code, label in its.items()}


def stands(due: date, answered: datetime | None, ended: datetime | None, at: datetime) -> Tag:
    """How the answer of a unit stands at `at` (aware), as a tag."""
    if answered:
        return ("done", _("Đã trả lời")) if day_of(answered) <= due else ("soon", _("Trả lời muộn"))
    if ended:
        return "late", _("Không trả lời")
    if due < day_of(at):
        return "late", _("Chậm %(n)s ngày") % {"n": (day_of(at) - due).days}
    return "well", _("Còn %(n)s ngày") % {"n": (due - day_of(at)).days}


def events(entries: Iterable[Entry[Any]], names: Names) -> list[dict[str, Any]]:
    """The entries of a round or an assessment as a timeline tells them, oldest first."""
    return [
        {"at": entry.at, "by": names.person(entry.actor), "kind": "", "url": "", "link": "", "text": ""}
        | _told(entry.body)
        for entry in entries
        if entry.body is not None
    ]


def _told(body: Any) -> dict[str, str]:
    match body:
        case e.RoundOpened() | e.AssessmentAsked():
            said = _("Trả lời trước hết ngày %(day)s") % {"day": f"{body.due:%d/%m/%Y}"}
            return {"title": _("Mở đợt đánh giá"), "text": said}
        case e.RoundReminded():
            said = _("%(n)s đơn vị: %(text)s") % {"n": len(body.units), "text": body.text}
            return {"title": _("Nhắc trả lời"), "text": said, "kind": "hold"}
        case e.RoundClosed():
            said = _("%(n)s đơn vị đã trả lời, %(m)s đơn vị không trả lời") % {
                "n": len(body.answered), "m": len(body.missing),
            }  # fmt: skip
            return {"title": _("Đóng đợt đánh giá"), "text": said, "kind": "done"}
        case e.AssessmentAnswered():
            return {"title": _("Sửa câu trả lời") if body.reason else _("Trả lời"), "text": _answered(body),
                    "kind": "done"}  # fmt: skip
        case e.AssessmentReminded():
            return {"title": _("Được nhắc"), "text": body.text, "kind": "hold"}
        case e.AssessmentEnded():
            return {"title": _("Đợt đánh giá đã đóng"), "text": "" if body.answered else _("Không trả lời")}
    return {"title": ""}


def _answered(body: e.AssessmentAnswered) -> str:
    named = _("%(n)s vướng mắc") % {"n": len(body.difficulties)} if body.difficulties else ""
    parts = [body.reason, named]
    return "; ".join(part for part in parts if part)
