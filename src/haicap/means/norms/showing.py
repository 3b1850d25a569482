"""How norms are told: their lines as sentences, the reckoning for one unit step by step, and what is at fault."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.means import words
from haicap.means.norms.actions import NeverReached, Twice, Unworkable, WrongFormula
from haicap.means.norms.facts import Ground
from haicap.means.norms.fold import Figure, Line, Norm, Version
from haicap.means.norms.formulas import NotAFormula, typed
from haicap.means.norms.reckoning import Gap, Should
from haicap.units.acting import NotSo, NotYet, Unsaid

FAULTS = (WrongFormula, NeverReached, Unworkable, Twice, NotSo, Unsaid, NotYet)


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a norm: for which units, and its formula."""

    whom: str
    formula: str


def called(its: Version) -> str:
    """What a norm is called."""
    return its.en if words.english() else its.vi


def lines(version: Version) -> list[LineShown]:
    """The lines of a version in words."""
    return [LineShown(whom(line, len(version.lines) == 1), typed(line.formula)) for line in version.lines]


def whom(line: Line, only: bool = False) -> str:
    """For which units a line is."""
    if not line.units and line.remote is None:
        return _("mọi đơn vị") if only else _("các đơn vị còn lại")
    sorts = words.sorts()
    said = ", ".join(sorts[it] for it in line.units)
    if line.remote is None:
        return said
    far = words.fact("remote", line.remote)
    return f"{said}, {far}" if said else far


def for_units(version: Version) -> str:
    """The kinds of unit that a norm is for, in one line."""
    sorts = words.sorts()
    return ", ".join(sorts[it] for it in version.units)


def with_numbers(formula: str, inputs: Iterable[tuple[str, Decimal | bool]]) -> str:
    """The formula with the figures in the places of their names."""
    for name, value in inputs:
        said = str(value).lower() if isinstance(value, bool) else f"{value:f}"
        formula = formula.replace(name, said)
    return formula


def steps(norm: Norm, its: Should, unit: Ground, gap: Gap | None, measure: str) -> list[tuple[str, str]]:
    """The reckoning for one unit, step by step: what is done, and what it gives."""
    version = norm.versions[its.version - 1]
    line = version.lines[its.line]
    chosen = {"n": its.line + 1, "whom": whom(line, len(version.lines) == 1)}
    found = [(_("Chọn dòng của định mức"), _("dòng %(n)s: %(whom)s") % chosen)]
    found += [(_("Lấy số liệu: %(fact)s") % {"fact": words.facts()[name]}, source(name, value, unit.figures))
              for name, value in its.inputs]  # fmt: skip
    found.append((_("Công thức"), typed(line.formula)))
    if its.inputs:
        found.append(
            (_("Thay số"), f"{with_numbers(typed(line.formula), its.inputs)} = {words.amount(its.exact)}")
        )
    how = {"how": words.roundings()[version.rounding]}
    found.append((_("Kết quả, %(how)s") % how, f"{words.amount(its.value)} {measure}"))
    return [*found, *_compared(gap, measure)] if gap is not None else found


def _compared(gap: Gap, measure: str) -> list[tuple[str, str]]:
    held = _("có %(all)s, dùng được %(fit)s") % {"all": words.amount(gap.has), "fit": words.amount(gap.fit)}
    found = [(_("Đối chiếu với số đang có"), held)]
    if gap.short:
        found.append((_("Còn thiếu"), f"{words.amount(gap.short)} {measure}"))
        if gap.money is not None:
            found.append((_("Tiền ước cần, theo giá danh mục"), words.dong(gap.money)))
    elif gap.surplus:
        found.append((_("Vượt định mức"), f"{words.amount(gap.surplus)} {measure}"))
    else:
        found.append((_("Kết quả"), _("đủ theo định mức")))
    return found


def source(name: str, value: Decimal | bool, figures: Mapping[str, Figure]) -> str:
    """A figure with where it is from."""
    said = words.fact(name, value) if isinstance(value, bool) else words.amount(value)
    if (it := figures.get(name)) is not None:
        made_up = _(", số minh họa") if it.synthetic else ""
        return _("%(value)s, tính đến %(day)s (%(source)s%(made_up)s)") % {
            "value": said, "day": f"{it.since:%d/%m/%Y}", "source": it.source, "made_up": made_up,
        }  # fmt: skip
    if name == "officers":
        return _("%(value)s (biên chế được giao)") % {"value": said}
    return _("%(value)s (sổ đơn vị)") % {"value": said}


def fault(it: Exception) -> str:
    """What is wrong with a norm, and what to do about it."""
    match it:
        case WrongFormula():
            return formula_fault(it.fault)
        case NeverReached():
            return _("Không đơn vị nào rơi vào dòng %(n)s: dòng trước hoặc phạm vi áp dụng đã bao hết.") % {
                "n": it.line + 1
            }
        case Unworkable():
            return _unworkable(it)
        case Twice():
            said = _(
                "Định mức “%(name)s” (%(code)s) đã quy định loại này cho các đơn vị đó trong thời gian đó."
            )
            what = _("Hãy ra bản mới của định mức ấy, hoặc thôi áp dụng nó trước.")
            return f"{said % {'name': called(it.other.now), 'code': it.other.code}} {what}"
        case NotSo():
            return _("Mã định mức này đã có, hoặc định mức vừa thôi áp dụng; chưa ghi gì.")
        case Unsaid():
            return _("Chưa ghi, hoặc ghi không đúng.")
        case _:
            return _("Ngày này chưa đến.")


def formula_fault(it: NotAFormula) -> str:
    """Why a text is no formula."""
    match it.fault:
        case "long":
            return _("Công thức dài quá 500 ký tự.")
        case "signs":
            return _("Công thức không dùng dấu “%(sign)s”.") % {"sign": it.what}
        case "unknown":
            names = ", ".join((*words.facts(), "math.least", "math.greatest", "math.ceil", "math.floor"))
            said = _("Không có số liệu hay hàm nào tên “%(name)s”. Dùng được: %(names)s.")
            return said % {"name": it.what, "names": names}
        case _:
            return _("Công thức viết chưa đúng: %(what)s") % {"what": it.what}


def _unworkable(it: Unworkable) -> str:
    name = it.unit.en if words.english() else it.unit.vi
    if it.lack.facts:
        said = _("%(unit)s chưa có số liệu: %(facts)s.") % {
            "unit": name,
            "facts": words.lacking(it.lack.facts),
        }
    else:
        said = _("Với %(unit)s công thức không cho ra một số từ 0 trở lên (%(why)s).") % {
            "unit": name,
            "why": it.lack.why,
        }
    if it.more:
        rest = ngettext("%(n)s đơn vị khác cũng vậy.", "%(n)s đơn vị khác cũng vậy.", it.more) % {
            "n": it.more
        }
        return f"{said} {rest}"
    return said
