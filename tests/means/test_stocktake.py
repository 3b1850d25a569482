"""A stock-take: what should be there, counts of several people, four lists, and what a signature writes."""

import io
from itertools import permutations
from typing import Any
from uuid import UUID, uuid5

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import WARD
from haicap.journal.chain import Description
from haicap.journal.entry import Entry, payload, read
from haicap.journal.ids import uuid7
from haicap.journal.models import Entry as Written
from haicap.journal.order import Taken, in_order
from haicap.journal.pen import writing
from haicap.means.stocktake import actions, reading
from haicap.means.stocktake.entries import Expected, StocktakeCounted, StocktakeOpened
from haicap.means.stocktake.fold import stocktakes
from haicap.means.stocktake.lists import Four, lists
from haicap.means.stocktake.models import StocktakeRow
from haicap.means.things import codes, recording
from haicap.units.acting import NotSo, Unsaid
from haicap.units.rights import Refused, tell_database
from haicap.units.sign_in import today
from means.counting import closes, counts, opens, sheet
from means.store import NEXT, again, does, gives, now, records, takes
from pages import person

pytestmark = pytest.mark.django_db(databases=["default", "worker", "owner"])


@pytest.fixture(autouse=True)
def clerk(db: None) -> None:
    tell_database(person("clerk"))


def listed(four: Four) -> dict[str, set[str]]:
    found = {name: {line.code for line in getattr(four, name)} for name in ("found", "elsewhere", "missing")}
    return found | {"unknown": {it.code or it.words for it in four.unknown}}


def test_what_is_expected_is_taken_from_the_register_at_the_opening() -> None:
    one, other = records("computer", 2, place="Kho")
    records("computer", 1, place="Phòng trực")
    assert len(opens().expected) == 3
    kho = opens("Kho")
    assert {it.code for it in kho.expected} == {one.code, other.code}
    records("computer", 1, place="Kho")
    assert StocktakeRow.objects.get(pk=kho.id).expected == 2
    with pytest.raises(Unsaid):
        opens("Nơi không có gì")


def test_opened_twice_is_opened_once() -> None:
    records("computer", 1)
    entry_id = uuid7()
    assert opens(entry_id=entry_id) == opens(entry_id=entry_id)
    assert StocktakeRow.objects.count() == 1


def test_the_four_lists() -> None:
    here, moved, lost = records("computer", 3, place="Kho")
    (away,) = records("printer", place="Phòng trực")
    (foreign,) = records("radio", account="neighbour", at_unit=NEXT)
    its = opens("Kho")
    for thing, more in ((here, {}), (moved, {"place": "Phòng họp"}), (away, {}), (foreign, {})):
        its = counts(its, thing, **more)
    its = counts(its, None, 2, how="words", words="Quạt đứng")
    its = counts(its, None, how="photo", code="11311-7K99999-Q")
    its = counts(its, None, how="label", code="11311-7K99999-Q")
    four = lists(its)
    assert listed(four) == {
        "found": {here.code}, "elsewhere": {moved.code, away.code, foreign.code}, "missing": {lost.code},
        "unknown": {"Quạt đứng", "11311-7K99999-Q"},
    }  # fmt: skip
    assert {line.code: line.holder for line in four.elsewhere}[foreign.code] == NEXT
    row = StocktakeRow.objects.get(pk=its.id)
    assert (row.expected, row.found, row.elsewhere, row.missing, row.unknown) == (3, 1, 3, 1, 2)


