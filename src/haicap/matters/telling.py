"""The journal of a matter told in words: every kind of entry becomes one sentence for people."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from haicap.journal.carrying import Left
from haicap.journal.entry import Entry
from haicap.journal.erasing import KeyDestroyed, KeyErased
from haicap.journal.holders import KeyGiven
from haicap.journal.settling import Settled
from haicap.matters import entries as of
from haicap.matters.attaching.entries import Attached, Detached
from haicap.matters.parts import Text
from haicap.matters.schema import Procedure
from haicap.matters.sheets.retracting import Retracted
from haicap.matters.showing import Names, in_words, limit_words, moment, shown
from haicap.matters.transferring.entries import Arrived, OutcomeTold

Facts = Mapping[str, Any]
Said = tuple[str, str]  # title and what follows it

BY: dict[str, Callable[[], str]] = {
    "desk": lambda: _("trực tiếp tại trụ sở"),
    "phone": lambda: _("qua điện thoại"),
    "letter": lambda: _("qua đường bưu chính"),
    "visit": lambda: _("khi xuống địa bàn"),
    "online": lambda: _("qua mạng"),
    "unit": lambda: _("do đơn vị nêu"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. `kind` is a class of the component; `id` is the entry."""

    id: UUID
    title: str
    text: str
    at: datetime
    by: str
    kind: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Teller:
    """What a matter's entries are told with: its procedure, the names, and what has been opened just now."""

    procedure: Procedure
    names: Names
    opened: Mapping[UUID, Facts]
    aside: Collection[UUID] = ()
    withdrawn: Collection[UUID] = ()  # done after the right to it had been taken back

    def events(self, entries: Iterable[Entry[Any]]) -> list[Event]:
        """The timeline in fold order; the engine's act that a step was stands in the step's own line."""
        told: list[Event] = []
        before: Entry[Any] | None = None
        for entry in entries:
            if isinstance(entry.body, KeyGiven):
                continue  # who holds the key is told by the receipt of an erasure
            event = self.event(entry)
            if before is not None and _one_act(before, entry):
                told[-1] = replace(told[-1], text=_joined(told[-1].text, event.title, event.text))
            else:
                told.append(event)
                before = entry
        return told

    def event(self, entry: Entry[Any]) -> Event:
        """One entry. An entry of a kind or version that is not known here says so, and nothing else."""
        title, text = self.said(entry)
        kind = "clash" if entry.id in self.aside else _kind(entry.body)
        if kind == "clash":
            text = _joined(text, _("Bản ghi khác, chưa chọn"), "")
        if entry.id in self.withdrawn:
            kind, text = kind or "hold", _joined(text, _("làm sau khi đã thu hồi quyền"), "")
        return Event(entry.id, title, text, entry.at, self.names.person(entry.actor), kind)

    def said(self, entry: Entry[Any]) -> Said:
        """Title and text of one entry."""
        if entry.body is None:
            return _("Bản ghi từ phiên bản mới hơn"), _("cần nâng cấp để đọc (%(kind)s)") % {
                "kind": entry.kind
            }
        title, text = SAID[type(entry.body)](self, entry.body)
        return title, _joined(text, self._sealed(entry), "")

    def body(self, body: Any) -> Said:
        """Title and text of what an entry would say: also of one that is not written yet."""
        return SAID[type(body)](self, body)

    def _sealed(self, entry: Entry[Any]) -> str:
        if entry.sealed is None:
            return ""
        facts = self.opened.get(entry.id)
        return _("(có phần niêm phong)") if facts is None else self.facts(facts)

    def facts(self, facts: Facts) -> str:
        """Facts as `label: value`, one after the other, in the procedure's order."""
        known = self.procedure.field
        facts = {code: facts[code] for code in sorted(facts, key=[*known, *facts].index)}
        pairs = (
            (self._label(code), shown(known.get(code), value, self.names)) for code, value in facts.items()
        )
        return "; ".join(f"{label}: {value}" if label else value for label, value in pairs if value)

    def _label(self, code: str) -> str:
        known = self.procedure.field.get(code)
        return in_words(known) if known else OTHER.get(code, lambda: code)()

    def clock(self, code: str) -> str:
        """A clock's name in quotation marks."""
        rule = self.procedure.clock.get(code)
        return f"“{in_words(rule) if rule else code}”"

    def state(self, code: str) -> str:
        """A state's name."""
        return in_words(self.procedure.states.get(code)) or code

    def started(self, starts: Iterable[of.Start]) -> str:
        """Which clocks begin, and until when."""
        return "; ".join(self._until(start.clock, start.due) for start in starts)

    def _until(self, clock: str, due: datetime | None) -> str:
        parts = {"clock": self.clock(clock), "due": moment(due) if due else "–"}
        return _("thời hạn %(clock)s đến %(due)s") % parts


def with_notes(events: Iterable[Event], notes: Mapping[UUID, str]) -> list[Event]:
    """The timeline with what is to be said beside some of its entries."""
    return [replace(it, text=_joined(it.text, notes[it.id], "")) if it.id in notes else it for it in events]


