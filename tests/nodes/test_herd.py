"""The herd's synthetic child (`bench/herd_shelf.py`) holds a whole contact: what the bench measures is the protocol."""

from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from haicap.nodes.exchange.asking import contact
from nodes.pair import Pair, Wire
from nodes.toy import Noted, things

pytestmark = pytest.mark.usefixtures("in_touch")
BENCH = Path(__file__).parents[2] / "bench"
PHOTO = b"a photo" * 1000
NAME = sha256(PHOTO).hexdigest()


@pytest.fixture
def herd(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(BENCH)
    return import_module("herd_shelf")


def synthetic(herd: Any, pair: Pair) -> Any:
    """The ward as the herd would have it: its keys, its membership, its own line, and what lay there before."""
    its, identity = pair.ward.shelf, pair.ward.identity
    stream = its.own.stream("31001", "work")
    items = tuple(its.stored(stream.id(), 0, 1000))
    hashes = tuple(its.hash_at(stream.id(), seq) for seq in range(1, len(items) + 1))
    return herd.Shelf(
        its.own, "31001", identity.signing.private_bytes_raw(), str(identity.receiving), pair.ward.parent,
        herd.Line(stream, items, hashes, {}, {NAME: PHOTO}), dict(its.heads(())), {},
    )  # fmt: skip


def test_a_child_of_the_herd_gets_in_step(herd: Any, pair: Pair) -> None:
    subject = pair.write(pair.ward, 3)
    with pair.ward.shelf.writing(UUID(int=1)) as pen:
        photo = Noted(text="n", blob=NAME)
        pen.write(things, UUID(int=2), subject, photo, unit="31001", grant=pair.grants["31001"])
    child = synthetic(herd, pair)
    governs = [stream.id() for stream in pair.govern(70)]
    done = contact(child, Wire(pair.province), child.parent, until=lambda: False)
    assert (done.good, done.faults, done.up) == (True, (), len(PHOTO))
    assert pair.province.shelf.head(child.mine_id) == child.mine
    assert pair.province.shelf.read_blob(NAME, 0, 99) == PHOTO[:99]
    for stream in governs:
        assert child.head(stream) == pair.province.shelf.head(stream)
    again = contact(child, Wire(pair.province), child.parent, until=lambda: False)
    assert (again.good, again.pushed, again.pulled) == (True, 0, 0)
