"""Subject keys on their way to another node and back."""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

import pyrage
import pytest

from foreign import AT, UNIT, Line, commented, raised
from haicap.journal import blob_parts, blobs, keys
from haicap.journal.entry import Seal, read
from haicap.journal.erasing import KeyErased, apply, write_beside
from haicap.journal.holders import KeyGiven
from haicap.journal.ids import uuid7
from haicap.journal.intake import Item, Malformed, receive
from haicap.journal.models import Entry, SubjectKey, Wanted
from haicap.journal.node import keys as private
from haicap.journal.node import own
from haicap.journal.pen import writing
from haicap.journal.sealing import blind, key_id, open_sealed, seal
from haicap.journal.text import canonical
from haicap.matters.attaching.entries import Attached
from haicap.matters.fold import matters
from haicap.units.loading import Founder
from journals import Journal

SUBJECT, OTHER = UUID(int=1 << 120), UUID(int=(1 << 120) + 1)
KEY = bytes(range(32))
NAME = key_id(KEY).hex()


def mine() -> str:
    return str(private().receiving.to_public())


@pytest.fixture
def line(journal: Journal) -> Line:
    """A foreign stream with sealed facts, whose key has not come."""
    it, entry = Line(), uuid7()
    it.write(SUBJECT, raised(), entry_id=entry, sealed=seal(KEY, SUBJECT, entry, {"reporter": "0900"}, bytes))
    it.write(SUBJECT, commented())
    receive(it.batch(), None)
    return it


def test_a_key_comes_and_opens(line: Line, journal: Journal) -> None:
    assert keys.wanted(None) == keys.wanted([UNIT]) == [NAME]
    assert keys.wanted(["10507"]) == []
    assert keys.places(NAME) == [line.description]
    assert keys.keys_of([NAME]) == {}
    assert keys.accept(keys.seal_for(mine(), [keys.Key(SUBJECT, KEY)])) == 1
    assert keys.accept(keys.seal_for(mine(), [keys.Key(SUBJECT, KEY)])) == 0
    assert keys.wanted(None) == []
    assert keys.keys_of([NAME, "00" * 32]) == {NAME: keys.Key(SUBJECT, KEY)}
    row = Entry.objects.using("worker").get(subject=SUBJECT, seq=1)
    sealed = Seal(bytes(row.sealed).hex(), NAME)
    assert open_sealed(SUBJECT, row.id, sealed, using="worker") == {"reporter": "0900"}
    assert journal.problems(refold=True) == []


def test_what_finds_sealed_facts_is_made_here_when_the_key_comes(
    line: Line, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matters, "found_by", lambda facts: [facts["reporter"]] if facts else [])
    keys.accept(keys.seal_for(mine(), [keys.Key(SUBJECT, KEY)]))
    entry = uuid7()
    line.write(
        SUBJECT, commented(), entry_id=entry, sealed=seal(KEY, SUBJECT, entry, {"reporter": "0901"}, bytes)
    )
    receive(line.batch(2), None)
    found = journal.ask("SELECT blind FROM journal_ciphertext WHERE blind <> '{}'")
    assert sorted(bytes(digest) for (digests,) in found for digest in digests) == sorted(
        map(blind, ["0900", "0901"])
    )


@pytest.mark.parametrize("it", [keys.Key(OTHER, KEY), keys.Key(SUBJECT, bytes(32))])
def test_a_key_that_no_entry_names_is_passed_over(line: Line, it: keys.Key) -> None:
    assert keys.accept(keys.seal_for(mine(), [it])) == 0
    assert not SubjectKey.objects.using("worker").filter(subject=it.subject).exists()
    assert keys.wanted(None) == [NAME]


@pytest.mark.parametrize(
    "clear", ["x", "[]", '["a"]', '["a", "b"]', f'["{SUBJECT}", "00"]', f'["{SUBJECT}", "xx"]', "1"]
)
def test_what_cannot_be_read_is_refused(journal: Journal, clear: str) -> None:
    for sealed in (clear.encode(), pyrage.encrypt(clear.encode(), [private().receiving.to_public()])):
        with pytest.raises(Malformed):
            keys.accept(sealed)


