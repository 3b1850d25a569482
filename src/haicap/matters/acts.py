"""The acts that are no step of a procedure: who may do each, when it fits, what it asks, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from haicap.journal.fold import Folded
from haicap.journal.pen import Pen
from haicap.matters import afterwards, handling
from haicap.matters.law import Law
from haicap.matters.parts import Text
from haicap.matters.routing import side_of
from haicap.matters.state import Matter
from haicap.units.rights import Decision, Person, Scope, decide

Data = Mapping[str, Any]
Do = Callable[[Pen, UUID, Matter, Law, Data], Matter]
How = Literal["about", "parent", "clause"]


@dataclass(frozen=True, slots=True)
class Act:
    """An engine's act: `asks` names the controls of its form, in order."""

    code: str
    label: Text
    action: str
    holder_only: bool
    fits: Callable[[Folded[Matter], Matter], bool]
    asks: tuple[str, ...]
    do: Do
    help: Text | None = None
    danger: bool = False


def offered(person: Person, folded: Folded[Matter]) -> list[Act]:
    """The acts that `person` may do to a matter now, in the order of the menu."""
    matter = folded.state
    assert matter is not None
    if folded.frozen is not None:
        return [act for act in ACTS.values() if act.code in FREE and _may(person, act, matter)]
    return [act for act in ACTS.values() if act.fits(folded, matter) and _may(person, act, matter)]


def may_open(person: Person, matter: Matter) -> bool:
    """Whether `person` may open the sealed facts, giving a purpose."""
    return decide(person, "matter.open-sealed", around(matter)).allowed


def _may(person: Person, act: Act, matter: Matter) -> bool:
    return judged(person, act, matter).allowed


def judged(person: Person, act: Act, matter: Matter) -> Decision:
    """Whether `person` may do the act to a matter, wherever it is, and why not."""
    scope = Scope.of(side_of(matter, "holder"), kind=matter.procedure) if act.holder_only else around(matter)
    return decide(person, act.action, scope)


def around(matter: Matter) -> Scope:
    """All units that have to do with a matter, as one scope."""
    units = {unit for unit in (matter.unit, matter.holder, matter.raised_by) if unit}
    return Scope(frozenset(units), matter.procedure)


def _open(folded: Folded[Matter], matter: Matter) -> bool:
    return matter.ended is None


def _always(folded: Folded[Matter], matter: Matter) -> bool:
    return True


def _receive(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    return handling.receive(pen, entry_id=entry, subject=matter.id)


def _refuse(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    return handling.refuse(pen, entry_id=entry, subject=matter.id, ground=data["reason"])


def _hand_over(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    return handling.hand_over(pen, entry_id=entry, subject=matter.id, to=data["to_unit"])


def _assign(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    person = UUID(data["assignee"]) if data["assignee"] else None
    return handling.assign(pen, entry_id=entry, subject=matter.id, person=person)


def _comment(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    return afterwards.comment(pen, entry_id=entry, subject=matter.id, law=law, text=data["text"])


def _link(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    how = cast(How, data["how"])
    return afterwards.link(pen, entry_id=entry, subject=matter.id, to=data["other"], how=how)


def _correct(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    return afterwards.correct(
        pen, entry_id=entry, subject=matter.id, law=law, answers=data["answers"], title=data["title"] or None,
        reason=data["reason"],
    )  # fmt: skip


def _reopen(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    return afterwards.reopen(
        pen, entry_id=entry, subject=matter.id, law=law, now=data["now"], reason=data["reason"]
    )


def _join(pen: Pen, entry: UUID, matter: Matter, law: Law, data: Data) -> Matter:
    return afterwards.join(pen, entry_id=entry, subject=matter.id, into=data["other"].id)


ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            "receive", Text(vi="Xác nhận đã nhận", en="Say that it was seen"), "matter.step", True,
            lambda folded, matter: matter.seen is None and matter.ended is None, (), _receive,
        ),
        Act(
            "refuse", Text(vi="Không nhận, trả lại", en="Do not take it, give it back"), "matter.step", True,
            lambda folded, matter: matter.given_by is not None and matter.ended is None, ("reason",), _refuse,
            Text(
                vi="Việc trở lại đơn vị đã chuyển, kèm lý do. Thời hạn vẫn chạy.",
                en="It goes back to the unit that gave it, with the reason. Time limits run on.",
            ),
        ),
        Act(
            "hand-over", Text(vi="Chuyển đơn vị khác", en="Hand over to another unit"), "matter.assign", True,
            _open, ("to_unit",), _hand_over,
            Text(vi="Thời hạn đang chạy không dừng lại.", en="Time limits that run do not stop."),
        ),
        Act(
            "assign", Text(vi="Phân công người thụ lý", en="Assign to a person"), "matter.assign", True,
            _open, ("assignee",), _assign,
        ),
        Act("comment", Text(vi="Ghi thêm", en="Add a remark"), "matter.note", False, _always, ("text",), _comment),
        Act(
            "link", Text(vi="Gắn với việc khác", en="Link to another matter"), "matter.note", False, _always,
            ("number", "how"), _link,
        ),
        Act(
            "correct", Text(vi="Đính chính", en="Correct"), "matter.correct", False, _always,
            ("title", "facts", "reason"), _correct,
            Text(
                vi="Chỉ ghi những mục cần sửa. Nội dung cũ vẫn đọc được trong diễn biến.",
                en="Fill in only what is to change. What stood there stays readable in the history.",
            ),
        ),
        Act(
            "reopen", Text(vi="Mở lại", en="Reopen"), "matter.correct", False,
            lambda folded, matter: matter.ended is not None and matter.joined is None, ("now", "reason"), _reopen,
        ),
        Act(
            "join", Text(vi="Nhập vào việc khác (trùng)", en="Join into another (duplicate)"), "matter.correct",
            False, lambda folded, matter: matter.joined is None, ("number",), _join,
            Text(
                vi="Việc này dừng ở đây và tiếp tục trong việc kia; cả hai số được giữ.",
                en="This matter stops here and goes on in the other; both numbers are kept.",
            ),
            danger=True,
        ),
    )
}  # fmt: skip
"""Every engine's act by its code."""

FREE = frozenset({"comment", "link"})
"""What may be done also to a matter that holds entries from a newer version."""
