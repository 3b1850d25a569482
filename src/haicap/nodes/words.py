"""What nodes, their faults and their history are called; in the active language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.journal.entry import Entry
from haicap.nodes import entries as e
from haicap.nodes.models import Incident
from haicap.units.sign_in import PEOPLE


def standings() -> dict[str, str]:
    """Where a membership stands, by code; what `listed` tells apart of a joined one besides."""
    return {
        "well": _("Đang nối"),
        "away": _("Mất liên lạc"),
        "never": _("Chưa liên lạc lần nào"),
        "invited": _("Đã mời, chờ nối"),
        "expired": _("Lời mời hết hạn"),
        "revoked": _("Đã thu hồi"),
        "closed": _("Đã đưa việc về cấp trên"),
    }


def faults() -> dict[str, str]:
    """Why an exchange did not go, by code of the protocol or of the line."""
    return {
        "signature": _("chữ ký không đúng"),
        "stranger": _("bên trả lời không phải cấp trên đã biết"),
        "clock": _("đồng hồ lệch quá 5 phút"),
        "replay": _("yêu cầu bị gửi lặp lại"),
        "unknown": _("cấp trên không biết nút này"),
        "revoked": _("nút đã bị thu hồi"),
        "foreign": _("luồng của đơn vị khác"),
        "gap": _("còn thiếu các mục trước đó"),
        "fork": _("hai bên giữ hai bản khác nhau"),
        "size": _("gói dữ liệu quá lớn"),
        "format": _("dữ liệu không đọc được"),
        "busy": _("cấp trên đang bận, sẽ thử lại"),
        "full": _("đĩa đã đầy"),
        "name": _("không tìm thấy địa chỉ của cấp trên"),
        "refused": _("cấp trên không nhận kết nối"),
        "timeout": _("chờ quá lâu, không có trả lời"),
        "tls": _("chứng chỉ của cấp trên không hợp lệ"),
        "cut": _("đường truyền đứt giữa chừng"),
        "redirect": _("có thiết bị khác trả lời thay cấp trên"),
    }


def remedies() -> dict[str, str]:
    """What people do where the parent refuses this node until somebody does it, by code as in `faults`."""
    return {
        "signature": _(
            "Cấp trên không nhận khóa của nút này, như khi máy được khôi phục từ bản sao lưu làm trước lúc đổi khóa."
            " Chờ không tự hết: ở cấp trên thu hồi nút rồi mời lại đơn vị, và trên máy này chạy:"
        ),
        "stranger": _(
            "Nơi trả lời ở địa chỉ này không phải cấp trên mà nút đã biết: xem lại địa chỉ. Nếu cấp trên đã dựng lại"
            " từ đầu, xin mời lại đơn vị, và trên máy này chạy:"
        ),
        "unknown": _("Cấp trên không biết nút này: xin cấp trên mời lại đơn vị, và trên máy này chạy:"),
        "revoked": _(
            "Cấp trên không nhận gì của nút này nữa: nút đã bị thu hồi hoặc việc đã được đưa về cấp trên. Muốn làm"
            " tiếp, xin cấp trên mời lại đơn vị, và trên máy này chạy:"
        ),
    }


def held_reasons() -> dict[str, str]:
    """Why taking-in holds an entry, by code."""
    return {
        "grant-unknown": _("chưa thấy quyết định giao quyền mà mục này viện dẫn"),
        "grant-elsewhere": _("quyền được giao cho đơn vị khác"),
        "grant-kind": _("quyền được giao cho loại việc khác"),
        "authority-only": _("việc này chỉ cấp trên mới được ghi"),
        "out-of-time": _("có ngày hoặc giờ ngoài các năm 1800–2200"),
        "subject-elsewhere": _("hồ sơ thuộc đơn vị khác"),
        "id-of-another": _("mã mục trùng với một mục khác"),
        "clock-ahead": _("ghi giờ vượt trước hơn một ngày"),
        "not-a-person": _("không ghi người làm theo quyền nào"),
    }


def channels() -> dict[str, str]:
    """The channels of streams by code."""
    return {"work": _("công việc"), "returns": _("báo cáo"), "reference": _("danh mục chung")}


def things() -> dict[str, str]:
    """What waits to travel, by sort."""
    return {"entries": _("các mục của một luồng"), "key": _("khóa niêm phong"), "blob": _("tệp đính kèm")}


def incident(it: Incident) -> str:
    """An incident as a sentence."""
    said = {
        "foreign": _("Nút đã gửi luồng không thuộc đơn vị của nó; không có gì được nhận."),
        "fork": _("Nút đưa ra một lịch sử khác với lịch sử đã nhận; bản đã nhận được giữ nguyên."),
        "clone": _("Hai máy cùng chạy dưới tên nút này, như khi ổ đĩa được sao chép; máy sau đã bắt đầu đời mới."),
        "signature": _("Có yêu cầu mang tên nút này nhưng chữ ký không đúng; đã từ chối."),
        "replay": _("Có yêu cầu cũ bị gửi lại; đã từ chối."),
        "size": _("Gói dữ liệu vượt mức cho phép; đã từ chối khi chưa đọc."),
        "format": _("Dữ liệu gửi đến không đúng định dạng; không có gì được lưu."),
        "clock": _("Yêu cầu của nút ký theo đồng hồ lệch quá 5 phút; đã từ chối và báo giờ đúng cho nút."),
        "unknown": _("Một nút lạ đã xin trao đổi; đã từ chối."),
        "revoked": _("Nút đã bị thu hồi hoặc đã đưa việc về, nhưng máy vẫn xin trao đổi; đã từ chối."),
        "restored": _("Nút được khôi phục từ bản cũ và đã bắt đầu đời mới; các mục cũ vẫn còn ở cấp trên."),
        "key": _("Nút đã đổi khóa và bắt đầu đời mới."),
        "incarnation": _("Nút đã bắt đầu đời mới."),
        "courier": _("Có tệp chuyển tay bị hỏng hoặc không đúng; không có gì được nhận từ tệp đó."),
        "full": _("Đĩa đầy, chưa nhận được thêm."),
    }  # fmt: skip
    return said.get(it.sort, _("Sự cố: %(sort)s.") % {"sort": it.sort})


def bytes_said(count: int | None) -> str:
    """Bytes on a disk, in gigabytes; nothing for None."""
    if count is None:
        return ""
    return f"{number_format(count / 1e9, 1, use_l10n=True)} GB"


def skew_said(seconds: float | None) -> str:
    """By how much a clock is off; nothing for None."""
    if seconds is None:
        return ""
    whole = round(abs(seconds))
    if whole < 2:
        return _("đúng giờ")
    length = span(whole)
    return (_("nhanh %(span)s") if seconds > 0 else _("chậm %(span)s")) % {"span": length}


def length(its: timedelta) -> str:
    """How long an outage was: `7 ngày 3 giờ` from two days on, `6 giờ 25 phút`, `6 giờ`, `40 phút`."""
    hours, minutes = divmod(round(its.total_seconds() / 60), 60)
    if hours >= 48:
        return _("%(days)s ngày %(hours)s giờ") % {"days": hours // 24, "hours": hours % 24}
    if not hours:
        return _("%(minutes)s phút") % {"minutes": minutes}
    said = _("%(hours)s giờ %(minutes)s phút") if minutes else _("%(hours)s giờ")
    return said % {"hours": hours, "minutes": minutes}


def span(seconds: float) -> str:
    """A length in its largest fitting unit: seconds below two minutes, minutes, hours, then days."""
    whole = int(seconds)
    if whole < 120:
        return ngettext("%(n)d giây", "%(n)d giây", whole) % {"n": whole}
    if whole < 7200:
        return ngettext("%(n)d phút", "%(n)d phút", whole // 60) % {"n": whole // 60}
    if whole < 172_800:
        return ngettext("%(n)d giờ", "%(n)d giờ", whole // 3600) % {"n": whole // 3600}
    return ngettext("%(n)d ngày", "%(n)d ngày", whole // 86_400) % {"n": whole // 86_400}


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a membership, as `{% timeline %}` wants it."""

    title: str
    text: str
    at: datetime
    by: str
    kind: str = ""
    url: str = ""
    link: str = ""


