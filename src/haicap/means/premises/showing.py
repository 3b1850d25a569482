"""How premises are told to people: words for codes, and the history of a site, in the active language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from haicap.journal.entry import Entry
from haicap.matters.showing import Names, lang
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue, name
from haicap.means.premises import entries as e
from haicap.means.premises.fold import Building, Site
from haicap.means.premises.recording import OTHER_USES

TAGS = {"good": "well", "worn": "soon", "damaged": "late", "unusable": "late"}
"""How a condition's tag is drawn."""


def conditions() -> dict[str, str]:
    """Conditions, from the best to the worst."""
    return {
        "good": _("Tốt"),
        "worn": _("Xuống cấp nhẹ"),
        "damaged": _("Hư hỏng"),
        "unusable": _("Không dùng được"),
    }


def titles() -> dict[str, str]:
    """How far the title to the land is."""
    return {
        "none": _("Chưa có giấy tờ đất"),
        "applied": _("Đã nộp hồ sơ"),
        "granted": _("Đã có giấy chứng nhận"),
    }


def building_uses() -> dict[str, str]:
    """What buildings are for."""
    return {
        "office": _("Nhà làm việc"), "living": _("Nhà ở"), "mixed": _("Nhà làm việc và ở"), "garage": _("Nhà xe"),
        "store": _("Kho"), "other": _("Công trình khác"),
    }  # fmt: skip


def room_uses() -> dict[str, str]:
    """What rooms are for: the kinds of premises that norms know, then what counts to none."""
    others = {
        "common": _("Hành lang, cầu thang, vệ sinh"), "garage": _("Để xe"), "store": _("Kho khác"),
        "guard": _("Trực, bảo vệ"),
    }  # fmt: skip
    kinds: Mapping[str, Kind] = catalogue()
    its = {code: name(kind, lang()) for code, kind in kinds.items() if kind.family == "premises"}
    return its | {code: others[code] for code in OTHER_USES}


def tenures() -> dict[str, str]:
    """By which right a building is used."""
    return {"own": _("Của đơn vị"), "borrowed": _("Mượn")}


def reasons_gone() -> dict[str, str]:
    """Why there is a building no more."""
    return {
        "demolished": _("Phá dỡ"), "collapsed": _("Sập, đổ"), "returned": _("Trả lại nơi cho mượn"),
        "given": _("Giao cho cơ quan khác"), "sold": _("Bán, đấu giá"), "other": _("Lý do khác"),
    }  # fmt: skip


def fates() -> dict[str, str]:
    """What becomes of a former unit's premises."""
    return {
        "commune-police": _("Công an cấp xã dùng"), "department": _("Phòng thuộc Công an tỉnh dùng"),
        "authority": _("Giao chính quyền địa phương"), "state": _("Giao Nhà nước xử lý"),
        "demolished": _("Phá dỡ"), "empty": _("Bỏ trống, chờ quyết định"),
    }  # fmt: skip


def levels() -> dict[str, str]:
    """Which unit had it."""
    return {"district": _("Công an cấp huyện cũ"), "commune": _("Công an cấp xã cũ")}


def uses_by_others() -> dict[str, str]:
    """Who else uses a site, as the list filters it."""
    return {
        "own": _("chỉ của đơn vị"), "borrowed": _("có nhà đi mượn"), "lent": _("có nhà cho mượn"),
        "shared": _("có nhà dùng chung"),
    }  # fmt: skip


def square(area: Decimal | str | None) -> str:
    """`470,5 m²`; empty for None."""
    if area is None:
        return ""
    number = Decimal(area).quantize(Decimal("0.1")).normalize()
    return f"{formats.number_format(Decimal(f'{number:f}'), use_l10n=True, force_grouping=True)} m²"


def money(amount: Decimal | str | None) -> str:
    """`350.000.000 đ`; empty for None or nought."""
    if not amount or not Decimal(amount):
        return ""
    return _("%(sum)s đ") % {
        "sum": formats.number_format(Decimal(amount), use_l10n=True, force_grouping=True)
    }


def short_money(amount: Decimal | str | None) -> str:
    """`4,34 tỷ đ`, `320 triệu đ`, below a million as `money`; empty for None or nought."""
    number = Decimal(amount or 0)
    for size, words in ((10**9, _("%(n)s tỷ đ")), (10**6, _("%(n)s triệu đ"))):
        if number >= size:
            rounded = (number / size).quantize(Decimal("0.01"))
            plain = Decimal(f"{rounded.normalize():f}")
            return words % {"n": formats.number_format(plain, use_l10n=True, force_grouping=True)}
    return money(number)


def day(when: date | None) -> str:
    """`05/01/2026`; empty for None."""
    return f"{when:%d/%m/%Y}" if when else ""


def building_words(building: Building) -> str:
    """`A · Nhà làm việc`."""
    return f"{building.its.code} · {building.its.name}"


def events(site: Site, entries: Iterable[Entry[Any]], names: Names) -> list[dict[str, Any]]:
    """A site's entries as a timeline tells them, oldest first."""
    return [_event(site, entry, names) for entry in entries if entry.body is not None]


