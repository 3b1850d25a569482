"""Staff: what is written down, who may, how strong a unit is on any day."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from cast import WARD
from haicap.journal.bulk import Bulk
from haicap.journal.history import folded_again
from haicap.journal.ids import uuid7
from haicap.journal.node import own
from haicap.journal.pen import Pen, writing
from haicap.journal.projection import from_row
from haicap.matters.queries import people_of
from haicap.matters.year.people import crew
from haicap.means.holdings import held
from haicap.means.staff import actions, queries, strength
from haicap.means.staff.fold import records
from haicap.means.staff.models import EstablishedRow, QualifiedRow, RecordRow, SecondedRow
from haicap.units import queries as units
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.actions import close_post, leave_post, take_post
from haicap.units.entries import Label
from haicap.units.fold import posts
from haicap.units.loading import BEGIN, FOUNDED, Founder, put_in_post, seeded
from haicap.units.models import Bearer, PostRow, UnitRow
from haicap.units.rights import Refused, person_of, tell_database
from means.staffing import DAY, NOW, One, does, establishes, puts
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
NEXT, THIRD = "11329", "10507"
YEAR = timedelta(days=365)
OF_THE_CAST = 3  # posts of the ward that sign in


@pytest.fixture(autouse=True)
def chief(db: None) -> Iterator[None]:
    tell_database(person("chief"))
    return


def at(day: date = DAY, code: str = WARD) -> strength.Strength:
    return strength.counted([code], day).get(code, strength.Strength(code))


# Establishment


def test_an_establishment_holds_from_its_day_until_the_next() -> None:
    establishes(officer=30, investigator=6)
    establishes(officer=34, investigator=7, since=date(2026, 7, 1), act="QĐ 2")
    assert (at(date(2026, 6, 30)).established, at(date(2026, 7, 1)).established) == (30, 34)
    assert at(date(2026, 6, 30)).needed == {"investigator": 6}
    assert at(date(2025, 6, 30)).established is None
    assert list(EstablishedRow.objects.order_by("place").values_list("kind", "until")) == [
        ("investigator", date(2026, 7, 1)), ("officer", date(2026, 7, 1)), ("investigator", None), ("officer", None),
    ]  # fmt: skip


def test_said_again_for_the_same_day_it_is_put_right_and_struck_it_never_was() -> None:
    establishes(officer=30)
    known = establishes(officer=31, act="QĐ 1 (đính chính)")
    assert at().established == 31
    for edition in known.editions:
        with pen_of("chief", actions.establishment_id(WARD)) as pen:
            actions.withdraw_establishment(
                pen, entry_id=uuid7(), unit=WARD, edition=edition.id, reason="Nhầm xã"
            )
    assert at().established is None


def test_an_establishment_sent_twice_is_one_and_more_of_a_kind_than_of_all_is_not_taken() -> None:
    entry_id = uuid7()
    establishes(officer=30, entry_id=entry_id)
    assert len(establishes(officer=30, entry_id=entry_id).editions) == 1
    with pytest.raises(NotSo):
        establishes(officer=3, investigator=4)
    with pytest.raises(Unsaid):
        establishes(investigator=4)
    with pytest.raises(Unsaid):
        establishes(officer=4, act=" ")


@pytest.mark.parametrize(
    "account", ["clerk", "officer", "neighbour", "outsider", "logistics", "logistics_head", "director"]
)
def test_only_who_answers_for_the_unit_writes_of_its_staff(account: str) -> None:
    one = puts("a")
    with pytest.raises(Refused):
        establishes(officer=30, account=account)
    with pytest.raises(Refused):
        does("qualify", one, account=account, sort="first-aider", since=DAY)


# An officer's file


def test_a_qualification_is_in_force_until_its_end_or_until_it_is_withdrawn() -> None:
    one = puts("a")
    does("qualify", one, sort="driver", grade="b", since=DAY - YEAR, until=DAY + YEAR)
    record = does("qualify", one, sort="first-aider", since=DAY - YEAR, until=DAY)
    assert (at().all, at().fit) == ({"driver": 1, "first-aider": 1}, {"driver": 1, "first-aider": 0})
    assert at(DAY - timedelta(days=1)).fit == {"driver": 1, "first-aider": 1}
    does("disqualify", one, qualification=record.qualifications[0].id, since=DAY, ground="QĐ 8")
    assert at().all == {"first-aider": 1}
    assert at(DAY - timedelta(days=1)).fit["driver"] == 1


def test_what_a_qualification_lacks_is_told() -> None:
    one = puts("a")
    with pytest.raises(Unsaid):
        does("qualify", one, sort="driver", grade="z", since=DAY)
    with pytest.raises(NotYet):
        does("qualify", one, sort="first-aider", since=DAY + YEAR)
    with pytest.raises(NotSo):
        does("qualify", one, sort="first-aider", since=DAY, until=DAY)
    with pytest.raises(NotSo):
        does("qualify", One(one.person, puts("b").post), sort="first-aider", since=DAY)


def test_a_secondment_takes_the_officer_there_and_keeps_the_post() -> None:
    one = puts("a")
    record = does("second", one, to=NEXT, since=DAY, until=DAY + YEAR, ground="Tăng cường")
    assert (at().held, at().out, at().present) == (OF_THE_CAST + 1, 1, OF_THE_CAST)
    assert (at(code=NEXT).held, at(code=NEXT).come, at(code=NEXT).present) == (1, 1, 2)
    ended = does(
        "change_secondment",
        one,
        secondment=record.secondments[0].id,
        until=DAY + timedelta(days=9),
        ground="Xong",
    )
    assert ended.secondments[0].first_until == DAY + YEAR
    assert at(DAY + timedelta(days=9)).out == 0
    with pytest.raises(NotSo):
        does("second", one, to=THIRD, since=DAY + timedelta(days=8), until=DAY + YEAR, ground="Trùng")
    with pytest.raises(NotSo):
        does("second", one, to=WARD, since=DAY + YEAR, until=DAY + 2 * YEAR, ground="Tại chỗ")
    does("strike", one, what=record.secondments[0].id, reason="Nhầm người")
    assert at().out == 0
    assert not SecondedRow.objects.exists()


def test_who_has_left_the_post_is_seconded_no_longer() -> None:
    one = puts("a")
    does("second", one, to=NEXT, since=DAY, until=DAY + YEAR, ground="Tăng cường")
    leaves(one, DAY + timedelta(days=3))
    later = DAY + timedelta(days=3)
    assert (at(later).held, at(later).out, at(later, NEXT).come) == (OF_THE_CAST, 0, 0)


def test_training_is_kept_and_struck() -> None:
    one = puts("a")
    record = does("train", one, course="Sơ cứu", since=DAY, days=3, result="completed", paper="GCN 3")
    assert record.trainings[0].days == 3
    assert does("strike", one, what=record.trainings[0].id, reason="Nhầm").trainings == ()
    with pytest.raises(NotSo):
        does("strike", one, what=uuid7(), reason="Không có")


def test_each_deed_sent_twice_is_done_once() -> None:
    one, ids = puts("a"), [uuid7() for _ in range(5)]
    for _ in range(2):
        record = does("qualify", one, entry_id=ids[0], sort="first-aider", since=DAY)
        does("train", one, entry_id=ids[1], course="Sơ cứu", since=DAY, days=1, result="running")
        record = does(
            "second", one, entry_id=ids[2], to=NEXT, since=DAY, until=DAY + YEAR, ground="Tăng cường"
        )
    for _ in range(2):
        does(
            "change_secondment",
            one,
            entry_id=ids[3],
            secondment=ids[2],
            until=DAY + 2 * YEAR,
            ground="Kéo dài",
        )
        record = does("disqualify", one, entry_id=ids[4], qualification=ids[0], since=DAY, ground="QĐ")
    assert (len(record.qualifications), len(record.secondments), len(record.trainings)) == (1, 1, 1)
    assert len(record.secondments[0].changes) == 1


def test_the_row_of_a_file_is_its_fold() -> None:
    one = puts("a")
    does("qualify", one, sort="driver", grade="b", since=DAY)
    does("train", one, course="Sơ cứu", since=DAY, days=1, result="running")
    subject = actions.record_id(one.person)
    assert from_row(records, RecordRow.objects.get(pk=subject)) == folded_again(records, subject, "default")


def test_a_file_follows_whoever_moves_to_another_unit() -> None:
    one = puts("a")
    does("qualify", one, sort="driver", grade="b", since=DAY)
    leaves(one, DAY)
    there = One(one.person, puts("b", at_unit="00004").post)
    with founding(there.post) as pen:
        take_post(pen, entry_id=uuid7(), post=there.post, person=one.person, since=DAY)
    tell_database(person("outsider"))
    record = does(
        "train",
        there,
        account="outsider",
        at_unit="00004",
        course="Sơ cứu",
        since=DAY,
        days=1,
        result="running",
    )
    assert (record.file, record.unit, len(record.qualifications)) == (WARD, "00004", 1)
    assert at(code="00004").fit == {"driver": 1}


@pytest.mark.parametrize(
    ("account", "sees"),
    [("chief", True), ("neighbour", False), ("clerk", False), ("outsider", False), ("logistics", True),
     ("logistics_head", True), ("director", True), ("auditor", True), ("operator", False)],
)  # fmt: skip
def test_files_are_seen_by_those_who_may_see_staff_there(account: str, sees: bool) -> None:
    one = puts("a")
    does("qualify", one, sort="driver", grade="b", since=DAY)
    does("second", one, to=THIRD, since=DAY, until=DAY + YEAR, ground="Tăng cường")
    who = person(account)
    tell_database(who)
    assert RecordRow.objects.exists() is QualifiedRow.objects.exists() is SecondedRow.objects.exists() is sees
    assert (queries.officer(who, one.person, at=DAY) is not None) is sees
    assert bool(queries.people(who, {"unit": WARD}, at=DAY, lang="vi")[1]) is sees


# Strength


def test_whoever_holds_two_posts_of_a_unit_is_one_officer_and_closed_posts_end() -> None:
    one, two = puts("a"), puts("b")
    with founding(two.post) as pen:
        take_post(pen, entry_id=uuid7(), post=two.post, person=one.person, since=DAY)
    assert at().held == OF_THE_CAST + 1
    with founding(one.post) as pen:
        close_post(pen, entry_id=uuid7(), post=one.post, since=DAY)
    assert Bearer.objects.get(subject=one.post).until == DAY
    assert (at(DAY - timedelta(days=1)).held, at().held) == (OF_THE_CAST + 2, OF_THE_CAST + 1)


def test_posts_without_rights_count_and_do_nothing() -> None:
    one = puts("a")
    assert str(one.person) not in dict(people_of(WARD))
    assert one.post not in {it.post.id for it in units.held(WARD, DAY, plain=False)}
    assert str(one.post) not in dict(units.standing_in(uuid7(), WARD))
    assert crew("31", DAY, using="default").who(WARD, "officer").account == "officer"
    signed_in = person_of("a", DAY)
    assert signed_in is not None
    assert signed_in.rights == ()


def test_what_is_held_is_who_is_present_by_kind_and_its_address_lists_them() -> None:
    one, two = puts("a"), puts("b")
    does("qualify", one, sort="driver", grade="b", since=DAY - 2 * YEAR, until=DAY - YEAR)
    does("qualify", two, sort="driver", grade="b", since=DAY - YEAR)
    found = held(person("chief"), [WARD, NEXT])
    assert {(code, kind) for code, kind in found if kind in ("officer", "driver")} == {
        (WARD, "officer"),
        (WARD, "driver"),
    }
    assert (found[WARD, "driver"].all, found[WARD, "driver"].fit) == (2, 1)
    assert found[WARD, "officer"].all == OF_THE_CAST + 2
    for kind in ("officer", "driver"):
        params = dict(part.split("=") for part in queries.held_url(WARD, kind).partition("?")[2].split("&"))
        assert queries.people(person("chief"), params, at=DAY, lang="vi")[1] == found[WARD, kind].all


def test_every_figure_is_the_length_of_its_list() -> None:
    ones = [puts(name) for name in "abcdef"]
    does("second", ones[0], to=THIRD, since=DAY, until=DAY + YEAR, ground="Tăng cường")
    does("qualify", ones[1], sort="driver", grade="b", since=DAY, until=DAY + timedelta(days=30))
    does("qualify", ones[2], sort="driver", grade="b", since=DAY - YEAR, until=DAY - timedelta(days=30))
    its, who = at(), person("chief")

    def listed(**params: str) -> int:
        return queries.people(who, {"unit": WARD} | params, at=DAY, lang="vi")[1]

    assert (its.held, its.out, its.present) == (listed(), listed(where="out"), listed(where="present"))
    assert its.all["driver"] == listed(where="present", kind="driver") == 2
    assert its.fit["driver"] == listed(where="present", kind="driver", state="in-force") == 1
    assert listed(state="expiring") == listed(state="expired") == 1
    assert listed(kind="driver", state="none") == its.held - 1
    assert (listed(q="CÁN bo chief"), listed(q="bo chief a")) == (1, 1)


def test_plans_are_told_officers_by_what_they_are_qualified_for() -> None:
    one, two = puts("a"), puts("b")
    establishes(officer=8, driver=2)
    for sort, grade in (("driver", "b"), ("first-aider", "")):
        does("qualify", one, sort=sort, grade=grade, since=DAY)
    does("second", two, to=THIRD, since=DAY, until=DAY + YEAR, ground="Tăng cường")
    tell_database(person("director"))
    its = {it.unit: it for it in strength.strengths(person("director"), "31", DAY)}
    assert its[WARD].officers[frozenset({"driver", "first-aider"})] == (one.person,)
    assert (its[WARD].established, its[WARD].needed) == (8, {"driver": 2})
    assert its[THIRD].lent == {two.person}
    assert its[THIRD].established is None
    assert len(its) == UnitRow.objects.filter(province="31", level="commune").count()


def test_943_officers_in_188_communes_are_all_of_them() -> None:
    """Hải Dương, 19 October 2021: regular officers in all 188 communes and towns, 943 in all, 100 %."""
    codes = list(
        UnitRow.objects.filter(level="commune").order_by("code").values_list("code", flat=True)[:188]
    )
    desk = Bulk(own("worker"), seeded("hai-duong"))
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    its = {row.code: units.unit_of(row) for row in UnitRow.objects.filter(code__in=codes)}
    before = {code: 5 + (place < 3) for place, code in enumerate(codes)}
    assert sum(before.values()) == 943
    for code, count in before.items():
        counts = {"officer": count}
        actions.set_establishment(
            pen, entry_id=uuid7(), unit=its[code], since=BEGIN, act="Đề án", counts=counts
        )
        for n in range(count):
            put_in_post(
                pen, account=f"hd.{code}.{n}", name="Cán bộ", unit=its[code], role="officer",
                label=Label(vi="Cán bộ", en="Officer"), since=BEGIN + timedelta(days=31 * n), plain=True,
            )  # fmt: skip
    with founding(uuid7()):
        desk.load_within()
    found = coverage(codes, BEGIN + YEAR)
    assert (found.held, found.established, found.manned, found.units) == (943 + cast_in(codes), 943, 188, 188)
    assert found.manned_rate == 100
    first = coverage(codes, BEGIN)
    assert (first.manned, first.held) == (188, 188 + cast_in(codes))
    days = [BEGIN + timedelta(days=31 * n) for n in range(4)]
    grown = [heads for _day, heads, _all in strength.trend(codes, days)]
    assert grown == [188 * n + cast_in(codes) for n in (1, 2, 3, 4)]


def coverage(codes: list[str], day: date) -> strength.Coverage:
    tell_nation()
    return strength.coverage(strength.counted(codes, day).values(), len(codes), day)


def cast_in(codes: list[str]) -> int:
    """Posts of the standing cast in these units, which are there besides."""
    rows = PostRow.objects.filter(unit__in=codes).exclude(state__grants=[])
    return rows.count()


def tell_nation() -> None:
    everywhere = {"all": True, "units": [], "provinces": []}
    told = json.dumps(everywhere | {"means": everywhere, "staff": everywhere})
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('haicap.reach', %s, false)", [told])


# Hands


def pen_of(account: str, *subjects: UUID) -> AbstractContextManager[Pen]:
    return writing(person(account), at=NOW, subjects=list(subjects), units=[WARD])


def founding(post: UUID) -> AbstractContextManager[Pen]:
    return writing(Founder(own().id), at=NOW, subjects=[post], units=[WARD], channel="reference")


def leaves(one: One, day: date) -> None:
    with founding(one.post) as pen:
        assert pen.state(posts, one.post) is not None
        leave_post(pen, entry_id=uuid7(), post=one.post, since=day)
