"""How the board says changes, shares and lengths, in the language that is active."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from math import inf

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.matters.board.change import Change

FEW = 30  # below this, in either period, the interval is said beside the change


def number(value: float, places: int = 0) -> str:
    """`4.054` or `2,1` in Vietnamese; a minus where it is one."""
    rounded = Decimal(str(abs(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    said = str(formats.number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True))
    return f"−{said}" if value < 0 and rounded else said


def percent(share: float, places: int = 0) -> str:
    """`+19 %`, `−11,2 %`."""
    said = number(share * 100, places)
    return (
        f"{said} %"
        if said.startswith("−") or not any(digit in said for digit in "123456789")
        else f"+{said} %"
    )


def share(change: Change) -> str:
    """The change in percent; a dash where there was nothing before."""
    return "–" if change.share is None else percent(change.share, 1)


def compared(change: Change) -> str:
    """`giảm 512 (−11,2 %)`, as the Ministry's tables say it."""
    if not change.by:
        return _("không đổi")
    if change.share is None:
        return _("kỳ trước không có việc nào")
    words = _("tăng %(n)s") if change.by > 0 else _("giảm %(n)s")
    return f"{words % {'n': number(abs(change.by))}} ({percent(change.share, 1)})"


def interval(change: Change) -> str:
    """`từ −14 % đến +63 %`: where the change of the rate lies, at 95 %."""
    if change.high == inf:
        return _("từ %(low)s trở lên") % {"low": percent(change.low)}
    return _("từ %(low)s đến %(high)s") % {"low": percent(change.low), "high": percent(change.high)}


def few(change: Change) -> bool:
    """Whether the counts are so small that the percentage alone would mislead."""
    return min(change.now, change.then) < FEW


def days(length: float | None) -> str:
    """`2,1 ngày`; a dash for None."""
    if length is None:
        return "–"
    return ngettext("%(n)s ngày", "%(n)s ngày", 1 if length == 1 else 2) % {"n": number(length, 1)}


def age(since: datetime, now: datetime) -> str:
    """Whole days since something came in."""
    n = (now - since).days
    return ngettext("%(n)s ngày", "%(n)s ngày", n) % {"n": number(n)}
