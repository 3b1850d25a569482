# ruff: noqa: E501 - a row of hand-computed cases stays on one line
"""Limits reckoned by hand, one row each, and what must hold for all of them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.clocks.calendars import Calendar, Label, OfficeHours, OutsideCalendar, draft
from haicap.clocks.limits import Unit, parse
from haicap.clocks.reckoning import Left, Reckoned, in_force, left, passed_on, reckon
from haicap.clocks.regimes import UnknownRegime
from haicap.clocks.steps import DayOne, Extended, Extension, MonthEnd, Pause, Paused, Rest, Rolled
from haicap.clocks.wall import VIETNAM, Unreckonable

CALENDAR = draft(2024, 2030)
CIVIL, CRIMINAL, OFFICE = "civil", "criminal-procedure", "office"


def at(text: str) -> datetime:
    """ "2026-02-23 24:00" is the midnight that ends the 23rd, as the law writes it; the zone is Vietnam's."""
    if text.endswith("24:00"):
        return datetime.fromisoformat(text[:10]).replace(tzinfo=VIETNAM) + timedelta(days=1)
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


# 2026: 1 Jan Thursday · 2 Jan off for 10 Jan (Sat) worked · Tết off 16-20 Feb, with weekends 14-22 Feb · 26 Apr Hùng Kings
# on a Sunday, 27 Apr off · 30 Apr (Thu), 1 May (Fri) · 31 Aug off for 22 Aug (Sat) worked · 1, 2 Sep · 24 Nov (Tue).
# An office day is 07:30-11:30, 13:30-17:00: seven and a half hours.
CASES = [
    # id, regime, limit, start, due, what decides it, why
    ("report-in-tet", CRIMINAL, "24 hours", "2026-02-16 08:00", "2026-02-17 08:00", "CPC 134", "hours do not stop for Tết"),
    ("report-remote", CRIMINAL, "48 hours", "2026-02-14 22:15", "2026-02-16 22:15", "CPC 134", "nor for nights and Sundays"),
    ("caught-in-act", CRIMINAL, "12 hours", "2026-02-16 23:00", "2026-02-17 11:00", "CPC 114(1)", "across midnight"),
    ("at-once", CRIMINAL, "at once", "2026-02-17 03:12", "2026-02-17 03:12", "CPC 145(1)", "the moment itself"),
    ("new-year-hours", CRIMINAL, "24 hours", "2026-12-31 23:59", "2027-01-01 23:59", "CPC 134", "across the year"),
    ("report-7-days", CRIMINAL, "7 days", "2026-01-05 09:00", "2026-01-12 24:00", "CC 147", "5th not counted, 6th to 12th"),
    ("report-7-days-late", CRIMINAL, "7 days", "2026-01-05 23:59", "2026-01-12 24:00", "CC 147", "the hour of day one is nothing"),
    ("report-7-days-tet", CRIMINAL, "7 days", "2026-02-10 09:00", "2026-02-23 24:00", "CPC 134", "17 Feb is Tết, Mon 23 is worked"),
    ("notice-sunday", CRIMINAL, "3 days", "2026-03-05 10:00", "2026-03-09 24:00", "CPC 134", "8 Mar is a Sunday"),
    ("notice-worked-sat", CRIMINAL, "3 days", "2026-08-19 10:00", "2026-08-22 24:00", "CPC 134", "Sat 22 Aug is worked: no roll"),
    ("settle-20", CRIMINAL, "20 days", "2026-03-02 08:00", "2026-03-23 24:00", "CPC 147(1)", "22 Mar is a Sunday"),
    ("settle-2-months", CRIMINAL, "2 months", "2026-03-02 08:00", "2026-05-04 24:00", "CPC 134", "2 May is a Saturday"),
    ("month-31-jan", CRIMINAL, "1 month", "2026-01-31 08:00", "2026-03-02 24:00", "CPC 134", "no 31 Feb: 28 Feb, a Saturday"),
    ("month-31-mar", CRIMINAL, "1 month", "2026-03-31 08:00", "2026-05-04 24:00", "CPC 134", "30 Apr, 1 May, weekend"),
    ("month-24-nov", CRIMINAL, "1 month", "2026-10-24 08:00", "2026-11-25 24:00", "CPC 134", "24 Nov is a holiday from 2026"),
    ("month-24-nov-2025", CRIMINAL, "1 month", "2025-10-24 08:00", "2025-11-24 24:00", "CPC 134", "and was none in 2025"),
    ("order-date", CRIMINAL, "until 2026-05-02", "2026-04-02 08:00", "2026-05-02 24:00", "CPC 134", "the order's date, Saturday or not"),
    ("complaint-30", CIVIL, "30 days", "2026-03-02 08:00", "2026-04-01 24:00", "CC 148(1)", "30 days after 2 Mar"),
    ("complaint-30-sat", CIVIL, "30 days", "2026-03-05 08:00", "2026-04-06 24:00", "CC 148(5)", "4 Apr is a Saturday"),
    ("complaint-remote", CIVIL, "45 days", "2026-03-12 08:00", "2026-04-28 24:00", "CC 148(5)", "Hùng Kings on Sunday, Monday off"),
    ("complaint-90", CIVIL, "90 days", "2026-01-01 08:00", "2026-04-01 24:00", "CC 148(1)", "30 + 28 + 31 + 1"),
    ("fine-tet", CIVIL, "7 working days", "2026-02-12 08:00", "2026-03-02 24:00", "LHAV 66", "13; 23-27 Feb; 2 Mar"),
    ("record-sep", CIVIL, "2 working days", "2026-08-28 08:00", "2026-09-04 24:00", "LHAV 58", "31 Aug to 2 Sep off: Thu, Fri"),
    ("fine-month", CIVIL, "1 month", "2026-11-30 08:00", "2026-12-30 24:00", "CC 148(3)", "the same date"),
    ("month-30-nov", CIVIL, "3 months", "2025-11-30 08:00", "2026-03-02 24:00", "CC 148(3)", "no 30 Feb: 28 Feb, a Saturday"),
    ("month-leap", CIVIL, "1 month", "2028-01-31 08:00", "2028-02-29 24:00", "CC 148(3)", "2028 has a 29 Feb, a Tuesday"),
    ("year-from-leap", CIVIL, "12 months", "2028-02-29 08:00", "2029-02-28 24:00", "CC 148(3)", "2029 has none"),
    ("month-28-feb", CIVIL, "1 month", "2026-02-28 08:00", "2026-03-30 24:00", "CC 148(3)", "28 Mar, not 31; a Saturday"),
    ("record-24h", CIVIL, "24 hours", "2026-04-24 17:00", "2026-04-25 17:00", "CC 147(1)", "into Saturday, not rolled"),
    ("comply-10", CIVIL, "10 days", "2026-11-14 09:00", "2026-11-25 24:00", "CC 148(5)", "24 Nov 2026 is a holiday"),
    ("stated-holiday", CIVIL, "until 2026-05-01", "2026-04-01 08:00", "2026-05-04 24:00", "CC 148(5)", "1 May, weekend"),
    ("lodging-12h", CIVIL, "12 hours", "2026-08-22 23:30", "2026-08-23 11:30", "Circular 53/2016", "a third party's hours"),
    ("residence-7-tet", OFFICE, "7 working days", "2026-02-12 08:00", "2026-03-02 17:00", "Residence 22(3)", "the civil row, at the close"),
    ("residence-aug", OFFICE, "3 working days", "2026-08-20 08:00", "2026-08-24 17:00", "Residence 28(2)", "Fri, worked Saturday, Mon"),
    ("absence-aug", OFFICE, "1 working day", "2026-08-21 08:00", "2026-08-22 17:00", "Residence 31(2)", "Saturday worked all day"),
    ("residence-nov", OFFICE, "3 working days", "2026-11-20 08:00", "2026-11-26 17:00", "Residence 28(2)", "23, not 24, 25, 26"),
    ("sunday-receipt", OFFICE, "2 working days", "2026-03-08 10:00", "2026-03-10 17:00", "CC 147", "Mon, Tue"),
    ("evening-receipt", OFFICE, "1 working day", "2026-03-09 20:00", "2026-03-10 17:00", "CC 147", "the day of receipt still is Monday"),
    ("new-year-swap", OFFICE, "1 working day", "2025-12-31 08:00", "2026-01-05 17:00", "days.toml", "1, 2 Jan off, weekend"),
    ("new-year-worked", OFFICE, "5 working days", "2026-01-05 08:00", "2026-01-10 17:00", "days.toml", "6-9 Jan and Saturday 10"),
    ("feedback-15", OFFICE, "15 working days", "2026-04-20 08:00", "2026-05-14 17:00", "Decree 20/2008", "4 + 2 + 5 + 4"),
    ("half-morning", OFFICE, "0.5 working days", "2026-07-06 08:00", "2026-07-06 17:00", "Circular 116/2026", "the afternoon sitting"),
    ("half-afternoon", OFFICE, "0.5 working days", "2026-07-06 14:00", "2026-07-07 11:30", "Circular 116/2026", "the next morning"),
    ("half-noon", OFFICE, "0.5 working days", "2026-07-06 12:00", "2026-07-06 17:00", "Circular 116/2026", "in no sitting: the next one"),
    ("half-early", OFFICE, "0.5 working days", "2026-07-06 06:50", "2026-07-06 11:30", "Circular 116/2026", "before the first sitting"),
    ("half-friday", OFFICE, "0.5 working days", "2026-07-03 17:30", "2026-07-06 11:30", "Circular 116/2026", "after the close: Monday morning"),
    ("half-tet", OFFICE, "0.5 working days", "2026-02-13 14:00", "2026-02-23 11:30", "Circular 116/2026", "the first morning after Tết"),
    ("one-and-half", OFFICE, "1.5 working days", "2026-07-06 08:00", "2026-07-08 11:30", "setting", "Tuesday and Wednesday morning"),
    ("vehicle-8h", OFFICE, "8 working hours", "2026-07-06 07:30", "2026-07-07 08:00", "Circular 79/2024", "7.5 h and 0.5 h"),
    ("vehicle-weekend", OFFICE, "8 working hours", "2026-07-03 16:00", "2026-07-06 16:30", "Circular 79/2024", "1 h; 4 h and 3 h on Monday"),
    ("vehicle-night", OFFICE, "8 working hours", "2026-07-02 20:00", "2026-07-06 08:00", "Circular 79/2024", "Friday whole, 0.5 h"),
    ("vehicle-close", OFFICE, "3.5 working hours", "2026-07-06 13:30", "2026-07-06 17:00", "Circular 79/2024", "ends at the close, not next morning"),
    ("vehicle-tet", OFFICE, "8 working hours", "2026-02-13 15:00", "2026-02-23 15:30", "Circular 79/2024", "2 h; 4 h and 2 h after Tết"),
    ("vehicle-aug", OFFICE, "8 working hours", "2026-08-21 15:00", "2026-08-22 15:30", "Circular 79/2024", "2 h; 6 h on the worked Saturday"),
    ("residence-30", OFFICE, "30 days", "2026-04-01 08:00", "2026-05-04 17:00", "CC 148(5)", "1 May; at the close"),
    ("office-month", OFFICE, "1 month", "2026-07-22 08:00", "2026-08-22 17:00", "CC 148(3)", "22 Aug is worked"),
    ("office-stated", OFFICE, "until 2026-09-02", "2026-08-03 08:00", "2026-09-03 17:00", "CC 148(5)", "2 Sep is a holiday"),
    ("office-hours-run", OFFICE, "24 hours", "2026-07-03 16:00", "2026-07-04 16:00", "CC 147(1)", "hours, not working hours"),
    ("evening-same-day", OFFICE, "until 2026-07-06", "2026-07-06 18:00", "2026-07-06 18:00", "setting", "never over before it starts"),
]  # fmt: skip


