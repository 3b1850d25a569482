"""What people do with a stock-take: open it, count, take a count back, close it with a signature, drop it.

Closing writes what was found into the things themselves: where they are, how many, and that some were not found. A
mistake in that is put right by a further entry on the thing (`recording.recount`, `recording.place`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid5

from haicap.clocks.wall import day_of
from haicap.journal.kinds import Body
from haicap.journal.pen import Pen
from haicap.means.stocktake.entries import (
    Expected,
    How,
    Line,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeDropped,
    StocktakeOpened,
    StocktakeWithdrawn,
    Unknown,
)
from haicap.means.stocktake.fold import Line as Listed
from haicap.means.stocktake.fold import Stocktake, stocktakes
from haicap.means.stocktake.lists import Four, lists
from haicap.means.things.entries import Put, ThingCounted
from haicap.means.things.fold import Thing, things
from haicap.means.things.moving import signer
from haicap.means.things.recording import SIGN, WRITE, tidy
from haicap.units.acting import NotSo, Unsaid, granted, said
from haicap.units.fold import Unit


@dataclass(frozen=True, slots=True)
class Known:
    """A thing of the register as a counter meets it: of whichever unit."""

    thing: UUID
    code: str
    kind: str
    name: str
    single: bool
    holder: str
    place: str


def subject_of(entry_id: UUID) -> UUID:
    """The subject of the stock-take that the entry `entry_id` opens."""
    return uuid5(entry_id, "stocktake")


def expected(its: Iterable[Thing]) -> list[Expected]:
    """What should be there: these things as they are registered now."""
    return [
        Expected(
            thing=it.id, code=it.code, sort=it.kind, name=" ".join(filter(None, (it.name, it.plate))), kept=it.kept,
            place=it.put.place, count=it.count,
        )
        for it in its
    ]  # fmt: skip


def open_stocktake(
    pen: Pen, *, entry_id: UUID, unit: Unit, name: str, place: str, its: Sequence[Expected], synthetic: bool = False
) -> Stocktake:  # fmt: skip
    """Open a stock-take of `unit`, or of one place of it; `its` is what should be there.

    Idempotent in `entry_id`; the subject is `subject_of`. Raises `Refused`, `Unsaid` without a name or with nothing to
    be found.
    """
    subject = subject_of(entry_id)
    if (known := pen.state(stocktakes, subject)) is not None:
        return known
    if not its:
        raise Unsaid("expected")
    grant = granted(pen.person, WRITE, unit.code)
    body = StocktakeOpened(
        unit=unit.code, province=unit.province, name=said(name, "name"), place=tidy(place), day=day_of(pen.at),
        expected=tuple(its), synthetic=synthetic,
    )  # fmt: skip
    return pen.write(stocktakes, entry_id, subject, body, unit=unit.code, grant=grant)


def found(pen: Pen, subject: UUID) -> Stocktake:
    """The stock-take as this transaction sees it. Raises `NotSo` where there is none."""
    its = pen.state(stocktakes, subject)
    if its is None:
        raise NotSo("stocktake")
    return its


def count(
    pen: Pen, *, entry_id: UUID, subject: UUID, known: Known | None, how: How, number: int = 1, place: str = "",
    code: str = "", words: str = "",
) -> Stocktake:  # fmt: skip
    """Write down that this thing of the register was found, or one that is in no register (`code` or `words`).

    The newest number that somebody tells of a thing is theirs. Raises `Refused`, `NotSo` where it is closed, `Unsaid`
    for a number that cannot be and for an unknown thing without a word.
    """
    its = found(pen, subject)
    if pen.wrote(entry_id):
        return its
    if not its.open:
        raise NotSo("count")
    if number < 0 or ((known is None or known.single) and number < 1):
        raise Unsaid("count")
    if known is None and not (code or tidy(words)):
        raise Unsaid("words")
    body = StocktakeCounted(
        thing=known.thing if known else None, code=known.code if known else code, sort=known.kind if known else "",
        name=known.name if known else "", kept="single" if known is None or known.single else "counted",
        holder=known.holder if known else "", was=known.place if known else "", place=tidy(place),
        count=1 if known and known.single else number, how=how, words=tidy(words),
    )  # fmt: skip
    return _act(pen, entry_id, its, WRITE, body)


def withdraw(pen: Pen, *, entry_id: UUID, subject: UUID, counts: Iterable[UUID]) -> Stocktake:
    """Say that these counts were a mistake. Raises `Refused`, `NotSo` where it is closed or has no such count."""
    its = found(pen, subject)
    if pen.wrote(entry_id):
        return its
    wanted = set(counts)
    if not its.open or not wanted or not wanted <= {it.id for it in its.counts}:
        raise NotSo("withdraw")
    return _act(pen, entry_id, its, WRITE, StocktakeWithdrawn(counts=tuple(sorted(wanted))))


def drop(pen: Pen, *, entry_id: UUID, subject: UUID, reason: str) -> Stocktake:
    """It was opened by mistake. Raises `Refused`, `NotSo` where it is closed, `Unsaid`."""
    its = found(pen, subject)
    if pen.wrote(entry_id):
        return its
    if not its.open:
        raise NotSo("drop")
    return _act(pen, entry_id, its, WRITE, StocktakeDropped(reason=said(reason, "reason")))


def close(
    pen: Pen, *, entry_id: UUID, subject: UUID, chosen: Mapping[UUID, int], note: str = ""
) -> Stocktake:
    """Sign the stock-take: its lists in full, and into each thing what was found of it.

    `chosen` has one of the numbers for each thing about which counters differ. The pen holds the things and the files
    of `touched`. Raises `Refused`, `NotSo` where it is closed, `Unsaid` where a number is not chosen or was told by
    nobody.
    """
    its = found(pen, subject)
    if pen.wrote(entry_id):
        return its
    if not its.open:
        raise NotSo("close")
    told = {it.line.thing: {number for _who, number in it.numbers} for it in lists(its).disputes}
    if set(told) - set(chosen) or any(chosen[thing] not in told[thing] for thing in told):
        raise Unsaid("chosen")
    four, day = lists(its, {thing: chosen[thing] for thing in told}), day_of(pen.at)
    body = StocktakeClosed(
        found=_lines(four.found), elsewhere=_lines(four.elsewhere), missing=_lines(four.missing),
        unknown=tuple(Unknown(**asdict(it)) for it in four.unknown), counts=tuple(it.id for it in its.valid), day=day,
        signer=signer(pen), note=tidy(note),
    )  # fmt: skip
    after = _act(pen, entry_id, its, SIGN, body)
    grant = granted(pen.person, SIGN, its.unit)
    for thing, adjustment in _adjustments(pen, its, four, day):
        pen.write(things, uuid5(entry_id, str(thing.id)), thing.id, adjustment, unit=thing.unit, grant=grant)
    return after


def touched(its: Stocktake) -> list[UUID]:
    """The things that closing may write on: what should be there, and what else was found."""
    return sorted({it.thing for it in its.expected} | {it.thing for it in its.valid if it.thing})


def _lines(its: Iterable[Listed]) -> tuple[Line, ...]:
    return tuple(Line(**asdict(it)) for it in its)


def _adjustments(pen: Pen, its: Stocktake, four: Four, day: date) -> Iterable[tuple[Thing, ThingCounted]]:
    """What changes by it; a thing that meanwhile went elsewhere or is held no more stays as it is."""
    missing = {line.thing for line in four.missing}
    for line in (*four.missing, *four.found, *four.elsewhere):
        thing = pen.state(things, line.thing)
        if thing is None or thing.gone is not None or thing.holder != its.unit:
            continue
        if (body := _adjustment(its, thing, line, day, lost=line.thing in missing)) is not None:
            yield thing, body


def _adjustment(its: Stocktake, thing: Thing, line: Listed, day: date, *, lost: bool) -> ThingCounted | None:
    if lost:
        return ThingCounted(stocktake=its.id, when=day, missing=True, count=0)
    moved = bool(line.place) and line.place != thing.put.place
    waiting = thing.waiting.count if thing.waiting else 1
    number = max(line.counted, waiting)  # no fewer than are being handed over: that is settled first
    if not moved and number == thing.count and thing.missing is None:
        return None
    put = Put(place=line.place, post=thing.put.post) if moved else None
    return ThingCounted(stocktake=its.id, when=day, missing=False, count=number, put=put)


def _act(pen: Pen, entry_id: UUID, its: Stocktake, action: str, body: Body) -> Stocktake:
    grant = granted(pen.person, action, its.unit)
    return pen.write(stocktakes, entry_id, its.id, body, unit=its.unit, grant=grant)
