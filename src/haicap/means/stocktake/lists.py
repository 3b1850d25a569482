"""What the counts of a stock-take come to: four lists, and the numbers about which two counters differ. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from haicap.means.stocktake.fold import Count, Line, Stocktake, Stray, Wanted

LISTS = ("found", "elsewhere", "missing", "unknown")


@dataclass(frozen=True, slots=True)
class Dispute:
    """A thing of which two counters told different numbers; one is chosen when it is closed."""

    line: Line
    numbers: tuple[tuple[UUID, int], ...]  # who, how many


@dataclass(frozen=True, slots=True)
class Four:
    """The lists. A disputed thing stands in the list of its newest number."""

    found: tuple[Line, ...]
    elsewhere: tuple[Line, ...]
    missing: tuple[Line, ...]
    unknown: tuple[Stray, ...]
    disputes: tuple[Dispute, ...] = ()


def lists(its: Stocktake, chosen: Mapping[UUID, int] | None = None) -> Four:
    """What has been counted so far, with `chosen` numbers of disputed things; of a closed one what was signed."""
    if its.closed is not None:
        done = its.closed
        return Four(done.found, done.elsewhere, done.missing, done.unknown)
    counts: dict[UUID, list[Count]] = {}
    for count in its.valid:
        if count.thing is not None:
            counts.setdefault(count.thing, []).append(count)
    found: dict[str, list[Line]] = defaultdict(list)
    disputes = []
    wanted = {it.thing for it in its.expected}
    for thing, line in _lines(its, counts, chosen or {}):
        found[_list_of(line, thing in wanted)].append(line)
        if len(numbers := _numbers(counts.get(thing, ()))) > 1 and thing not in (chosen or {}):
            disputes.append(Dispute(line, numbers))
    return Four(
        tuple(found["found"]),
        tuple(found["elsewhere"]),
        tuple(found["missing"]),
        _unknown(its.valid),
        tuple(disputes),
    )


def _lines(
    its: Stocktake, counts: Mapping[UUID, Sequence[Count]], chosen: Mapping[UUID, int]
) -> Iterable[tuple[UUID, Line]]:
    for want in its.expected:
        yield want.thing, _line(its, want, counts.get(want.thing, ()), chosen)
    wanted = {it.thing for it in its.expected}
    for thing, some in sorted(counts.items(), key=lambda it: it[1][0].code):
        if thing not in wanted:
            first = some[0]
            want = Wanted(thing, first.code, first.sort, first.name, first.was, first.kept, 0)
            yield thing, _line(its, want, some, chosen, first.holder)


def _line(
    its: Stocktake, want: Wanted, counts: Sequence[Count], chosen: Mapping[UUID, int], holder: str = ""
) -> Line:
    numbers = _numbers(counts)
    counted = chosen.get(want.thing, numbers[-1][1] if numbers else 0)
    place = next((it.place for it in reversed(counts) if it.place), its.place if counts else "")
    return Line(
        want.thing, want.code, want.sort, want.name, want.kept, holder or its.unit, want.place, place, want.count,
        counted,
    )  # fmt: skip


def _numbers(counts: Sequence[Count]) -> tuple[tuple[UUID, int], ...]:
    """The newest number of each counter, where they differ; else the one that all agree on. Oldest first."""
    latest = {it.by: it.count for it in counts}
    if len(set(latest.values())) <= 1:
        return ((counts[-1].by, counts[-1].count),) if counts else ()
    order = list(dict.fromkeys(it.by for it in reversed(counts)))
    return tuple((who, latest[who]) for who in reversed(order))


def _list_of(line: Line, wanted: bool) -> str:
    if line.counted == 0:
        return "missing" if wanted else "elsewhere"
    moved = bool(line.place) and line.place != line.was
    return "found" if wanted and not moved else "elsewhere"


def _unknown(counts: Iterable[Count]) -> tuple[Stray, ...]:
    """What no register knows; a label that was read twice is one thing, things in words are as many as were said."""
    strays: dict[object, Stray] = {}
    for it in counts:
        if it.thing is None:
            strays[it.code or it.id] = Stray(it.code, it.words, it.place, it.count)
    return tuple(strays.values())