def by(regime: str, limit: str, start: str, **more: object) -> Reckoned:
    return reckon(limit=limit, start=at(start), regime=regime, calendar=CALENDAR, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("regime", "limit", "start", "due"), [case[1:5] for case in CASES], ids=[case[0] for case in CASES]
)
def test_by_hand(regime: str, limit: str, start: str, due: str) -> None:
    reckoned = by(regime, limit, start)
    assert reckoned.due == at(due)
    assert reckoned.due is not None
    assert reckoned.due.tzinfo is UTC


PAUSED = [
    # id, regime, limit, start, pauses [since, until), due, why
    ("complaint", CIVIL, "30 days", "2026-07-06 08:00", [("2026-07-15 10:00", "2026-07-25 15:00")],
     "2026-08-17 24:00", "5 Aug + 10 days is Saturday 15 Aug"),
    ("two-overlap", CIVIL, "30 days", "2026-07-06 08:00",
     [("2026-07-20 09:00", "2026-07-27 09:00"), ("2026-07-15 10:00", "2026-07-25 15:00")],
     "2026-08-17 24:00", "12 days from 15 to 27 July, none twice"),
    ("one-in-another", CIVIL, "30 days", "2026-07-06 08:00",
     [("2026-07-15 10:00", "2026-07-25 15:00"), ("2026-07-17 09:00", "2026-07-18 09:00")],
     "2026-08-17 24:00", "the inner one gives nothing more"),
    ("second-in-the-gain", CIVIL, "30 days", "2026-07-06 08:00",
     [("2026-07-15 10:00", "2026-07-25 15:00"), ("2026-08-12 09:00", "2026-08-14 09:00")],
     "2026-08-17 24:00", "15 Aug + 2 days, a Monday"),
    ("months", CRIMINAL, "2 months", "2026-03-02 08:00", [("2026-04-10 09:00", "2026-04-15 09:00")],
     "2026-05-07 24:00", "2 May + 5 days"),
    ("over-weekend", OFFICE, "5 working days", "2026-07-06 08:00", [("2026-07-10 16:00", "2026-07-13 09:00")],
     "2026-07-14 17:00", "Friday stands still, Monday runs"),
    ("weekend-only", OFFICE, "5 working days", "2026-07-06 08:00", [("2026-07-11 08:00", "2026-07-13 07:00")],
     "2026-07-13 17:00", "no working day was lost"),
    ("in-one-day", OFFICE, "5 working days", "2026-07-06 08:00", [("2026-07-08 09:00", "2026-07-08 15:00")],
     "2026-07-13 17:00", "the clock runs when the day ends"),
    ("before-start", OFFICE, "5 working days", "2026-07-06 08:00", [("2026-07-01 09:00", "2026-07-03 09:00")],
     "2026-07-13 17:00", "over before the clock starts"),
    ("from-day-one", OFFICE, "5 working days", "2026-07-06 08:00", [("2026-07-06 09:00", "2026-07-08 09:00")],
     "2026-07-14 17:00", "day one is not counted anyway: Tuesday alone"),
    ("on-last-day", OFFICE, "5 working days", "2026-07-06 08:00", [("2026-07-13 10:00", "2026-07-16 09:00")],
     "2026-07-16 17:00", "the last day is the day of resuming"),
    ("after-close", OFFICE, "5 working days", "2026-07-06 08:00", [("2026-07-13 17:30", "2026-07-16 09:00")],
     "2026-07-13 17:00", "the limit was over"),
    ("on-rolled-day", CIVIL, "30 days", "2026-03-05 08:00", [("2026-04-06 10:00", "2026-04-08 09:00")],
     "2026-04-08 24:00", "Saturday 4 Apr moved to Monday 6 Apr, which stood still"),
    ("hours", CRIMINAL, "24 hours", "2026-07-06 08:00", [("2026-07-06 12:00", "2026-07-06 14:00")],
     "2026-07-07 10:00", "to the minute"),
    ("hours-at-end", CRIMINAL, "24 hours", "2026-07-06 08:00", [("2026-07-07 08:00", "2026-07-07 14:00")],
     "2026-07-07 08:00", "begins as the limit is over"),
    ("working-hours", OFFICE, "8 working hours", "2026-07-06 07:30", [("2026-07-06 10:00", "2026-07-06 14:30")],
     "2026-07-07 10:30", "2.5 h + 2.5 h on Monday, 3 h on Tuesday"),
    ("working-hours-lunch", OFFICE, "8 working hours", "2026-07-06 07:30", [("2026-07-06 11:30", "2026-07-06 13:30")],
     "2026-07-07 08:00", "no office time was lost"),
    ("half-day", OFFICE, "0.5 working days", "2026-07-06 08:00", [("2026-07-06 14:00", "2026-07-07 09:00")],
     "2026-07-07 11:30", "the afternoon stood still when it ended"),
]  # fmt: skip


