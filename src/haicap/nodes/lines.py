"""A stretch of a stream as it travels: zstd of JSON Lines, written and read without ever being in memory whole.

`docs/sync-protocol.md` 5 is its page. Nothing is judged here but the form: what an item says, and whether it fits
its chain, is for `journal.intake`.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import cast
from uuid import UUID

import zstandard

from haicap.journal.batch import MOST as BATCH_ENTRIES
from haicap.journal.batch import MOST_BYTES as BATCH_BYTES
from haicap.journal.batch import Batch, Item, Malformed
from haicap.journal.chain import Channel, Description, link
from haicap.journal.text import canonical

VERSION = 1
LINE = 4 << 20  # so that the two of one entry always fit into a body of 8 MiB
BACKLOG = 1 << 36
WINDOW = 20  # log2, of what is written: larger ones make small records larger, as their distances cost bits
WIDEST = 1 << 22  # what is read, in bytes
# Bytes that are given to the decoder at once. A block of 4 can become 128 KiB, so that 512 become 16 MiB at most.
SIP = 512
PIECE = 1 << 16

# Level 9 with matches of 6 bytes and more: a small record in 144 bytes against 154 at level 3, 30,000 a second
# against 150,000; the levels that save 5 more bytes write 5,000 a second.
HOW = zstandard.ZstdCompressionParameters.from_level(
    9, window_log=WINDOW, hash_log=18, chain_log=18, min_match=6, write_content_size=False
)

NUMBER = rb"(0|[1-9][0-9]{0,15})"
ID = rb"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
MARK = 1024  # bytes of the longest mark
FIRST = re.compile(
    rb'\["haicap",' + NUMBER + rb',\{"channel":"(work|returns|reference)","incarnation":"' + ID
    + rb'","node":"' + ID + rb'","unit":"([0-9A-Za-z._-]{1,64})"\},' + NUMBER + rb"\]"
)  # fmt: skip
HEAD = re.compile(rb'\["head",' + NUMBER + rb',"([0-9a-f]{64})"\]')
# How a payload ends that names no ciphertext: the members of canonical JSON stand in order.
UNSEALED = re.compile(rb'"sealed":null,"subject":"[^"]{36}","version":[0-9]{1,10}\}\Z')
TAIL = 96


class TooLarge(Malformed):
    """More than was allowed: of all, of a batch, of a line."""


def written(description: Description, after: int, items: Iterable[Item], *, before: bytes) -> Iterator[bytes]:
    """The entries of a stream after `after`, as they travel; `before` is the hash of that entry (of none: the
    description's digest).

    A batch is at most 1,000 entries and 4 MB of clear bytes, line ends included (one entry alone may be larger), and
    is flushed, so that its receiver has it whole before the next one is made. Where there are no entries, one batch
    of none says the hash.
    """
    frame = zstandard.ZstdCompressor(compression_params=HOW).compressobj()
    for clear, ends in _clear(description, after, items, before):
        if chunk := frame.compress(clear):
            yield chunk
        if ends:
            yield frame.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    yield frame.flush()


def _clear(
    description: Description, after: int, items: Iterable[Item], before: bytes
) -> Iterator[tuple[bytes, bool]]:
    """Lines, and whether a batch ends with them."""
    stream, seq, digest = description.id(), after, before
    yield canonical(["haicap", VERSION, _members(description), after]) + b"\n", False
    count = size = 0
    for item in items:
        lines = _lines_of(item)
        if count == BATCH_ENTRIES or (count and size + len(lines) > BATCH_BYTES):
            yield _head(seq, digest), True
            count = size = 0
        yield lines, False
        seq += 1
        digest = link(digest, stream, seq, sha256(item.payload).digest())
        count, size = count + 1, size + len(lines)
    yield _head(seq, digest), True


def _members(description: Description) -> dict[str, str]:
    return {
        "node": str(description.node),
        "incarnation": str(description.incarnation),
        "unit": description.unit,
        "channel": description.channel,
    }


def _head(seq: int, digest: bytes) -> bytes:
    return canonical(["head", seq, digest.hex()]) + b"\n"


def _lines_of(item: Item) -> bytes:
    if not names_ciphertext(item.payload):
        return item.payload + b"\n"
    if item.ciphertext is None:
        return item.payload + b"\nnull\n"
    return item.payload + b'\n"' + b64encode(item.ciphertext) + b'"\n'


def names_ciphertext(payload: bytes) -> bool:
    """Whether a line for the ciphertext follows this payload: its `sealed` is not null."""
    return UNSEALED.search(payload[-TAIL:]) is None


def read(chunks: Iterable[bytes], *, most_bytes: int = BACKLOG, most_line: int = LINE) -> Iterator[Batch]:
    """The batches in what another node sends, each as soon as its last line is there.

    At most a batch, a line and 16 MiB are in memory, whatever comes. `most_bytes` bounds all clear bytes together.
    Raises `TooLarge` where a bound is passed (total, line, batch), and `Malformed` for all else that is no such
    stretch, a window too wide, a frame cut off or something behind it included; what came whole before has been
    yielded by then.
    """
    lines = _lines(_opened(chunks, most_bytes), most_line)
    description, after = _first(next(lines, b""))
    gathered = _Gathered()
    ended = False
    for line in lines:
        ended = line.startswith(b"[")
        if ended:
            seq, digest = _end(line)
            items = gathered.taken()
            if seq != after + len(items):
                raise Malformed("the head is not where the entries end")
            yield Batch(description, after, items, digest)
            after = seq
        else:
            gathered.add(line)
    if not ended:
        raise Malformed("it ends without a head")


def read_one(body: bytes) -> Batch:
    """The one batch in a request's body. Raises `TooLarge` and `Malformed` as `read` does, and for a second one."""
    batches = read([body], most_bytes=2 * LINE + 2 * MARK)
    first = next(batches)
    if next(batches, None) is not None:
        raise TooLarge("more than one batch")
    return first


class _Gathered:
    """The items of the batch that is being read."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.size = 0
        self.open = False  # a ciphertext is to follow

    def add(self, line: bytes) -> None:
        self.size += len(line) + 1
        if line.startswith(b"{") and not self.open:
            self.items.append(Item(line))
            self.open = names_ciphertext(line)
        elif self.open:
            self.items[-1] = Item(self.items[-1].payload, _ciphertext(line))
            self.open = False
        else:
            raise Malformed("a line that is no payload, ciphertext or head")
        if len(self.items) > BATCH_ENTRIES or (self.size > BATCH_BYTES and len(self.items) > 1):
            raise TooLarge("a batch larger than batches are")

    def taken(self) -> tuple[Item, ...]:
        if self.open:
            raise Malformed("the line of a ciphertext is missing")
        items = tuple(self.items)
        self.items, self.size = [], 0
        return items


def _ciphertext(line: bytes) -> bytes | None:
    if line == b"null":
        return None
    if len(line) < 2 or line[:1] != b'"' or line[-1:] != b'"':
        raise Malformed("the line of a ciphertext is missing")
    try:
        return b64decode(line[1:-1], validate=True)
    except binascii.Error as error:
        raise Malformed("a ciphertext that is not base64") from error


def _first(line: bytes) -> tuple[Description, int]:
    found = FIRST.fullmatch(line) if len(line) <= MARK else None
    if found is None:
        raise Malformed("it does not begin as a stretch of a stream does")
    version, channel, incarnation, node, unit, after = (it.decode() for it in found.groups())
    if version != str(VERSION):
        raise Malformed(f"it is of version {version} of the protocol, and this node reads {VERSION}")
    return Description(UUID(node), UUID(incarnation), unit, cast("Channel", channel)), int(after)


def _end(line: bytes) -> tuple[int, bytes]:
    found = HEAD.fullmatch(line) if len(line) <= MARK else None
    if found is None:
        raise Malformed("a mark that is no head")
    return int(found[1]), bytes.fromhex(found[2].decode())


def _lines(clear: Iterable[bytes], most: int) -> Iterator[bytes]:
    parts: list[bytes] = []
    size = 0
    for piece in clear:
        for place, part in enumerate(piece.split(b"\n")):
            if place:
                yield b"".join(parts)
                parts, size = [], 0
            parts.append(part)
            size += len(part)
            if size > most:
                raise TooLarge("a line longer than lines are")
    if size:
        raise Malformed("the last line has no end")


def _opened(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The clear bytes of one frame, in pieces; nothing may follow it."""
    frame = zstandard.ZstdDecompressor(max_window_size=WIDEST).decompressobj(write_size=1 << 14)
    for sip in _sips(chunks):
        if frame.eof:
            raise Malformed("something follows the end")
        try:
            clear = frame.decompress(sip)
        except zstandard.ZstdError as error:
            raise Malformed(f"it cannot be decompressed: {error}") from error
        most -= len(clear)
        if most < 0:
            raise TooLarge("more than was to come")
        yield from (clear[at : at + PIECE] for at in range(0, len(clear), PIECE))
    if not frame.eof or frame.unused_data:
        raise Malformed("something follows the end" if frame.eof else "it is cut off")


def _sips(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        yield from (chunk[at : at + SIP] for at in range(0, len(chunk), SIP))
