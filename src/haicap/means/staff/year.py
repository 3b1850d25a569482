"""The demonstration's officers: invented places of each commune unit's establishment, most of them held."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from haicap.clocks.wall import VIETNAM, day_of
from haicap.journal.pen import Pen
from haicap.means.staff import actions
from haicap.means.staff.models import EstablishmentRow
from haicap.means.staff.sorts import ALL
from haicap.means.year import Ground
from haicap.units.actions import open_post, person_id, register_person, take_post
from haicap.units.entries import Label
from haicap.units.fold import Unit
from haicap.units.loading import BEGIN, Founder

WITH_RIGHTS = 3  # posts of a commune unit that the demonstration fills with people who sign in
LEAST, MOST = 26, 40  # officers of a unit in one province's published model
ISLAND = (12, 18)
LENT = 40
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class One:
    """An officer who was put in a post."""

    person: UUID
    post: UUID
    unit: Unit
    since: date


def there() -> bool:
    """Whether the demonstration has it."""
    return EstablishmentRow.objects.using("worker").exists()


@cache
def words() -> dict[str, Any]:
    """The texts of `data/staff_year.toml`."""
    return tomllib.loads((files("haicap.means") / "data" / "staff_year.toml").read_text(encoding="utf-8"))


def fill(ground: Ground) -> None:
    """Every commune unit's establishment, its officers with what they are qualified for, and some secondments."""
    number = iter(range(1, 100_000))
    rates: dict[str, float] = {}
    crews: dict[str, list[One]] = {}
    for unit in ground.communes():
        size = ground.rng.randint(*ISLAND) if unit.sort == "special-zone" else ground.rng.randint(LEAST, MOST)
        rates[unit.code] = ground.rng.choice((0.85, 0.9, 0.92, 0.95, 0.97, 1, 1, 1, 1.03, 1.05))
        _establish(ground, unit, size)
        count = round(size * rates[unit.code]) - WITH_RIGHTS
        crews[unit.code] = [_put(ground, unit, label, next(number)) for label in _places(unit, count)]
        for place, one in enumerate(crews[unit.code]):
            _qualify(ground, one, place)
            if ground.rng.random() < 0.08:
                _train(ground, one)
    order = sorted(crews, key=lambda code: (-rates[code], code))
    _lend(ground, [crews[code] for code in order])


def _at(day: date) -> datetime:
    """A moment of a working morning."""
    return datetime.combine(day, time(8, 30), VIETNAM)


def _chief(ground: Ground, unit: Unit, day: date) -> Pen:
    return ground.pen(ground.who(unit.code, "leader"), _at(day))


