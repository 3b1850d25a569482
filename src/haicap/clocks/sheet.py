"""The derivation sheet: why a limit is over when it is, as data and as sentences in both languages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from haicap.clocks.calendars import Calendar, Label, Mark, Skipped, Worked, draft
from haicap.clocks.limits import Limit, Unit, parse
from haicap.clocks.reckoning import Left, Reckoned, reckon
from haicap.clocks.regimes import Rule
from haicap.clocks.steps import (
    Back,
    DayOne,
    Extended,
    FromMoment,
    MonthEnd,
    Opening,
    Paused,
    Rest,
    Result,
    Rolled,
    Sitting,
    Stated,
    Step,
)
from haicap.clocks.wall import VIETNAM, day_of

_MIDNIGHT = time(0)
_TICK = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reckoning under the rule that gave the limit: its name, its article, how sure that article is."""

    name: Label
    article: Label
    mark: Mark
    reckoned: Reckoned

    def sentences(self) -> list[str]:
        """The derivation in the active language, one line a step, dates and times of Vietnam."""
        return [said(step) for step in self.reckoned.steps]

    def to_json(self) -> dict[str, Any]:
        """JSON-able: the rule, and what `reckoned_json` says."""
        rule = {"rule": self.name.model_dump(), "law": self.article.model_dump(), "mark": self.mark}
        return rule | reckoned_json(self.reckoned)


def reckon_json(
    regime: str, limit: str, start_text: str, *, calendar: Calendar | None = None, end_text: str | None = None
) -> dict[str, Any]:
    """What `haicap reckon --json` prints.

    `start_text` (and `end_text`, for limits counted back) is ISO 8601; without a zone it is Vietnam's. The
    calendar is a draft of ten years around the start unless given. Raises `ValueError` for unreadable texts,
    `UnknownRegime`, `OutsideCalendar`, `Unreckonable`.
    """
    start, days = _read(start_text), calendar
    end = None if end_text is None else _read_end(end_text)
    if days is None:
        days = draft(start.year - 2, start.year + 8)
    return reckoned_json(reckon(limit=parse(limit), start=start, regime=regime, calendar=days, end=end))


def reckoned_json(reckoned: Reckoned) -> dict[str, Any]:
    """A reckoning as JSON: `due` (null while the clock stands still) and `from` at Vietnam's offset, `regime`,
    `limit`, `rest`, and `derivation`, a list of steps each with `what`, data and `text` (active language).
    """
    return {
        "due": _iso(reckoned.due) if reckoned.due else None,
        "regime": reckoned.regime.code,
        "limit": str(reckoned.limit),
        "from": _iso(reckoned.start),
        "rest": [_rest_json(rest) for rest in reckoned.rest],
        "derivation": [step_json(step) for step in reckoned.steps],
    }


def step_json(step: Step) -> dict[str, Any]:
    """One step as JSON: `what`, dates in ISO 8601, `reason`, `law` and `mark` where it has them, `text`."""
    data = {"what": _WHAT[type(step)]} | _facts(step)
    rule = getattr(step, "rule", None)
    if isinstance(rule, Rule):
        data |= {"law": _text(rule.law), "mark": rule.mark}
    return data | {"text": said(step)}


def said(step: Step) -> str:
    """One step as a sentence in the active language, with its article and, if not verified, its mark."""
    sentence = _sentence(step)
    rule = getattr(step, "rule", None)
    if not isinstance(rule, Rule):
        return sentence
    return f"{sentence} — {_text(rule.law)}{_doubt(rule.mark)}"


def left_said(left: Left) -> str:
    """How far away a due instant is: "còn 2 ngày làm việc", "quá hạn 3 giờ", "hôm nay 16:30"."""
    if left.unit == "today":
        return _("hôm nay %(time)s") % {"time": _clock(left.at)}
    amount = _amount(left.unit, left.amount)
    return (_("quá hạn %(amount)s") if left.overdue else _("còn %(amount)s")) % {"amount": amount}