def test_closing_writes_what_was_found_into_the_things() -> None:
    here, moved, lost = records("computer", 3, place="Kho")
    (away,) = records("printer", place="Phòng trực")
    (foreign,) = records("radio", account="neighbour", at_unit=NEXT)
    (chairs,) = records("chair", 40, place="Kho", unfit=39)
    its = opens("Kho")
    for thing in (here, away, foreign):
        its = counts(its, thing)
    its = counts(counts(its, moved, place="Phòng họp"), chairs, 38)
    its = closes(its)
    assert its.closed is not None
    assert listed(lists(its)) == {
        "found": {here.code, chairs.code}, "elsewhere": {moved.code, away.code, foreign.code}, "missing": {lost.code},
        "unknown": set(),
    }  # fmt: skip
    assert again(lost).missing == its.id
    assert again(lost).fit == 0
    assert (again(moved).put.place, again(away).put.place) == ("Phòng họp", "Kho")
    assert (again(chairs).count, again(chairs).unfit) == (38, 38)
    assert again(foreign).put.place == foreign.put.place
    assert not Written.objects.filter(subject=here.id, kind="thing.counted").exists()
    with pytest.raises(NotSo):
        counts(its, here)
    with pytest.raises(NotSo):
        closes(its)
    back = does(recording.recount, again(lost), count=1, reason="Để ở kho tạm", when=today())
    assert (back.missing, back.fit) == (None, 1)
    assert lists(its).missing[0].code == lost.code  # what was signed stays


def test_what_was_missing_and_is_found_again_is_there() -> None:
    (thing,) = records("computer", place="Kho")
    closes(opens())
    assert again(thing).missing is not None
    closes(counts(opens(), thing))
    assert again(thing).missing is None


def test_two_numbers_are_shown_and_one_is_chosen() -> None:
    (chairs,) = records("chair", 40, place="Kho")
    its = counts(opens(), chairs, 38)
    its = counts(its, chairs, 40, account="officer")
    (dispute,) = lists(its).disputes
    assert [n for _who, n in dispute.numbers] == [38, 40]
    for chosen in ({}, {chairs.id: 39}):
        with pytest.raises(Unsaid):
            closes(its, chosen)
    closes(its, {chairs.id: 38})
    assert again(chairs).count == 38


def test_the_newest_number_of_a_counter_is_theirs_and_all_are_kept() -> None:
    (chairs,) = records("chair", 40, place="Kho")
    its = counts(counts(counts(opens(), chairs, 12), chairs, 39), chairs, 39, account="officer")
    assert lists(its).disputes == ()
    assert lists(its).found[0].counted == 39
    assert [it.count for it in its.counts] == [12, 39, 39]


def test_a_count_is_taken_back() -> None:
    (thing,) = records("computer", place="Kho")
    its = counts(opens(), thing)
    with writing(person("officer"), at=now(), subjects=[its.id], units=[WARD]) as pen:
        its = actions.withdraw(pen, entry_id=uuid7(), subject=its.id, counts=[its.counts[0].id])
        with pytest.raises(NotSo):
            actions.withdraw(pen, entry_id=uuid7(), subject=its.id, counts=[uuid7()])
    assert listed(lists(its))["missing"] == {thing.code}


def test_what_went_elsewhere_meanwhile_stays_as_it_is() -> None:
    thing, other = records("computer", 2, place="Kho")
    its = opens()
    takes(gives(thing, to="31-PH10"), thing, receiver="31-PH10")
    does(recording.send, other, to="Cửa hàng", when=today())
    its = closes(its)
    assert its.closed is not None
    assert {line.code for line in its.closed.missing} == {thing.code, other.code}
    assert (again(thing).missing, again(thing).holder) == (None, "31-PH10")


@pytest.mark.parametrize("account", ["neighbour", "outsider", "director", "crime_head"])
def test_others_do_not_count(account: str) -> None:
    (thing,) = records("computer", place="Kho")
    its = opens()
    with pytest.raises(Refused):
        counts(its, thing, account=account)
    with pytest.raises(Refused):
        opens(account=account)


@pytest.mark.parametrize("account", ["clerk", "officer", "neighbour", "director"])
def test_only_who_leads_signs(account: str) -> None:
    records("computer", place="Kho")
    its = opens()
    with pytest.raises(Refused):
        closes(its, account=account)
    assert not Written.objects.filter(kind="thing.counted").exists()


def test_signed_twice_is_signed_once() -> None:
    (thing,) = records("computer", place="Kho")
    its, entry_id = opens(), uuid7()
    assert closes(its, entry_id=entry_id) == closes(its, entry_id=entry_id)
    assert Written.objects.filter(subject=thing.id, kind="thing.counted").count() == 1


# Two people count one store without a line between them