def stood(spans: list[tuple[str, str]]) -> list[Pause]:
    return [Pause(at(since), at(until), "bổ sung hồ sơ") for since, until in spans]


@pytest.mark.parametrize(
    ("regime", "limit", "start", "spans", "due"),
    [case[1:6] for case in PAUSED],
    ids=[case[0] for case in PAUSED],
)
def test_pauses_by_hand(regime: str, limit: str, start: str, spans: list[tuple[str, str]], due: str) -> None:
    assert by(regime, limit, start, pauses=stood(spans)).due == at(due)


RUNNING = [
    # id, regime, limit, start, paused since, rest of the time
    ("days", CIVIL, "30 days", "2026-07-06 08:00", "2026-07-15 10:00", Rest(Unit.DAY, Fraction(22))),
    ("months", CRIMINAL, "2 months", "2026-03-02 08:00", "2026-04-10 10:00", Rest(Unit.DAY, Fraction(23))),
    ("working-days", OFFICE, "5 working days", "2026-07-06 08:00", "2026-07-10 16:00", Rest(Unit.WORKING_DAY, Fraction(2))),
    ("hours", CRIMINAL, "24 hours", "2026-07-06 08:00", "2026-07-06 12:20", Rest(Unit.HOUR, Fraction(59, 3))),
    ("working-hours", OFFICE, "8 working hours", "2026-07-06 07:30", "2026-07-06 19:00", Rest(Unit.WORKING_HOUR, Fraction(1, 2))),
    ("half-day", OFFICE, "0.5 working days", "2026-07-06 08:00", "2026-07-06 14:00", Rest(Unit.WORKING_DAY, Fraction(1, 2))),
    ("rolled-day", CIVIL, "30 days", "2026-03-05 08:00", "2026-04-06 10:00", Rest(Unit.DAY, Fraction(1))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "limit", "start", "since", "rest"),
    [case[1:] for case in RUNNING],
    ids=[case[0] for case in RUNNING],
)
def test_running_pause_leaves_the_rest(regime: str, limit: str, start: str, since: str, rest: Rest) -> None:
    reckoned = by(regime, limit, start, pauses=[Pause(at(since), None, "chờ kết quả giám định")])
    assert reckoned.due is None
    assert reckoned.rest == (rest,)


