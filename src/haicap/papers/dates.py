"""Days and moments as offices write them, read without guessing: day before month, whatever the machine's habit."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from haicap.units.vietnamese import fold

_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet that takes 1900 for a leap year
_SERIALS = (36_526, 73_050)  # 1 January 2000 and 31 December 2099
_SEPARATED = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})")
_RUN_ON = re.compile(r"(20\d\d)(\d\d)(\d\d)")
_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) (?:thang|th) (\d{1,2}) (?:nam )?(\d{4}|\d{2})")
_MONTH = re.compile(r"(?:thang |th )?(\d{1,2}) ?[/.\- ] ?(?:nam )?(\d{4})")
_CLOCK = re.compile(
    r"(\d{1,2}) ?(?:giờ|gio|[:hg]) ?(\d{1,2})?(?:[:p'](\d{2})?| ?phút| ?phut)?(?:\.\d+)?", re.IGNORECASE
)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day (the first of a month where only that was written: `whole` is False), and the time of day if any."""

    day: date
    clock: time | None = None
    whole: bool = True


def moment(text: str) -> Moment | None:
    """Read `16/2/26`, `16-02-2026`, `16.02.2026`, `2026-02-16`, `20260216`, `ngày 16 tháng 02 năm 2026`, `02/2026`, the
    number that a spreadsheet has for a day, each with or without a time of day (`08:30`, `8h30`, `8 giờ 30 phút`)
    before or after it; None for anything else, for days that do not exist and for `02/16/2026`.

    Two digits of a year are of this century.
    """
    text = " ".join(text.replace("\xa0", " ").split()).strip(" .,;")
    if serial := _SERIAL.fullmatch(text):
        return _of_serial(float(text)) if _SERIALS[0] <= int(serial[1]) <= _SERIALS[1] else None
    if whole := _day(text):
        return whole
    for found in (_CLOCK.match(text), *_CLOCK.finditer(text)):
        if (
            found
            and (rest := _rest(text, found))
            and (clock := _clock(found))
            and (its := _day(rest))
            and its.whole
        ):
            return Moment(its.day, clock)
    return None


def _rest(text: str, clock: re.Match[str]) -> str:
    """What stands beside the time of day, if that is at one end of the text."""
    before, after = text[: clock.start()], text[clock.end() :]
    if before.strip() and after.strip():
        return ""
    return re.sub(r"^[\s,T]*(ngày |ngay )?|[\s,T]*(lúc|luc)?\s*$", "", before or after, flags=re.IGNORECASE)


def _clock(found: re.Match[str]) -> time | None:
    try:
        return time(int(found[1]), int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def _day(text: str) -> Moment | None:
    try:
        if its := _SEPARATED.fullmatch(text.replace(" ", "")):
            return Moment(date(_year(its[4]), int(its[3]), int(its[1])))
        if its := _ISO.fullmatch(text):
            return Moment(date(int(its[1]), int(its[3]), int(its[4])))
        if its := _RUN_ON.fullmatch(text):
            return Moment(date(int(its[1]), int(its[2]), int(its[3])))
        folded = fold(text)
        if its := _WORDS.fullmatch(folded):
            return Moment(date(_year(its[3]), int(its[2]), int(its[1])))
        if its := _MONTH.fullmatch(folded):
            return Moment(date(int(its[2]), int(its[1]), 1), whole=False)
    except ValueError:
        return None
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _of_serial(number: float) -> Moment:
    at = datetime.combine(_SERIAL_ZERO, time(0)) + timedelta(minutes=round(number * 24 * 60))
    return Moment(at.date(), at.time() if at.time() != time(0) else None)
