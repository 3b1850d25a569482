"""How data lines are told to people: words for codes, the drawing of what was measured, the history of a line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from statistics import median
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from haicap.clocks.wall import VIETNAM, day_of
from haicap.journal.entry import Entry
from haicap.matters.showing import Names, lang
from haicap.means.catalogue.queries import catalogue, name
from haicap.means.lines import entries as e
from haicap.means.lines.fold import Circuit
from haicap.means.lines.models import CircuitRow
from haicap.means.lines.queries import ENOUGH, HALF, LATELY, POOR, STEADY
from haicap.means.premises.showing import money as money
from haicap.means.premises.showing import short_money as short_money
from haicap.nodes.words import length as length

WIDTH, HEIGHT, LEFT, FOOT = 640, 180, 44, 22
MOST_POINTS = 160


def kinds() -> dict[str, str]:
    """The kinds of line of the catalogue."""
    its = catalogue().items()
    return {code: name(kind, lang()) for code, kind in its if kind.family == "line"}


def media() -> dict[str, str]:
    """What lines run over."""
    return {
        "fibre": _("Cáp quang"), "copper": _("Cáp đồng"), "radio": _("Vô tuyến"), "mobile": _("Di động 4G, 5G"),
        "satellite": _("Vệ tinh"),
    }  # fmt: skip


def reasons() -> dict[str, str]:
    """Why a line ends."""
    return {
        "over": _("Hết hợp đồng"), "replaced": _("Thay bằng đường khác"), "poor": _("Chất lượng kém"),
        "moved": _("Chuyển trụ sở"), "mistake": _("Ghi nhầm, không có đường này"),
    }  # fmt: skip


def megabits(rate: Decimal | str) -> str:
    """`100 Mbit/s`."""
    return f"{plain(rate)} Mbit/s"


def plain(number: Decimal | str) -> str:
    """A number of at most one decimal, as the language writes it."""
    its = Decimal(number)
    short = its.quantize(Decimal("0.1")) if its != its.to_integral_value() else its.quantize(Decimal(1))
    return str(formats.number_format(short, use_l10n=True, force_grouping=True))


def percent(share: Decimal | None) -> str:
    """`85 %`; empty for None."""
    return (
        f"{formats.number_format(share.quantize(Decimal(1)), use_l10n=True)} %" if share is not None else ""
    )


def quality(row: CircuitRow, at: datetime) -> tuple[str, str]:
    """The tag of how a line does, and its words."""
    if row.share is None or row.measured is None:
        return "plain", _("Chưa đo")
    if row.measured < at - LATELY:
        return "plain", _("Lâu chưa đo")
    said = percent(row.share)
    if row.share < HALF:
        return "late", _("%(share)s hợp đồng") % {"share": said}
    if row.share < ENOUGH:
        return "soon", _("%(share)s hợp đồng") % {"share": said}
    return "well", _("%(share)s hợp đồng") % {"share": said}


def causes() -> dict[str, str]:
    """Why a line was down."""
    return {
        "provider": _("Sự cố của nhà cung cấp"), "power": _("Mất điện"), "inside": _("Thiết bị, dây trong trụ sở"),
        "weather": _("Mưa bão, sét"), "works": _("Công trình làm đứt cáp"), "parent": _("Máy chủ của tỉnh ngừng"),
        "unknown": _("Chưa rõ"),
    }  # fmt: skip


def service(row: CircuitRow, at: datetime) -> tuple[str, str]:
    """The tag of how available the line was, and its words; no tag where no node has watched it lately."""
    if row.available is None or row.watched is None or row.watched < at - LATELY:
        return "", "–"
    return available(row.available)


def available(share: Decimal) -> tuple[str, str]:
    """Percent of the time watched that a line was up: the tag and the words."""
    said = f"{formats.number_format(share, 1, use_l10n=True)} %"
    return ("late" if share < POOR else "soon" if share < STEADY else "well"), said


def span_words(began: datetime, ended: datetime) -> str:
    """`08:15–14:40 ngày 12/07/2026`, in Vietnam's time; with both days where they differ."""
    one, other = began.astimezone(VIETNAM), ended.astimezone(VIETNAM)
    if one.date() == other.date():
        parts = {"span": f"{one:%H:%M}–{other:%H:%M}", "day": f"{one:%d/%m/%Y}"}
        return _("%(span)s ngày %(day)s") % parts
    return f"{one:%H:%M %d/%m/%Y} – {other:%H:%M %d/%m/%Y}"


