"""How haicap says times and numbers to people: pure functions, in the language that is active."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.clocks.wall import VIETNAM, day_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Kind = Literal["late", "soon", "well", "hold", "clash", "done", "plain"]
SHAPES: dict[str, str] = {"late": "▲", "soon": "◐", "well": "○", "hold": "Ⅱ", "clash": "◆", "done": "✓"}


@dataclass(frozen=True, slots=True)
class Said:
    """A state in words, and the kind that gives it its shape and colour."""

    kind: Kind
    words: str


def local(moment: datetime) -> str:
    """`21/11/2026 07:41` in Vietnam's time; `moment` is aware."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def end(moment: datetime) -> str:
    """The end of a limit: like `local`, but midnight is 24:00 of the day that it ends; `moment` is aware."""
    before = moment - timedelta(microseconds=1)
    here = moment.astimezone(VIETNAM)
    return (
        local(moment)
        if (here.hour, here.minute) != (0, 0)
        else before.astimezone(VIETNAM).strftime("24:00 %d/%m/%Y")
    )


def exact(moment: datetime) -> str:
    """The instant to the second with its offset, for a tooltip; `moment` is aware."""
    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S (UTC+7)")


def number(value: int | float | Decimal, places: int | None = None) -> str:
    """Grouped as the language does: 4.054,5 in Vietnamese, 4,054.5 in English; halves are rounded up."""
    if places is not None:  # Django cuts off instead of rounding
        value = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


def span(length: timedelta) -> str:
    """A length in its largest fitting unit: minutes below one hour, hours below two days, then days."""
    if length < HOUR:
        minutes = max(1, int(length / timedelta(minutes=1)))
        return ngettext("%(n)d phút", "%(n)d phút", minutes) % {"n": minutes}
    if length < 2 * DAY:
        hours = int(length / HOUR)
        return ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours}
    days = length.days
    return ngettext("%(n)d ngày", "%(n)d ngày", days) % {"n": days}


def working(days: int) -> str:
    """Working days, counted by the caller's calendar, in words."""
    return ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", days) % {"n": days}


def due(until: datetime, now: datetime, working_days: int | None = None) -> Said:
    """What is left until `until`, or how long it is past.

    `working_days` is what is left (or past, as a positive number) in working days where the limit is counted
    so; without it calendar time is told. Due today or within 12 hours is *soon*. Both times are aware.
    """
    far = working(working_days) if working_days else span(abs(until - now))
    if now > until:
        return Said("late", _("Quá hạn %(span)s") % {"span": far})
    today = day_of(until) == day_of(now)
    kind: Kind = "soon" if today or until - now <= 12 * HOUR else "well"
    if today and until - now > 3 * HOUR:
        return Said(kind, _("Hôm nay %(time)s") % {"time": until.astimezone(VIETNAM).strftime("%H:%M")})
    return Said(kind, _("Còn %(span)s") % {"span": far})


def finished(until: datetime, done: datetime) -> Said:
    """How a clock that has ended stood to its limit. Both times are aware."""
    if done > until:
        return Said("done", _("Xong, muộn %(span)s") % {"span": span(done - until)})
    return Said("done", _("Xong trong hạn"))


def paused(reason: str) -> str:
    """A clock that stands still, and why."""
    return _("Tạm dừng: %(reason)s") % {"reason": reason} if reason else _("Tạm dừng")


def no_limit() -> str:
    """Where no clock runs."""
    return _("Không có thời hạn")


def ago(moment: datetime, now: datetime) -> str:
    """How long ago something happened; beyond a day its date says more. Both times are aware."""
    if now - moment >= DAY:
        return local(moment)
    if now - moment < timedelta(minutes=1):
        return _("vừa xong")
    return _("%(span)s trước") % {"span": span(now - moment)}


def weekday(day: date) -> str:
    """The day of the week as it stands within a sentence."""
    names = (
        _("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"),
    )  # fmt: skip
    return names[day.weekday()]
