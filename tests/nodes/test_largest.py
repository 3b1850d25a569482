"""The largest entry that a pen writes is one that travels."""

import os
from hashlib import sha256

import pytest

from haicap.journal.batch import LARGEST, Item
from haicap.journal.chain import chain
from haicap.journal.ids import uuid7
from haicap.journal.node import Own
from haicap.nodes.exchange import lines

LINE = Own(uuid7(), uuid7()).stream("11311", "work")


def item(size: int, sealed: int | None) -> Item:
    """An entry with a payload of `size` bytes and so large a ciphertext."""
    ciphertext = os.urandom(sealed) if sealed is not None else None
    seal = f'{{"key_id":"{"0" * 64}","sha256":"{sha256(ciphertext).hexdigest()}"}}' if ciphertext else "null"
    head, tail = '{"body":"', f'","sealed":{seal},"subject":"{uuid7()}","version":1}}'
    letters = "\u1ea3" * ((size - len(head) - len(tail)) // 3)
    text = head + letters + "x" * (size - len((head + letters + tail).encode())) + tail
    return Item(text.encode(), ciphertext)


@pytest.mark.parametrize("sealed", [None, LARGEST])
def test_the_largest_entry_travels(sealed: int | None) -> None:
    largest = item(LARGEST, sealed)
    assert len(largest.payload) == LARGEST
    body = b"".join(lines.written([lines.Part(LINE, 0, LINE.digest(), [largest])]))
    batch = lines.read_one(body)
    assert batch.items == (largest,)
    assert batch.hash == chain(LINE.digest(), LINE.id(), 1, [largest.payload])[-1]
