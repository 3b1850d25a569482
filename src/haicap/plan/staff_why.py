"""Support staff, what to say of a plan: why something is missing still, and which agreed limits are used up."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from haicap.plan.staff_case import Case, Why
from haicap.plan.staff_model import guarded, may_leave
from haicap.plan.staff_room import Crew, Key, Room, floor_code

REASONS = {
    "no-unit-near": "no unit lies within the longest distance",
    "forbidden": "the ways from all units within the longest distance are forbidden by hand",
    "nobody-to-spare": "no unit near has anyone, or anyone with the qualification, who may leave",
    "most-moves": "the agreed number of moves is used up",
    "most-in": "the agreed number of moves into the unit is used up",
    "most-out": "the agreed number of moves out of the units near is used up",
    "weighed-less": "those who may leave close more elsewhere",
}


@dataclass(frozen=True, slots=True)
class Used:
    """What a plan used up besides the moves kept by hand: officers by crew, and moves out and in by unit."""

    crews: Mapping[int, int]
    into: Mapping[int, int]

    @property
    def moves(self) -> int:
        """How many officers move."""
        return sum(self.crews.values())


class Reasons:
    """Looks at a plan from each unit that misses something still."""

    def __init__(self, case: Case, room: Room, used: Used, after: Mapping[Key, int]) -> None:
        self.case, self.room, self.used, self.after = case, room, used, after
        self.here = defaultdict[int, list[int]](list)
        for place, crew in enumerate(room.crews):
            self.here[crew.unit].append(place)
        self.near = defaultdict[int, list[int]](list)
        for giver, receiver in room.tenths:
            self.near[receiver].append(giver)
        self.gone = Counter[Key]()
        for place, count in used.crews.items():
            crew = room.crews[place]
            for qualification in ("", *crew.qualifications):
                self.gone[crew.unit, qualification] += count

    def why(self) -> Iterator[Why]:
        """A reason for each thing that a unit misses still."""
        for (unit, qualification), count in self.after.items():
            if count > 0:
                yield Why(self.case.units[unit].code, qualification, self._reason(unit, qualification))

    def binding(self) -> tuple[str, ...]:
        """The codes of agreed limits that are used up where somebody could help, in order."""
        found = set[str]()
        for (unit, qualification), count in self.after.items():
            if count > 0:
                places = list(self._candidates(unit, qualification))
                found.update(self._receiving(unit) if places else ())
                found.update(code for place in places for code in self._leaving(self.room.crews[place]))
        return tuple(sorted(found))

    def _reason(self, unit: int, qualification: str) -> str:
        if unit not in self.room.reached:
            return "no-unit-near"
        if not self.near[unit]:
            return "forbidden"
        places = list(self._candidates(unit, qualification))
        if not places:
            return "nobody-to-spare"
        free = [place for place in places if self._left(place)]
        limits = self._receiving(unit) if free else []
        if limits:
            return limits[0].partition(":")[0]
        blocked = free and all(self._out_left(self.room.crews[place].unit) <= 0 for place in free)
        return "most-out" if blocked else "weighed-less"

    def _candidates(self, unit: int, qualification: str) -> Iterator[int]:
        """Crews near that have what is missing, and of whom one might leave."""
        for giver in self.near[unit]:
            for place in self.here[giver]:
                crew = self.room.crews[place]
                fits = not qualification or qualification in crew.qualifications
                if fits and unit not in crew.barred and (may_leave(self.room, crew) or self._only_out(crew)):
                    yield place

    def _only_out(self, crew: Crew) -> bool:
        return self.room.out[crew.unit] <= 0 and all(
            self.room.spare[key] > 0 for key in guarded(self.room, crew)
        )

    def _left(self, place: int) -> bool:
        """Whether someone of the crew is left whom the unit could spare."""
        crew = self.room.crews[place]
        some = self.used.crews.get(place, 0) < len(crew.ids)
        return some and all(self.room.spare[key] > self.gone[key] for key in guarded(self.room, crew))

    def _out_left(self, giver: int) -> int:
        return self.room.out[giver] - self.gone[giver, ""]

    def _receiving(self, unit: int) -> list[str]:
        codes = ["most-moves"] if self.used.moves >= self.room.moves else []
        full = self.used.into.get(unit, 0) >= self.room.into[unit]
        return [*codes, *([f"most-in:{self.case.units[unit].code}"] if full else [])]

    def _leaving(self, crew: Crew) -> Iterator[str]:
        giver = self.case.units[crew.unit]
        if self._out_left(crew.unit) <= 0:
            yield f"most-out:{giver.code}"
        for key in guarded(self.room, crew):
            agreed = giver.floor is not None if not key[1] else key[1] in giver.floors
            if agreed and self.room.spare[key] <= self.gone[key]:
                yield floor_code(giver.code, key[1])
