"""What pages ask of courier files: what was sent and not confirmed, and what waits for others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haicap.nodes.courier.book import Book, Outcome, Sent, Waits, folder


@dataclass(frozen=True, slots=True)
class Row:
    """A file that was sent: to whom, when (UTC), and what is known of it.

    `confirmed` is None until its return file came. `open` are the streams that were not taken (`why` says why),
    `held` counts the entries that the receiver holds; `matter` is the number of one that goes to another province.
    """

    number: int
    to: UUID
    name: str
    file: str
    digest: str
    at: datetime
    entries: int
    blobs: bool
    confirmed: datetime | None
    open: tuple[Outcome, ...]
    held: int
    matter: str


def sent(to: UUID | None = None, *, book: Book | None = None) -> list[Row]:
    """The files that were packed here (for one node), the newest first."""
    its = (book or Book(folder())).sent()
    return [_row(it) for it in its if to in (None, it.to)]


def unconfirmed(*, book: Book | None = None) -> list[Row]:
    """The files of which nobody has said yet that they arrived, and after which none to the same node was confirmed.

    The oldest first: it has waited longest.
    """
    rows = sent(book=book)
    newest = {row.to: row.number for row in reversed(rows) if row.confirmed}
    return [row for row in reversed(rows) if not row.confirmed and row.number > newest.get(row.to, 0)]


def waiting(*, book: Book | None = None) -> list[Waits]:
    """The files that came before what they go on from."""
    return [it for _file, it in (book or Book(folder())).waiting()]


def _row(it: Sent) -> Row:
    return Row(
        it.number, it.to, it.name, it.file, it.digest, it.at, it.entries, it.blobs, it.confirmed,
        tuple(_open(it.outcomes)), len(it.held), it.matter,
    )  # fmt: skip


def _open(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
    return (outcome for outcome in outcomes if outcome.why is not None)
