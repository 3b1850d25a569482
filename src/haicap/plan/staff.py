"""Support staff: who could go from where to where.

Least shortage first, weighted; then the least way; then the least disturbance. What a unit gives it has to spare
before anyone comes: those who stay are enough for its need, or for what was agreed, in all and by qualification.
Officers go only where they lessen a shortage. Moves kept by hand are made first and the rest is planned round them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from haicap.plan.milp import NODES, Best
from haicap.plan.outcome import Proof
from haicap.plan.staff_case import (
    Case,
    Forbidden,
    Kept,
    Limits,
    More,
    Move,
    Near,
    Officers,
    Plan,
    Shortage,
    Unit,
    Why,
)
from haicap.plan.staff_model import Model, model
from haicap.plan.staff_room import Key, Room, room
from haicap.plan.staff_why import REASONS, Reasons, Used

__all__ = [
    "REASONS",
    "Case",
    "Forbidden",
    "Kept",
    "Limits",
    "More",
    "Move",
    "Near",
    "Officers",
    "Plan",
    "Shortage",
    "Unit",
    "Why",
    "plan",
]


def plan(case: Case, *, nodes: int = NODES, more: bool = True) -> Plan:
    """Who could go where, with a proof of how good that is; the same case gives the same plan.

    `nodes` limits the work of the search for each aim. With `more` it is also said what one more officer, with each
    qualification or none, and one more move would change: each is a search of its own. Raises `Infeasible` where the
    decisions by hand break a rule or each other, `ValueError` where they name a unit or an officer that is not there.
    """
    here = room(case)
    programme = model(case, here)
    found = programme.solve(nodes)
    used = _used(here, programme, found)
    after = _after(here, programme, found)
    reasons = Reasons(case, here, used, after)
    shortage, way, disturbance = found.proofs
    kept = sum(_tenths(case, here, it) for _, it in here.sent)
    return Plan(
        tuple(_moves(case, here, programme, found)),
        tuple(_shortages(case, here, after)),
        tuple(reasons.why()),
        reasons.binding(),
        tuple(_more(case, here, shortage, nodes)) if more else (),
        shortage,
        Proof((way.value + kept) / 10, (way.bound + kept) / 10),
        disturbance,
    )


def _used(here: Room, programme: Model, found: Best) -> Used:
    crews, into = Counter[int](), Counter[int]()
    for lane, count in zip(programme.lanes, found.answer.tolist(), strict=False):
        crews[lane.crew] += count
        into[lane.receiver] += count
    return Used(crews, into)


def _after(here: Room, programme: Model, found: Best) -> dict[Key, int]:
    change = Counter[Key]()
    for lane, count in zip(programme.lanes, found.answer.tolist(), strict=False):
        crew = here.crews[lane.crew]
        for qualification in ("", *crew.qualifications) if count else ():
            change[lane.receiver, qualification] += count
            change[crew.unit, qualification] -= count
    return {key: max(0, short - change[key]) for key, short in here.missing.items()}


def _shortages(case: Case, here: Room, after: Mapping[Key, int]) -> Iterator[Shortage]:
    for (unit, qualification), short in here.before.items():
        before = max(0, short)
        if before or after[unit, qualification]:
            yield Shortage(case.units[unit].code, qualification, before, after[unit, qualification])


def _moves(case: Case, here: Room, programme: Model, found: Best) -> Iterator[Move]:
    """The moves kept by hand, then the others by crew, each with what it fills."""
    missing = {key: max(0, short) for key, short in here.before.items()}
    places = {unit.code: place for place, unit in enumerate(case.units)}
    of = {officer: group.qualifications for group in case.officers for officer in group.ids}
    for officer, it in here.sent:
        fills = _filled(missing, places[it.receiver], of[officer])
        yield Move(officer, it.giver, it.receiver, fills, _tenths(case, here, it) / 10, True)
    ids = [iter(crew.ids) for crew in here.crews]
    for lane, count in zip(programme.lanes, found.answer.tolist(), strict=False):
        crew = here.crews[lane.crew]
        for _ in range(count):
            fills = _filled(missing, lane.receiver, crew.qualifications)
            giver, receiver = case.units[crew.unit].code, case.units[lane.receiver].code
            yield Move(next(ids[lane.crew]), giver, receiver, fills, lane.tenths / 10, False)


def _filled(missing: dict[Key, int], unit: int, qualifications: frozenset[str]) -> tuple[str, ...]:
    """Which of the qualifications the unit misses still; they are then missing once less."""
    fills = tuple(it for it in sorted(qualifications) if missing.get((unit, it), 0) > 0)
    for it in fills:
        missing[unit, it] -= 1
    return fills


def _more(case: Case, here: Room, shortage: Proof, nodes: int) -> Iterator[More]:
    """What one more officer, and one more move, would change."""
    for qualification in ("", *sorted({it for unit in case.units for it in unit.needs})):
        programme = model(case, here, frozenset({qualification} - {""}))
        found = programme.solve(nodes, aims=1)
        where = next((place for place, column in programme.more.items() if found.answer[column]), None)
        gain = max(0, shortage.value - found.proofs[0].value)
        unit = case.units[where].code if where is not None and gain else ""
        yield More("officer", qualification, unit, int(gain), int(shortage.value - found.proofs[0].bound))
    if case.limits.most_moves is not None:
        found = model(case, replace(here, moves=here.moves + 1)).solve(nodes, aims=1)
        gain = max(0, shortage.value - found.proofs[0].value)
        yield More("move", "", "", int(gain), int(shortage.value - found.proofs[0].bound))


def _tenths(case: Case, here: Room, kept: Kept) -> int:
    places = {unit.code: place for place, unit in enumerate(case.units)}
    return here.tenths[places[kept.giver], places[kept.receiver]]