STORE = Description(UUID(int=31), UUID(int=41), WARD, "work").id()
OFFLINE = [Description(UUID(int=n), UUID(int=10 + n), WARD, "work").id() for n in (2, 3)]
SUBJECT, THINGS = UUID(int=1 << 99), [UUID(int=5000 + n) for n in range(6)]
KNOWN = [
    Expected(thing=thing, code=f"C{n}", sort="chair" if n > 3 else "computer", name="", place="Kho",
             kept="counted" if n > 3 else "single", count=9 if n > 3 else 1)
    for n, thing in enumerate(THINGS)
]  # fmt: skip


def entry(stream: UUID, seq: int, body: Any, actor: int) -> Entry[Any]:
    data = payload(
        entry_id=uuid5(stream, str(seq)), salt=bytes(16), subject=SUBJECT, after=None, body=body, actor=UUID(int=actor),
        grant=None, at=now(), sealed=None,
    )  # fmt: skip
    return read(stream, seq, WARD, data)


def counted(thing: int | None, number: int, place: str = "") -> StocktakeCounted:
    known = KNOWN[thing] if thing is not None else None
    return StocktakeCounted(
        thing=known.thing if known else None, code=known.code if known else "", sort=known.sort if known else "",
        kept=known.kept if known else "single", holder=WARD, was="Kho", place=place,
        count=number if known is None or known.kept == "counted" else 1, how="list", words="" if known else "Quạt",
    )  # fmt: skip


def taken(stream: UUID, place: int, up_to: int) -> Entry[Any]:
    return Entry(
        STORE, place, WARD, uuid5(stream, f"t{up_to}"), STORE, None, "journal.taken", 1, UUID(int=9), None, now(),
        Taken(stream=stream, up_to=up_to),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_two_offline_stock_takes_of_one_store_merge_without_losing_a_count(data: st.DataObject) -> None:
    """In every order in which the province takes in what two counters wrote, no count is lost and the lists agree."""
    opening = StocktakeOpened(
        unit=WARD, province="31", name="Kho", place="Kho", day=today(), expected=tuple(KNOWN)
    )
    made = st.tuples(
        st.one_of(st.none(), st.integers(0, 5)), st.integers(1, 9), st.sampled_from(["", "Phòng họp"])
    )
    streams = [[entry(STORE, 1, opening, 1)], *([] for _ in OFFLINE)]
    for n, stream in enumerate(OFFLINE, 1):
        for seq, (thing, number, place) in enumerate(data.draw(st.lists(made, max_size=6)), 1):
            streams[n].append(entry(stream, seq, counted(thing, number, place), n + 1))
    entries = [it for stream in streams for it in stream]
    results = set()
    for order in permutations(OFFLINE):
        for parts in ((9,), (2, 9)):
            taking, place = [], 1
            for up_to in parts:
                for stream in order:
                    place += 1
                    taking.append(taken(stream, place, up_to))
            folded = stocktakes(in_order(entries, taking, [STORE]))
            assert folded.state is not None
            assert folded.aside == folded.waiting == ()
            assert {it.id for it in folded.state.counts} == {it.id for it in entries[1:]}
            results.add(repr((folded.state, lists(folded.state))))
    assert len(results) == 1


# Photos of labels


@pytest.mark.parametrize("angle", [0, 7, 90])
def test_a_photo_of_many_labels_is_read_whole(angle: float) -> None:
    its = records("computer", 24)
    found = {code for text in reading.texts(sheet(its, angle=angle)) if (code := codes.read(text))}
    assert found == {it.code for it in its}


def test_what_is_no_picture_is_told_so() -> None:
    for photo in (b"", b"%PDF-1.7", b"\xff\xd8\xff\xe0 cut off", bytes(1000)):
        with pytest.raises(reading.UnreadablePhoto):
            reading.texts(photo)


def test_other_codes_are_read_but_are_none_of_ours() -> None:
    out = io.BytesIO()
    segno.make("https://example.com/x").save(out, kind="png", scale=6)
    assert reading.texts(out.getvalue()) == ["https://example.com/x"]
    assert codes.read("https://example.com/x") is None