def test_no_keys_are_no_bytes() -> None:
    assert keys.seal_for("age1x", []) == b""


def written(*subjects: UUID) -> None:
    with writing(Founder(own().id), at=AT, subjects=subjects, units=[UNIT]) as pen:
        for subject in subjects:
            pen.write(matters, uuid7(), subject, raised(), unit=UNIT, grant=None, sealed={"reporter": "0900"})


def test_every_holder_is_written_down_once(journal: Journal) -> None:
    written(SUBJECT, OTHER)
    some = [
        keys.Key(it.subject, b"")
        for it in SubjectKey.objects.using("worker").filter(subject__in=(SUBJECT, OTHER))
    ]
    first, second = uuid7(), uuid7()
    for node in (first, first, second):
        with writing(Founder(own("worker").id), at=AT, using="worker") as pen:
            keys.record(pen, some, node)
    given = Entry.objects.using("worker").filter(kind="key.given", unit=UNIT, channel="work")
    assert sorted(given.values_list("subject", flat=True)) == [SUBJECT, SUBJECT, OTHER, OTHER]
    assert journal.problems(refold=True) == []


def test_an_erased_subject_s_key_is_neither_wanted_nor_taken(line: Line, journal: Journal) -> None:
    receive_order(line)
    assert keys.destroyed([NAME, "00" * 32]) == [NAME]
    assert keys.accept(keys.seal_for(mine(), [keys.Key(SUBJECT, KEY)])) == 0
    assert keys.wanted(None) == []
    assert keys.places(NAME) == [line.description]


