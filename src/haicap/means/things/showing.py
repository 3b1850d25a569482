"""How things are told to people: pure functions, in the active language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.matters.showing import Names, lang
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import name as kind_name
from haicap.means.things import entries as e
from haicap.means.things.models import ThingRow


def conditions() -> dict[str, str]:
    """The words of each condition."""
    return {"good": _("Tốt"), "worn": _("Đã cũ"), "broken": _("Hỏng")}


def ways() -> dict[str, str]:
    """The words of each way in which a thing came."""
    return {
        "purchase": _("Mua sắm"),
        "received": _("Cấp trên cấp"),
        "handed-over": _("Đơn vị khác bàn giao"),
        "found": _("Phát hiện thừa khi kiểm kê"),
        "made": _("Tự làm"),
    }


def grounds() -> dict[str, str]:
    """The words of each ground on which a thing is held no more."""
    return {
        "sold": _("Bán"),
        "destroyed": _("Tiêu hủy"),
        "lost": _("Mất"),
        "returned": _("Trả lại nơi cho mượn"),
    }


def states() -> dict[str, str]:
    """The words of each state that the list can be narrowed to."""
    return {
        "fit": _("Dùng được"),
        "unfit": _("Có hỏng hoặc không dùng được"),
        "away": _("Đang sửa chữa"),
        "missing": _("Kiểm kê không thấy"),
        "offered": _("Đã bàn giao, chờ bên nhận ký"),
        "coming": _("Chờ đơn vị mình ký nhận"),
        "given": _("Đã bàn giao cho đơn vị khác"),
        "gone": _("Đã thanh lý, ghi giảm"),
        "mistake": _("Đã rút lại, ghi nhầm"),
        "all": _("Kể cả đã ghi giảm"),
    }


def families() -> dict[str, str]:
    """The two families of this part."""
    return {"equipment": _("Trang thiết bị"), "vehicle": _("Xe, phương tiện")}


def kind_words(kinds: Mapping[str, Kind], code: str) -> str:
    """The name of a kind; its code where none is known."""
    return kind_name(kinds[code], lang()) if code in kinds else code


def measure_words(kinds: Mapping[str, Kind], code: str) -> str:
    """What one of a kind is called."""
    kind = kinds.get(code)
    return "" if kind is None else (kind.measure_en if lang() == "en" else kind.measure_vi)


def money(text: str | None) -> str:
    """`15.000.000 đồng`; empty for None."""
    return (
        _("%(sum)s đồng") % {"sum": formats.number_format(int(text), 0, force_grouping=True)} if text else ""
    )


def day(its: date | None) -> str:
    """`21/11/2026`; empty for None."""
    return f"{its:%d/%m/%Y}" if its else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the list with words for its codes; `tags` say what is out of the ordinary, by sort and words."""

    row: ThingRow
    kind: str
    holder: str
    condition: str
    where: str
    tags: tuple[tuple[str, str], ...]


def shown(
    row: ThingRow, kinds: Mapping[str, Kind], names: Names, posts: Mapping[UUID, str], today: date
) -> Shown:
    """A row as a list shows it."""
    return Shown(
        row=row,
        kind=kind_words(kinds, row.kind),
        holder=names.unit(row.holder),
        condition=conditions().get(row.condition, row.condition),
        where=where(row.place, row.room, posts.get(row.post, "") if row.post else ""),
        tags=tuple(tags(row, today)),
    )


def where(place: str, room: str, post: str) -> str:
    """Where a thing is and who answers for it, in one line."""
    return " · ".join(filter(None, (" ".join(filter(None, (place, room))), post)))


def tags(row: ThingRow, today: date) -> Iterable[tuple[str, str]]:
    """What is out of the ordinary with a thing."""
    if row.gone:
        yield "done", _("Đã rút lại") if row.mistake else _("Đã ghi giảm")
        return
    if row.conflicts:
        yield "clash", _("Có mâu thuẫn")
    if row.receiver:
        yield "hold", _("Chờ ký nhận")
    if row.away:
        yield "soon", _("Đang sửa")
    if row.missing:
        yield "late", _("Kiểm kê không thấy")
    if row.condition == "broken":
        yield "late", _("Hỏng")
    elif row.fit < row.count and not row.away and not row.missing:
        yield "soon", _("%(n)s không dùng được") % {"n": row.count - row.fit}
    if row.warranty and row.warranty >= today and (row.warranty - today).days <= 60:
        yield "soon", _("Bảo hành đến %(day)s") % {"day": day(row.warranty)}


# The history


