"""The records that both sides of `bench/exchange.py` carry: lines of a duty log, the very same for either."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from uuid import UUID

from haicap.journal.ids import derived, uuid7

BEGAN = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
UNIT, PROVINCE = "11311", "31"
CLERK, GRANT = UUID(int=0x5A11), UUID(int=0x5A12)  # who wrote them, and on what it stood
BYTES = 190  # of a text, at least


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a duty log."""

    entry: UUID
    at: datetime
    happened: datetime
    text: str

    @property
    def id(self) -> UUID:
        """What the line is about: its subject, or the document's `_id`."""
        return derived(self.entry, "line")

    def document(self) -> dict[str, str]:
        """It as PouchDB is given it: what there is to say of it, and nothing that it could do without."""
        return {
            "_id": str(self.id), "by": str(CLERK), "at": instant(self.at), "sort": "call",
            "happened": instant(self.happened), "unit": UNIT, "text": self.text,
        }  # fmt: skip


def instant(at: datetime) -> str:
    """A moment as the journal writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def records(count: int, seed: str = "exchange") -> Iterator[Record]:
    """So many lines, the same again for the same seed.

    A text is words drawn evenly from all that haicap's own data files have with a Vietnamese letter in them, some
    720, until it has `BYTES` bytes. So no word follows from the one before, and what zlib leaves of it is what the
    choice of words weighs.
    """
    chance, words, at = random.Random(seed), vocabulary(), BEGAN
    for _ in range(count):
        at += timedelta(microseconds=chance.randint(1, 900_000_000))
        yield Record(
            uuid7(at, chance.randbytes),
            at,
            at - timedelta(minutes=chance.randint(0, 90)),
            text_of(chance, words),
        )


def text_of(chance: random.Random, words: list[str]) -> str:
    """Words drawn evenly, until there are enough."""
    drawn: list[str] = []
    while len(" ".join(drawn).encode()) < BYTES:
        drawn.append(chance.choice(words))
    return " ".join(drawn)


@cache
def vocabulary() -> list[str]:
    """Every word with a Vietnamese letter in the data files that come with haicap, in the order of its letters."""
    rooms = ("clocks", "duty", "matters", "means", "units")
    every = (
        it for room in rooms for it in (files("haicap") / room / "data").iterdir() if it.name.endswith("ml")
    )
    words = (word for it in every for word in re.findall(r"\w+", it.read_text(encoding="utf-8").lower()))
    return sorted({word for word in words if re.search("[à-ỹđ]", word)})
