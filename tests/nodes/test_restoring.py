"""A burnt machine's work comes back from the parent's copy, and what was never sent is named."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from haicap.journal.ids import uuid7
from haicap.nodes.exchange.answering import answer
from haicap.nodes.exchange.asking import contact
from haicap.nodes.exchange.records import Joining, Parent
from haicap.nodes.exchange.wire import Down, Request, Response
from haicap.nodes.rescue.backup import Unfit
from haicap.nodes.rescue.recalling import Recalled, beyond, recall
from haicap.nodes.rescue.restoring import identity_in
from nodes.memory import Clock, Disk, Identity, MemoryShelf, World
from nodes.toy import Noted, Opened, things

PROVINCE, WARD, OTHER = "31", "31-W1", "31-W2"


@dataclass
class Cable:
    """A line to the province that breaks after so many questions."""

    above: MemoryShelf
    lasts: int = 1 << 30
    asked: list[str] = field(default_factory=list)

    def ask(self, request: Request) -> Response:
        if len(self.asked) >= self.lasts:
            raise Down("cut")
        self.asked.append(request.path)
        return answer(self.above, request)


class Place:
    """A province, and machines that join it."""

    def __init__(self) -> None:
        self.random = random.Random(7)
        self.world = World(datetime(2026, 11, 20, 3, tzinfo=UTC))
        self.province = self.shelf(PROVINCE, 31)

    def shelf(self, unit: str, number: int, parent: Parent | None = None) -> MemoryShelf:
        key = Ed25519PrivateKey.from_private_bytes(self.random.randbytes(32))
        identity = Identity(UUID(int=number), key, x25519.Identity.generate())
        return MemoryShelf(Disk(), identity, unit, Clock(self.world), self.random.randbytes, parent)

    def machine(self, unit: str, number: int) -> MemoryShelf:
        its = self.province
        parent = Parent(its.own.id, its.unit, "http://parent", its.identity.public_key, its.recipient)
        made = self.shelf(unit, number, parent)
        its.invite(f"code {number}", unit)
        its.join(Joining(f"code {number}", made.own.id, made.own.incarnation, unit, made.identity.public_key,
                         made.recipient, "1"))  # fmt: skip
        return made

    def opens(self, shelf: MemoryShelf, text: str, unit: str = WARD) -> UUID:
        return self._writes(shelf, lambda it: Opened(text=it), text, unit, uuid7(shelf.now(), shelf.entropy))

    def notes(self, shelf: MemoryShelf, subject: UUID, text: str) -> UUID:
        return self._writes(shelf, lambda it: Noted(text=it), text, WARD, subject)

    def _writes(
        self, shelf: MemoryShelf, body: Callable[[str], Any], text: str, unit: str, subject: UUID
    ) -> UUID:
        self.world.now += timedelta(minutes=1)
        with shelf.writing(shelf.own.id) as pen:
            pen.write(things, uuid7(shelf.now(), shelf.entropy), subject, body(text), unit=unit, grant=None,
                      sealed={"who": "kín"})  # fmt: skip
        return subject

    def calls(self, shelf: MemoryShelf) -> None:
        assert shelf.parent is not None
        shelf.witness()
        assert contact(shelf, Cable(self.province), shelf.parent, until=lambda: False).good

    def recalls(self, shelf: MemoryShelf, **more: Any) -> Recalled:
        assert shelf.parent is not None
        return recall(shelf, more.pop("wire", Cable(self.province)), shelf.parent, **more)


@pytest.fixture
def place() -> Place:
    return Place()


def burnt(place: Place) -> tuple[MemoryShelf, MemoryShelf, UUID]:
    """A ward's machine that burnt, the new one, and a matter that had come up before."""
    old = place.machine(WARD, 11)
    leak = place.opens(old, "Dột")
    place.notes(old, leak, "hai")
    place.calls(old)
    place.opens(place.machine(OTHER, 12), "của phường khác", OTHER)
    place.province.revoke(old.own.id)
    return old, place.machine(WARD, 13), leak


def test_all_that_came_up_comes_back(place: Place) -> None:
    old, new, leak = burnt(place)
    back = place.recalls(new)
    assert back.whole
    assert new.folded(things, leak) == old.folded(things, leak)
    assert new.key(leak) == old.key(leak)
    assert new.own.id != old.own.id
    assert {head.description.unit for head in new.heads(None, reference=False).values()} == {WARD}
    ((line,), missing) = back.lines, back.missing
    assert (line.stream.node, line.seq, line.code) == (old.own.id, 2, old.own.code())
    assert missing == ()
    assert f"up to number 2, of {line.at:%Y-%m-%d %H:%M} UTC" in list(back.sentences())[-1]


def test_what_the_burnt_machine_never_sent_is_named(place: Place, tmp_path: Path) -> None:
    old, new, leak = burnt(place)
    place.notes(old, leak, "ba")
    place.notes(old, leak, "bốn")
    old.witness()
    newest = old.newest()
    assert newest is not None
    witness = tmp_path / "witness.jsonl"
    witness.write_bytes(newest.line())
    (lost,) = place.recalls(new, witness=[witness]).missing
    assert (lost.unit, lost.channel, lost.first, lost.last) == (WARD, "work", 3, 4)
    assert "entries 3 to 4" in lost.sentence()
    assert beyond([newest], old.heads()) == ()
    (unknown, *_) = beyond([newest], {})
    assert (unknown.unit, unknown.first) == (None, 1)


def test_cut_off_in_the_middle_it_says_so_and_goes_on(place: Place) -> None:
    old, new, leak = burnt(place)
    back = place.recalls(new, wire=Cable(place.province, lasts=2))
    assert not back.whole
    assert "Not all has come from the parent (cut)" in next(back.sentences())
    assert place.recalls(new).whole
    assert new.folded(things, leak) == old.folded(things, leak)


def test_it_works_on_afterwards_and_the_province_takes_it_in(place: Place) -> None:
    _old, new, leak = burnt(place)
    place.recalls(new)
    place.notes(new, leak, "sau cháy")
    place.calls(new)
    assert place.province.folded(things, leak).state == new.folded(things, leak).state
    state = place.province.folded(things, leak).state
    assert state is not None
    assert state.notes == ("hai", "sau cháy")


def test_an_identity_is_read_from_its_paper() -> None:
    identity = x25519.Identity.generate()
    assert str(identity_in(f"# giữ kỹ\n\n  {identity}\n")) == str(identity)
    for text in ("", "# nothing\n", "AGE-SECRET-KEY-1NONSENSE"):
        with pytest.raises(Unfit, match="no age identity"):
            identity_in(text)
