"""What is said of an answer that cannot be taken, by the code of the reason, in the active language."""

from collections.abc import Callable

from django.utils.translation import gettext as _

REASONS: dict[str, Callable[[], str]] = {
    "needed": lambda: _("Chưa trả lời."),
    "unknown": lambda: _("Mục này không được hỏi ở bước này."),
    "too-long": lambda: _("Dài quá mức cho phép."),
    "not-a-choice": lambda: _("Chọn một trong các mục đã cho."),
    "not-yes-or-no": lambda: _("Chọn Có hoặc Không."),
    "not-a-number": lambda: _("Chỉ ghi số nguyên, ví dụ 12."),
    "not-an-amount": lambda: _("Chỉ ghi số tiền, ví dụ 1.500.000."),
    "not-a-date": lambda: _("Ghi ngày có thật, ví dụ 21/11/2026."),
    "not-a-time": lambda: _("Ghi ngày giờ có thật, ví dụ 21/11/2026 08:15."),
    "not-an-id-number": lambda: _("Số giấy tờ gồm 6 đến 15 chữ cái, chữ số."),
    "not-a-phone": lambda: _("Số điện thoại gồm 3 đến 15 chữ số."),
    "not-anonymous": lambda: _("Thủ tục này không tiếp nhận khi không ghi tên."),
}
