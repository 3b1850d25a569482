"""Walking along the streams: every entry hashed again, in Python, and held against all that is stored of it.

Needs neither Django nor folds, so that further processes begin at once.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, LiteralString, TypeAlias
from uuid import UUID

import psycopg

from haicap.journal.chain import Description, link
from haicap.journal.findings import Findings

Key: TypeAlias = tuple[UUID, int]  # a place in the journal: stream, seq
Row: TypeAlias = tuple[Any, ...]
decode = json.JSONDecoder().decode  # `json.loads` would look for the encoding first
BEGINNING: Key = (UUID(int=0), -1)

# Copies as text, in the very form that payloads have, so that they are compared and not read.
ROWS = """COPY (
    SELECT uuid_send(stream_id), seq, payload, hash, unit, channel, id::text, subject::text, after::text, kind,
           version, actor::text, "grant"::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           encode(sealed, 'hex')
    FROM journal_entry WHERE (stream_id, seq) > (%s, %s) {end} ORDER BY stream_id, seq
) TO STDOUT (FORMAT BINARY)"""
TYPES = ["bytea", "int8", "bytea", "bytea", "text", "text", "text", "text", "text", "text", "int4"] + [
    "text"
] * 4
COPIES = ("id", "subject", "after", "kind", "version", "actor", "grant", "at", "sealed")


@dataclass(frozen=True, slots=True)
class Head:
    """How far a stream had come when a checkpoint saw it; `since` is the first entry it witnessed anew."""

    seq: int
    hash: str
    since: int
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """A stream as its row describes it."""

    description: Description
    seq: int
    hash: bytes
    writer_known: bool


@dataclass(slots=True)
class _Place:
    """Where the walk is in a stream: what was computed, and what is stored, for the entry just passed.

    Holds at hand what every entry is held against: looking it up by the stream's id costs as much as hashing.
    """

    stream: UUID
    seq: int
    computed: bytes | None  # None where the entry before is missing, so that nothing can be computed from it
    stored: bytes
    key: bytes
    line: Line | None
    heads: dict[int, list[Head]]  # witnessed and not yet met, by `seq`


@dataclass(frozen=True, slots=True)
class Walk:
    """The entries after `low` up to `high` (None: to the end), and the heads that were witnessed among them.

    A piece that begins inside a stream begins with the stored hash before it, which the piece before has
    computed: so the pieces together prove the chain. A stream's end is judged by the piece it falls in.
    """

    where: Mapping[str, Any]  # what psycopg connects with
    low: Key
    high: Key | None
    heads: Mapping[UUID, tuple[Head, ...]] = field(default_factory=dict)

    def __call__(self) -> Findings:
        with psycopg.connect(**self.where) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            return _Walker(self, connection).walk()


class _Walker:
    def __init__(self, task: Walk, connection: "psycopg.Connection[Row]") -> None:
        self.task = task
        self.connection = connection
        self.found = Findings()
        self.streams = self._streams()
        self.heads: dict[UUID, dict[int, list[Head]]] = {}
        for stream, heads in task.heads.items():
            its = self.heads.setdefault(stream, {})
            for head in heads:
                its.setdefault(head.seq, []).append(head)
        self.rewritten: set[UUID] = set()
        self.sealed: list[tuple[UUID, int, bytes, bytes, str]] = []  # stream, seq, ciphertext, key, subject

    def walk(self) -> Findings:
        place = self._start()
        ended: set[UUID] = set()
        for row in self._rows():
            if row[0] != place.key:
                self._end(place)
                ended.add(place.stream)
                place = self._begin(UUID(bytes=row[0]))
            self._pass(place, row)
        if self.task.high is None or place.stream != self.task.high[0]:
            self._end(place)
        self._empty({*ended, place.stream})
        self._unmet()
        self._sealed()
        return self.found

    def _streams(self) -> dict[UUID, Line]:
        """The streams that the piece touches."""
        low, high = self.task.low, self.task.high
        rows = self.connection.execute(
            "SELECT s.id, s.node, s.incarnation, s.unit, s.channel, s.seq, s.hash,"
            " EXISTS (SELECT 1 FROM journal_node n WHERE n.id = s.node)"
            " FROM journal_stream s WHERE s.id >= %s AND (%s::uuid IS NULL OR s.id <= %s) ORDER BY s.id",
            [low[0], high and high[0], high and high[0]],
        )
        return {
            id_: Line(Description(node, incarnation, unit, channel), seq, bytes(head), known)
            for id_, node, incarnation, unit, channel, seq, head, known in rows
        }

    def _rows(self) -> Iterator[Row]:
        low, high = self.task.low, self.task.high
        statement = ROWS.format(end="AND (stream_id, seq) <= (%s, %s)" if high else "")
        with self.connection.cursor() as cursor, cursor.copy(statement, [*low, *(high or ())]) as copy:
            copy.set_types(TYPES)
            yield from copy.rows()

    def _start(self) -> _Place:
        stream, seq = self.task.low
        if self.task.low == BEGINNING:
            return self._place(stream, -1, None, b"")
        row = self.connection.execute(
            "SELECT hash FROM journal_entry WHERE stream_id = %s AND seq = %s", [stream, seq]
        ).fetchone()
        stored = bytes(row[0]) if row else b""
        return self._place(stream, seq, stored, stored)

    def _place(self, stream: UUID, seq: int, computed: bytes | None, stored: bytes) -> _Place:
        its = self.streams.get(stream), self.heads.get(stream, {})
        return _Place(stream, seq, computed, stored, stream.bytes, *its)

    def _begin(self, stream: UUID) -> _Place:
        line = self.streams.get(stream)
        if line is None:
            self.found.add(stream, 1, "the stream has entries, and is not in the list of streams")
            return self._place(stream, 0, None, b"")
        digest = line.description.digest()
        if line.description.id() != stream:
            self.found.add(stream, 1, "the stream's description is not the one that its id was made of")
            return self._place(stream, 0, None, b"")
        return self._place(stream, 0, digest, digest)

    def _pass(self, place: _Place, row: Row) -> None:
        """Judge one entry and move on to it. What is wrong is told once, not again at each that follows."""
        found = self.found
        found.entries += 1
        stream, seq, payload, stored = place.stream, row[1], row[2], row[3]
        if seq < 1:
            found.add(stream, seq, "it stands before the stream's first entry")
            return
        if seq != place.seq + 1:
            upto = f"up to {seq - 1} " if seq - 1 > place.seq + 1 else ""
            found.add(stream, place.seq + 1, f"what stood here {upto}is missing")
            place.computed = None
        digest = sha256(payload).digest()
        computed = place.computed and link(place.computed, stream, seq, digest)
        if computed is not None and computed != stored and place.computed != place.stored:
            computed = link(place.stored, stream, seq, digest)
        if computed is not None and computed != stored:
            found.add(stream, seq, "its hash is not that of its bytes and of the entry before")
        self._compare(place, row)
        if seq in place.heads:
            self._witnessed(place, seq, stored)
        place.seq, place.computed, place.stored = seq, computed or stored, stored

    def _compare(self, place: _Place, row: Row) -> None:
        """Hold the copies beside the payload against it."""
        stream, line = place.stream, place.line
        try:
            it = decode(row[2].decode())
            seal = it["sealed"]
            said = (
                it["id"], it["subject"], it["after"], it["kind"], it["version"], it["actor"], it["grant"], it["at"],
                seal["sha256"] if seal else None,
            )  # fmt: skip
            if seal:
                sealed = (bytes.fromhex(seal["sha256"]), bytes.fromhex(seal["key_id"]), it["subject"])
                self.sealed.append((stream, row[1], *sealed))
        except (ValueError, KeyError, TypeError):
            self.found.add(stream, row[1], "its bytes cannot be read as an entry")
            return
        if said != row[6:]:
            differ = [name for name, a, b in zip(COPIES, said, row[6:], strict=True) if a != b]
            self.found.add(
                stream, row[1], f"beside its bytes stand others than they say: {', '.join(differ)}"
            )
        if line and (row[4], row[5]) != (line.description.unit, line.description.channel):
            self.found.add(stream, row[1], "beside its bytes stand another unit or channel than the stream's")

    def _witnessed(self, place: _Place, seq: int, stored: bytes) -> None:
        stream = place.stream
        for head in place.heads.pop(seq):
            if head.hash != stored.hex() and stream not in self.rewritten:
                self.rewritten.add(stream)
                upto = f"from here to {seq} " if head.since < seq else ""
                self.found.add(
                    stream, head.since, f"what stands {upto}is not what {head.source} has witnessed"
                )

    def _end(self, place: _Place) -> None:
        """The last entry of a stream must be what the stream's row calls its head."""
        line = self.streams.get(place.stream)
        if line is None or place.seq < 0:
            return
        if not line.writer_known:
            self.found.add(place.stream, 1, "the stream's writer is not among the nodes")
        if (line.seq, line.hash) != (place.seq, place.stored):
            what = "the stream's row says that it ends elsewhere, or with another hash"
            self.found.add(place.stream, min(line.seq, place.seq) + (line.seq != place.seq), what)

    def _empty(self, seen: set[UUID]) -> None:
        """Streams of the piece without any entry left; those at its edges belong to its neighbours."""
        high = self.task.high
        for stream in self.streams.keys() - seen:
            if stream != self.task.low[0] and (high is None or stream < high[0]):
                self._end(self._begin(stream))

    def _unmet(self) -> None:
        """Witnessed entries that the walk did not come by."""
        lost: dict[UUID, Head] = {}
        for stream, its in self.heads.items():
            for _seq, heads in sorted(its.items()):
                lost.setdefault(stream, heads[0])
        for stream, head in lost.items():
            last = self.connection.execute(
                "SELECT max(seq) FROM journal_entry WHERE stream_id = %s AND seq < %s", [stream, head.seq]
            ).fetchone()
            first = (last[0] or 0) + 1 if last else 1
            self.found.add(stream, first, f"what {head.source} has witnessed up to {head.seq} is missing")

    def _sealed(self) -> None:
        """Ciphertexts have the digest they are named by; of key and ciphertext none is there alone."""
        keys: dict[bytes, str] = {}
        coming: dict[bytes, str] = {}
        texts: dict[bytes, bool] = {}
        for start in range(0, len(self.sealed), 1000):
            some = self.sealed[start : start + 1000]
            keys |= self._keys({key for _stream, _seq, _text, key, _subject in some})
            coming |= self._coming({key for _stream, _seq, _text, key, _subject in some} - keys.keys())
            texts |= self._texts({text for _stream, _seq, text, _key, _subject in some})
        for stream, seq, text, key, subject in self.sealed:
            if not texts.get(text, True):
                self.found.add(stream, seq, "its sealed facts are not those that it names")
            if keys.get(key, subject) != subject:
                self.found.add(stream, seq, "its key is said to be another subject's")
            if text in texts and key not in keys and key not in coming:
                self.found.add(stream, seq, "the key of its sealed facts is gone, but they are still there")
            if key in keys and text not in texts:
                self.found.add(stream, seq, "its sealed facts are gone, but their key is still there")

    def _keys(self, wanted: set[bytes]) -> dict[bytes, str]:
        """The subjects that keys are kept for."""
        return dict(
            self._ask("SELECT key_id, subject::text FROM journal_subjectkey WHERE key_id = ANY (%s)", wanted)
        )

    def _coming(self, wanted: set[bytes]) -> dict[bytes, str]:
        """The subjects whose keys another node has still to give."""
        return dict(
            self._ask("SELECT key_id, subject::text FROM journal_wanted WHERE key_id = ANY (%s)", wanted)
        )

    def _texts(self, wanted: set[bytes]) -> dict[bytes, bool]:
        """Whether ciphertexts have the digest that they are named by."""
        rows = self._ask("SELECT sha256, data FROM journal_ciphertext WHERE sha256 = ANY (%s)", wanted)
        return {name: sha256(data).digest() == name for name, data in rows}

    def _ask(self, statement: LiteralString, wanted: set[bytes]) -> list[Row]:
        with self.connection.cursor(binary=True) as cursor:
            return cursor.execute(statement, [list(wanted)]).fetchall()
