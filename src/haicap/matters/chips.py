"""What an address of the list may set besides the controls of always: each is shown, in words, and can be taken out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from haicap.matters.queries import NARROWING
from haicap.matters.schema import Procedure
from haicap.matters.showing import Names, in_words

Options = list[tuple[str, str]]
UNITS = ("unit", "raised_by", "province")  # parameters whose value is a unit's code


def further(
    params: Mapping[str, str], shown: Iterable[str], current: Iterable[Procedure], names: Names
) -> list[dict[str, Any]]:
    """A filter for every parameter that is set, narrows the list, and has no control among those `shown`."""
    known, there = dict(_all()), {*shown}
    told = [*current]
    found = []
    for name in (*NARROWING, "missed", "due_since", "due_until"):
        if params.get(name, "").strip() and name not in there:
            label, options = known.get(name, (name, None))
            found.append({"name": name, "label": label} | _control(name, params[name], options, told, names))
    return found


def _control(
    name: str, value: str, options: Options | None, current: list[Procedure], names: Names
) -> dict[str, Any]:
    if name in UNITS:
        return {"options": [(value, names.unit(value))]}
    if name in LABELS:
        said = {code: text for each in current for code, text in LABELS[name](each)}
        return {"options": [(value, said.get(value, value))]}
    if name.endswith(("_since", "_until", "_on")):
        return {"type": "date"}
    return {"options": options} if options else {}


def levels() -> Options:
    """Whose lateness a list tells."""
    return [("unit", _("đơn vị giữ hồ sơ")), ("province", _("cấp trên")), ("third", _("cơ quan khác"))]


def _tasks() -> Options:
    return [
        ("any", _("mọi nhiệm vụ")), ("done", _("xong đúng hạn")), ("late", _("xong, trễ hạn")),
        ("claimed", _("đã báo xong, chờ kiểm tra")), ("open", _("đang làm")), ("overdue", _("quá hạn")),
        ("revoked", _("đã rút")),
    ]  # fmt: skip


def _all() -> Iterator[tuple[str, tuple[str, Options | None]]]:
    yes = [("1", _("có")), ("0", _("không"))]
    for name, label in (
        ("open", _("Đang mở")), ("mine", _("Việc của tôi")), ("overdue", _("Quá hạn")), ("new", _("Mới đến")),
        ("nobody", _("Chưa rõ đơn vị")), ("conflict", _("Hai bản ghi khác nhau")), ("paused", _("Tạm dừng")),
        ("answered", _("Đã trả lời, chưa tháo gỡ")), ("synthetic", _("Dữ liệu giả lập")),
        ("unassigned", _("Chưa giao người")), ("again", _("Được hỏi lại")),
    ):  # fmt: skip
        yield name, (label, yes)
    for name, label in (
        ("unit", _("Đơn vị giữ hồ sơ")), ("raised_by", _("Đơn vị nêu")), ("province", _("Tỉnh, thành phố")),
        ("topic", _("Nhóm")), ("branch", _("Trường hợp")), ("outcome", _("Kết quả")), ("clock", _("Thời hạn")),
        ("due_on", _("Đến hạn ngày")), ("ended_since", _("Xong từ ngày")), ("ended_until", _("Xong đến hết ngày")),
        ("due_since", _("Hạn từ ngày")), ("due_until", _("Hạn đến hết ngày")), ("authority", _("Cơ quan được đề nghị")),
        ("directive", _("Văn bản chỉ đạo")), ("clause", _("Điểm, khoản")), ("guided", _("Hướng dẫn")),
    ):  # fmt: skip
        yield name, (label, None)
    yield "missed", (_("Trễ hạn ở"), [*levels(), ("any", _("bất kỳ"))])
    yield "waiting", (_("Đang chờ"), [("third", _("cơ quan khác"))])
    yield "task", (_("Nhiệm vụ"), _tasks())


def _topics(procedure: Procedure) -> Options:
    field = procedure.field.get("kind")
    return [(code, in_words(label)) for code, label in field.of.items()] if field else []


LABELS: dict[str, Callable[[Procedure], Options]] = {
    "branch": lambda it: [(each.code, in_words(each)) for each in it.branch if hasattr(each, "vi")],
    "outcome": lambda it: [
        (code, in_words(each)) for step in it.step.values() for code, each in step.outcome.items()
    ],
    "clock": lambda it: [(code, in_words(each)) for code, each in it.clock.items()],
    "topic": _topics,
}
"""What the codes of these parameters are called in a procedure."""
