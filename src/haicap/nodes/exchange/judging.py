"""What the authority makes of each entry at taking-in: it counts, it counts with a mark, or it is held.

Pure: the facts are handed in. Transport never judges an entry, and a fold judges nobody (`journal.md` 10).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from haicap.journal.chain import Channel, Description
from haicap.journal.entry import Entry
from haicap.journal.erasing import KeyErased
from haicap.journal.kinds import governs, in_time

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
AHEAD = timedelta(hours=24)  # a claim further from the authority's clock than this was made by a wrong one
Reason = Literal[
    "grant-unknown",  # no such grant, as far as the authority knows
    "grant-elsewhere",  # the grant is for other units
    "grant-kind",  # the grant is for other kinds of matter
    "subject-elsewhere",  # the subject lives in a unit that this stream is not of
    "authority-only",  # settling, and what governs others, is done on the authority's node
    "id-of-another",  # the id is that of another entry
    "out-of-time",  # a day or a moment in it lies in no year that is reckoned with
    "clock-ahead",  # it claims to have been written more than a day from now
    "not-a-person",  # no grant is named, and it is not the writing node itself that acted
]


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as the authority knows it: for which units (None: all) and kinds of matter (None: all).

    `until` is the day from which on it is over, in Asia/Ho_Chi_Minh; None while it lasts.
    """

    units: Collection[str] | None
    kinds: Collection[str] | None
    until: date | None = None


class Facts(Protocol):
    """What judging must know."""

    def grant(self, entry: UUID) -> Grant | None:
        """The grant that was given by this entry."""
        ...

    def homes(self, subject: UUID) -> Collection[tuple[str, Channel]]:
        """The units and channels in whose files the subject may go on now; none where it is new here."""
        ...

    def kind(self, entry: Entry[Any]) -> str | None:
        """The kind of matter (code of the procedure) that the entry is about; None for what is no matter."""
        ...

    def held(self, entry: UUID) -> Entry[Any] | None:
        """An entry of this id that lies here already."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which entries are held, each with the reason, and which count though they came after their grant ended."""

    held: Mapping[UUID, Reason]
    withdrawn: tuple[UUID, ...] = ()


def judge(entries: Iterable[Entry[Any]], facts: Facts, *, stream: Description, at: datetime) -> Verdict:
    """Judge the entries of one batch of `stream`, in their order; `at` is aware, the authority's clock."""
    held: dict[UUID, Reason] = {}
    withdrawn: list[UUID] = []
    before: dict[UUID, Entry[Any]] = {}
    for entry in entries:
        known = before.setdefault(entry.id, entry)
        reason = next(_against(entry, known, facts, stream, at), None)
        if reason is not None:
            held[entry.id] = reason
        elif _over(entry, facts):
            withdrawn.append(entry.id)
    return Verdict(held, tuple(withdrawn))


def _against(
    entry: Entry[Any], known: Entry[Any], facts: Facts, stream: Description, at: datetime
) -> Iterator[Reason]:
    """The reasons to hold an entry, the gravest first."""
    if not (_same(entry, known) and _same(entry, facts.held(entry.id) or entry)):
        yield "id-of-another"
    if entry.at > at + AHEAD:
        yield "clock-ahead"
    if not in_time(entry.body):
        yield "out-of-time"
    if _governs(entry):
        yield "authority-only"
    if (homes := facts.homes(entry.subject)) and (stream.unit, stream.channel) not in homes:
        yield "subject-elsewhere"
    if entry.grant is not None:
        yield from _of_grant(entry, facts)
    elif entry.actor != stream.node:
        yield "not-a-person"


def _governs(entry: Entry[Any]) -> bool:
    """Whether only the authority's node may write this: what governs others, settlements, orders to erase."""
    settles = entry.body is not None and entry.body.settles
    return settles or entry.kind == KeyErased.kind or governs(entry.kind)


def _of_grant(entry: Entry[Any], facts: Facts) -> Iterator[Reason]:
    grant = facts.grant(entry.grant) if entry.grant else None
    if grant is None:
        yield "grant-unknown"
        return
    if grant.units is not None and entry.unit not in grant.units:
        yield "grant-elsewhere"
    if grant.kinds is not None and facts.kind(entry) not in grant.kinds:
        yield "grant-kind"


def _same(entry: Entry[Any], other: Entry[Any]) -> bool:
    """Whether the two are one entry: a new incarnation writes what its parent lacks once more, in another line."""
    return entry == replace(other, stream=entry.stream, seq=entry.seq)


def _over(entry: Entry[Any], facts: Facts) -> bool:
    grant = facts.grant(entry.grant) if entry.grant else None
    return grant is not None and grant.until is not None and entry.at.astimezone(HERE).date() >= grant.until
