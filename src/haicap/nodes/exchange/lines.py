"""Stretches of streams as they travel: zstd of JSON Lines, written and read without ever being in memory whole.

`docs/sync-protocol.md` 5 is its page. Nothing is judged here but the form: what an item says, and whether it fits
its chain, is for `journal.intake`.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, cast
from uuid import UUID

import zstandard

from haicap.journal.batch import MOST as BATCH_ENTRIES
from haicap.journal.batch import MOST_BYTES as BATCH_BYTES
from haicap.journal.batch import Batch, Head, Item, Malformed
from haicap.journal.chain import Channel, Description, chain
from haicap.journal.text import canonical
from haicap.nodes.exchange.packing import packed, unpacked

VERSION = 1
LINE = 4 << 20  # so that the two of one entry always fit into a body of 8 MiB
BACKLOG = 1 << 36
WINDOW = 20  # log2, of what is written: larger ones make small records larger, as their distances cost bits
WIDEST = 1 << 22  # what is read, in bytes
# Bytes that are given to the decoder at once. A block of 4 can become 128 KiB, so that 512 become 16 MiB at most.
SIP = 512
PIECE = 1 << 16

# Measured with the records of `bench/exchange_records.py`: 145 bytes each at level 3, at 106,000 a second; level 9 with
# matches of 5 bytes and more saves 5 of them and takes twice as long.
HOW = zstandard.ZstdCompressionParameters.from_level(3, window_log=WINDOW, write_content_size=False)

NUMBER = rb"(0|[1-9][0-9]{0,15})"
ID = rb"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
MARK = 1024  # bytes of the longest mark
FIRST = re.compile(
    rb'\["haicap",' + NUMBER + rb',\{"channel":"(work|returns|reference)","incarnation":"' + ID
    + rb'","node":"' + ID + rb'","unit":"([0-9A-Za-z._-]{1,64})"\},' + NUMBER + rb"\]"
)  # fmt: skip
NAMES = re.compile(rb'\["names","([0-9A-Za-z+/=]+)"\]')
HEAD = re.compile(rb'\["head",' + NUMBER + rb',"([0-9a-f]{64})"(?:,"([0-9a-f]{128})")?\]')
# How a payload ends that names no ciphertext: the members of canonical JSON stand in order.
UNSEALED = re.compile(rb'"sealed":null,"subject":(?:"[^"]{36}"|\x01),"version":[0-9]{1,10}\}\Z')
TAIL = 96


Sign: TypeAlias = Callable[[Head], bytes | None]


class TooLarge(Malformed):
    """More than was allowed: of all, of a batch, of a line."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is to travel of one stream: entries after `after`, where the hash is `before` (0: the description's)."""

    description: Description
    after: int
    before: bytes
    items: Iterable[Item]


def _unsigned(head: Head) -> bytes | None:
    return None


def written(parts: Iterable[Part], sign: Sign = _unsigned) -> Iterator[bytes]:
    """Entries as they travel, stream after stream; `sign` gives the signature that goes with a head, if any.

    A batch is at most 1,000 entries and 4 MB of clear bytes, line ends included (one entry alone may be larger), and
    is flushed, so that its receiver has it whole before the next one is made. Where a stream has no entries, one
    batch of none says the hash.
    """
    frame = zstandard.ZstdCompressor(compression_params=HOW).compressobj()
    for part in parts:
        for batch in clear(part, sign):
            yield frame.compress(batch) + frame.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    yield frame.flush()