OTHER: dict[str, Callable[[], str]] = {
    "title": lambda: _("Tiêu đề"),
    "comment": lambda: "",
    "file": lambda: _("Tệp"),
    "speaker": lambda: _("Người đến nói thay"),
}
"""Sealed facts that are no field of a procedure."""


def _raised(tell: Teller, body: of.Raised) -> Said:
    way = BY[body.by]()
    parts = {"number": body.number, "way": way, "received": moment(body.received)}
    text = _("%(way)s, lúc %(received)s, số %(number)s") % parts
    if body.holder is None:
        text = _joined(text, _("chưa xác định được đơn vị có thẩm quyền"), "")
    return _("Tiếp nhận việc"), _joined(text, in_words(body.why), "")


def _stepped(tell: Teller, body: of.Stepped) -> Said:
    step = tell.procedure.step.get(body.step)
    outcome = step.outcome.get(body.outcome or "") if step else None
    ground = step.grounds.get(body.ground or "") if step else None
    words = [in_words(outcome) or (body.outcome or ""), in_words(ground) or (body.ground or "")]
    return (in_words(step) or body.step), _joined(*filter(None, (*words, tell.facts(body.facts))))


def _refused(tell: Teller, body: of.Refused) -> Said:
    label = _ground(tell.procedure, body.ground)
    return _("Không nhận, trả lại"), _joined(label, tell.names.unit(body.back_to), "")


def _ground(procedure: Procedure, ground: str) -> str:
    labels: Iterable[Text | None] = (step.grounds.get(ground) for step in procedure.step.values())
    return next((in_words(label) for label in labels if label), ground)


def _handed_over(tell: Teller, body: of.HandedOver) -> Said:
    return _("Chuyển đến %(unit)s") % {"unit": tell.names.unit(body.to)}, in_words(body.why)


def _assigned(tell: Teller, body: of.Assigned) -> Said:
    if body.person is None:
        return _("Thôi phân công"), ""
    return _("Phân công %(person)s") % {"person": tell.names.person(body.person)}, ""


def _paused(tell: Teller, body: of.Paused) -> Said:
    clocks = ", ".join(map(tell.clock, body.clocks))
    step = tell.procedure.step.get(body.ground)
    ground = in_words(step) if step else _ground(tell.procedure, body.ground)
    return _("Tạm dừng thời hạn"), _joined(clocks, ground)


def _resumed(tell: Teller, body: of.Resumed) -> Said:
    return _("Thời hạn chạy tiếp"), "; ".join(tell._until(due.clock, due.due) for due in body.dues)


def _extended(tell: Teller, body: of.Extended) -> Said:
    text = "; ".join(_joined(tell._until(it.clock, it.due), _longer(it), it.ground) for it in body.longer)
    return _("Kéo dài thời hạn"), text


def _longer(it: of.Longer) -> str:
    length = limit_words(it.limit)
    return (_("tổng %(limit)s") if it.how == "to" else _("thêm %(limit)s")) % {"limit": length}


def _corrected(tell: Teller, body: of.Corrected) -> Said:
    title = "" if body.title is None else _("Tiêu đề: %(title)s") % {"title": body.title}
    reason = _("lý do: %(reason)s") % {"reason": body.reason}
    return _("Đính chính"), _joined(title, tell.facts(body.facts), reason)


def _reopened(tell: Teller, body: of.Reopened) -> Said:
    step = tell.procedure.step.get(body.reason)
    return _("Mở lại"), _joined(tell.state(body.now), in_words(step) or body.reason)


def _joined_into(tell: Teller, body: of.Joined) -> Said:
    return _("Nhập vào việc %(number)s") % {"number": body.number}, _("hai số được giữ và tìm thấy nhau")


def _settled(tell: Teller, body: Settled) -> Said:
    held = body.state["holder"]
    parts = (tell.state(str(body.state["state"])), tell.names.unit(str(held) if held else None), body.reason)
    return _("Chọn bản ghi đúng"), _joined(*parts)


def _linked(tell: Teller, body: of.Linked) -> Said:
    return _("Liên quan đến việc %(number)s") % {"number": body.number}, HOW[body.how]()


HOW: dict[str, Callable[[], str]] = {
    "same": lambda: _("cùng một việc"),
    "about": lambda: _("có liên quan"),
    "parent": lambda: _("việc gốc"),
    "clause": lambda: _("khoản, mục của việc này"),
}


DONE: dict[str, Callable[[], str]] = {
    "called": lambda: _("đã gọi"),
    "passed": lambda: _("đã báo trực ban, chuyển lực lượng"),
}


def _emergency_shown(tell: Teller, body: of.EmergencyShown) -> Said:
    title = _("Biểu mẫu dừng vì khẩn cấp, hiện số %(numbers)s") % {"numbers": ", ".join(body.numbers)}
    what = in_words(tell.procedure.emergency.get(body.emergency)) or body.emergency
    return title, _joined(what, DONE[body.done]())


