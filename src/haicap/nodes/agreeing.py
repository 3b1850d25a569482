"""Whether a province that began alone may come below another node: what both wrote for everybody must be the same.

Its `reference` stays its own: posts, grants, nodes. The register of units and the documents that come with haicap were
written down on both sides; where that was done by the same edition of haicap, the entries have the same ids and say
the same, count once wherever they come first, and no row changes. Where they do not, two histories of one unit would
meet as thousands of conflicts that nobody made: then it must not join.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections

from haicap.journal.intake import Batch, Head, Malformed
from haicap.journal.kinds import body_of
from haicap.journal.node import own
from haicap.journal.text import canonical
from haicap.nodes.exchange.asking import PARTS
from haicap.nodes.exchange.comparing import fetched_together
from haicap.nodes.exchange.speaking import Talk
from haicap.nodes.exchange.stretches import SEVERAL
from haicap.nodes.exchange.there import read_there
from haicap.nodes.exchange.wire import HEADS
from haicap.nodes.queries import units_of
from haicap.units.fold import units

MINE = """SELECT e.unit, e.payload FROM journal_entry e JOIN journal_stream s ON s.id = e.stream_id
          WHERE s.node = %s AND s.channel = 'reference' ORDER BY e.unit, e.stream_id, e.seq"""
ELSEWHERE = """SELECT DISTINCT unit FROM journal_stream
               WHERE node = %s AND channel <> 'reference' AND seq > 0 AND NOT unit = ANY (%s) ORDER BY unit"""
UNITS = frozenset(body.kind for body in units.handlers)


@dataclass(frozen=True, slots=True)
class Difference:
    """Why two installations are not of one register. `what` is a code: `unknown` there, `otherwise` there, `elsewhere`.

    The last is work in the file of a unit that is not the province's.
    """

    unit: str
    kind: str
    what: str

    def sentence(self) -> str:
        """It, for the operator."""
        return {
            "unknown": f"unit {self.unit} is not known there",
            "otherwise": f"{self.kind} of unit {self.unit} is not the same there",
            "elsewhere": f"work of unit {self.unit} lies here, which is not below",
        }[self.what]


def differences(talk: Talk, unit: str, using: str = "worker") -> list[Difference]:
    """What keeps this installation from becoming the node of the province `unit` below the one that is asked.

    Nothing is kept of what comes. Raises `Refusal`, `Down`, `Malformed`.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(MINE, [own(using).id])
        mine = [(code, json.loads(bytes(payload))) for code, payload in cursor]
        cursor.execute(ELSEWHERE, [own(using).id, sorted(units_of(unit, using))])
        elsewhere = [Difference(code, "", "elsewhere") for (code,) in cursor.fetchall()]
    theirs = _theirs(talk, {it["id"] for _, it in mine})
    found = (_difference(code, it, theirs) for code, it in mine)
    return [*dict.fromkeys(it for it in found if it), *elsewhere]


@dataclass(frozen=True, slots=True)
class _Theirs:
    """What the other node has in `reference`: the subjects of all of it, and what some entries say, by id."""

    subjects: frozenset[str]
    said: Mapping[str, bytes]


def _theirs(talk: Talk, wanted: Collection[str]) -> _Theirs:
    subjects: set[str] = set()
    said: dict[str, bytes] = {}
    for batch in _batches(talk):
        for item in batch.items:
            it = json.loads(item.payload)
            subjects.add(it["subject"])
            if it["id"] in wanted:
                said[it["id"]] = _says(it)
    return _Theirs(frozenset(subjects), said)


def _says(it: Mapping[str, Any]) -> bytes:
    """What an entry says, whoever wrote it."""
    return sha256(canonical([it["subject"], it["kind"], it["version"], it["after"], it["body"]])).digest()


def _difference(unit: str, it: Mapping[str, Any], theirs: _Theirs) -> Difference | None:
    if it["subject"] not in theirs.subjects:
        return Difference(unit, it["kind"], "unknown") if it["kind"] in UNITS else None
    body = body_of(it["kind"], it["version"], it["body"])
    if body is not None and body.free:
        return None  # decides nothing, so it stands beside whatever is there
    return None if theirs.said.get(it["id"]) == _says(it) else Difference(unit, it["kind"], "otherwise")


def _batches(talk: Talk) -> Iterator[Batch]:
    """All that the other node has in `reference`, many streams at once."""
    left = {stream: (0, head.seq) for stream, head in _heads(talk).items()}
    while left:
        asked = [(stream, *its) for stream, its in islice(left.items(), SEVERAL)]
        for batch in fetched_together(talk, asked):
            if not batch.items:
                raise Malformed("less than was offered")
            yield batch
            stream = batch.description.id()
            left[stream] = batch.end, left[stream][1]
            if batch.end >= left[stream][1]:
                del left[stream]


def _heads(talk: Talk) -> dict[UUID, Head]:
    there = read_there(talk.ask("GET", HEADS).json())
    heads, parts = dict(there.heads), sorted(there.parts or ())
    for at in range(0, len(parts), PARTS):
        heads |= read_there(talk.ask("GET", HEADS, "under=" + ",".join(parts[at : at + PARTS])).json()).heads
    mine = talk.shelf.own.id
    return {
        stream: head
        for stream, head in heads.items()
        if head.description.channel == "reference" and head.description.node != mine and head.seq
    }