LONGER = [
    # id, regime, limit, start, extensions, due, why
    ("complex", CRIMINAL, "20 days", "2026-03-02 08:00", [("to", "2 months")], "2026-05-04 24:00", "2 months in all: 2 May, Sat"),
    ("procurator", CRIMINAL, "20 days", "2026-03-02 08:00", [("to", "2 months"), ("add", "2 months")],
     "2026-07-02 24:00", "four months in all, from 2 May and not from the 4th"),
    ("denunciation", CIVIL, "30 days", "2026-03-02 08:00", [("add", "30 days")], "2026-05-04 24:00", "1 Apr + 30 is 1 May"),
    ("twice", CIVIL, "30 days", "2026-03-02 08:00", [("add", "30 days"), ("add", "30 days")], "2026-06-01 24:00", "31 May is a Sunday"),
    ("absence", OFFICE, "1 working day", "2026-07-06 08:00", [("to", "2 working days")], "2026-07-08 17:00", "two in all"),
    ("information", OFFICE, "10 working days", "2026-07-06 08:00", [("add", "10 working days")], "2026-08-03 17:00", "20 July, 3 Aug"),
    ("hours", CRIMINAL, "12 hours", "2026-07-06 20:00", [("to", "24 hours")], "2026-07-07 20:00", "24 in all"),
    ("more-hours", CRIMINAL, "12 hours", "2026-07-06 20:00", [("add", "12 hours")], "2026-07-07 20:00", "12 and 12"),
    ("new-date", OFFICE, "3 working days", "2026-07-06 08:00", [("to", "until 2026-07-15")], "2026-07-15 17:00", "the date promised"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "limit", "start", "longer", "due"),
    [case[1:6] for case in LONGER],
    ids=[case[0] for case in LONGER],
)
def test_extensions_by_hand(
    regime: str, limit: str, start: str, longer: list[tuple[str, str]], due: str
) -> None:
    extensions = [Extension(parse(length), how) for how, length in longer]  # type: ignore[arg-type]
    reckoned = by(regime, limit, start, extensions=extensions)
    assert reckoned.due == at(due)
    assert len([step for step in reckoned.steps if isinstance(step, Extended)]) == len(longer)


