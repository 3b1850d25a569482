"""Stretches of streams as they travel: written and read again, cut, flipped, blown up."""

import itertools
import json
import tracemalloc
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from haicap.journal.batch import Batch, Item, Malformed
from haicap.journal.chain import Description, chain
from haicap.journal.text import canonical
from haicap.nodes.exchange.lines import (
    BATCH_BYTES,
    BATCH_ENTRIES,
    LINE,
    Part,
    TooLarge,
    read,
    read_one,
    written,
)

STREAM = Description(UUID(int=11), UUID(int=12), "11311", "work")
START = STREAM.digest()
FIRST = canonical(["haicap", 1, {"channel": "work", "incarnation": str(UUID(int=12)), "node": str(UUID(int=11)),
                                 "unit": "11311"}, 0])  # fmt: skip
HEAD = canonical(["head", 0, START.hex()])


def payload(number: int, *, sealed: str | None = None, text: str = "") -> bytes:
    """A payload as nodes write it; `sealed` is the digest of its ciphertext."""
    return canonical(
        {
            "id": str(UUID(int=number)), "salt": sha256(bytes([number % 251])).hexdigest()[:32],
            "subject": str(UUID(int=7)), "after": None, "kind": "matter.commented", "version": 1,
            "actor": str(UUID(int=1)), "grant": None, "at": "2026-11-22T02:00:00.000000Z",
            "body": {"text": text or f"Nội dung {number}", "sealed": None},
            "sealed": {"sha256": sealed, "key_id": sealed} if sealed else None,
        }
    )  # fmt: skip


def item(number: int, ciphertext: bytes | None = None, *, sealed: bool = False) -> Item:
    digest = sha256(ciphertext or b"").hexdigest() if sealed or ciphertext is not None else None
    return Item(payload(number, sealed=digest), ciphertext)


def on_the_wire(items: Iterable[Item], after: int = 0, before: bytes = START) -> bytes:
    return b"".join(written([Part(STREAM, after, before, items)]))


def packed(*lines: bytes) -> bytes:
    """Lines as somebody else may send them."""
    return zstandard.ZstdCompressor().compress(b"".join(line + b"\n" for line in lines))


def items_of(batches: Iterable[Batch]) -> list[Item]:
    return [it for batch in batches for it in batch.items]


def refused(body: bytes | Iterable[bytes], **limits: int) -> str:
    with pytest.raises(Malformed) as error:
        list(read([body] if isinstance(body, bytes) else body, **limits))
    return error.value.reason


def test_what_was_written_is_read() -> None:
    items = [item(1), item(2, b"sealed facts"), item(3, sealed=True), item(4, b""), item(5)]
    (batch,) = read([on_the_wire(items)])
    hashes = chain(START, STREAM.id(), 1, [it.payload for it in items])
    assert batch == Batch(STREAM, 0, tuple(items), hashes[-1])


def test_a_stretch_goes_on_where_it_was_asked_to() -> None:
    hashes = chain(START, STREAM.id(), 1, [payload(1), payload(2)])
    (batch,) = read([on_the_wire([item(2)], 1, hashes[0])])
    assert (batch.after, batch.hash) == (1, hashes[1])


def test_nothing_new_is_one_batch_of_none_that_says_the_hash() -> None:
    (batch,) = read([on_the_wire([], 7, b"h" * 32)])
    assert batch == Batch(STREAM, 7, (), b"h" * 32)


