"""How lines and shifts are told to people: pure functions, in the active language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from haicap.duty.entries import (
    LineBecame,
    LineClosed,
    LineCorrected,
    LineReported,
    LineUnsealed,
    LineWritten,
)
from haicap.duty.fold import Became, Line, Wording
from haicap.duty.sorts import PHONE, WRITTEN, cases, sorts
from haicap.journal.entry import Entry
from haicap.matters.showing import Names, lang, moment
from haicap.matters.state import Clock


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as a list shows it; `before` is the wording that the newest one corrects."""

    line: Line
    sort: str
    case: str
    by: str
    before: Wording | None
    clocks: tuple[tuple[str, Clock], ...]
    matters: tuple[tuple[str, str], ...]  # words and address
    becomes: tuple[tuple[str, str], ...]  # procedure and its name; the first by one key


def sort_words(code: str) -> str:
    """The name of a sort of line; its code where none is known."""
    return str(getattr(sorts()[code].name, lang())) if code in sorts() else code


def case_words(code: str | None) -> str:
    """The name of a serious case; empty for None."""
    return str(getattr(cases()[code], lang())) if code in cases() else code or ""


def clock_words(code: str) -> str:
    """The name of a clock of the quick report."""
    return {PHONE: _("Báo bằng điện thoại"), WRITTEN: _("Báo cáo bằng văn bản")}.get(code, code)


def shown(
    line: Line, names: Names, numbers: Mapping[UUID, str], procedures: Mapping[str, str], *, writes: bool
) -> Shown:
    """A line with words for its codes. `procedures` are those that the person may open here, with their names."""
    becomes = [(code, procedures[code]) for code in sorts()[line.sort].becomes if code in procedures]
    return Shown(
        line=line,
        sort=sort_words(line.sort),
        case=case_words(line.now.case),
        by=names.person(line.wordings[0].by),
        before=line.wordings[-2] if len(line.wordings) > 1 else None,
        clocks=tuple((clock_words(clock.code), clock) for clock in line.clocks),
        matters=tuple(_matter(it, numbers) for it in line.became),
        becomes=tuple(becomes) if writes and not any(it.matter in numbers for it in line.became) else (),
    )


def _matter(became: Became, numbers: Mapping[UUID, str]) -> tuple[str, str]:
    number = numbers.get(became.matter)
    return (number, reverse("matters:id", args=[became.matter])) if number else (_("đang soạn"), "")


def events(entries: Iterable[Entry[Any]], names: Names, numbers: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """A line's entries as a timeline tells them, oldest first; nothing sealed."""
    return [_event(entry, names, numbers) for entry in entries if entry.body is not None]


def _event(entry: Entry[Any], names: Names, numbers: Mapping[UUID, str]) -> dict[str, Any]:
    event = {"at": entry.at, "by": names.person(entry.actor), "kind": "", "url": "", "link": ""}
    match entry.body:
        case LineWritten() as it:
            return event | {"title": _("Ghi vào sổ"), "text": it.text}
        case LineCorrected() as it:
            said = _("%(text)s (lý do: %(reason)s)") % {"text": it.text, "reason": it.reason}
            return event | {"title": _("Đính chính"), "text": said, "kind": "hold"}
        case LineClosed() as it:
            return event | {
                "title": _("Xong"),
                "text": f"{moment(it.when)} {it.note}".strip(),
                "kind": "done",
            }
        case LineReported() as it:
            said = _("%(when)s, cho %(to)s") % {"when": moment(it.when), "to": it.to}
            paper = _(", số %(paper)s") % {"paper": it.paper} if it.paper else ""
            return event | {"title": clock_words(it.how), "text": said + paper, "kind": "done"}
        case LineBecame() as it:
            words, url = _matter(Became(it.matter, it.procedure, entry.actor, entry.at), numbers)
            return event | {
                "title": _("Chuyển thành việc"),
                "text": "" if url else words,
                "url": url,
                "link": words,
            }
        case LineUnsealed() as it:
            return event | {"title": _("Mở nội dung niêm phong"), "text": it.purpose}
        case _:
            return event | {"title": entry.kind, "text": ""}


def outage(line: Line, at: datetime) -> int:
    """How many minutes a data line has been down at `at` (aware), or was."""
    return int(((line.closed or at) - line.now.happened).total_seconds() // 60)


def length(minutes: int) -> str:
    """`3 giờ 20 phút`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(m)s phút") % {"m": rest}
    return _("%(h)s giờ %(m)s phút") % {"h": hours, "m": rest}