def test_pause_before_and_after_an_extension_each_gives_back_once() -> None:
    pauses = stood([("2026-03-10 08:00", "2026-03-12 08:00"), ("2026-04-20 08:00", "2026-04-25 08:00")])
    reckoned = by(
        CIVIL, "30 days", "2026-03-02 08:00", pauses=pauses, extensions=[Extension(parse("30 days"), "add")]
    )
    # 1 Apr + 2 = 3 Apr; + 30 = 3 May; + 5 = 8 May, a Friday.
    assert reckoned.due == at("2026-05-08 24:00")
    assert len([step for step in reckoned.steps if isinstance(step, Paused)]) == 2


def test_extension_granted_while_the_clock_stands_still_adds_to_the_rest() -> None:
    pause = Pause(at("2026-07-15 10:00"), None, "chờ")
    longer = [Extension(parse("30 days"), "add")]
    reckoned = by(CIVIL, "30 days", "2026-07-06 08:00", pauses=[pause], extensions=longer)
    assert reckoned.rest == (Rest(Unit.DAY, Fraction(22)), Rest(Unit.DAY, Fraction(30)))


BACK = [
    # id, regime, limit, end, due, why
    ("fire-notice", OFFICE, "3 working days before", date(2026, 10, 9), "2026-10-06 17:00", "Thu, Wed, Tue"),
    ("fire-notice-civil", CIVIL, "3 working days before", date(2026, 10, 9), "2026-10-06 24:00", "the same day, to 24:00"),
    ("fire-notice-tet", OFFICE, "3 working days before", date(2026, 2, 24), "2026-02-12 17:00", "23, 13, 12 Feb"),
    ("procurator-lead", CRIMINAL, "5 days before", at("2026-05-04 24:00"), "2026-04-29 24:00", "midnight belongs to 4 May"),
    ("lead-off", CRIMINAL, "5 days before", at("2026-05-06 24:00"), "2026-04-29 24:00", "1 May is off: back to 29 Apr"),
    ("apology", OFFICE, "1 day before", at("2026-10-09 17:00"), "2026-10-08 17:00", "the day before"),
    ("apology-monday", OFFICE, "1 day before", at("2026-10-12 17:00"), "2026-10-09 17:00", "Sunday: back to Friday"),
    ("renew", CIVIL, "1 month before", date(2026, 3, 31), "2026-02-27 24:00", "28 Feb is a Saturday"),
    ("hours", CIVIL, "24 hours before", at("2026-10-09 14:00"), "2026-10-08 14:00", "from the moment"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "limit", "end", "due"), [case[1:5] for case in BACK], ids=[case[0] for case in BACK]
)
def test_counted_back_by_hand(regime: str, limit: str, end: date | datetime, due: str) -> None:
    assert by(regime, limit, "2026-01-05 08:00", end=end).due == at(due)


