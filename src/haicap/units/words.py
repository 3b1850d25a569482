"""What roles, rights and levels are called, and a unit's history told in words; in the active language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.units import entries as e
from haicap.units.fold import Grant


def levels() -> dict[str, str]:
    """Levels by code."""
    return {
        "ministry": _("Bộ"),
        "province": _("Cấp tỉnh"),
        "department": _("Phòng"),
        "commune": _("Cấp xã"),
    }


def sorts() -> dict[str, str]:
    """Kinds of unit by code."""
    return levels() | {"commune": _("Xã"), "ward": _("Phường"), "special-zone": _("Đặc khu")}


def roles() -> dict[str, str]:
    """Roles by code."""
    return {
        "clerk": _("Trực ban, tiếp nhận"),
        "officer": _("Cán bộ cấp xã"),
        "leader": _("Chỉ huy cấp xã"),
        "department-officer": _("Cán bộ phòng"),
        "department-head": _("Lãnh đạo phòng"),
        "director": _("Ban Giám đốc"),
        "auditor": _("Kiểm tra, giám sát"),
        "operator": _("Quản trị vận hành"),
    }


def actions() -> dict[str, str]:
    """Rights by name."""
    return {
        "matter.*": _("mọi thao tác trên việc"),
        "matter.see": _("xem việc"),
        "matter.raise": _("tiếp nhận việc"),
        "matter.step": _("thực hiện các bước"),
        "matter.note": _("ghi chú, kèm giấy tờ"),
        "matter.open-sealed": _("mở nội dung niêm phong"),
        "matter.assign": _("phân công, chuyển việc"),
        "matter.correct": _("đính chính, mở lại"),
        "matter.settle": _("giải quyết hai bản ghi khác nhau"),
        "duty.*": _("mọi thao tác của trực ban"),
        "duty.see": _("xem sổ trực, ca trực"),
        "duty.write": _("ghi sổ trực, nhận và giao ca"),
        "duty.open-sealed": _("mở người liên quan trong sổ trực"),
        "duty.issue": _("ký bản tin trực ban"),
        "duty.rule": _("đặt quy định trực"),
        "means.*": _("mọi thao tác về phương tiện"),
        "means.see": _("xem phương tiện"),
        "means.write": _("ghi sổ phương tiện"),
        "means.sign": _("ký bàn giao, kiểm kê"),
        "means.settle": _("giải quyết hai bản ghi khác nhau về phương tiện"),
        "means.direct": _("ra định mức, mở đợt đánh giá"),
        "staff.*": _("mọi thao tác về quân số"),
        "staff.see": _("xem quân số"),
        "staff.write": _("ghi biên chế, quân số"),
        "board.see": _("xem bảng điều hành"),
        "journal.see": _("xem nhật ký"),
        "journal.verify": _("kiểm tra nhật ký"),
        "journal.erase": _("ra lệnh xóa nội dung niêm phong"),
        "node.see": _("xem nút mạng"),
        "node.manage": _("mời, thu hồi nút mạng, cho tính mục bị giữ"),
        "unit.*": _("mọi thay đổi về đơn vị"),
        "unit.change": _("thay đổi đơn vị"),
        "unit.see-posts": _("xem chức vụ"),
        "post.*": _("mọi thay đổi về chức vụ, quyền"),
        "post.change": _("thay đổi chức vụ, quyền"),
        "document.publish": _("ban hành văn bản"),
    }


def reaches() -> dict[str, str]:
    """How far a right goes, by code."""
    return {"unit": _("trong đơn vị"), "province": _("trong toàn tỉnh"), "nation": _("trong cả nước")}


def grant_said(actions_: tuple[str, ...], over: str, kinds: tuple[str, ...] | None) -> str:
    """A right as a sentence: what, how far, for which procedures."""
    known = actions()
    said = ", ".join(known.get(action, action) for action in actions_)
    parts = {"what": said[:1].upper() + said[1:], "over": reaches()[over]}
    if kinds is None:
        return _("%(what)s; %(over)s") % parts
    return _("%(what)s; %(over)s, chỉ với: %(kinds)s") % (parts | {"kinds": ", ".join(kinds)})


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A right of a post as a page shows it."""

    id: UUID
    said: str
    since: date
    until: date | None