def _event(site: Site, entry: Entry[Any], names: Names) -> dict[str, Any]:
    title, text, kind = _said(site, entry.body, names)
    return {"at": entry.at, "by": names.person(entry.actor), "kind": kind, "title": title, "text": text}


def _said(site: Site, body: Any, names: Names) -> tuple[str, str, str]:
    said = SAID.get(type(body))
    return said(site, body, names) if said else (body.kind, "", "")


def _joined(*parts: str) -> str:
    return "; ".join(part.strip().rstrip(".") for part in parts if part)


def _of(site: Site, code: str) -> str:
    building = site.building(code)
    return building_words(building) if building else code


def _recorded(site: Site, it: e.SiteRecorded, names: Names) -> tuple[str, str, str]:
    return _("Ghi nhận trụ sở"), _joined(it.details.name, it.details.address), ""


def _corrected(site: Site, it: e.SiteCorrected, names: Names) -> tuple[str, str, str]:
    return _("Đính chính thông tin trụ sở"), it.reason, "hold"


def _built(site: Site, it: e.BuildingRecorded, names: Names) -> tuple[str, str, str]:
    its = it.building
    words = f"{its.code} · {its.name}, {square(its.area)}"
    if it.reason:
        return _("Đã đính chính nhà"), _joined(words, it.reason), "hold"
    return _("Ghi nhận nhà"), words, ""


def _gone(site: Site, it: e.BuildingGivenUp, names: Names) -> tuple[str, str, str]:
    why = reasons_gone()[it.why]
    return _("Nhà thôi dùng"), _joined(_of(site, it.building), why, day(it.since), it.paper), "late"


def _rooms(site: Site, it: e.RoomsSet, names: Names) -> tuple[str, str, str]:
    area = sum((Decimal(room.area) for room in it.rooms), Decimal())
    count = _("%(n)s phòng, %(area)s") % {"n": len(it.rooms), "area": square(area)}
    return _("Ghi nhận các phòng"), _joined(_of(site, it.building), count), ""


def _surveyed(site: Site, it: e.Surveyed, names: Names) -> tuple[str, str, str]:
    pieces = _("%(n)s ảnh, giấy tờ") % {"n": len(it.evidence)} if it.evidence else ""
    found = conditions()[it.condition]
    said = _joined(
        _of(site, it.building), day(it.on), found, it.wrong, money(it.estimate), pieces, names.units.get(it.by, "")
    )  # fmt: skip
    return _("Khảo sát"), said, "late" if it.condition in ("damaged", "unusable") else "done"


def _unsurveyed(site: Site, it: e.SurveyWithdrawn, names: Names) -> tuple[str, str, str]:
    return _("Rút một lần khảo sát"), it.reason, "hold"


def _lent(site: Site, it: e.Lent, names: Names) -> tuple[str, str, str]:
    title = _("Dùng chung") if it.shared else _("Cho mượn")
    rooms = _("phòng %(rooms)s") % {"rooms": ", ".join(it.rooms)} if it.rooms else _("cả nhà")
    until = _("đến %(day)s") % {"day": day(it.until)} if it.until else ""
    return title, _joined(_of(site, it.building), rooms, it.to, day(it.since), until, it.paper), ""


def _lent_back(site: Site, it: e.LentBack, names: Names) -> tuple[str, str, str]:
    whose = next((one.said.to for of in site.buildings for one in of.lendings if one.id == it.lending), "")
    return _("Đã nhận lại phần cho mượn, dùng chung"), _joined(whose, day(it.since)), ""


def _became(site: Site, it: e.Became, names: Names) -> tuple[str, str, str]:
    where = _of(site, it.building) if it.building else _("cả trụ sở")
    return _("Xử lý trụ sở cũ"), _joined(where, fates()[it.fate], it.to, day(it.since), it.paper), ""


def _over(site: Site, it: e.HandedOver, names: Names) -> tuple[str, str, str]:
    return _("Đã ký bàn giao"), _joined(names.unit(it.to), day(it.on), it.paper, it.note), ""


def _accepted(site: Site, it: e.Accepted, names: Names) -> tuple[str, str, str]:
    return _("Đã ký nhận"), it.note, "done"


def _not_over(site: Site, it: e.HandoverEnded, names: Names) -> tuple[str, str, str]:
    return (_("Không nhận bàn giao") if it.how == "declined" else _("Đã rút bàn giao")), it.reason, "hold"


def _withdrawn(site: Site, it: e.SiteWithdrawn, names: Names) -> tuple[str, str, str]:
    return _("Rút lại cùng danh sách bàn giao"), it.reason, "hold"


SAID: Mapping[type, Callable[[Site, Any, Names], tuple[str, str, str]]] = {
    e.SiteRecorded: _recorded,
    e.SiteCorrected: _corrected,
    e.BuildingRecorded: _built,
    e.BuildingGivenUp: _gone,
    e.RoomsSet: _rooms,
    e.Surveyed: _surveyed,
    e.SurveyWithdrawn: _unsurveyed,
    e.Lent: _lent,
    e.LentBack: _lent_back,
    e.Became: _became,
    e.HandedOver: _over,
    e.Accepted: _accepted,
    e.HandoverEnded: _not_over,
    e.SiteWithdrawn: _withdrawn,
}
"""Title, text and the sort of event, by what was written down."""
