"""Words and numbers: what is meant by a text, what it finds, and that it never finds what the list would not show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cast import CAST, WARD
from haicap.journal.ids import uuid7
from haicap.journal.pen import writing
from haicap.matters import search
from haicap.matters.handling import hand_over
from haicap.matters.models import MatterRow
from haicap.matters.queries import filtered, seen
from haicap.matters.search import Asked, asked, found
from haicap.matters.state import Matter
from haicap.units import register
from haicap.units.loading import Founder
from haicap.units.rights import Person, tell_database
from haicap.units.syllables import syllables
from haicap.units.vietnamese import fold
from matters.acting import raises, who

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
WORDS = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặờởỡớợựỵỳừứ0123456789", min_size=1, max_size=8
)
CRIME = {
    "source": "information",
    "what": "Mất xe",
    "place": "Chợ Sắt",
    "severity": "serious",
    "group": "drugs",
}


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_diacritics_and_case_make_no_difference(words: list[str]) -> None:
    text = " ".join(words)
    assert asked(text) == asked(fold(text)) == asked(text.upper())


@given(st.text(max_size=60))
def test_any_text_is_a_question_or_none(text: str) -> None:
    its = asked(text)
    if its is not None:
        assert all(phrase for phrase in its.phrases)
        assert not set("&|!:*()\\") & set("".join(word for phrase in its.phrases for word in phrase))
        assert len(its.said) == len(its.phrases)


@pytest.mark.parametrize(
    ("text", "phrases", "is_open"),
    [
        ("Đường truyền", (("duong",), ("truyen",)), False),
        ("“trụ sở dột” mưa", (("tru", "so", "dot"), ("mua",)), False),
        ('mưa "trụ sở"', (("mua",), ("tru", "so")), False),
        ('"trụ sở', (("tru", "so"),), False),
        ("31-PV01-26", (("31", "pv01", "26"),), False),
        ("7K00482", (("7k00482",),), True),
        ("dột/hỏng", (("dot", "hong"),), False),
        ("12", (("12",),), False),
    ],
)
def test_what_is_meant(text: str, phrases: tuple[tuple[str, ...], ...], is_open: bool) -> None:
    its = asked(text)
    assert its is not None
    assert (its.phrases, its.open) == (phrases, is_open)


def test_nothing_readable_asks_nothing() -> None:
    assert asked("") is None
    assert asked(" - \" “ ” ; '") is None


def test_a_last_word_may_be_the_beginning_of_a_syllable() -> None:
    assert {"duong", "duoc", "duoi"} <= set(syllables("duo"))
    assert "duo" not in syllables("duo")
    assert syllables("portal") == ()
    its = asked("đươ")
    assert its is not None
    assert its.has("duong")
    assert not its.has("du")
    short = asked("đư")
    assert short is not None
    assert short.ends == ("du",)
    quoted = asked('"đươ"')
    assert quoted is not None
    assert quoted.ends == ("duo",)


def test_the_syllables_of_names_of_places_are_known() -> None:
    """All but those from other languages of the highlands: Krông, Ngọk, Yang …"""
    names = (fold(territory.short).split() for territory in register.territories())
    words = [word for name in names for word in name if word.isalpha() and len(word) > search.SHORTEST]
    known = [word for word in words if word in syllables(word[: search.SHORTEST])]
    assert len(words) > 3_000
    assert len(known) / len(words) > 0.98


TITLES = [
    "Đường truyền chập chờn", "Trụ sở dột khi mưa", "Mưa dột trụ sở", "Truyền đường dây mới", "Máy in hỏng",
    "Thiếu máy in", "Đường dây 7K2M hỏng",
]  # fmt: skip
QUESTIONS = [
    "duong", "đường truyền", "truyen duong", '"duong truyen"', '"tru so dot"', "tru so", "may in", "hong may", "duo",
    "tru", "7k2m", "11311", "11311-26", "00004", "headquarters", "khong co", "day", "d", "mua dot tru so", "a",
]  # fmt: skip


@pytest.fixture
def work() -> list[Matter]:
    """Difficulties and crime reports of two provinces, on different days, some of them handed over."""
    made = []
    for n, title in enumerate(TITLES):
        for account, code in (("clerk", WARD), ("outsider", "00004"), ("neighbour", "11329")):
            at = NOW - timedelta(days=37 * n)
            answers = {"kind": "headquarters", "what": title}
            made.append(raises(account, "difficulty", title, answers, at=at, at_unit=code))
        made.append(raises("clerk", "crime-report", "Mất xe", CRIME | {"what": title}, at=NOW))
    foreign = next(each for each in made if each.unit == "00004")
    with writing(person("outsider"), at=NOW, subjects=[foreign.id], units=["00004"]) as pen:
        hand_over(pen.by(Founder(pen.desk.own.id), NOW), entry_id=uuid7(), subject=foreign.id, to="31-PC02")
    return made


def person(account: str) -> Person:
    its = who(account)
    tell_database(its)
    return its


def fits(its: Asked, row: MatterRow) -> bool:
    """The same meaning, said once more in Python."""
    said = f" {row.words.replace('-', ' ')} {row.number.replace('-', '').lower()} "
    return all(any(form in said for form in forms) for forms in its.said)


def expected(its: Asked, account: str) -> list[object]:
    rows = [row for row in seen(person(account)) if fits(its, row)]
    return [row.pk for row in sorted(rows, key=lambda row: (-row.received.timestamp(), row.pk))]


@pytest.mark.django_db(databases=["default", "worker", "owner"])
@pytest.mark.parametrize("account", sorted(CAST))
def test_search_and_list_find_the_same_and_nothing_else(account: str, work: list[Matter]) -> None:
    its = person(account)
    some = 0
    for text in [*QUESTIONS, *(matter.number for matter in work[:2]), work[0].number.replace("-", "")]:
        question = asked(text)
        assert question is not None
        right = expected(question, account)
        assert found(its, question) == right, text
        assert set(filtered(its, {"q": text}, at=NOW).values_list("pk", flat=True)) == set(right), text
        some += len(right)
    assert bool(some) == seen(its).exists()


@pytest.mark.django_db(databases=["default", "worker", "owner"])
@pytest.mark.parametrize("account", ["clerk", "logistics", "director", "outsider"])
def test_a_list_narrowed_by_common_words_is_the_same(
    account: str, work: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", 0)
    its = person(account)
    for text in QUESTIONS:
        question = asked(text)
        assert question is not None
        rows = filtered(its, {"q": text, "open": "1"}, at=NOW)
        assert set(rows.values_list("pk", flat=True)) == set(expected(question, account)), text


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_the_newest_come_first_however_few_are_wanted(work: list[Matter]) -> None:
    its, question = person("director"), asked("duong tru may")
    assert question is not None
    for text in ("headquarters", "duo", "tru so"):
        question = asked(text)
        assert question is not None
        every = expected(question, "director")
        for most in (1, 2, 5, len(every), len(every) + 1):
            assert found(its, question, most) == every[:most], (text, most)


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_what_another_province_handed_over_is_found(work: list[Matter]) -> None:
    foreign = next(each for each in work if each.unit == "00004")
    question = asked("chap chon")
    assert question is not None
    assert foreign.id in found(person("director"), question)
    assert foreign.id in found(person("crime"), question)
    assert foreign.id not in found(person("neighbour"), question)


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_neither_a_pen_nor_nobody_widens_what_is_found(work: list[Matter]) -> None:
    question = asked("duong")
    assert question is not None
    outsider = person("outsider")
    before = found(outsider, question)
    with writing(outsider, at=NOW):
        assert found(outsider, question) == before
    tell_database(None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('haicap.pen', 'on', true)")
    assert found(outsider, question) == []


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_rights_for_some_procedures_find_those_alone(work: list[Matter]) -> None:
    chief, question = person("chief"), asked("11311")
    assert question is not None
    rights = tuple(replace(right, kinds=("crime-report",)) for right in chief.rights)
    narrow = replace(chief, rights=rights)
    tell_database(narrow)
    ids = found(narrow, question)
    assert ids
    assert {row.procedure for row in MatterRow.objects.filter(pk__in=ids)} == {"crime-report"}
    assert len(ids) < len(found(chief, question))


@pytest.mark.django_db(databases=["default", "worker", "owner"])
def test_a_word_longer_than_the_index_holds_is_found_whole(work: list[Matter]) -> None:
    long = "x" * 300
    matter = raises("clerk", "difficulty", "Dài", {"kind": "headquarters", "what": long})
    clerk = person("clerk")
    for text, there in ((long, True), (long[:-1], False), ("x" * 60, False)):
        question = asked(text)
        assert question is not None
        assert (matter.id in found(clerk, question)) is there
