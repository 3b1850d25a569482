"""Support staff, the room there is: who may still go, and what is missing, once all decisions by hand stand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from haicap.plan.milp import FREE
from haicap.plan.outcome import Infeasible, least
from haicap.plan.staff_case import Case, Kept, Officers, Unit

Key = tuple[int, str]  # a unit's place and a qualification; the empty one stands for people in all
Way = tuple[int, int]  # the places of giver and receiver
Rule = tuple[str, Kept | None]  # an agreed rule by its code, or a move kept by hand


@dataclass(frozen=True, slots=True)
class Crew:
    """Officers of one unit who may still move, all with the same qualifications and the same units ruled out."""

    unit: int
    qualifications: frozenset[str]
    barred: frozenset[int]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What may happen besides the moves kept by hand.

    `missing` is negative where there are more than needed; `spare` is how many may leave so that those who stay are
    enough without anyone who comes, negative where they are not enough as it is; `out`, `into` and `moves` are what
    the agreed limits leave; `sent` are the moves kept by hand with the officer of each. `tenths` leaves out the ways
    that are forbidden, `reached` are the receivers of all.
    """

    crews: tuple[Crew, ...]
    tenths: Mapping[Way, int]
    reached: frozenset[int]
    before: Mapping[Key, int]
    missing: Mapping[Key, int]
    spare: Mapping[Key, int]
    out: Sequence[int]
    into: Sequence[int]
    moves: int
    sent: tuple[tuple[str, Kept], ...]


def room(case: Case) -> Room:
    """Take the decisions by hand as made and say what room they leave.

    Raises `Infeasible` where they break a rule or each other, `ValueError` for a unit or officer that is not there.
    """
    crowd = _Crowd(case)
    crowd.check()
    picked = crowd.picked(case.kept, crowd.barring())
    sent = tuple(zip(picked, case.kept, strict=True))
    out, into, gone = Counter[Key](), Counter[Key](), Counter[Key]()
    for officer, kept in sent:
        giver, receiver = crowd.places[kept.giver], crowd.places[kept.receiver]
        out[giver, ""] += 1
        into[receiver, ""] += 1
        for qualification in ("", *crowd.of[officer].qualifications):
            gone[giver, qualification] += 1
            into[receiver, qualification] += bool(qualification)
    missing = {key: need - crowd.held[key] for key, need in crowd.needs().items()}
    return Room(
        tuple(_crews(case, crowd, set(picked))),
        _open_ways(case, crowd),
        frozenset(receiver for _, receiver in crowd.tenths),
        missing,
        {key: short + gone[key] - into[key] for key, short in missing.items()},
        {key: spare - gone[key] for key, spare in crowd.spare().items()},
        [crowd.most_out(unit) - out[place, ""] for place, unit in enumerate(case.units)],
        [crowd.most_in(unit) - into[place, ""] for place, unit in enumerate(case.units)],
        _limit(case.limits.most_moves) - len(sent),
        sent,
    )


