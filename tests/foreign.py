"""Streams that another node has written, made in memory as that node would have made them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

from haicap.journal.chain import Channel, Description, chain
from haicap.journal.entry import Seal, payload
from haicap.journal.ids import uuid7
from haicap.journal.intake import Batch, Item
from haicap.journal.kinds import Body
from haicap.matters import entries as m

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
UNIT = "11311"


def raised(title: str = "Trụ sở dột") -> m.Raised:
    """An opening of a matter."""
    return m.Raised(
        number="11311-26-7K00001-X", procedure="difficulty", edition="e", by="desk", received=AT, title=title,
        facts={"kind": "headquarters"}, branch="only", now="raised", holder="31-PH10", province="31",
    )  # fmt: skip


def stepped(now: str) -> m.Stepped:
    """A deciding entry of a matter."""
    return m.Stepped(step="answer", now=now)


def commented(text: str = "Đã gọi") -> m.Commented:
    """A free entry of a matter."""
    return m.Commented(text=text)


@dataclass
class Line:
    """A stream of a node elsewhere."""

    node: UUID = field(default_factory=uuid7)
    incarnation: UUID = field(default_factory=uuid7)
    unit: str = UNIT
    channel: Channel = "work"
    items: list[Item] = field(default_factory=list)

    @property
    def description(self) -> Description:
        return Description(self.node, self.incarnation, self.unit, self.channel)

    @property
    def id(self) -> UUID:
        return self.description.id()

    def write(
        self,
        subject: UUID,
        body: Body,
        *,
        after: UUID | None = None,
        entry_id: UUID | None = None,
        at: datetime = AT,
        sealed: tuple[Seal, bytes] | None = None,
    ) -> UUID:
        """Add an entry; its id."""
        entry_id = entry_id or uuid7()
        data = payload(
            entry_id=entry_id, salt=bytes(16), subject=subject, after=after, body=body, actor=self.node, grant=None,
            at=at, sealed=sealed[0] if sealed else None,
        )  # fmt: skip
        self.items.append(Item(data, sealed[1] if sealed else None))
        return entry_id

    def hashes(self) -> list[bytes]:
        """The hash before the first entry, and those of all."""
        digest = self.description.digest()
        return [digest, *chain(digest, self.id, 1, (item.payload for item in self.items))]

    def batch(self, after: int = 0, upto: int | None = None) -> Batch:
        """The entries after number `after`, up to and with `upto` (all)."""
        end = len(self.items) if upto is None else upto
        return Batch(self.description, after, tuple(self.items[after:end]), self.hashes()[end])


def cut(line: Line, places: Iterable[int]) -> list[Batch]:
    """A line in batches that end at these places and at its end."""
    edges = sorted({0, *(place for place in places if place < len(line.items)), len(line.items)})
    return [line.batch(low, high) for low, high in pairwise(edges)]