@dataclass(frozen=True)
class Version:
    valid_from: date
    valid_until: date | None
    regime: str
    limit: str


ACCEPTANCE = [
    Version(date(2012, 7, 1), date(2026, 7, 1), CIVIL, "10 days"),
    Version(date(2026, 7, 1), None, OFFICE, "7 working days"),
]
CONFIRMATION = [
    Version(date(2021, 7, 1), date(2026, 7, 1), OFFICE, "1 working day"),
    Version(date(2026, 7, 1), None, OFFICE, "0.5 working days"),
]


@pytest.mark.parametrize(
    ("versions", "start", "due"),
    [
        (
            ACCEPTANCE,
            "2026-06-30 23:59",
            "2026-07-10 24:00",
        ),  # ten days under the old text, though it ends under the new
        (ACCEPTANCE, "2026-07-01 00:00", "2026-07-10 17:00"),  # 2, 3, 6-10 July
        (CONFIRMATION, "2026-06-30 14:00", "2026-07-01 17:00"),
        (CONFIRMATION, "2026-07-01 14:00", "2026-07-02 11:30"),
    ],
)
def test_the_day_of_the_start_decides_which_law(versions: list[Version], start: str, due: str) -> None:
    rule = in_force(versions, at(start))
    assert by(rule.regime, rule.limit, start).due == at(due)


def test_no_rule_or_two_rules_in_force_is_an_error() -> None:
    with pytest.raises(LookupError, match="0 rules in force on 2010-01-01"):
        in_force(ACCEPTANCE, at("2010-01-01 08:00"))
    with pytest.raises(LookupError, match="2 rules"):
        in_force([*ACCEPTANCE, ACCEPTANCE[1]], at("2026-08-01 08:00"))


def test_saturday_morning_counts_where_it_is_set() -> None:
    open_saturday = CALENDAR.model_copy(update={"office": OfficeHours(saturday_morning=True)})

    def due(limit: str, start: str) -> datetime | None:
        return reckon(limit=limit, start=at(start), regime=OFFICE, calendar=open_saturday).due

    assert due("1 working day", "2026-07-03 08:00") == at("2026-07-04 11:30")
    assert due("1 working day", "2026-08-21 08:00") == at("2026-08-22 17:00")  # worked all day
    assert due("8 working hours", "2026-07-03 15:00") == at("2026-07-06 09:30")  # 2 h, 4 h, 2 h


def test_the_derivation_names_what_decided() -> None:
    steps = by(CRIMINAL, "1 month", "2026-01-31 08:00").steps
    one, end, rolled, _ = steps
    assert isinstance(one, DayOne)
    assert one.rule.mark == "memory"
    assert isinstance(end, MonthEnd)
    assert isinstance(rolled, Rolled)
    assert rolled.rule.mark == "verified"
    assert [skipped.day.day for skipped in rolled.off] == [28, 1]