def events(entries: Iterable[Entry[Any]], names: Names, posts: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """A thing's entries as a timeline tells them, oldest first."""
    return [
        {"at": it.at, "by": names.person(it.actor), "kind": "", "url": "", "link": ""}
        | _event(it.body, names, posts)
        for it in entries
        if it.body is not None
    ]


def posts_in(entries: Iterable[Entry[Any]]) -> set[UUID]:
    """The posts that a history names."""
    puts = (getattr(it.body, "put", None) for it in entries)
    return {put.post for put in puts if put is not None and put.post}


def units_in(entries: Iterable[Entry[Any]]) -> set[str]:
    """The units that a history names."""
    return {it.body.to for it in entries if isinstance(it.body, e.ThingOffered)}


def _event(body: Any, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    return TOLD[type(body)](body, names, posts) if type(body) in TOLD else {"title": body.kind, "text": ""}


def _said(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def _put(put: e.Put | None, posts: Mapping[UUID, str]) -> str:
    return where(put.place, put.room, posts.get(put.post, "") if put.post else "") if put else ""


def _recorded(it: e.ThingRecorded, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    link = {"url": reverse("things:id", args=[it.origin]), "link": _("từ lô này")} if it.origin else {}
    came = {"unit": names.unit(it.unit), "way": ways()[it.way].lower(), "day": day(it.since)}
    text = _said(
        _("%(unit)s, %(way)s ngày %(day)s") % came,
        _("%(n)s theo sổ") % {"n": it.count} if it.kept == "counted" else "",
        money(it.bought.price), it.bought.money, _put(it.put, posts), it.paper,
    )  # fmt: skip
    return {"title": _("Ghi sổ"), "text": text} | link


def _described(it: e.ThingDescribed, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    text = _said(
        it.name, it.serial, it.plate, money(it.bought.price), _("lý do: %(why)s") % {"why": it.reason}
    )
    return {"title": _("Đính chính mô tả"), "text": text, "kind": "hold"}


def _placed(it: e.ThingPlaced, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    title = _("Cấp cho chức vụ giữ") if it.put.post else _("Đặt ở")
    return {"title": title, "text": _said(_put(it.put, posts), day(it.when), it.note)}


def _judged(it: e.ThingJudged, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    unfit = _("%(n)s không dùng được") % {"n": it.unfit} if it.unfit and it.condition != "broken" else ""
    bad = {"kind": "late"} if it.condition == "broken" else {}
    return {
        "title": _("Chất lượng"),
        "text": _said(conditions()[it.condition], unfit, day(it.when), it.note),
    } | bad


def _sent(it: e.ThingSent, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    back = _("hẹn trả %(day)s") % {"day": day(it.back)} if it.back else ""
    return {"title": _("Gửi sửa"), "text": _said(it.to, day(it.when), back, it.note), "kind": "hold"}


def _repaired(it: e.ThingRepaired, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    text = _said(day(it.when), money(it.cost), conditions()[it.condition], it.note)
    return {"title": _("Sửa xong"), "text": text, "kind": "done"}


def _offered(it: e.ThingOffered, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    text = _said(
        _("cho %(unit)s") % {"unit": names.unit(it.to)},
        _("số lượng %(n)s") % {"n": it.count},
        it.paper,
        it.reason,
    )
    url = reverse("things:transfer", args=[it.transfer])
    return {
        "title": _("Đã ký bàn giao"),
        "text": text,
        "kind": "hold",
        "url": url,
        "link": _("lần bàn giao này"),
    }


def _accepted(it: e.ThingAccepted, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    link = {"url": reverse("things:id", args=[it.part]), "link": _("phần đã chuyển")} if it.part else {}
    return {"title": _("Bên nhận ký nhận"), "text": _put(it.put, posts), "kind": "done"} | link


def _refused(it: e.ThingRefused, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    return {"title": _("Bên nhận không nhận"), "text": it.reason, "kind": "late"}


def _recalled(it: e.ThingRecalled, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    return {"title": _("Rút lại bàn giao"), "text": it.reason}


def _disposed(it: e.ThingDisposed, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    text = _said(grounds()[it.ground], _("số lượng %(n)s") % {"n": it.count}, day(it.when), it.paper, it.note)
    return {"title": _("Ghi giảm"), "text": text, "kind": "done"}


def _restored(it: e.ThingRestored, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    return {"title": _("Hủy việc ghi giảm"), "text": it.reason, "kind": "hold"}


def _withdrawn(it: e.ThingWithdrawn, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    return {"title": _("Rút lại, không tính"), "text": _said(it.reason, day(it.when)), "kind": "late"}


def _counted(it: e.ThingCounted, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    link = {"url": reverse("stocktake:id", args=[it.stocktake]), "link": _("đợt kiểm kê này")}
    if it.missing:
        return {"title": _("Kiểm kê không thấy"), "text": day(it.when), "kind": "late"} | link
    text = _said(_("số lượng %(n)s") % {"n": it.count}, _put(it.put, posts), day(it.when))
    return {"title": _("Kiểm kê thấy"), "text": text} | link


def _recounted(it: e.ThingRecounted, names: Names, posts: Mapping[UUID, str]) -> dict[str, Any]:
    text = _said(_("số lượng %(n)s") % {"n": it.count}, it.reason, day(it.when))
    return {"title": _("Đính chính số lượng"), "text": text, "kind": "hold"}


TOLD: dict[type, Callable[[Any, Names, Mapping[UUID, str]], dict[str, Any]]] = {
    e.ThingRecorded: _recorded, e.ThingDescribed: _described, e.ThingPlaced: _placed, e.ThingJudged: _judged,
    e.ThingSent: _sent, e.ThingRepaired: _repaired, e.ThingOffered: _offered, e.ThingAccepted: _accepted,
    e.ThingRefused: _refused, e.ThingRecalled: _recalled, e.ThingDisposed: _disposed, e.ThingRestored: _restored,
    e.ThingWithdrawn: _withdrawn, e.ThingCounted: _counted, e.ThingRecounted: _recounted,
}  # fmt: skip
