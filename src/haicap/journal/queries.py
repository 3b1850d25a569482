"""The questions that pages ask of the journal itself: streams, entries, what is witnessed, what is in doubt."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet, Value

from haicap.journal.chain import Description, link
from haicap.journal.models import Entry, Intake, Node, Stream
from haicap.journal.projection import PROJECTIONS
from haicap.journal.witness import since_whole

CHANNELS = ("work", "returns", "reference")
SORTS = {"seq": "seq", "unit": "unit", "channel": "channel"}
MOST_IN_DOUBT = 200


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What the checkpoints of this installation say: when the newest was made (a claim), and each stream's head."""

    at: datetime | None
    heads: Mapping[UUID, int]

    def behind(self, stream: UUID, seq: int) -> int:
        """How many entries of a stream are newer than the newest checkpoint."""
        return seq - self.heads.get(stream, 0)


@dataclass(frozen=True, slots=True)
class Verification:
    """What the last `haicap verify` found. `problems` name stream, `seq` and fault."""

    at: datetime
    ok: bool
    entries: int
    witnessed: int
    not_yet_witnessed: int
    problems: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A subject with entries set aside, entries that wait for others, or one from a newer version."""

    table: str
    subject: UUID
    aside: int
    waiting: int
    frozen: bool


def streams(*, everywhere: bool, units: Collection[str]) -> QuerySet[Stream]:
    """The streams with entries of these units, and those of the channel `reference`, which is for everybody."""
    rows = Stream.objects.filter(seq__gt=0)
    return rows if everywhere else rows.filter(Q(unit__in=sorted(units)) | Q(channel="reference"))


def in_order(rows: QuerySet[Stream], sort: str) -> QuerySet[Stream]:
    """Streams in the order of `sort`, a key of `SORTS` or one with `-` before it; nothing known: the longest first."""
    key = SORTS.get(sort.removeprefix("-"))
    lead = (f"-{key}" if sort.startswith("-") else key) if key else "-seq"
    return rows.order_by(lead, "unit", "channel", "id")


def nodes() -> dict[UUID, str]:
    """Names of the nodes that write streams. One query."""
    return dict(Node.objects.values_list("id", "name"))


def witnessed() -> Witnessed:
    """What the newest whole checkpoint and those after it state together. One query."""
    heads: dict[UUID, int] = {}
    newest = ""
    for signed in since_whole("default"):  # the newest first
        newest = newest or signed.statement.at
        for stream, head in signed.statement.heads.items():
            heads.setdefault(stream, head.seq)
    return Witnessed(datetime.fromisoformat(newest) if newest else None, heads)


def entries(stream: UUID, upto: int, count: int) -> list[Entry]:
    """The `count` entries of a stream up to `seq` `upto`, newest first, as far as this session may see them."""
    rows = Entry.objects.filter(stream=stream, seq__lte=upto, seq__gt=upto - count)
    return list(rows.defer("payload", "sealed").order_by("-seq"))


def entry(stream: UUID, seq: int) -> Entry | None:
    """One entry, whole; None where there is none or this session may not see it."""
    return Entry.objects.filter(stream=stream, seq=seq).first()


def linked(its: Entry, stream: Stream) -> bool:
    """Whether the entry's hash is what its payload and the entry before it come to. One query."""
    if its.seq == 1:
        description = Description(stream.node, stream.incarnation, stream.unit, _channel(stream.channel))
        previous = description.digest()
    else:
        before = Entry.objects.filter(stream=its.stream_id, seq=its.seq - 1).values_list("hash", flat=True)
        previous = bytes(before.first() or b"")
    digest = sha256(bytes(its.payload)).digest()
    return link(previous, its.stream_id, its.seq, digest) == bytes(its.hash)


def _channel(name: str) -> Any:
    return name


def told(its: Entry) -> str:
    """The payload for reading: indented, and in it the sealed facts by their digests alone."""
    return json.dumps(json.loads(bytes(its.payload)), ensure_ascii=False, indent=2)


def in_doubt() -> list[Doubt]:
    """Subjects that this session may see and that somebody has to look at, of all rooms. One query."""
    parts = [
        its.table._default_manager.filter(Q(frozen__isnull=False) | ~Q(aside=[]) | ~Q(waiting=[]))
        .order_by()
        .annotate(table=Value(its.table._meta.label_lower))
        .values_list("table", "id", "aside", "waiting", "frozen")
        for its in PROJECTIONS.values()
    ]
    first, *rest = parts
    rows = first.union(*rest, all=True)[:MOST_IN_DOUBT]
    return [
        Doubt(table, subject, len(aside), len(waiting), frozen is not None)
        for table, subject, aside, waiting, frozen in rows
    ]


def withdrawn(streams: Collection[UUID]) -> frozenset[UUID]:
    """The entries of these streams that count though their grant had ended when they were written. One query."""
    rows = Intake.objects.filter(pk__in=streams).values_list("state__withdrawn", flat=True)
    return frozenset(UUID(entry) for named in rows for entry in named or ())


def verification() -> Verification | None:
    """What the last `haicap verify` left in the installation's folder; None where there is nothing readable."""
    try:
        it = json.loads((Path(settings.HOME) / "verify.json").read_text(encoding="utf-8"))
        return Verification(
            datetime.fromisoformat(it["at"]), it["ok"], it["entries"], it["witnessed"], it["not_yet_witnessed"],
            tuple(it["problems"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None
