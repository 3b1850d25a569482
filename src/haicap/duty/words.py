"""The words of the bulletin's figures, in the active language."""

from django.utils.translation import gettext as _


def figure_words(code: str) -> str:
    """What a figure of the bulletin counts."""
    return {
        "taken": _("Việc tiếp nhận"),
        "passed": _("Việc chuyển đi"),
        "ended": _("Việc đã có kết quả, kết thúc"),
        "due": _("Đến hạn trong 24 giờ tới"),
        "overdue-unit": _("Quá hạn, trễ ở cấp xã"),
        "overdue-province": _("Quá hạn, trễ ở cấp tỉnh"),
        "overdue-third": _("Quá hạn ở cơ quan khác"),
        "lines": _("Dòng ghi sổ trực"),
        "incidents": _("Sự việc đã ghi"),
        "quick": _("Sự việc phải báo cáo nhanh"),
        "quick-late": _("Báo cáo nhanh trễ"),
        "outages": _("Lần mất đường truyền"),
    }[code]
