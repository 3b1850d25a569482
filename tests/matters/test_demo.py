"""The demonstration is made once, finished when it was cut off, and never put over other people's records."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User

from haicap.journal.node import own
from haicap.matters import demo
from haicap.matters.year.people import crew
from haicap.matters.year.running import Year
from haicap.units.loading import BEGIN
from haicap.units.rights import Person, person_of, standard_bodies

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def years(monkeypatch: pytest.MonkeyPatch) -> list[Year]:
    """The years that `load` has written: none is, in these tests."""
    written: list[Year] = []
    monkeypatch.setattr(demo, "load_year", lambda year, province, told: written.append(year))
    return written


def begun(folder: Path, *, loaded: bool = False) -> None:
    mark = {"incarnation": str(own("worker").incarnation), "end": NOW.isoformat(), "loaded": loaded}
    (folder / "demo.json").write_text(json.dumps(mark))


def silent(what: str, done: int, of: int) -> None:
    assert what in ("register", "posts", "year")


def test_an_installation_with_people_of_its_own_is_left_alone(folder: Path, years: list[Year]) -> None:
    with pytest.raises(demo.NotADemonstration):
        demo.load(silent, at=NOW)
    (folder / "demo.json").write_text(
        json.dumps({"incarnation": "of another", "end": NOW.isoformat(), "loaded": True})
    )
    with pytest.raises(demo.NotADemonstration):
        demo.load(silent, at=NOW)
    assert years == []
    assert not User.objects.using("owner").exists()


@pytest.mark.slow
def test_one_that_was_cut_off_is_finished_with_the_year_that_it_began(
    folder: Path, years: list[Year]
) -> None:
    begun(folder)
    ready = demo.load(silent, at=LATER)
    assert [it.username for it in ready] == list(demo.READY)
    assert years == [Year(demo.SEED, NOW)]
    assert json.loads((folder / "demo.json").read_text())["loaded"] is True
    assert demo.load(silent, at=LATER) == ready
    assert len(years) == 1


def test_every_ready_sign_in_opens_an_account_with_the_right_post(folder: Path, years: list[Year]) -> None:
    begun(folder)
    ready = demo.load(silent)
    for it in ready:
        user = User.objects.using("owner").get(username=it.username)
        assert user.check_password(it.password)
        person = person_of(it.username, NOW.date(), using="worker")
        assert isinstance(person, Person)
        assert (person.name, person.post_name) == (it.name, it.post.vi)
    posts = {it.username: it.post.vi for it in ready}
    assert posts["chief.hongbang"] == "Trưởng Công an phường Hồng Bàng"
    assert posts["officer.ph10"] == "Cán bộ Phòng Hậu cần (PH10)"
    assert posts["director.haiphong"] == "Giám đốc Công an thành phố Hải Phòng"


def test_every_unit_of_the_province_is_manned(folder: Path) -> None:
    seats = list(demo.seats())
    accounts = [seat.account for seat in seats]
    assert len(set(accounts)) == len(accounts) == 114 * 3 + 22 * 2 + 3
    grants = sum(len(standard_bodies(seat.role, BEGIN, seat.unit.code)) for seat in seats)
    assert demo.fill_posts() == 3 * len(seats) + grants
    assert demo.fill_posts() == 0
    people = crew(demo.PROVINCE, NOW.date())
    assert len(people.communes()) == 114
    assert all(people.who(seat.unit.code, seat.role) for seat in seats)
