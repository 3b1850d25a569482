"""The entries in a file: how they are written and read, and how those of many streams are stored at once."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from haicap.journal.batch import MOST_BYTES, Batch, Item
from haicap.nodes.courier.container import Line, Manifest
from haicap.nodes.exchange import lines
from haicap.nodes.exchange.stretches import SEVERAL


def entries_part(line: Line, items: Iterable[Item]) -> Iterator[bytes]:
    """The part of a file that holds a stream's entries."""
    return lines.clear(lines.Part(line.description(), line.after, bytes.fromhex(line.before), items))


def read_entries(manifest: Manifest, frames: Iterable[bytes]) -> Iterator[Batch]:
    """The batches in such a part of the file with this manifest. Raises `Malformed` as `lines.read`."""
    return lines.read(frames) if manifest.haicap == "courier/1" else lines.read_clear(frames)


class Gathering:
    """Batches on their way to storage: those of `reference`, which has thousands of short streams, together.

    `store` is given one batch, or several of different streams of `reference`, none of them `own`'s.
    """

    def __init__(self, store: Callable[[list[Batch]], None], *, own: UUID | None = None) -> None:
        self.store, self.own = store, own
        self.some: dict[UUID, Batch] = {}
        self.size = 0

    def add(self, batch: Batch) -> None:
        """Take one more; what came before it is stored where it cannot wait for more."""
        stream = batch.description.id()
        alone = batch.description.channel != "reference" or batch.description.node == self.own
        size = sum(len(item.payload) + len(item.ciphertext or b"") for item in batch.items)
        if alone or stream in self.some or len(self.some) == SEVERAL or self.size + size > MOST_BYTES:
            self.flush()
        self.some[stream] = batch
        self.size += size
        if alone:
            self.flush()

    def flush(self) -> None:
        """Store what has come."""
        some, self.some, self.size = [*self.some.values()], {}, 0
        if some:
            self.store(some)