def length_words_of(minutes: int | None) -> str:
    """The same of minutes; a dash for None."""
    return "–" if minutes is None else length(timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True)
class Down:
    """An outage as the page of a line shows it; `at` is its place in the address of its form."""

    span: str
    length: str
    cause: str
    note: str
    at: int


def outages(circuit: Circuit) -> list[Down]:
    """The outages that a line's state holds, the latest first."""
    return [
        Down(
            span_words(it.began, it.ended), length(it.length), causes()[it.cause] if it.cause else "", it.note,
            int(it.began.timestamp()),
        )
        for it in reversed(circuit.outages)
    ]  # fmt: skip


def rates(its: e.Terms) -> str:
    """`100 / 50 Mbit/s`, down and up."""
    return f"{plain(its.down)} / {plain(its.up)} Mbit/s"


def until_words(until: date | None, day: date) -> tuple[str, str]:
    """The tag and words of the last day of a contract."""
    if until is None:
        return "", "–"
    said = f"{until:%d/%m/%Y}"
    if until < day:
        return "late", _("hết hạn %(day)s") % {"day": said}
    return ("soon" if (until - day).days <= 60 else ""), said


@dataclass(frozen=True, slots=True)
class Day:
    """What was measured on a day: how often, the median of down and up, and the worst share."""

    day: date
    count: int
    down: str
    up: str
    worst: str
    low: bool


def days(circuit: Circuit) -> list[Day]:
    """The days on which something was measured, the latest first."""
    found = []
    for day, group in groupby(circuit.measures, key=lambda it: day_of(it.at)):
        its = list(group)
        worst = min(circuit.share(it) for it in its)
        down, up = (median(Decimal(getattr(it, way)) for it in its) for way in ("down", "up"))
        found.append(Day(day, len(its), plain(down), plain(up), percent(worst), worst < HALF))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Measurements as lines in a box of `WIDTH` by `HEIGHT`: down and up, what is contracted and half of it."""

    down: str
    up: str
    contracted: float
    half: float
    marks: tuple[tuple[float, str], ...]  # across: place and day
    heights: tuple[tuple[float, str], ...]  # upward: place and Mbit/s
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    foot: int = HEIGHT - FOOT


def drawing(circuit: Circuit) -> Drawing | None:
    """The drawing of a line's measurements; None for fewer than two. Of many, the lowest of each stretch."""
    its = _thinned(circuit.measures)
    if len(its) < 2:
        return None
    first, last = its[0].at, its[-1].at
    contracted = Decimal(circuit.now.down)
    top = max(contracted, *(Decimal(it.down) for it in its), *(Decimal(it.up) for it in its)) * Decimal(
        "1.05"
    )

    def across(at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - 6) * ((at - first) / (last - first)), 1)

    def upward(rate: Decimal) -> float:
        return round(HEIGHT - FOOT - (HEIGHT - FOOT - 8) * float(rate / top), 1)

    def path(way: str) -> str:
        return " ".join(f"{across(it.at)},{upward(Decimal(getattr(it, way)))}" for it in its)

    stops = [first + (last - first) * n / 4 for n in range(5)]
    levels = (Decimal(), contracted / 2, contracted)
    return Drawing(
        path("down"), path("up"), upward(contracted), upward(contracted / 2),
        tuple((across(at), f"{day_of(at):%d/%m}") for at in stops),
        tuple((upward(rate), plain(rate)) for rate in levels),
    )  # fmt: skip