def receive_order(line: Line) -> None:
    with writing(Founder(own().id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen:
        write_beside(pen, uuid7(), SUBJECT, KeyErased(ground="asked", paper="1"), unit=UNIT)
    assert apply([SUBJECT], at=AT) == [SUBJECT]


def test_a_key_destroyed_elsewhere_is_asked_for_no_more(line: Line) -> None:
    keys.forget([NAME])
    assert keys.wanted(None) == []
    assert not Wanted.objects.using("worker").exists()


@pytest.fixture
def attached(journal: Journal) -> tuple[Line, str, bytes]:
    """A foreign stream that names a file, the file's name and its bytes."""
    data = b"sealed" * 30_000
    name = sha256(data).hexdigest()
    line = Line()
    line.write(SUBJECT, raised())
    line.write(
        SUBJECT,
        Attached(blob=name, size=9, media="image/jpeg", name="a.jpg", personal=False, about="", picture=""),
    )
    receive(line.batch(), None)
    return line, name, data


def test_the_key_of_files_alone_is_named_once_so_that_it_travels(journal: Journal) -> None:
    """The file's own entry seals nothing, and a key that no entry names is given to nobody."""
    pieces = [
        Attached(
            blob="a" * 64, size=9, media="image/jpeg", name="a.jpg", personal=False, about="", picture=""
        ),
        commented('{"blob":"x"}'),
    ]
    with writing(Founder(own().id), at=AT, subjects=[SUBJECT], units=[UNIT]) as pen:
        pen.write(matters, uuid7(), SUBJECT, raised(), unit=UNIT, grant=None)
        for body in reversed(pieces * 2):
            pen.write(matters, uuid7(), SUBJECT, body, unit=UNIT, grant=None)
    (key,) = SubjectKey.objects.using("worker").filter(subject=SUBJECT)
    (place,) = keys.places(bytes(key.key_id).hex())
    assert (place.unit, place.channel) == (UNIT, "work")
    (row,) = Entry.objects.using("worker").filter(subject=SUBJECT, kind="key.given")
    entry = read(row.stream_id, row.seq, row.unit, bytes(row.payload))
    assert (entry.actor, entry.grant, entry.body) == (own().id, None, KeyGiven(node=own().id))
    assert entry.sealed is not None
    assert open_sealed(SUBJECT, entry.id, entry.sealed) == {}
    assert journal.problems(refold=True) == []


def test_keys_of_files_that_no_entry_names_are_named_all_at_once(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As files were attached before the pen named their keys."""
    file = Attached(
        blob="a" * 64, size=9, media="image/jpeg", name="a.jpg", personal=False, about="", picture=""
    )
    monkeypatch.setattr(
        "haicap.journal.pen.Pen.name_key", lambda self, stream, subject: self.desk.key(subject)
    )
    with writing(Founder(own().id), at=AT, subjects=[SUBJECT, OTHER], units=[UNIT]) as pen:
        for subject in (SUBJECT, OTHER):
            pen.write(matters, uuid7(), subject, raised(), unit=UNIT, grant=None)
            pen.write(matters, uuid7(), subject, file, unit=UNIT, grant=None)
    monkeypatch.undo()
    names = [bytes(it.key_id).hex() for it in SubjectKey.objects.using("worker").order_by("subject")]
    assert len(names) == 2
    assert [keys.places(name) for name in names] == [[], []]
    for units, count in (["10507"], 0), ([UNIT], 2), ([UNIT], 0):
        with writing(Founder(own().id), at=AT, using="worker") as pen:
            assert keys.name_all(pen, units) == count
    assert [keys.places(name) for name in names] == [[own().stream(UNIT, "work")]] * 2
    assert journal.problems(refold=True) == []


def test_a_file_comes_piece_by_piece(attached: tuple[Line, str, bytes]) -> None:
    line, name, data = attached
    assert blob_parts.lacking(None) == blob_parts.lacking([UNIT]) == {name: 0}
    assert blob_parts.lacking(["10507"]) == {}
    assert blob_parts.places(name) == [line.description]
    assert blob_parts.places("00" * 32) == []
    assert blob_parts.write(name, 0, data[:70_000]) == 70_000
    assert blob_parts.write(name, 5, b"again") == 70_000
    assert (blob_parts.begun(name), blob_parts.size(name)) == (70_000, None)
    assert blob_parts.write(name, 70_000, data[70_000:]) == len(data)
    assert blob_parts.finish(name)
    assert blob_parts.finish(name)
    assert (blob_parts.begun(name), blob_parts.size(name)) == (0, len(data))
    assert blob_parts.read(name, 10, 20) == data[10:30]
    assert blob_parts.lacking(None) == {}
    assert blobs.whole(name)


def test_a_file_that_is_not_what_its_name_says_is_thrown_away(attached: tuple[Line, str, bytes]) -> None:
    _line, name, _data = attached
    blob_parts.write(name, 0, b"other")
    assert not blob_parts.finish(name)
    assert not blob_parts.finish(name)
    assert (blob_parts.begun(name), blob_parts.size(name)) == (0, None)
    with pytest.raises(blobs.Missing):
        blob_parts.read(name, 0, 1)


@pytest.mark.parametrize("name", ["../node.json", "", "x" * 64, "A" * 64, "0" * 63, None, 7])
def test_no_name_leads_elsewhere(journal: Journal, name: Any) -> None:
    line = Line()
    body = {"more": [{"blob": name, "picture": "../.."}]}
    line.write(SUBJECT, raised())
    it = json.loads(line.items[0].payload)
    line.items = [Item(canonical({**it, "kind": "later.kind", "body": body}))]
    receive(line.batch(), None)
    assert blob_parts.lacking(None) == {}
    if isinstance(name, str):
        assert blob_parts.size(name) is None
        for act in (blob_parts.begun, lambda it: blob_parts.write(it, 0, b"x"), blob_parts.finish):
            with pytest.raises(blobs.Missing):
                act(name)


def test_a_file_of_an_erased_subject_is_not_asked_for(attached: tuple[Line, str, bytes]) -> None:
    receive_order(attached[0])
    assert blob_parts.lacking(None) == {}
