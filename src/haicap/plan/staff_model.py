"""Support staff, the programme: how many of each crew go to each unit.

A unit's shortage of people, or of a qualification, is what it needs less who is there; who holds two qualifications
counts for both. Officers go only where they lessen a shortage. One unit may be given one officer more, to see what
that changes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from haicap.plan.milp import Aim, Best, Programme, Whole, best
from haicap.plan.staff_case import Case
from haicap.plan.staff_room import Crew, Key, Room

_PERSON = 4  # disturbance of one person moved; as much again for the last one of a unit's surplus


@dataclass(frozen=True, slots=True)
class Lane:
    """A crew that could help a unit, and how far it is, in tenths of a km."""

    crew: int
    receiver: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Model:
    """The programme with its aims; the first columns are the lanes, then shortages, then officers more by unit."""

    programme: Programme
    aims: tuple[Aim, Aim, Aim]
    lanes: tuple[Lane, ...]
    more: Mapping[int, int]

    def solve(self, nodes: int, aims: int = 3) -> Best:
        """The best answer by so many of the aims: weighted shortage, way, disturbance."""
        found = best(self.programme, self.aims[:aims], nodes)
        assert found is not None  # nobody moves, and shortages are as large as they are: always an answer
        return found


def lanes(room: Room, more: frozenset[str] | None = None) -> Iterator[Lane]:
    """All ways on which an officer could lessen a shortage under the agreed rules, were he the only one to go.

    With `more`, also those that one officer more with these qualifications makes possible.
    """
    receivers = defaultdict[int, list[tuple[int, int]]](list)
    for (giver, receiver), tenths in room.tenths.items():
        if room.into[receiver] > 0:
            receivers[giver].append((receiver, tenths))
    for place, crew in enumerate(room.crews):
        if may_leave(room, crew, more):
            for receiver, tenths in receivers[crew.unit]:
                if receiver not in crew.barred and helps(room, crew.qualifications, receiver):
                    yield Lane(place, receiver, tenths)


def may_leave(room: Room, crew: Crew, more: frozenset[str] | None = None) -> bool:
    """Whether one of the crew may leave, or may where the unit has one officer more with these qualifications."""
    return room.out[crew.unit] > 0 and all(
        room.spare[key] + (more is not None and key[1] in {"", *more}) > 0 for key in guarded(room, crew)
    )


def guarded(room: Room, crew: Crew) -> Iterator[Key]:
    """What the unit of a crew must keep enough of, of all that one of the crew counts for."""
    for qualification in ("", *sorted(crew.qualifications)):
        if (crew.unit, qualification) in room.spare:
            yield crew.unit, qualification


def helps(room: Room, qualifications: Collection[str], receiver: int) -> bool:
    """Whether the unit misses people, or one of the qualifications."""
    return any(room.missing.get((receiver, it), 0) > 0 for it in ("", *qualifications))


def model(case: Case, room: Room, more: frozenset[str] | None = None) -> Model:
    """The programme of a case; with `more`, one unit has one officer more with these qualifications."""
    programme, ways = Programme(), tuple(lanes(room, more))
    for lane in ways:
        programme.column(len(room.crews[lane.crew].ids))
    uses = _Uses(room, ways)
    short = {key: programme.column() for key in room.missing if _can_miss(room, key)}
    extra = {place: programme.column(1) for place in range(len(case.units))} if more is not None else {}
    programme.row(((column, 1) for column in extra.values()), most=1)
    for crew, columns in uses.crews.items():
        programme.row(_each(columns), most=len(room.crews[crew].ids))
    for key, columns in uses.leaving.items():
        helped = more is not None and key[1] in {"", *more}
        programme.row(
            [*_each(columns), *([(extra[key[0]], -1)] if helped else ())], most=max(0, room.spare[key])
        )
    for key, column in short.items():
        gone = uses.leaving.get(key, ()) if _dips(room, key) else ()
        come = [
            *uses.coming.get(key, ()),
            *([extra[key[0]]] if more is not None and key[1] in {"", *more} else ()),
        ]
        programme.row([(column, 1), *_each(come), *_each(gone, -1)], least=room.missing[key])
    _agreed(programme, room, uses, len(ways))
    return Model(programme, _aims(case, room, ways, short, len(programme.uppers)), ways, extra)


class _Uses:
    """Which lanes each crew, and each thing that is missing or must be kept, has to do with."""

    def __init__(self, room: Room, ways: Sequence[Lane]) -> None:
        self.crews = defaultdict[int, list[int]](list)
        self.leaving = defaultdict[Key, list[int]](list)
        self.coming = defaultdict[Key, list[int]](list)
        for column, lane in enumerate(ways):
            crew = room.crews[lane.crew]
            self.crews[lane.crew].append(column)
            for key in guarded(room, crew):
                self.leaving[key].append(column)
            for qualification in ("", *sorted(crew.qualifications)):
                self.coming[lane.receiver, qualification].append(column)


def _agreed(programme: Programme, room: Room, uses: _Uses, count: int) -> None:
    for (giver, qualification), columns in uses.leaving.items():
        if not qualification and room.out[giver] < room.spare[giver, ""]:
            programme.row(_each(columns), most=room.out[giver])
    for (receiver, qualification), columns in uses.coming.items():
        if not qualification:
            programme.row(_each(columns), most=room.into[receiver])
    programme.row(_each(range(count)), most=room.moves)


def _aims(
    case: Case, room: Room, ways: Sequence[Lane], short: Mapping[Key, int], size: int
) -> tuple[Aim, Aim, Aim]:
    shortage, way, disturbance = (np.zeros(size, np.int64) for _ in range(3))
    for (unit, _), column in short.items():
        shortage[column] = case.units[unit].weight
    way[: len(ways)] = [lane.tenths for lane in ways]
    givers = np.array([room.crews[lane.crew].unit for lane in ways], np.int64)
    disturbance[: len(ways)] = [disturbed(room, giver) for giver in givers.tolist()]
    spare = [max(0, room.spare[place, ""]) + 1 for place in range(len(case.units))]  # one for an officer more
    many = np.minimum(room.out, spare)
    return (
        Aim(shortage),
        Aim(way, _at_most(way[: len(ways)], givers, many)),
        Aim(disturbance, _at_most(disturbance[: len(ways)], givers, many)),
    )


def _at_most(cost: Whole, givers: Whole, many: Whole) -> int:
    """What lanes can cost together, where each giver sends so many at most."""
    dearest = np.zeros(len(many), np.int64)
    np.maximum.at(dearest, givers, cost)
    return int(dearest @ many)


def disturbed(room: Room, giver: int) -> int:
    """How much it disturbs that one person leaves: the more, the fewer the unit has to spare."""
    return _PERSON + _PERSON // max(1, room.spare[giver, ""])


def _can_miss(room: Room, key: Key) -> bool:
    return room.missing[key] > 0 or _dips(room, key)


def _dips(room: Room, key: Key) -> bool:
    """Whether more may leave than there are beyond the need: less was agreed to stay than is needed."""
    return max(0, room.spare[key]) > max(0, -room.missing[key])


def _each(columns: Collection[int] | range, value: int = 1) -> list[tuple[int, int]]:
    return [(column, value) for column in columns]