class _Crowd:
    """The case by places and ids, as it stands before anything is decided."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.places = {unit.code: place for place, unit in enumerate(case.units)}
        self.of = {officer: group for group in case.officers for officer in group.ids}
        if len(self.places) < len(case.units) or len(self.of) < sum(len(it.ids) for it in case.officers):
            raise ValueError("a unit or an officer stands twice in the case")
        self.tenths = _tenths(case)
        self.held = Counter[Key]()
        for group in case.officers:
            for qualification in ("", *group.qualifications):
                self.held[self.places[group.unit], qualification] += len(group.ids)

    def needs(self) -> dict[Key, int]:
        """What each unit should have."""
        return {
            (place, qualification): need
            for place, unit in enumerate(self.case.units)
            for qualification, need in {"": unit.need, **unit.needs}.items()
        }

    def spare(self) -> dict[Key, int]:
        """How many may leave each unit, in all and of those with a qualification that it must keep; may be negative."""
        return {
            (place, qualification): self.held[place, qualification] - floor
            for place, unit in enumerate(self.case.units)
            for qualification, floor in _floors(unit).items()
        }

    def most_out(self, unit: Unit) -> int:
        return _limit(self.case.limits.most_out if unit.most_out is None else unit.most_out)

    def most_in(self, unit: Unit) -> int:
        return _limit(self.case.limits.most_in if unit.most_in is None else unit.most_in)

    def barring(self) -> set[str]:
        """The codes of all rules that speak of one officer."""
        forbidden = {it.code for it in self.case.forbidden if it.officer}
        return forbidden | {f"staying:{officer}" for officer in self.case.staying}

    def check(self) -> None:
        """Raise `Infeasible` if the moves kept by hand cannot all stand, `ValueError` if one names what is missing."""
        for kept in self.case.kept:
            self._known(kept)
        used = [*dict.fromkeys(code for kept in self.case.kept for code in self._uses(kept))]
        rules: list[Rule] = [(code, None) for code in [*sorted(self.barring()), *used]]
        rules += [(kept.code, kept) for kept in self.case.kept]
        allowed = self._allowed()
        if not self._stand(rules, allowed):
            raise Infeasible([code for code, _ in least(rules, lambda some: self._stand(some, allowed))])

    def _known(self, kept: Kept) -> None:
        here = {kept.giver, kept.receiver} <= self.places.keys() and kept.giver != kept.receiver
        group = self.of.get(kept.officer)
        if not here or (kept.officer and (group is None or group.unit != kept.giver)):
            raise ValueError(f"{kept.code} names a unit or an officer that is not there")

    def _allowed(self) -> dict[str, int]:
        """How often the moves kept by hand may use each agreed rule; what is not named here, not at all."""
        allowed = {"most-moves": _limit(self.case.limits.most_moves)}
        for unit in self.case.units:
            allowed |= {
                f"most-out:{unit.code}": self.most_out(unit),
                f"most-in:{unit.code}": self.most_in(unit),
            }
        for (place, qualification), spare in self.spare().items():
            allowed[floor_code(self.case.units[place].code, qualification)] = max(0, spare)
        return allowed

    def _uses(self, kept: Kept) -> Iterator[str]:
        """The codes of the agreed rules that a move kept by hand uses up or breaks."""
        giver = self.case.units[self.places[kept.giver]]
        yield from ("most-moves", f"most-out:{kept.giver}", f"most-in:{kept.receiver}")
        qualifications = self.of[kept.officer].qualifications if kept.officer else kept.qualifications
        for qualification in _floors(giver):
            if not qualification or qualification in qualifications:
                yield floor_code(kept.giver, qualification)
        if (self.places[kept.giver], self.places[kept.receiver]) not in self.tenths:
            yield "longest-km"
        for it in self.case.forbidden:
            if not it.officer and (it.giver, it.receiver) == (kept.giver, kept.receiver):
                yield it.code

    def _stand(self, rules: Sequence[Rule], allowed: Mapping[str, int]) -> bool:
        codes = frozenset(code for code, kept in rules if kept is None)
        keeps = [kept for _, kept in rules if kept is not None]
        used = Counter(code for kept in keeps for code in self._uses(kept))
        within = all(count <= allowed.get(code, 0) for code, count in used.items() if code in codes)
        return within and len(self.picked(keeps, codes)) == len(keeps)

    def picked(self, keeps: Sequence[Kept], codes: Collection[str]) -> list[str]:
        """An officer for each of the moves under the rules of these codes, who stands first first; [] if impossible."""
        taken: dict[str, int] = {}
        for place in range(len(keeps)):
            if not self._pick(place, keeps, codes, taken, set()):
                return []
        return [officer for officer, _ in sorted(taken.items(), key=lambda it: it[1])]

    def _pick(
        self, place: int, keeps: Sequence[Kept], codes: Collection[str], taken: dict[str, int], seen: set[str]
    ) -> bool:
        """Find an officer for one move, moving others of the same sort aside where that makes room (Kuhn, 1955)."""
        for officer in sorted(self._candidates(keeps[place], codes), key=lambda it: it in taken):
            if officer not in seen:
                seen.add(officer)
                if officer not in taken or self._pick(taken[officer], keeps, codes, taken, seen):
                    taken[officer] = place
                    return True
        return False

    def _candidates(self, kept: Kept, codes: Collection[str]) -> Iterator[str]:
        groups: Iterable[Officers] = self.case.officers
        named = (
            [kept.officer]
            if kept.officer
            else [
                officer
                for group in groups
                if group.unit == kept.giver and group.qualifications == kept.qualifications
                for officer in group.ids
            ]
        )
        for officer in named:
            ruled_out = (f"staying:{officer}", f"forbidden:{kept.giver}/{kept.receiver}/{officer}")
            if not any(code in codes for code in ruled_out):
                yield officer


def floor_code(unit: str, qualification: str) -> str:
    """The code of the rule that enough people, or holders of a qualification, stay: `floor:unit[/qualification]`."""
    return f"floor:{unit}{qualification and '/'}{qualification}"


def _floors(unit: Unit) -> dict[str, int]:
    return {"": unit.need if unit.floor is None else unit.floor, **unit.needs, **unit.floors}


def _limit(agreed: int | None) -> int:
    return FREE if agreed is None else agreed


def _tenths(case: Case) -> dict[Way, int]:
    near = case.near
    short = np.flatnonzero((near.km <= case.limits.longest_km) & (near.givers != near.receivers))
    givers, receivers = near.givers[short].tolist(), near.receivers[short].tolist()
    lengths = np.rint(near.km[short] * 10).astype(np.int64).tolist()
    return dict(zip(zip(givers, receivers, strict=True), lengths, strict=True))


def _open_ways(case: Case, crowd: _Crowd) -> dict[Way, int]:
    closed = {(crowd.places[it.giver], crowd.places[it.receiver]) for it in case.forbidden if not it.officer}
    return {way: length for way, length in crowd.tenths.items() if way not in closed}


def _crews(case: Case, crowd: _Crowd, gone: set[str]) -> Iterator[Crew]:
    """The officers who may still move, split by the units that each may not go to."""
    barred = defaultdict[str, set[int]](set)
    for it in case.forbidden:
        barred[it.officer].add(crowd.places[it.receiver])
    for group in case.officers:
        parts = defaultdict[frozenset[int], list[str]](list)
        for officer in group.ids:
            if officer not in gone and officer not in case.staying:
                parts[frozenset(barred.get(officer, ()))].append(officer)
        for closed, ids in parts.items():
            yield Crew(crowd.places[group.unit], group.qualifications, closed, tuple(ids))