def _establish(ground: Ground, unit: Unit, size: int) -> None:
    counts = {ALL: size, "investigator": size // 5 + 1, "driver": size // 8 + 1, "first-aider": size // 6}
    pen = _chief(ground, unit, BEGIN)
    actions.set_establishment(
        pen, entry_id=ground.fresh(pen.at), unit=unit, since=BEGIN, counts=counts, synthetic=True,
        act=words()["words"]["act"].format(n=ground.rng.randint(1200, 1900)),
    )  # fmt: skip


def _places(unit: Unit, count: int) -> Iterator[Label]:
    """The names of so many posts: deputies, then each team by its share with a leader first."""
    deputy, teams = words()["deputy"][0], words()["team"]
    deputies = min(4, max(1, count // 8))
    for _ in range(deputies):
        yield Label(vi=f"{deputy['vi']} {unit.name.vi.removeprefix('Công an ')}", en=deputy["en"])
    shares = [team for team in teams for _ in range(team["share"])]
    led: set[str] = set()
    for place in range(count - deputies):
        team = shares[place * 7 % len(shares)]
        vi, en = ("Cán bộ", "officer") if team["vi"] in led else ("Tổ trưởng", "leader")
        led.add(team["vi"])
        yield Label(vi=f"{vi} {team['vi']}", en=f"{team['en']}, {en}")


def _put(ground: Ground, unit: Unit, name: Label, number: int) -> One:
    """Open a post without rights and put an officer on it, most of them when the unit began."""
    days = (day_of(ground.end) - BEGIN).days
    late = ground.rng.random() < 0.12
    since = BEGIN + (ground.rng.randint(20, max(21, days - 3)) * DAY if late else 0 * DAY)
    pen, account = Pen(Founder(ground.bulk.own.id), _at(since), ground.bulk), f"cb.{number:05}"
    post, person = ground.fresh(pen.at), person_id(account)
    open_post(
        pen, entry_ids=(ground.fresh(pen.at),), post=post, unit=unit, role="officer", name=name, since=since, plain=True
    )  # fmt: skip
    register_person(
        pen, entry_id=ground.fresh(pen.at), name=f"Cán bộ {number:05}", account=account, unit=unit.code
    )
    take_post(pen, entry_id=ground.fresh(pen.at), post=post, person=person, since=since)
    return One(person, post, unit, since)


def _qualify(ground: Ground, one: One, place: int) -> None:
    """Deputies are mostly investigators; of the others some are, some drive, some know first aid."""
    rng = ground.rng
    if place < 2 or rng.random() < 0.17:
        grade = "intermediate" if place < 2 else rng.choice(("assistant", "assistant", "junior"))
        _qualified(ground, one, "investigator", grade, rng.randint(60, 1700), 5 * 365)
    if rng.random() < 0.13:
        _qualified(ground, one, "driver", rng.choice(("b", "b", "c1", "c")), rng.randint(60, 3500), 10 * 365)
    if rng.random() < 0.17:
        _qualified(ground, one, "first-aider", "", rng.randint(30, 800), 2 * 365)


def _qualified(ground: Ground, one: One, sort: str, grade: str, days_ago: int, lasts: int) -> None:
    since = day_of(ground.end) - days_ago * DAY
    pen = _chief(ground, one.unit, max(since, one.since))
    actions.qualify(
        pen, entry_id=ground.fresh(pen.at), person=one.person, post=one.post, sort=sort, grade=grade, since=since,
        until=since + lasts * DAY, paper=f"{ground.rng.randint(100, 9000)}/QĐ-X01", synthetic=True,
    )  # fmt: skip


def _train(ground: Ground, one: One) -> None:
    since = max(one.since, day_of(ground.end) - ground.rng.randint(20, 300) * DAY)
    pen = _chief(ground, one.unit, since + 3 * DAY)
    actions.train(
        pen, entry_id=ground.fresh(pen.at), person=one.person, post=one.post, days=ground.rng.randint(1, 5),
        course=ground.rng.choice(words()["words"]["courses"]), since=since, result="completed", synthetic=True,
    )  # fmt: skip


def _lend(ground: Ground, crews: Sequence[Sequence[One]]) -> None:
    """Officers of the fullest units help the emptiest: some for long, some nearly done, one prolonged."""
    rng, today = ground.rng, day_of(ground.end)
    for place in range(LENT):
        givers, takers = crews[place % 20], crews[-1 - place % 25]
        one, to = givers[4 + place // 20], takers[0].unit
        since = max(one.since, today - rng.randint(10, 150) * DAY)
        until = today + rng.choice((12, 25, 40, 75, 120, 180)) * DAY if place % 10 else today - 5 * DAY
        until = max(until, since + 10 * DAY)
        pen = _chief(ground, one.unit, since)
        record = actions.second(
            pen, entry_id=ground.fresh(pen.at), person=one.person, post=one.post, to=to.code, since=since, until=until,
            ground=rng.choice(words()["words"]["grounds"]), paper=f"{rng.randint(100, 900)}/QĐ-PX01", synthetic=True,
        )  # fmt: skip
        if place == 3:
            later = _chief(ground, one.unit, today - 2 * DAY)
            actions.change_secondment(
                later, entry_id=ground.fresh(later.at), person=one.person, post=one.post,
                secondment=record.secondments[-1].id, until=until + 30 * DAY, ground=words()["words"]["longer"],
            )  # fmt: skip