def test_that_days_roll_in_criminal_procedure_is_from_memory() -> None:
    rolled = [step for step in by(CRIMINAL, "3 days", "2026-03-05 10:00").steps if isinstance(step, Rolled)]
    assert [step.rule.mark for step in rolled] == ["memory"]


@pytest.mark.parametrize(
    ("question", "error", "says"),
    [
        ({"start": datetime(2026, 1, 5, 8)}, Unreckonable, "without a time zone"),  # noqa: DTZ001
        ({"regime": "martial"}, UnknownRegime, "civil, criminal-procedure, office"),
        ({"start": at("2023-12-30 08:00")}, OutsideCalendar, "covers 2024 to 2030, not 2023-12-31"),
        ({"start": at("2030-12-30 08:00")}, OutsideCalendar, "2031-01-01"),
        ({"limit": "until 2026-01-04"}, Unreckonable, "before the start"),
        ({"limit": "3 working days before"}, Unreckonable, "nothing to count back from"),
        (
            {"limit": "0.5 working days before", "end": date(2026, 2, 2)},
            Unreckonable,
            "cannot be counted back",
        ),
        (
            {"pauses": [Pause(at("2026-01-06 08:00"), at("2026-01-06 08:00"), "chờ")]},
            Unreckonable,
            "ends before",
        ),
    ],
)
def test_what_cannot_be_reckoned_is_refused(
    question: dict[str, object], error: type[Exception], says: str
) -> None:
    asked = {
        "limit": "2 working days",
        "start": at("2026-01-05 08:00"),
        "regime": OFFICE,
        "calendar": CALENDAR,
    }
    with pytest.raises(error, match=says):
        reckon(**(asked | question))  # type: ignore[arg-type]


class Seen(NamedTuple):
    due: str
    now: str
    unit: Unit
    overdue: bool
    amount: int
    word: str


@pytest.mark.parametrize(
    "seen",
    [
        Seen("2026-07-08 17:00", "2026-07-06 09:00", Unit.WORKING_DAY, False, 2, "working-day"),
        Seen("2026-07-06 17:00", "2026-07-03 09:00", Unit.WORKING_DAY, False, 1, "working-day"),
        Seen("2026-07-08 24:00", "2026-07-06 09:00", Unit.DAY, False, 2, "day"),
        Seen("2026-07-06 16:30", "2026-07-06 09:00", Unit.DAY, False, 0, "today"),
        Seen("2026-07-06 24:00", "2026-07-06 09:00", Unit.DAY, False, 0, "today"),
        Seen("2026-07-06 16:30", "2026-07-06 09:00", Unit.HOUR, False, 7, "hour"),
        Seen("2026-07-08 08:30", "2026-07-06 09:00", Unit.HOUR, False, 47, "hour"),
        Seen("2026-07-08 09:30", "2026-07-06 09:00", Unit.HOUR, False, 2, "day"),
        Seen("2026-07-06 09:20", "2026-07-06 09:00", Unit.DAY, False, 20, "minute"),
        Seen("2026-07-06 09:00", "2026-07-06 09:00", Unit.DAY, True, 0, "minute"),
        Seen("2026-07-06 09:00", "2026-07-06 12:59", Unit.WORKING_DAY, True, 3, "hour"),
        Seen("2026-07-03 17:00", "2026-07-05 12:00", Unit.WORKING_DAY, True, 43, "hour"),
        Seen("2026-07-03 17:00", "2026-07-07 12:00", Unit.WORKING_DAY, True, 2, "working-day"),
        Seen("2026-07-03 24:00", "2026-07-07 12:00", Unit.MONTH, True, 4, "day"),
    ],
)
def test_how_far_away(seen: Seen) -> None:
    found = left(at(seen.due), at(seen.now), seen.unit, CALENDAR)
    assert found == Left(seen.overdue, seen.amount, seen.word, at(seen.due))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ("2026-07-06 09:00", "2026-07-06 17:00"),
        ("2026-07-06 15:00", "2026-07-06 17:00"),
        ("2026-07-06 15:01", "2026-07-07 07:30"),
        ("2026-07-03 16:00", "2026-07-06 07:30"),
        ("2026-07-04 09:00", "2026-07-06 07:30"),
        ("2026-02-13 15:30", "2026-02-23 07:30"),
    ],
)
def test_desk_passes_on_late_files_the_next_working_day(received: str, until: str) -> None:
    assert passed_on(at(received), CALENDAR) == at(until)


