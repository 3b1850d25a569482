"""What can be done with a thing: recorded, placed, judged, repaired, handed over with two signatures, disposed of."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import CAST, WARD
from haicap.journal.history import history
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry
from haicap.journal.pen import writing
from haicap.means.holdings import SOURCES
from haicap.means.things import codes, moving, queries, recording
from haicap.means.things.entries import Bought, Put, ThingJudged
from haicap.means.things.fold import Thing, things
from haicap.means.things.models import MoveRow, ThingRow
from haicap.units.acting import NotSo, NotYet, Unsaid
from haicap.units.rights import Refused, tell_database
from haicap.units.sign_in import today
from means.store import NEXT, again, does, gives, now, records, takes
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])
FAR = "00004"  # a ward of another province, whose leader is the outsider


@pytest.fixture(autouse=True)
def clerk(db: None) -> None:
    tell_database(person("clerk"))


def in_list(account: str, **params: str) -> list[str]:
    its = person(account)
    tell_database(its)
    return [row.code for row in queries.in_order(queries.filtered(its, params, at=now()), "")]


def test_twelve_computers_are_twelve_things_with_codes_of_their_own() -> None:
    its = records("computer", 12, serials=("SN1", "SN2"))
    assert len({thing.code for thing in its}) == 12
    assert [thing.serial for thing in its[:3]] == ["SN1", "SN2", ""]
    assert all(codes.read(thing.code) == thing.code and thing.count == 1 for thing in its)
    assert codes.unit_in(its[0].code) == WARD


def test_counted_kinds_are_one_thing_with_a_number() -> None:
    (chairs,) = records("chair", 40, unfit=5)
    assert (chairs.count, chairs.unfit, chairs.fit, chairs.single) == (40, 5, 35, False)


def test_sent_twice_is_recorded_once() -> None:
    entry_id = uuid7()
    first = records("computer", 3, entry_id=entry_id)
    assert records("computer", 3, entry_id=entry_id) == first
    assert ThingRow.objects.count() == 3
    assert Entry.objects.filter(kind="thing.recorded").count() == 3


@pytest.mark.parametrize(
    ("kind", "count", "more", "fault"),
    [
        ("computer", 0, {}, Unsaid), ("computer", 101, {}, Unsaid), ("officer", 1, {}, Unsaid),
        ("chair", 3, {"unfit": 4}, Unsaid), ("computer", 1, {"bought": Bought(price="1.5")}, Unsaid),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_recorded(
    kind: str, count: int, more: dict[str, Any], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        records(kind, count, **more)
    assert not Entry.objects.filter(kind="thing.recorded").exists()


def test_nothing_is_recorded_as_there_since_a_day_to_come() -> None:
    with pytest.raises(NotYet):
        records("computer", 1, since=today() + timedelta(days=1))
    assert not Entry.objects.filter(kind="thing.recorded").exists()


@pytest.mark.parametrize("account", ["neighbour", "outsider", "director", "auditor", "crime"])
def test_others_record_nothing_for_the_ward(account: str) -> None:
    with pytest.raises(Refused):
        records(account=account)


@pytest.mark.parametrize(
    ("text", "its"),
    [
        ("http://10.0.0.5:8000/means/things/c/{}/", True), (" {} ", True), ("{}", True),
        ("https://example.com/x", False),
        ("", False), ("11311-26-7K00482-P", False),
    ],
)  # fmt: skip
def test_codes_are_read_from_labels_and_fingers(text: str, its: bool) -> None:
    code = codes.code("31-PH10", "7K", 12)
    assert codes.read(text.format(code)) == (code if its else None)
    assert codes.read(text.format(code.lower())) == (code if its else None)


def test_a_wrong_character_of_a_code_is_found() -> None:
    code = codes.code(WARD, "7K", 12345)
    for place, letter in enumerate(code):
        for other in "0123456789AK":
            wrong = code[:place] + other + code[place + 1 :]
            if other != letter and letter != "-":
                assert codes.read(wrong) is None, wrong


def test_a_thing_is_placed_judged_repaired_and_described_again() -> None:
    (thing,) = records("printer")
    thing = does(recording.place, thing, put=Put(place="Phòng 2"), when=today())
    assert thing.put.place == "Phòng 2"
    thing = does(recording.judge, thing, condition="broken", when=today(), note="Kẹt giấy")
    assert thing.fit == 0
    thing = does(recording.send, thing, to="Cửa hàng", when=today())
    assert thing.repair is not None
    with pytest.raises(NotSo):
        does(recording.send, thing, to="Cửa hàng khác", when=today())
    thing = does(recording.repaired, thing, when=today(), cost="450000", condition="good")
    assert (thing.repair, thing.fit) == (None, 1)
    thing = does(recording.describe, thing, name="LBP 2900", serial="X", plate="", warranty=today(), bought=Bought(),
                 reason="Ghi thiếu")  # fmt: skip
    assert ThingRow.objects.get(pk=thing.id).name == "LBP 2900"
    assert [it.kind for it in Entry.objects.filter(subject=thing.id).order_by("seq")] == [
        "thing.recorded", "thing.placed", "thing.judged", "thing.sent", "thing.repaired", "thing.described",
    ]  # fmt: skip


def test_two_sign_and_the_history_stays_with_the_thing() -> None:
    (thing,) = records("computer")
    transfer = gives(thing, to=FAR)
    waiting = again(thing)
    assert waiting.holder == WARD
    assert waiting.waiting is not None
    assert in_list("outsider", state="coming") == [thing.code]
    with pytest.raises(NotSo):
        gives(thing)
    (there,) = takes(transfer, thing, receiver=FAR, account="outsider")
    assert (there.holder, there.province, there.unit, there.put.place) == (FAR, "01", WARD, "Kho")
    assert there.moves[0].taker.startswith("Cán bộ outsider")
    assert in_list("outsider") == [thing.code]
    assert in_list("clerk") == []
    assert in_list("clerk", state="given") == [thing.code]
    tell_database(person("outsider"))
    assert [it.move.verdict for it in queries.in_transfer(person("outsider"), transfer)] == ["accepted"]
    with pytest.raises(Refused):
        does(recording.judge, there, condition="worn", when=today())
    assert (
        does(recording.judge, there, account="outsider", condition="worn", when=today()).condition == "worn"
    )


def test_both_signatures_are_of_two_people() -> None:
    (thing,) = records("computer")
    transfer = gives(thing, account="logistics_head")
    with pytest.raises(NotSo):
        takes(transfer, thing, account="logistics_head")


@pytest.mark.parametrize("account", ["clerk", "neighbour", "outsider", "director", "logistics", "crime_head"])
def test_only_who_leads_the_giver_hands_over(account: str) -> None:
    (thing,) = records("computer")
    with pytest.raises(Refused):
        gives(thing, account=account)


@pytest.mark.parametrize("account", ["clerk", "neighbour", "outsider", "chief", "director"])
def test_only_who_leads_the_receiver_takes(account: str) -> None:
    (thing,) = records("computer")
    transfer = gives(thing, account="logistics_head")
    with pytest.raises(Refused):
        takes(transfer, thing, account=account)
    assert again(thing).holder == WARD


def test_a_part_of_a_number_becomes_a_thing_of_the_receiver() -> None:
    (chairs,) = records("chair", 40, unfit=5)
    transfer = gives(chairs, counts={chairs.id: 10})
    (there,) = takes(transfer, chairs)
    left = again(chairs)
    assert (left.count, left.unfit, left.holder) == (30, 5, WARD)
    assert (there.count, there.unit, there.holder, there.origin) == (10, NEXT, NEXT, chairs.id)
    assert left.moves[0].part == there.id == moving.part_of(transfer, chairs.id)
    tell_database(person("neighbour"))
    assert in_list("neighbour") == [there.code]
    assert [it.move.count for it in queries.in_transfer(person("neighbour"), transfer)] == [10]


def test_what_is_refused_or_recalled_stays() -> None:
    one, other = records("computer", 2)
    transfer = gives(one, other)
    does(moving.refuse, one, account="logistics_head", transfer=transfer, reason="Hỏng")
    does(moving.recall, other, account="chief", transfer=transfer, reason="Nhầm")
    assert [again(it).waiting for it in (one, other)] == [None, None]
    tell_database(person("clerk"))
    assert sorted(MoveRow.objects.values_list("verdict", flat=True)) == ["recalled", "refused"]
    with pytest.raises(NotSo):
        takes(transfer, one)


def test_taken_twice_is_taken_once() -> None:
    (chairs,) = records("chair", 40)
    transfer, entry_id = gives(chairs, counts={chairs.id: 10}), uuid7()
    for _ in range(2):
        subjects, files = moving.locked(transfer, [chairs], NEXT)
        with writing(person("logistics_head"), at=now(), subjects=subjects, units=files) as pen:
            moving.accept(pen, entry_id=entry_id, subject=chairs.id, transfer=transfer)
    assert again(chairs).count == 30
    tell_database(person("director"))
    assert Entry.objects.filter(kind="thing.recorded").count() == 2


def test_disposal_is_signed_and_can_be_undone() -> None:
    (thing,) = records("motorcycle", plate="15A1-123.45")
    how: dict[str, Any] = {"ground": "sold", "count": 1, "when": today(), "paper": "7/QĐ"}
    with pytest.raises(Refused):
        does(moving.dispose, thing, **how)
    with pytest.raises(Unsaid):
        does(moving.dispose, thing, account="chief", **how | {"paper": " "})
    gone = does(moving.dispose, thing, account="chief", **how)
    assert gone.gone is not None
    assert (in_list("clerk"), in_list("clerk", state="gone")) == ([], [thing.code])
    with pytest.raises(NotSo):
        does(recording.place, gone, put=Put(place="Kho"), when=today())
    does(moving.restore, gone, account="chief", reason="Ghi nhầm xe")
    assert in_list("clerk", q="15A1") == [thing.code]


def test_some_of_a_number_are_disposed_of() -> None:
    (chairs,) = records("chair", 40, unfit=5)
    how: dict[str, Any] = {"ground": "destroyed", "when": today(), "paper": "7/QĐ", "account": "chief"}
    left = does(moving.dispose, chairs, count=6, **how)
    assert (left.count, left.unfit, left.gone) == (34, 0, None)
    with pytest.raises(Unsaid):
        does(moving.dispose, left, count=35, **how)


def test_what_is_held_counts_all_and_what_is_fit() -> None:
    good, broken, away = records("computer", 3)
    does(recording.judge, broken, condition="broken", when=today())
    does(recording.send, away, to="Cửa hàng", when=today())
    records("chair", 40, unfit=5)
    records("computer", 2, account="neighbour", at_unit=NEXT)
    its = person("director")
    tell_database(its)
    found = {(it.unit, it.kind): it for it in queries.held(its, None)}
    assert (found[WARD, "computer"].all, found[WARD, "computer"].fit) == (Decimal(3), Decimal(1))
    assert (found[WARD, "chair"].all, found[WARD, "chair"].fit) == (Decimal(40), Decimal(35))
    assert found[NEXT, "computer"].all == 2
    assert {it.unit for it in queries.held(its, {WARD})} == {WARD}
    its = person("clerk")
    tell_database(its)
    assert {(it.unit, it.kind) for it in queries.held(its, None)} == {(WARD, "computer"), (WARD, "chair")}
    assert SOURCES["equipment"] is SOURCES["vehicle"]
    assert good.fit == 1


@pytest.mark.parametrize(
    ("account", "units"), [("director", None), ("director", {WARD, NEXT}), ("clerk", None)]
)
def test_counting_reads_no_rows(account: str, units: set[str] | None) -> None:
    """One query, which an index alone can answer, what row-level security asks included."""
    records("computer", 3)
    its = person(account)
    tell_database(its)
    with CaptureQueriesContext(connection) as asked:
        assert sum(it.all for it in queries.held(its, units)) == 3
    (query,) = asked
    read = set(re.findall(r'"means_thingrow"\."(\w+)"', query["sql"])) | {
        "province",
        "holder",
        "unit",
        "receiver",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attrelid::regclass::text, array_agg(attname::text) FROM pg_attribute"
            " WHERE attrelid::regclass::text IN ('means_thing_of_holder', 'means_thing_in_province') GROUP BY 1"
        )
        indexed = dict(cursor.fetchall())
    assert len(indexed) == 2
    assert all(read - {"gone"} <= set(names) for names in indexed.values())  # what is gone is not in them


def narrowed(its: list[Thing]) -> dict[str, str]:
    return {thing.code: name for name, thing in zip(("good", "broken", "away"), its, strict=True)}


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        ({}, {"good", "broken", "away"}), ({"state": "fit"}, {"good"}), ({"state": "unfit"}, {"broken", "away"}),
        ({"state": "away"}, {"away"}), ({"condition": "broken"}, {"broken"}), ({"q": "may tinh dell"}, {"good"}),
        ({"q": "phong truc"}, {"good", "broken", "away"}), ({"kind": "printer"}, set()),
        ({"unit": WARD}, {"good", "broken", "away"}),
        ({"unit": NEXT}, set()), ({"warranty": "soon"}, {"good"}), ({"warranty": "none"}, {"broken", "away"}),
        ({"family": "vehicle"}, set()), ({"state": "gone"}, set()), ({"post": "x"}, {"good", "broken", "away"}),
    ],
)  # fmt: skip
def test_the_address_narrows_the_list(params: dict[str, str], wanted: set[str]) -> None:
    its = records("computer", 3)
    does(recording.judge, its[1], condition="broken", when=today())
    does(recording.send, its[2], to="Cửa hàng", when=today())
    does(recording.describe, its[0], name="Dell 3000", serial="", plate="", warranty=today() + timedelta(days=9),
         bought=Bought(), reason="Bổ sung")  # fmt: skip
    known = narrowed(its)
    assert {known[code] for code in in_list("clerk", **params)} == wanted


def test_a_conflict_is_shown_and_the_first_counts() -> None:
    """Two nodes judge the same thing after the same entry: the second is set aside."""
    (thing,) = records("computer")
    entries = history(thing.id)
    first, second = (
        type(entries[0])(
            stream=entries[0].stream, seq=2 + n, unit=WARD, id=uuid5(thing.id, str(n)), subject=thing.id,
            after=entries[0].id, kind="thing.judged", version=1, actor=entries[0].actor, grant=None, at=now(),
            body=ThingJudged(condition=condition, unfit=0, when=today()),
        )
        for n, condition in enumerate(("worn", "good"))
    )  # fmt: skip
    folded = things([*entries, first, second])
    assert folded.state is not None
    assert folded.state.condition == "worn"
    assert folded.aside == (second.id,)


SEES = {"clerk", "officer", "chief", "logistics", "logistics_head", "director", "auditor"}


@pytest.mark.parametrize("account", sorted(CAST))
def test_rows_are_seen_by_those_they_concern_alone(account: str) -> None:
    """By the database itself, whatever a page forgets; a receiver sees what it is offered, too."""
    kept, given = records("computer", 2)
    gives(given, to=FAR)
    its = person(account)
    tell_database(its)
    far = account == "outsider"
    assert ThingRow.objects.filter(pk=kept.id).exists() is (account in SEES)
    assert ThingRow.objects.filter(pk=given.id).exists() is (account in SEES or far)
    assert MoveRow.objects.filter(subject=given.id).exists() is (account in SEES or far)
    assert Entry.objects.filter(subject=kept.id).exists() is (account in SEES_ENTRIES)
    tell_database(None)
    assert not ThingRow.objects.exists()
    assert not MoveRow.objects.exists()


SEES_ENTRIES = {
    "clerk",
    "officer",
    "chief",
    "director",
    "auditor",
}  # through the reach of matters; others by `told`


def test_a_view_that_saves_writes_nothing() -> None:
    (thing,) = records("computer")
    tell_database(person("chief"))
    assert ThingRow.objects.filter(pk=thing.id).update(count=9) == 0
    assert ThingRow.objects.filter(pk=thing.id).delete()[0] == 0