def _thinned(measures: Sequence[e.Measure]) -> list[e.Measure]:
    size = -(-len(measures) // MOST_POINTS)
    if size <= 1:
        return list(measures)
    return [
        min(measures[n : n + size], key=lambda it: Decimal(it.down)) for n in range(0, len(measures), size)
    ]


def events(entries: Iterable[Entry[Any]], names: Names) -> list[dict[str, Any]]:
    """A line's entries as a timeline tells them, oldest first; of the days watched only the newest."""
    its = [entry for entry in entries if entry.body is not None]
    days = [entry.id for entry in its if isinstance(entry.body, e.CircuitWatched)]
    return [_event(entry, names) for entry in its if entry.id not in days[:-1]]


def _event(entry: Entry[Any], names: Names) -> dict[str, Any]:
    title, text, kind = _said(entry.body)
    return {"at": entry.at, "by": names.person(entry.actor), "kind": kind, "title": title, "text": text}


def _said(body: Any) -> tuple[str, str, str]:
    match body:
        case e.CircuitContracted() as it:
            return _("Ghi nhận đường truyền"), terms_words(it.terms), ""
        case e.CircuitChanged() as it:
            return _("Đã đổi hợp đồng"), terms_words(it.terms), ""
        case e.CircuitCorrected() as it:
            return _("Đã đính chính hợp đồng"), f"{terms_words(it.terms)}; {it.reason}", "hold"
        case e.CircuitEnded() as it:
            parts = [reasons()[it.why], _("từ %(day)s") % {"day": f"{it.since:%d/%m/%Y}"}, it.note]
            return _("Đường truyền thôi dùng"), "; ".join(filter(None, parts)), "late"
        case e.CircuitInterrupted() as it:
            return (
                _("Mất đường truyền"),
                _("%(span)s (máy của đơn vị tự đo)") % {"span": span_words(it.began, it.ended)},
                "late",
            )
        case e.CircuitExplained() as it:
            parts = [span_of(it.began), causes()[it.cause], it.note]
            return _("Nguyên nhân mất đường truyền"), "; ".join(filter(None, parts)), ""
        case e.CircuitWatched() as it:
            return _("Theo dõi trong ngày"), watched_words(it), "done"
        case e.CircuitMeasured() as it:
            span = f"{day_of(it.measures[0].at):%d/%m/%Y} – {day_of(it.measures[-1].at):%d/%m/%Y}"
            said = _("%(n)s lần đo, %(span)s") % {"n": len(it.measures), "span": span}
            how = _("nhập từ bảng") if it.source == "import" else _("máy của đơn vị tự đo")
            return _("Đo chất lượng"), f"{said} ({how})", "done"
        case _:
            return body.kind, "", ""


def span_of(began: datetime) -> str:
    """`từ 08:15 ngày 12/07/2026`."""
    here = began.astimezone(VIETNAM)
    return _("từ %(time)s ngày %(day)s") % {"time": f"{here:%H:%M}", "day": f"{here:%d/%m/%Y}"}


def watched_words(its: e.CircuitWatched) -> str:
    """A watched day: how long, delay, what did not arrive, the quickest transfers."""
    parts = [
        f"{day_of(its.since):%d/%m/%Y}", length(timedelta(seconds=its.seconds)),
        _("độ trễ %(n)s ms") % {"n": its.delay} if its.delay is not None else "",
        _("không tới nơi %(failed)s/%(asks)s") % {"failed": its.failed, "asks": its.asks},
        _("ít nhất %(rate)s xuống") % {"rate": megabits(its.down)} if its.down else "",
        _("ít nhất %(rate)s lên") % {"rate": megabits(its.up)} if its.up else "",
    ]  # fmt: skip
    return "; ".join(filter(None, parts))


def terms_words(its: e.Terms) -> str:
    """Provider, number, rates and dates in one line."""
    until = _("đến %(day)s") % {"day": f"{its.until:%d/%m/%Y}"} if its.until else ""
    since = _("từ %(day)s") % {"day": f"{its.since:%d/%m/%Y}"}
    return "; ".join(filter(None, (f"{its.provider} {its.number}", rates(its), since, until, its.paper)))
