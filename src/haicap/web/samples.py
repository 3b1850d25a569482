"""What the styleguide shows: invented, in the language of the page."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NOW = datetime(2026, 11, 21, 3, 41, tzinfo=UTC)
COLOURS = ("ink", "quiet", "accent", "late", "soon", "well", "hold", "clash", "line", "ground")


class Intake(forms.Form):
    """A form with every kind of control, and a wrong and a missing answer."""

    title = forms.CharField(
        label=gettext_lazy("Sự việc"), help_text=gettext_lazy("Một câu, không ghi tên người.")
    )
    received = forms.DateTimeField(
        label=gettext_lazy("Lúc tiếp nhận"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Mức độ"),
        widget=forms.RadioSelect,
        choices=[("less", gettext_lazy("Ít nghiêm trọng")), ("serious", gettext_lazy("Nghiêm trọng"))],
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Địa bàn"),
        required=False,
        choices=[("", "–"), ("a", gettext_lazy("Tổ dân phố 5"))],
    )
    note = forms.CharField(
        label=gettext_lazy("Ghi chú"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    in_act = forms.BooleanField(
        label=gettext_lazy("Quả tang"), required=False, help_text=gettext_lazy("Thời hạn chuyển là 24 giờ.")
    )


def _events() -> list[SimpleNamespace]:
    desk, chief = _("Cán bộ 014"), _("Trưởng Công an phường")
    clash = _("khi mất đường truyền: Tổ PCTP (đơn vị) và PC02 (tỉnh).")
    told = (
        ("", _("Trực ban tiếp nhận"), _("trực tiếp tại trụ sở, lập biên bản số 212"), desk, "", ""),
        ("clash", _("Hai người cùng phân công"), clash, desk, "#", _("So sánh và chọn")),
        ("done", _("Giao Tổ Phòng chống tội phạm"), _("kiểm tra, xác minh sơ bộ"), chief, "", ""),
    )
    return [
        SimpleNamespace(
            kind=kind, title=title, text=text, by=by, url=url, link=link, at=NOW - timedelta(days=7 - day)
        )
        for day, (kind, title, text, by, url, link) in enumerate(told)
    ]


def _filters() -> list[dict[str, Any]]:
    kinds = [("report", _("Tin báo")), ("residence", _("Cư trú"))]
    return [
        {"name": "kind", "label": _("Loại"), "options": kinds},
        {"name": "q", "label": _("Có chữ"), "type": "search"},
        {"name": "since", "label": _("Từ ngày"), "type": "date"},
    ]


def _rows() -> list[SimpleNamespace]:
    told = (
        ("11311-26-000482-3", _("Tin báo trộm cắp xe máy tại chợ Sắt"), -3, None, ""),
        ("11311-26-000498-2", _("Đăng ký tạm trú, 04 nhân khẩu"), 6, None, ""),
        ("11311-26-000502-7", _("Chỉ thị kiểm tra PCCC nhà trọ, khoản 2"), 150, 4, ""),
        ("11311-26-000460-9", _("Khiếu nại lần đầu"), 90, None, _("chờ giám định")),
    )
    return [
        SimpleNamespace(
            number=number, title=title, due=NOW + timedelta(hours=hours), days=days, paused=paused
        )
        for number, title, hours, days, paused in told
    ]


def context(theme: str) -> dict[str, Any]:
    """All that `web/styleguide.html` needs; `theme` is light, dark or empty for the system's wish."""
    return {
        "theme": theme,
        "now": NOW,
        "colours": COLOURS,
        "past": NOW - timedelta(hours=3),
        "today": NOW + timedelta(hours=6),
        "soon": NOW + timedelta(hours=2),
        "later": NOW + timedelta(days=6),
        "week_ago": NOW - timedelta(days=7),
        "recent": NOW - timedelta(minutes=3),
        "events": _events(),
        "filters": _filters(),
        "rows": _rows(),
        "page": Paginator(range(4054), 50).page(3),
        "pairs": [
            (_("Nơi xảy ra"), _("Chợ Sắt, phường Hồng Bàng")),
            (_("Thời gian"), ""),
            (_("Kênh"), _("Trực tiếp")),
        ],
        "tabs": [
            {"label": _("Việc quá hạn"), "url": "#", "current": True, "count": 61},
            {"label": _("Mới nhận"), "url": "#", "count": 4054},
            {"label": _("Vướng mắc"), "url": "#"},
        ],
        "steps": [_("Loại việc"), _("Nội dung"), _("Người báo"), _("Kiểm tra lại")],
        "line_up": {"up": True, "text": _("Đã đồng bộ 3 phút trước")},
        "line_down": {"up": False, "text": _("Mất đường truyền từ 08:12 · 14 việc chờ gửi")},
        "blank": Intake(auto_id="blank_%s"),
        "wrong": Intake(
            {"title": "", "received": "31/02/2026", "note": _("Đã gọi lại lúc 8 giờ.")}, auto_id="wrong_%s"
        ),
    }