def test_the_clear_lines_are_those_of_the_protocol() -> None:
    its = [item(11, b"facts"), item(12, sealed=True), item(13)]
    last = chain(START, STREAM.id(), 1, [it.payload for it in its])[-1]
    clear = zstandard.ZstdDecompressor().decompressobj().decompress(on_the_wire(its))
    names = [json.loads(it.payload)[name].replace("-", "") for it in its for name in ("id", "salt")]
    short = [it.payload for it in its]
    for place, name in enumerate(names):
        text, sign = (name, b"\x02") if place % 2 else (str(UUID(name)), b"\x01")
        short[place // 2] = short[place // 2].replace(b'"' + text.encode() + b'"', sign)
    assert clear.split(b"\n") == [
        FIRST,
        short[0],
        b'"' + b64encode(b"facts") + b'"',
        short[1],
        b"null",
        short[2],
        canonical(["names", b64encode(bytes.fromhex("".join(names))).decode()]),
        canonical(["head", 3, last.hex()]),
        b"",
    ]


def test_a_batch_as_large_as_may_be_is_read() -> None:
    rest = BATCH_BYTES - sum(len(payload(number)) + 1 for number in range(7))
    items = [item(number) for number in range(6)] + [Item(payload(6, text="Nội dung 6" + "a" * rest))]
    assert sum(len(it.payload) + 1 for it in items) == BATCH_BYTES
    assert read_one(on_the_wire(items)).items == tuple(items)


def test_a_batch_ends_after_a_thousand_entries_and_is_whole_by_then() -> None:
    numbers = iter(range(10**9))
    chunks = written([Part(STREAM, 0, START, (item(next(numbers)) for _ in range(2500)))])
    batches = read(chunks)
    first = next(batches)
    assert len(first.items) == BATCH_ENTRIES
    assert next(numbers) <= BATCH_ENTRIES + 2  # no more was made than had to be
    assert [len(batch.items) for batch in batches] == [1000, 500]


def test_a_batch_ends_before_it_is_too_large() -> None:
    items = [Item(payload(number, text="a" * 900_000)) for number in range(6)]
    assert [len(batch.items) for batch in read([on_the_wire(items)])] == [4, 2]


def test_an_entry_that_is_larger_than_a_batch_travels_alone() -> None:
    items = [item(1), item(2, bytes(BATCH_BYTES // 4 * 3 - 9)), item(3)]
    batches = list(read([on_the_wire(items)]))
    assert [len(batch.items) for batch in batches] == [1, 1, 1]
    assert items_of(batches) == items


def test_memory_stays_flat_however_much_there_is() -> None:
    items = (item(number, bytes(1000)) for number in range(8_000))
    tracemalloc.start()
    count = sum(len(batch.items) for batch in read(written([Part(STREAM, 0, START, items)])))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 8_000
    assert peak < 12 << 20  # 14 MB went through, and 4 at once


def test_a_small_record_takes_few_bytes() -> None:
    frame = on_the_wire([item(number) for number in range(1000)])
    assert len(frame) < 40 * 1000  # these differ in little; the bench has text that does not


@given(cut=st.integers(0, 10_000))
def test_cut_off_anywhere_what_came_whole_is_yielded_and_the_rest_is_refused(cut: int) -> None:
    whole = LONG[: cut % len(LONG)]
    batches = read([whole])
    count = sum(len(whole) >= end for end in LONG_ENDS)
    assert list(itertools.islice(batches, count)) == LONG_BATCHES[:count]
    with pytest.raises(Malformed):
        next(batches)


def _ends(chunks: Sequence[bytes]) -> list[int]:
    """After how many bytes each batch is whole."""
    ends: list[int] = []
    for size in itertools.accumulate(map(len, chunks)):
        try:
            for count, _ in enumerate(read([LONG[:size]]), 1):
                if count > len(ends):
                    ends.append(size)
        except Malformed:
            continue
    return ends


LONG_STREAMS = [replace(STREAM, unit=unit) for unit in ("31001", "31002", "31003")]
LONG_CHUNKS = list(
    written(Part(one, 0, one.digest(), [item(number) for number in range(60)]) for one in LONG_STREAMS)
)
LONG = b"".join(LONG_CHUNKS)
LONG_BATCHES = list(read([LONG]))
LONG_ENDS = _ends(LONG_CHUNKS)


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_flipped_bit_raises_nothing_but_what_is_said(place: int, bit: int) -> None:
    body = bytearray(LONG)
    body[place % len(body)] ^= 1 << bit
    survives(bytes(body))


@given(st.binary(max_size=2000))
def test_random_bytes_raise_nothing_but_what_is_said(body: bytes) -> None:
    refused(body)
    refused(LONG[:200] + body)


@given(
    st.lists(
        st.one_of(
            st.sampled_from([FIRST, HEAD, payload(1), b"null", b'"AA=="', b"{", b"[", b'"']),
            st.binary(max_size=50),
        )
    )
)
def test_lines_in_any_order_raise_nothing_but_what_is_said(lines: list[bytes]) -> None:
    survives(packed(FIRST, *lines))
    survives(packed(*lines))


def survives(body: bytes) -> None:
    """Read it to its end, or to the one thing that may be raised."""
    try:
        seqs = [batch.after for batch in read([body])]
    except Malformed:
        return
    assert seqs == sorted(seqs)


BAD_LINES: dict[str, tuple[bytes, ...]] = {
    "nothing": (),
    "no first line": (payload(1), HEAD),
    "first line of another version": (FIRST.replace(b",1,", b",2,"), HEAD),
    "first line with blanks": (FIRST.replace(b",", b", "), HEAD),
    "first line twice": (FIRST, FIRST, HEAD),
    "channel that is none": (FIRST.replace(b"work", b"play"), HEAD),
    "node that is none": (FIRST.replace(str(UUID(int=11)).encode(), b"11"), HEAD),
    "unit with a path": (FIRST.replace(b"11311", b"../etc"), HEAD),
    "after as text": (FIRST.replace(b",0]", b',"0"]'), HEAD),
    "after below nought": (FIRST.replace(b",0]", b",-1]"), HEAD),
    "after beyond all numbers": (FIRST.replace(b",0]", b"," + b"9" * 5000 + b"]"), HEAD),
    "no head": (FIRST,),
    "entries without a head": (FIRST, payload(1)),
    "head elsewhere": (FIRST, payload(1), HEAD),
    "head as text": (FIRST, HEAD.replace(b",0,", b',"0",')),
    "head with a short hash": (FIRST, HEAD[:-10] + b'"]'),
    "another mark": (FIRST, b'["tail",0]', HEAD),
    "deep mark": (FIRST, b"[" * 1000, HEAD),
    "empty line": (FIRST, b"", HEAD),
    "number": (FIRST, b"7", HEAD),
    "names of nothing": (FIRST, b'["names","AAAA"]', HEAD),
    "names without a head": (FIRST, b'["names","AAAA"]'),
    "names twice": (FIRST, b'["names","AAAA"]', b'["names","AAAA"]', HEAD),
    "names not in base64": (FIRST, b'["names","AAA"]', HEAD),
    "names before a ciphertext": (FIRST, item(1, b"a").payload, b'["names","AAAA"]', b'"YQ=="', HEAD),
    "a name missing": (FIRST, payload(1).replace(b'"kind"', b"\x01,"), HEAD),
    "ciphertext of nothing": (FIRST, b'"AA=="', HEAD),
    "ciphertext not named": (FIRST, payload(1), b'"AA=="', HEAD),
    "ciphertext missing before an entry": (FIRST, item(1, b"a").payload, payload(2), HEAD),
    "ciphertext missing before a head": (FIRST, item(1, b"a").payload, HEAD),
    "ciphertext twice": (FIRST, item(1, b"a").payload, b'"YQ=="', b'"YQ=="', HEAD),
    "ciphertext not in base64": (FIRST, item(1, b"a").payload, b'"Y!=="', HEAD),
    "ciphertext without an end": (FIRST, item(1, b"a").payload, b'"', HEAD),
    "ciphertext as a number": (FIRST, item(1, b"a").payload, b"1", HEAD),
}  # fmt: skip


@pytest.mark.parametrize("lines", BAD_LINES.values(), ids=list(BAD_LINES))
def test_what_is_no_stretch_is_refused(lines: tuple[bytes, ...]) -> None:
    assert refused(packed(*lines))


def test_nothing_at_all_is_refused() -> None:
    assert refused(b"") == "it is cut off"
    assert refused([]) == "it is cut off"


@pytest.mark.parametrize(
    "more", [b"x", on_the_wire([]), zstandard.ZstdCompressor().compress(b""), b"\x50\x2a\x4d\x18\0\0\0\0"]
)
@pytest.mark.parametrize("apart", [False, True])
def test_what_follows_the_end_is_refused(more: bytes, apart: bool) -> None:
    body = on_the_wire([item(1)])
    assert refused([body, more] if apart else [body + more]) == "something follows the end"


def test_a_last_line_without_an_end_is_refused() -> None:
    assert refused(zstandard.ZstdCompressor().compress(FIRST + b"\n" + HEAD)) == "the last line has no end"


def test_a_window_wider_than_agreed_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters.from_level(3, window_log=23)
    frame = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    body = frame.compress(FIRST + b"\n" + HEAD + b"\n") + frame.flush()
    assert "memory" in refused(body)


def bomb(line: bytes, count: int) -> Iterator[bytes]:
    """A frame that becomes `line` so many times, made as it is read."""
    frame = zstandard.ZstdCompressor(level=3).compressobj()
    yield frame.compress(FIRST + b"\n")
    for _ in range(count):
        yield frame.compress(line)
    yield frame.flush()


BOMBS = {
    "an endless line": b"{" + b"a" * 1_000_000,
    "endless empty lines": b"\n" * 1_000_000,
    "an endless batch": (payload(1) + b"\n") * 3000,
    "an endless batch of ciphertexts": item(1, b"a").payload + b'\n"' + b64encode(bytes(3_000_000)) + b'"\n',
    "endless heads": (HEAD + b"\n") * 10_000,
    "an endless line of signs for names": b"{" + b"\x03" * 1_000_000,
}


@pytest.mark.parametrize("line", BOMBS.values(), ids=list(BOMBS))
def test_what_blows_up_is_given_up_before_it_fills_the_memory(line: bytes) -> None:
    most = 4 << 20 if line.startswith(HEAD) else 64 << 20  # of heads there are many in a few bytes
    body = list(bomb(line, most * 3 // 2 // len(line)))
    tracemalloc.start()
    with pytest.raises(Malformed):
        for _ in read(body, most_bytes=most):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < most * 3 // 4


def test_a_line_may_be_bounded_more_narrowly() -> None:
    body = on_the_wire([item(1)])
    with pytest.raises(TooLarge):
        list(read([body], most_line=200))


def test_all_together_is_bounded() -> None:
    with pytest.raises(TooLarge):
        list(read([LONG], most_bytes=20_000))


def test_a_request_holds_one_batch() -> None:
    assert read_one(on_the_wire([item(1)])).items == (item(1),)
    with pytest.raises(TooLarge):
        read_one(LONG)
    with pytest.raises(Malformed):
        read_one(on_the_wire([item(1)]) + b"more")


def test_an_entry_as_large_as_may_be_fits_into_a_request() -> None:
    large = Item(payload(1, sealed="a" * 64, text="a" * (LINE - 1000)), bytes(LINE // 4 * 3 - 9))
    assert read_one(on_the_wire([large])).items == (large,)


@given(st.lists(st.binary(max_size=30) | st.none(), max_size=20), st.integers(1, 7))
def test_however_it_is_cut_into_chunks_it_is_the_same(ciphertexts: list[bytes | None], size: int) -> None:
    items = [item(number, it) for number, it in enumerate(ciphertexts)]
    body = on_the_wire(items)
    assert items_of(read(body[at : at + size] for at in range(0, len(body), size))) == items