REGIMES = st.sampled_from([CIVIL, CRIMINAL, OFFICE])
LIMITS = st.one_of(
    st.integers(1, 90).map("{} days".format),
    st.integers(1, 60).map("{} working days".format),
    st.integers(1, 12).map("{} months".format),
    st.integers(1, 96).map("{} hours".format),
    st.integers(1, 60).map("{} working hours".format),
    st.integers(0, 6).map("{}.5 working days".format),
)
STARTS = st.datetimes(datetime(2024, 1, 2), datetime(2028, 6, 1)).map(lambda it: it.replace(tzinfo=VIETNAM))  # noqa: DTZ001
few = settings(max_examples=150, deadline=None)


@st.composite
def paused(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    start = draw(STARTS)
    spans = draw(st.lists(st.tuples(st.integers(0, 60 * 24 * 60), st.integers(1, 30 * 24 * 60)), max_size=3))
    minute = timedelta(minutes=1)
    return start, [Pause(start + a * minute, start + (a + b) * minute, "chờ") for a, b in spans]


@few
@given(REGIMES, LIMITS, paused())
def test_due_is_never_before_start_and_the_same_each_time(
    regime: str, limit: str, when: tuple[datetime, list[Pause]]
) -> None:
    start, pauses = when
    once, again = (
        reckon(limit=limit, start=start, regime=regime, calendar=CALENDAR, pauses=pauses) for _ in range(2)
    )
    assert once == again
    assert once.due is not None
    assert once.due >= start


@few
@given(REGIMES, LIMITS, paused(), st.integers(0, 120))
def test_a_day_off_more_never_makes_it_earlier(
    regime: str, limit: str, when: tuple[datetime, list[Pause]], after: int
) -> None:
    start, pauses = when
    day = (start + timedelta(days=after)).date()
    fewer = CALENDAR.model_copy(
        update={
            "days_off": CALENDAR.days_off | {day: Label(vi="Nghỉ", en="Off")},
            "worked": {key: value for key, value in CALENDAR.worked.items() if key != day},
        }
    )
    now, then = (
        reckon(limit=limit, start=start, regime=regime, calendar=it, pauses=pauses).due
        for it in (CALENDAR, fewer)
    )
    assert now is not None
    assert then is not None
    assert then >= now


@few
@given(REGIMES, LIMITS, paused())
def test_a_pause_never_makes_it_earlier(regime: str, limit: str, when: tuple[datetime, list[Pause]]) -> None:
    start, pauses = when
    dues = [
        reckon(limit=limit, start=start, regime=regime, calendar=CALENDAR, pauses=pauses[:n]).due
        for n in range(len(pauses) + 1)
    ]
    assert dues == sorted(due for due in dues if due is not None)


@few
@given(REGIMES, st.integers(1, 60), paused())
def test_working_days_end_on_a_working_day_and_longer_is_never_earlier(
    regime: str, amount: int, when: tuple[datetime, list[Pause]]
) -> None:
    start, pauses = when
    dues = [
        reckon(limit=limit, start=start, regime=regime, calendar=CALENDAR, pauses=pauses).due
        for limit in (f"{amount} working days", f"{amount}.5 working days", f"{amount + 1} working days")
    ]
    last_days = [(due - timedelta.resolution).astimezone(VIETNAM).date() for due in dues if due is not None]
    assert all(CALENDAR.is_working(day) for day in last_days)
    assert last_days == sorted(last_days)
    assert len(last_days) == 3


def test_reckoned_keeps_what_was_asked() -> None:
    reckoned = by(CIVIL, "30 days", "2026-03-02 08:00", extensions=[Extension(parse("30 days"), "add")])
    assert (str(reckoned.limit), reckoned.start, reckoned.regime.code) == (
        "30 days",
        at("2026-03-02 08:00"),
        CIVIL,
    )
    assert replace(reckoned, due=None) != reckoned


def test_another_edition_of_the_calendar_is_another_answer() -> None:
    before: Calendar = CALENDAR.model_copy(
        update={"days_off": {day: why for day, why in CALENDAR.days_off.items() if day != date(2026, 11, 24)}}
    )
    assert before.sha256 != CALENDAR.sha256
    assert reckon(limit="1 month", start=at("2026-10-24 08:00"), regime=CRIMINAL, calendar=before).due == at(
        "2026-11-24 24:00"
    )