def limit_said(limit: Limit) -> str:
    """A limit in the active language: "24 giờ", "nửa ngày làm việc", "đến hết ngày 01/05/2026"."""
    if limit.unit is Unit.NOW:
        return _("ngay")
    if limit.until:
        return _("đến hết ngày %(date)s") % {"date": _day(limit.until)}
    amount = rest_said(Rest(limit.unit, Fraction(limit.amount)))
    return _("trước %(amount)s") % {"amount": amount} if limit.before else amount


def rest_said(rest: Rest) -> str:
    """An amount of time in the active language: "7 giờ 30 phút", "1,5 ngày làm việc"."""
    unit = rest.unit.value.replace(" ", "-")
    if rest.unit in (Unit.HOUR, Unit.WORKING_HOUR):
        hours, minutes = divmod(int(rest.amount * 60), 60)
        parts = [_amount(unit, hours)] if hours or not minutes else []
        return " ".join([*parts, _amount("minute", minutes)] if minutes else parts)
    if rest.amount == Fraction(1, 2):
        return _("nửa ngày làm việc")
    return _amount(unit, int(rest.amount), _(",5") if rest.amount.denominator == 2 else "")


def _amount(unit: str, n: int, half: str = "") -> str:
    """`n` of a unit with its noun; `half` is what stands for .5 after the number."""
    more = n + bool(half)
    match unit:
        case "minute":
            form = ngettext("%(n)s phút", "%(n)s phút", more)
        case "hour":
            form = ngettext("%(n)s giờ", "%(n)s giờ", more)
        case "working-hour":
            form = ngettext("%(n)s giờ làm việc", "%(n)s giờ làm việc", more)
        case "day":
            form = ngettext("%(n)s ngày", "%(n)s ngày", more)
        case "working-day":
            form = ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", more)
        case _:
            form = ngettext("%(n)s tháng", "%(n)s tháng", more)
    return form % {"n": f"{n}{half}"}


def _sentence(step: Step) -> str:
    """The sentence of a step, without its article."""
    match step:
        case DayOne(day=day):
            return _("Không tính ngày %(date)s, tính từ ngày tiếp theo") % {"date": _day(day)}
        case FromMoment(at=at):
            return _("Tính liên tục từ %(time)s, kể cả ban đêm và ngày nghỉ") % {"time": _moment(at)}
        case Opening(at=at):
            return _("Giờ làm việc tính từ %(time)s") % {"time": _moment(at)}
        case Sitting(opens=opens, closes=closes):
            parts = {"from": _clock(opens), "to": _clock(closes), "date": _day(day_of(closes))}
            return _("Buổi làm việc được tính: từ %(from)s đến %(to)s ngày %(date)s") % parts
        case MonthEnd(day=day):
            return _("Tháng cuối không có ngày tương ứng, lấy ngày cuối tháng %(date)s") % {"date": _day(day)}
        case Stated(day=day):
            return _("Đến hết ngày %(date)s theo văn bản") % {"date": _day(day)}
        case Back(day=day):
            return _("Tính ngược từ ngày %(date)s, không kể ngày đó") % {"date": _day(day)}
        case Skipped(day=day, reason=reason):
            return _("Không tính ngày %(date)s: %(reason)s") % {"date": _day(day), "reason": _text(reason)}
        case Worked(day=day, reason=reason):
            return _("Có tính ngày %(date)s: %(reason)s") % {"date": _day(day), "reason": _text(reason)}
        case Rolled(day=day, to=to, off=off):
            reasons = "; ".join(f"{_day(skipped.day)} {_text(skipped.reason)}" for skipped in off)
            parts = {"from": _day(day), "to": _day(to), "reasons": reasons}
            return _("Ngày cuối %(from)s là ngày nghỉ, chuyển sang ngày %(to)s (%(reasons)s)") % parts
        case Paused():
            return _paused(step)
        case Extended():
            return _extended(step)
        case Result():
            return _result(step)


def _paused(step: Paused) -> str:
    pause = step.pause
    parts = {"ground": pause.ground, "from": _moment(pause.since)}
    if pause.until is None or step.gave is None:
        return _("Tạm dừng từ %(from)s, chưa tiếp tục: %(ground)s") % parts
    parts |= {"to": _moment(pause.until), "gave": rest_said(step.gave)}
    return _("Tạm dừng từ %(from)s đến %(to)s, lùi %(gave)s: %(ground)s") % parts


