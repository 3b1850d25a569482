"""How works are told to people: pure functions, in the active language."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.journal.entry import Entry
from haicap.matters.showing import Names
from haicap.means.works import entries as e
from haicap.means.works.state import PURSES, STAGES

BILLION = Decimal(10**9)


def stages() -> dict[str, str]:
    """Stages of works by code, in their order."""
    words = (
        _("Chủ trương đầu tư"), _("Đất"), _("Thiết kế"), _("Đấu thầu"), _("Khởi công"), _("Nghiệm thu"), _("Bàn giao"),
    )  # fmt: skip
    return dict(zip(STAGES, words, strict=True))


def sorts() -> dict[str, str]:
    """What kind of works it can be."""
    return {"new": _("Xây mới"), "extension": _("Mở rộng"), "repair": _("Sửa chữa")}


def purses() -> dict[str, str]:
    """Where money comes from."""
    words = (_("Ngân sách tỉnh"), _("Ngân sách cấp xã"), _("Bộ Công an"), _("Nguồn khác"))
    return dict(zip(PURSES, words, strict=True))


def states() -> dict[str, str]:
    """Where a project can stand."""
    return {
        "planned": _("Chưa khởi công"), "begun": _("Đang thi công"), "done": _("Đã xong"), "stopped": _("Tạm dừng"),
        "dropped": _("Thôi làm"),
    }  # fmt: skip


def priorities() -> dict[str, str]:
    """How much a project is needed."""
    return {"pressing": _("Cấp bách"), "needed": _("Cần làm"), "possible": _("Khi có điều kiện")}


TAGS = {"planned": "plain", "begun": "well", "done": "done", "stopped": "hold", "dropped": "plain"}


def dong(amount: Decimal | int) -> str:
    """A sum in VND, grouped."""
    return formats.number_format(amount, 0, use_l10n=True, force_grouping=True)


def billions(amount: Decimal | int) -> str:
    """A sum in billions of VND, so exact as it needs to be read: `775,864`, `5,9`."""
    its = (Decimal(amount) / BILLION).quantize(Decimal("0.001")).normalize()
    places = max(0, -int(its.as_tuple().exponent))
    return formats.number_format(its, places, use_l10n=True, force_grouping=True)


def slip_words(days: int) -> str:
    """By how much a day is later or earlier; empty where it is not."""
    if days == 0:
        return ""
    if days > 0:
        return ngettext("chậm %(n)s ngày", "chậm %(n)s ngày", days) % {"n": days}
    return ngettext("sớm %(n)s ngày", "sớm %(n)s ngày", -days) % {"n": -days}


def day(on: date) -> str:
    """`21/11/2026`."""
    return f"{on:%d/%m/%Y}"


def shares_words(shares: Iterable[e.Share]) -> str:
    """Sums by source in one line."""
    return "; ".join(f"{purses()[it.source]} {dong(int(it.sum))}" for it in shares)


def aims_words(aims: Iterable[e.Aim]) -> str:
    """Stages with their days in one line."""
    return "; ".join(f"{stages()[it.stage]} {day(it.on)}" for it in aims)


def events(entries: Iterable[Entry[Any]], names: Names) -> list[dict[str, Any]]:
    """A project's entries as a timeline tells them, the newest first."""
    its = list(entries)
    reached = {it.id: stages()[it.body.stage] for it in its if isinstance(it.body, e.Reached)}
    return [_event(entry, names, reached) for entry in reversed(its) if entry.body is not None]


def _event(entry: Entry[Any], names: Names, reached: Mapping[UUID, str]) -> dict[str, Any]:
    title, text, kind = _told(entry.body, reached)
    return {"at": entry.at, "by": names.person(entry.actor), "kind": kind, "url": "", "link": "", "title": title,
            "text": text}  # fmt: skip


def _told(body: Any, reached: Mapping[UUID, str]) -> tuple[str, str, str]:
    match body:
        case e.Planned() as it:
            return _("Lập công trình"), _joined(aims_words(it.stages), shares_words(it.budget), it.paper), ""
        case e.Corrected() as it:
            return _("Sửa thông tin"), _joined(it.name, it.reason), "hold"
        case e.Scheduled() as it:
            return _("Đổi ngày dự kiến"), _joined(aims_words(it.stages), it.reason), "late"
        case e.Reached() as it:
            words = _("Đã đạt: %(stage)s") % {"stage": stages()[it.stage]}
            return words, _joined(day(it.on), it.paper, it.note, _files(it.evidence)), "done"
        case e.Unreached() as it:
            return _("Rút lại: %(stage)s") % {"stage": reached.get(it.reached, "")}, it.reason, "hold"
        case e.Shown() as it:
            return _("Thêm ảnh, giấy tờ"), _joined(it.note, _files(it.evidence)), ""
        case e.Budgeted() as it:
            return _("Đặt lại dự toán"), _joined(shares_words(it.shares), it.paper, it.reason), ""
        case e.Paid() as it:
            return _("Thanh toán"), _joined(day(it.on), purses()[it.source], dong(int(it.sum)), it.paper), ""
        case e.Repaid() as it:
            amount = dong(int(it.sum)) if it.sum else _("không có khoản này")
            return (
                _("Sửa khoản thanh toán"),
                _joined(day(it.on), purses()[it.source], amount, it.reason),
                "hold",
            )
        case e.Stopped() as it:
            words = _("Thôi làm") if it.dropped else _("Tạm dừng")
            return words, _joined(day(it.since), it.ground, it.paper), "late"
        case e.Resumed() as it:
            return _("Làm tiếp"), _joined(day(it.since), it.ground, it.paper), ""
    return "", "", ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _files(pieces: tuple[object, ...]) -> str:
    count = len(pieces)
    return ngettext("%(n)s tệp", "%(n)s tệp", count) % {"n": count} if count else ""