def event(entry: Entry[Any], people: Mapping[UUID, str]) -> Event:
    """An entry of a membership, told; what no person did, the node did itself."""
    title, text, kind = _told(entry.body)
    return Event(title, text, entry.at, people.get(entry.actor, _("Hệ thống")), kind)


def reasons() -> dict[str, str]:
    """Why an incarnation began, by code."""
    return {
        "restored": _("khôi phục từ bản sao lưu"),
        "clone": _("phát hiện ổ đĩa bị sao chép"),
        "key": _("đổi khóa"),
    }


def _told(body: object) -> tuple[str, str, str]:
    match body:
        case e.NodeInvited() as it:
            return _("Đã mời nối nút"), _("mã dùng được đến %(when)s") % {"when": _local(it.until)}, ""
        case e.NodeJoined() as it:
            return (
                _("Nối vào"),
                _("%(name)s, phiên bản %(runs)s") % {"name": it.name, "runs": it.runs},
                "well",
            )
        case e.NodeRenewed() as it:
            return _("Bắt đầu đời mới"), reasons()[it.reason], "hold"
        case e.NodeRevoked() as it:
            return _("Đã thu hồi"), it.reason, "late"
        case e.NodeClosed():
            return _("Đưa việc về cấp trên"), _("các luồng của nút dừng ở mục cuối đã nhận"), ""
        case _:
            return _("Mục từ phiên bản mới hơn"), "", ""


def _local(moment: datetime) -> str:
    return moment.astimezone(PEOPLE).strftime("%d/%m/%Y %H:%M")


def fingerprint(public_key: str) -> str:
    """A key as people compare it by telephone: 20 hex digits of its SHA-256, in groups; empty for none."""
    if not public_key:
        return ""
    digits = sha256(bytes.fromhex(public_key)).hexdigest()[:20]
    return " ".join(digits[n : n + 4] for n in range(0, 20, 4))