def clear(part: Part, sign: Sign = _unsigned) -> Iterator[bytes]:
    """The lines of one stream as `written` packs them, a batch at a time."""
    description, seq, digest = part.description, part.after, part.before
    stream = description.id()
    first = canonical(["haicap", VERSION, _members(description), seq]) + b"\n"
    for batch in _batches(part.items):
        seq += len(batch)
        digest = next(
            reversed(chain(digest, stream, seq - len(batch) + 1, (it.payload for it in batch))), digest
        )
        payloads, names = packed([it.payload for it in batch])
        yield first + b"".join(map(_lines_of, payloads, batch))
        head = Head(description, seq, digest)
        yield (canonical(["names", b64encode(names).decode()]) + b"\n" if names else b"") + _head(head, sign)
        first = b""


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """What travels together; a batch of none where there is nothing."""
    batch: list[Item] = []
    size = 0
    for item in items:
        more = len(_lines_of(item.payload, item))
        if len(batch) == BATCH_ENTRIES or (batch and size + more > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += more
    yield batch


def _members(description: Description) -> dict[str, str]:
    return {
        "node": str(description.node),
        "incarnation": str(description.incarnation),
        "unit": description.unit,
        "channel": description.channel,
    }


def _head(head: Head, sign: Sign) -> bytes:
    signature = sign(head)
    return canonical(["head", head.seq, head.hash.hex(), *([signature.hex()] if signature else [])]) + b"\n"


def _lines_of(payload: bytes, item: Item) -> bytes:
    if not names_ciphertext(payload):
        return payload + b"\n"
    if item.ciphertext is None:
        return payload + b"\nnull\n"
    return payload + b'\n"' + b64encode(item.ciphertext) + b'"\n'


def names_ciphertext(payload: bytes) -> bool:
    """Whether a line for the ciphertext follows this payload, packed or not: its `sealed` is not null."""
    return UNSEALED.search(payload[-TAIL:]) is None


def read(chunks: Iterable[bytes], *, most_bytes: int = BACKLOG, most_line: int = LINE) -> Iterator[Batch]:
    """The batches in what another node sends, each as soon as its last line is there.

    At most a batch, a line and 16 MiB are in memory, whatever comes. `most_bytes` bounds all clear bytes together.
    Raises `TooLarge` where a bound is passed (total, line, batch), and `Malformed` for all else that is no such
    stretch, a window too wide, a frame cut off or something behind it included; what came whole before has been
    yielded by then.
    """
    return read_clear(_opened(chunks, most_bytes), most_line=most_line)


def read_clear(pieces: Iterable[bytes], *, most_line: int = LINE) -> Iterator[Batch]:
    """As `read`, of lines that are not packed."""
    lines = _lines(pieces, most_line)
    description, after = _first(next(lines, b""))
    gathered = _Gathered(most_line)
    ended = False
    for line in lines:
        if ended and line.startswith(b'["haicap"'):
            description, after = _first(line)
            ended = False
            continue
        ended = line.startswith(b'["head"')
        if ended:
            seq, digest, signature = _end(line)
            items = gathered.taken()
            if seq != after + len(items):
                raise Malformed("the head is not where the entries end")
            yield Batch(description, after, items, digest, signature)
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
    """The batch that is being read."""

    def __init__(self, most: int) -> None:
        self.most = most  # bytes of a payload
        self.clear()

    def clear(self) -> None:
        self.payloads: list[bytes] = []
        self.ciphertexts: list[bytes | None] = []
        self.names: bytes | None = None
        self.size = 0  # of payloads and ciphertexts, line ends included
        self.open = False  # a ciphertext is to follow

    def add(self, line: bytes) -> None:
        if self.names is not None:
            raise Malformed("names that no head follows")
        if (found := NAMES.fullmatch(line)) is not None and not self.open:
            self.names = _bytes_of(found[1])
            return
        self.size += len(line) + 1
        if self.open:
            self.ciphertexts[-1] = _ciphertext(line)
            self.open = False
        elif line.startswith(b"{"):
            self.payloads.append(line)
            self.ciphertexts.append(None)
            self.open = names_ciphertext(line)
        else:
            raise Malformed("a line that is no payload, ciphertext or head")
        self._bounded()

    def taken(self) -> tuple[Item, ...]:
        if self.open:
            raise Malformed("the line of a ciphertext is missing")
        payloads = unpacked(self.payloads, self.names or b"")
        self.size += sum(map(len, payloads)) - sum(map(len, self.payloads))
        self._bounded()
        if any(len(payload) > self.most for payload in payloads):
            raise TooLarge("an entry longer than entries are")
        items = tuple(map(Item, payloads, self.ciphertexts))
        self.clear()
        return items

    def _bounded(self) -> None:
        if len(self.payloads) > BATCH_ENTRIES or (self.size > BATCH_BYTES and len(self.payloads) > 1):
            raise TooLarge("a batch larger than batches are")


def _ciphertext(line: bytes) -> bytes | None:
    if line == b"null":
        return None
    if len(line) < 2 or line[:1] != b'"' or line[-1:] != b'"':
        raise Malformed("the line of a ciphertext is missing")
    return _bytes_of(line[1:-1])


def _bytes_of(text: bytes) -> bytes:
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise Malformed("what should be base64 is not") from error


def _first(line: bytes) -> tuple[Description, int]:
    found = FIRST.fullmatch(line) if len(line) <= MARK else None
    if found is None:
        raise Malformed("it does not begin as a stretch of a stream does")
    version, channel, incarnation, node, unit, after = (it.decode() for it in found.groups())
    if version != str(VERSION):
        raise Malformed(f"it is of version {version} of the protocol, and this node reads {VERSION}")
    return Description(UUID(node), UUID(incarnation), unit, cast("Channel", channel)), int(after)


def _end(line: bytes) -> tuple[int, bytes, bytes | None]:
    found = HEAD.fullmatch(line) if len(line) <= MARK else None
    if found is None:
        raise Malformed("a mark that is no head")
    signature = bytes.fromhex(found[3].decode()) if found[3] else None
    return int(found[1]), bytes.fromhex(found[2].decode()), signature


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
