"""How means, sums and facts of units are told to people: pure functions, in the active language."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.means.catalogue.entries import Family
from haicap.means.catalogue.fold import Kind

MILLION, BILLION = Decimal(10**6), Decimal(10**9)


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "vi").startswith("en")


def families() -> dict[Family, str]:
    """Families of means by code, in the order of tables."""
    return {
        "premises": _("Trụ sở"), "vehicle": _("Xe, phương tiện đi lại"), "equipment": _("Trang thiết bị"),
        "line": _("Đường truyền"), "post": _("Con người"),
    }  # fmt: skip


def called(kind: Kind | None, code: str = "") -> str:
    """What a kind is called; its code where the catalogue does not know it."""
    if kind is None:
        return code
    return kind.en if english() else kind.vi


def measure(kind: Kind | None) -> str:
    """What one of a kind is called: chiếc, m²."""
    if kind is None:
        return ""
    return kind.measure_en if english() else kind.measure_vi


def amount(value: Decimal | int) -> str:
    """A number, grouped, with the places it needs."""
    its = Decimal(value).normalize()
    places = max(0, -int(its.as_tuple().exponent))
    return formats.number_format(its, places, use_l10n=True, force_grouping=True)


def dong(value: Decimal | int) -> str:
    """A sum in VND to the dong."""
    return _("%(n)s đồng") % {
        "n": formats.number_format(Decimal(value), 0, use_l10n=True, force_grouping=True)
    }


def money(value: Decimal | int | None) -> str:
    """A sum as people say it: `120 triệu`, `5,93 tỷ`; a dash for None."""
    if value is None:
        return "–"
    its = Decimal(value)
    if its >= BILLION:
        return _("%(n)s tỷ") % {"n": amount((its / BILLION).quantize(Decimal("0.01")))}
    if its >= MILLION:
        return _("%(n)s triệu") % {"n": amount((its / MILLION).quantize(Decimal("0.1")))}
    return amount(its)


def facts() -> dict[str, str]:
    """What formulas may ask of a unit, by name."""
    return {
        "population": _("dân số"), "area_km2": _("diện tích (km²)"), "remote": _("vùng sâu, vùng xa"),
        "officers": _("biên chế"), "present": _("quân số có mặt"), "matters_year": _("số việc một năm"),
        "reports_year": _("tố giác, tin báo một năm"),
    }  # fmt: skip


def fact(name: str, value: Decimal | bool) -> str:
    """`dân số 52.000`, `không thuộc vùng sâu, vùng xa`."""
    if isinstance(value, bool):
        return _("vùng sâu, vùng xa") if value else _("không thuộc vùng sâu, vùng xa")
    return f"{facts().get(name, name)} {amount(value)}"


def inputs(its: Iterable[tuple[str, Decimal | bool]]) -> str:
    """All inputs of a figure in one line."""
    return "; ".join(fact(name, value) for name, value in its)


def lacking(names: Iterable[str]) -> str:
    """The facts that were never stated, in one line."""
    said = facts()
    return ", ".join(said.get(name, name) for name in names)


def sorts() -> Mapping[str, str]:
    """Kinds of unit that norms are for."""
    return {
        "commune": _("Công an xã"), "ward": _("Công an phường"), "special-zone": _("Công an đặc khu"),
        "department": _("Phòng của tỉnh"),
    }  # fmt: skip


def marks() -> Mapping[str, str]:
    """How a rule is known."""
    return {
        "verified": _("đã kiểm chứng"), "memory": _("theo trí nhớ, chưa kiểm chứng"),
        "setting": _("do nơi vận hành đặt"), "sample": _("số mẫu"),
    }  # fmt: skip


def roundings() -> Mapping[str, str]:
    """How a figure is made whole."""
    return {"up": _("làm tròn lên"), "down": _("làm tròn xuống"), "none": _("không làm tròn")}