def _distinct(tell: Teller, body: of.Distinct) -> Said:
    return _("Không trùng với việc %(number)s") % {"number": body.number}, ""


def _issued(tell: Teller, body: of.Issued) -> Said:
    label = in_words(tell.procedure.paper.get(body.paper)) or body.paper
    return _("In %(paper)s") % {"paper": label}, _("mã kiểm tra %(sha)s") % {"sha": body.sha256[:12]}


def _guided(tell: Teller, body: of.Guided) -> Said:
    how = {
        "source": _("Câu trả lời được công bố thành hướng dẫn chung"),
        "answered": _("Trả lời bằng hướng dẫn đã công bố"),
        "again": _("Hỏi lại dù đã có hướng dẫn"),
    }[body.how]
    return how, body.title


def _attached(tell: Teller, body: Attached) -> Said:
    return _("Đính kèm tài liệu"), _joined(body.name, body.about)


SAID: dict[type[Any], Callable[[Teller, Any], Said]] = {
    of.Raised: _raised,
    of.Stepped: _stepped,
    of.Received: lambda tell, body: (_("Xác nhận đã nhận"), ""),
    of.Refused: _refused,
    of.HandedOver: _handed_over,
    of.Accepted: lambda tell, body: (_("Đơn vị nhận việc"), ""),
    of.Referred: lambda tell, body: (_("Chuyển ra ngoài lực lượng"), body.to),
    of.Assigned: _assigned,
    of.Paused: _paused,
    of.Resumed: _resumed,
    of.Extended: _extended,
    of.Corrected: _corrected,
    of.Reopened: _reopened,
    of.Joined: _joined_into,
    Settled: _settled,
    of.Linked: _linked,
    of.Commented: lambda tell, body: (_("Ghi thêm"), body.text),
    of.EmergencyShown: _emergency_shown,
    of.Distinct: _distinct,
    of.FoundByIdentity: lambda tell, body: (_("Tìm thấy theo số định danh hoặc điện thoại"), body.purpose),
    of.Unsealed: lambda tell, body: (_("Mở phần niêm phong"), body.purpose),
    of.Guided: _guided,
    of.Issued: _issued,
    KeyErased: lambda tell, body: (_("Ra lệnh xóa nội dung niêm phong"), _joined(body.ground, body.paper)),
    KeyDestroyed: lambda tell, body: (_("Một nơi giữ đã hủy khóa và nội dung niêm phong"), ""),
    KeyGiven: lambda tell, body: (_("Một nơi nhận khóa của nội dung niêm phong"), ""),
    Left: lambda tell, body: (_("Hồ sơ chuyển sang %(unit)s") % {"unit": tell.names.unit(body.to)}, ""),
    Arrived: lambda tell, body: (
        _("Nhận hồ sơ từ %(unit)s") % {"unit": tell.names.unit(body.giver)},
        _("kèm %(n)s bản ghi trước đó") % {"n": len(body.earlier)},
    ),
    OutcomeTold: lambda tell, body: (
        _("Có kết quả từ %(unit)s") % {"unit": tell.names.unit(body.unit)},
        tell.state(body.now),
    ),
    Attached: _attached,
    Detached: lambda tell, body: (_("Ẩn tài liệu kèm theo"), body.reason),
    Retracted: lambda tell, body: (_("Rút lại cùng bảng đã nhập"), body.reason),
}
"""Every kind of entry that a matter can have."""

ACTS = (
    of.HandedOver, of.Accepted, of.Referred, of.Refused, of.Assigned, of.Paused, of.Resumed, of.Extended,
    of.Reopened,
)  # fmt: skip
"""What the engine writes down as part of a step, at the same moment."""


def _one_act(before: Entry[Any], entry: Entry[Any]) -> bool:
    part = isinstance(entry.body, ACTS)
    same = (before.at, before.actor, before.unit) == (entry.at, entry.actor, entry.unit)
    return isinstance(before.body, of.Stepped) and part and same


def _kind(body: Any) -> str:
    if body is None or isinstance(body, of.Paused):
        return "hold"
    return "done" if isinstance(body, of.Stepped) and body.ends else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def units_named(entries: Iterable[Entry[Any]]) -> set[str]:
    """The codes of all units that entries speak of, their own included."""
    found: set[str | None] = set()
    for entry in entries:
        body = entry.body
        found |= {entry.unit, *(getattr(body, name, None) for name in ("holder", "back_to"))}
        if isinstance(body, of.HandedOver | Left):
            found.add(body.to)
        found |= {getattr(body, name, None) for name in ("giver", "unit")}
        if isinstance(body, Settled) and isinstance(holder := body.state.get("holder"), str):
            found.add(holder)
    return {code for code in found if code}


def people_named(entries: Iterable[Entry[Any]]) -> set[UUID]:
    """The ids of all people that entries speak of, their authors included."""
    found = {entry.actor for entry in entries}
    return found | {
        entry.body.person for entry in entries if isinstance(entry.body, of.Assigned) and entry.body.person
    }