def _extended(step: Extended) -> str:
    extension = step.extension
    grounds = "; ".join(text for text in (extension.ground, extension.law) if text) or "—"
    parts = {"limit": limit_said(extension.limit), "grounds": grounds}
    if step.after is None:
        return _("Kéo dài, tổng thời hạn %(limit)s: %(grounds)s") % parts
    return _("Gia hạn thêm %(limit)s, tính tiếp từ ngày %(date)s: %(grounds)s") % (
        parts | {"date": _day(step.after)}
    )


def _result(step: Result) -> str:
    if step.due is None:
        left = " + ".join(rest_said(rest) for rest in step.rest)
        return _("Đang tạm dừng, còn lại %(rest)s") % {"rest": left}
    return _("Hết thời hạn lúc %(time)s") % {"time": _end(step.due)}


_WHAT: dict[type[Step], str] = {
    DayOne: "day-one",
    FromMoment: "from-moment",
    Opening: "opening",
    Sitting: "sitting",
    MonthEnd: "month-end",
    Stated: "stated",
    Back: "back",
    Skipped: "skipped",
    Worked: "worked",
    Rolled: "rolled",
    Paused: "paused",
    Extended: "extended",
    Result: "result",
}


def _facts(step: Step) -> dict[str, Any]:
    """The data of a step, without its article."""
    match step:
        case FromMoment(at=at) | Opening(at=at):
            return {"at": _iso(at)}
        case Sitting(opens=opens, closes=closes):
            return {"opens": _iso(opens), "closes": _iso(closes)}
        case Skipped(day=day, reason=reason) | Worked(day=day, reason=reason):
            return {"date": day.isoformat(), "reason": _text(reason)}
        case Rolled(day=day, to=to, off=off):
            reasons = "; ".join(_text(skipped.reason) for skipped in off)
            return {"date": day.isoformat(), "to": to.isoformat(), "reason": reasons}
        case Paused(pause=pause, gave=gave):
            until = _iso(pause.until) if pause.until else None
            given = _rest_json(gave) if gave else None
            return {"from": _iso(pause.since), "until": until, "reason": pause.ground, "gave": given}
        case Extended(extension=extension, after=after):
            how = {"how": extension.how, "limit": str(extension.limit), "reason": extension.ground}
            return how | ({"date": after.isoformat()} if after else {})
        case Result(due=due, rest=rest):
            return {"due": _iso(due) if due else None, "rest": [_rest_json(one) for one in rest]}
        case _:
            return {"date": step.day.isoformat()}


def _rest_json(rest: Rest) -> dict[str, Any]:
    """Hours as whole minutes, days as a decimal string: nothing that a float could blur."""
    if rest.unit in (Unit.HOUR, Unit.WORKING_HOUR):
        return {"unit": rest.unit.value, "minutes": int(rest.amount * 60)}
    half = ".5" if rest.amount.denominator == 2 else ""
    return {"unit": rest.unit.value, "amount": f"{int(rest.amount)}{half}"}


def _text(label: Label) -> str:
    return label.en if (get_language() or "vi").startswith("en") else label.vi


def _doubt(mark: Mark) -> str:
    match mark:
        case "memory":
            return "; " + _("chưa kiểm chứng")
        case "setting":
            return "; " + _("cấu hình")
        case _:
            return ""


def _read(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)


def _read_end(text: str) -> date | datetime:
    """A day alone is an event's day; with a time it is the instant at which another limit is over."""
    return date.fromisoformat(text) if len(text) == len("2026-01-01") else _read(text)


def _iso(at: datetime) -> str:
    return at.astimezone(VIETNAM).isoformat()


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _moment(at: datetime) -> str:
    return _("%(time)s ngày %(date)s") % {"time": f"{at.astimezone(VIETNAM):%H:%M}", "date": _day(day_of(at))}


def _end(at: datetime) -> str:
    """An end, where midnight is 24:00 of the day that it ends."""
    return _("%(time)s ngày %(date)s") % {"time": _clock(at), "date": _day(day_of(at - _TICK))}


def _clock(at: datetime) -> str:
    wall = at.astimezone(VIETNAM)
    return "24:00" if wall.time() == _MIDNIGHT else f"{wall:%H:%M}"