def grants_said(grants: tuple[Grant, ...], day: date) -> list[GrantLine]:
    """The rights in force on `day` or later, in words."""
    return [
        GrantLine(it.id, grant_said(it.actions, it.over, it.kinds), it.since, it.until)
        for it in grants
        if it.until is None or it.until > day
    ]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a unit's history, as `{% timeline %}` wants it."""

    title: str
    text: str
    at: datetime
    by: str
    kind: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Names behind the identifiers that entries hold: people, posts, units."""

    people: Mapping[UUID, str]
    posts: Mapping[UUID, str]
    units: Mapping[str, str]


def event(entry: Entry[Any], known: Known) -> Event:
    """An entry of the channel `reference` about a unit, its posts and people, told."""
    title, text = _told(entry, known)
    by = known.people.get(entry.actor, _("Khởi tạo hệ thống"))
    return Event(title, text, entry.at, by)


def _told(entry: Entry[Any], known: Known) -> tuple[str, str]:
    post = known.posts.get(entry.subject, "")
    match entry.body:
        case e.UnitOpened() as it:
            return _("Thành lập"), _lines(_in_words(it.name), _from(it.since), it.act)
        case e.UnitRenamed() as it:
            return _("Đổi tên"), _lines(_in_words(it.name), _from(it.since), it.act)
        case e.UnitMarked() as it:
            title = _("Ghi nhận vùng sâu, vùng xa") if it.remote else _("Thôi ghi nhận vùng sâu, vùng xa")
            return title, _lines(_from(it.since), it.act)
        case e.UnitServed() as it:
            return _("Phụ trách địa bàn"), _lines(", ".join(it.territories), _from(it.since), it.act)
        case e.UnitMerged() as it:
            return _("Nhập vào đơn vị khác"), _lines(
                known.units.get(it.into, it.into), _from(it.since), it.act
            )
        case e.UnitSplit() as it:
            heirs = ", ".join(known.units.get(code, code) for code in it.into)
            return _("Chia tách"), _lines(heirs, _from(it.since), it.act)
        case e.PostOpened() as it:
            return _("Mở chức vụ"), _lines(_in_words(it.name), roles()[it.role], _from(it.since))
        case e.PostClosed() as it:
            return _("Kết thúc chức vụ"), _lines(post, _from(it.since))
        case e.PostTaken() as it:
            who = known.people.get(it.person, str(it.person))
            return _("Nhận chức vụ"), _lines(post, who, _period(it.since, it.until))
        case e.PostLeft() as it:
            return _("Thôi giữ chức vụ"), _lines(post, _from(it.since))
        case e.GrantGiven() as it:
            said = grant_said(it.actions, it.over, it.kinds)
            return _("Giao quyền"), _lines(post, said, _period(it.since, it.until))
        case e.GrantWithdrawn() as it:
            return _("Thu hồi quyền"), _lines(post, _from(it.since))
        case e.DelegationGiven() as it:
            to = known.posts.get(it.to, str(it.to))
            return _("Ủy quyền"), _lines(f"{post} → {to}", _period(it.since, it.until), it.ground)
        case e.DelegationEnded() as it:
            return _("Kết thúc ủy quyền"), _lines(post, _from(it.since))
        case e.PersonRegistered() as it:
            return _("Đăng ký người dùng"), _lines(it.name, it.account)
        case _:
            return entry.kind, ""


def _in_words(name: e.Label) -> str:
    return name.en if (get_language() or "vi").startswith("en") else name.vi


def _from(day: date) -> str:
    return _("từ %(day)s") % {"day": f"{day:%d/%m/%Y}"}


def _period(since: date, until: date | None) -> str:
    if until is None:
        return _from(since)
    return _("từ %(since)s đến trước %(until)s") % {
        "since": f"{since:%d/%m/%Y}",
        "until": f"{until:%d/%m/%Y}",
    }


def _lines(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
