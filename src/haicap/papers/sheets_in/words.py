"""What is said of lines and cells, in the active language."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _

from haicap.papers.reasons import REASONS
from haicap.papers.sheets_in.entries import Fault, Verdict
from haicap.papers.sheets_in.targets import Target

MOST_NAMED = 8  # choices that a sentence names

OF_LINES: dict[str, Callable[[], str]] = {
    "needed": lambda: _("còn để trống."),
    "not-a-date": lambda: _("không đọc được ngày; ghi ngày trước, tháng sau, ví dụ 16/02/2026."),
    "future": lambda: _("là ngày chưa đến."),
    "no-calendar": lambda: _("nằm ngoài các năm đã có lịch làm việc, nên không tính được thời hạn."),
    "no-unit": lambda: _(
        "không có đơn vị nào tên như vậy; ghi tên đơn vị hoặc phường, xã (cũ hoặc mới) kèm quận, huyện."
    ),
    "unclear-unit": lambda: _("có thể là nhiều đơn vị hiện nay; hãy chọn một ở bước chọn cột."),
    "not-yours": lambda: _(
        "là đơn vị mà bạn không được nhập thay, hoặc loại danh sách này không nhập tại đó."
    ),
    "not-taken": lambda: _("không nhận được; hãy nhập tay."),
}
"""Sentences that go on after the column's name; a room adds its own reasons."""

VERDICTS: dict[Verdict, Callable[[], str]] = {
    "taken": lambda: _("Đã nhận"),
    "there": lambda: _("Đã có từ trước"),
    "listed": lambda: _("Không nhận"),
    "passed": lambda: _("Không phải dòng dữ liệu"),
}
SORTS: dict[str, Callable[[], str]] = {
    "data": lambda: _("dòng dữ liệu"),
    "title": lambda: _("tiêu đề bảng"),
    "head": lambda: _("đầu cột"),
    "section": lambda: _("tên mục"),
    "total": lambda: _("dòng cộng"),
    "note": lambda: _("ghi chú, chữ ký"),
    "empty": lambda: _("dòng trống"),
}


def fault(reason: str, cell: str = "") -> Fault:
    """A fault of a line, or of one of its cells."""
    return Fault(cell=cell, reason=reason)


def said(fault: Fault, its: Mapping[str, Target]) -> str:
    """What is wrong with which cell, and what was expected there."""
    reason, _colon, about = fault.reason.partition(":")
    if reason == "twice":
        return _("Trùng với dòng %(line)s của chính bảng này.") % {"line": about}
    target = its.get(about)
    words = _expected(reason, target)
    label = f"“{target.label}”" if target else ""
    return " ".join(
        filter(None, [_("Ô %(cell)s:") % {"cell": fault.cell} if fault.cell else "", label, words])
    )


def _expected(reason: str, target: Target | None) -> str:
    if reason == "not-a-choice" and target and target.choices:
        labels = list(target.choices.values())
        words = _("không phải một trong các mục: %(known)s.") % {"known": "; ".join(labels[:MOST_NAMED])}
        return words if len(labels) <= MOST_NAMED else f"{words[:-1]}…"
    return OF_LINES[reason]() if reason in OF_LINES else REASONS[reason]() if reason in REASONS else reason


def all_said(faults: Iterable[Fault], its: Iterable[Target]) -> str:
    """Everything that is wrong with a line, in one text."""
    by_code = {target.code: target for target in its}
    return " ".join(said(fault, by_code) for fault in faults)


def verdict_words(verdict: Verdict, sort: str, *, before: bool = False) -> str:
    """What became of a line, or would become of it (`before`); of a line that is no record what it is."""
    if verdict == "passed":
        return SORTS[sort]().capitalize()
    return _("Sẽ nhận") if before and verdict == "taken" else VERDICTS[verdict]()
