"""Support staff for the whole country: 3,321 units, 60,000 officers; prints time and peak memory.

`.venv/bin/python bench/staff.py [UNITS] [OFFICERS] [KM]` makes a case from a seed: the register's real places, needs
and officers by chance, everyone within KM (30) a neighbour, also across the border of a province.
"""

import resource
import sys
import time

import numpy as np
import numpy.typing as npt

from haicap.plan.outcome import Proof
from haicap.plan.staff import Case, Limits, Near, Officers, Plan, Unit, plan
from haicap.units.register import territories

SEED = 20250701
EARTH_KM = 6371.0
SHARES = {"aid": 0.2, "driver": 0.25, "investigator": 0.3}


def main() -> None:
    """Make the case, plan it, print what came out."""
    given = [float(it) for it in sys.argv[1:]]
    units, officers, km = (*given, *(3321, 60_000, 30)[len(given) :])
    it = case(int(units), int(officers), km)
    people = sum(len(group.ids) for group in it.officers)
    print(f"{len(it.units):,} units, {people:,} officers, {len(it.near.km):,} ways of at most {km:g} km")
    begun = time.perf_counter()
    tell(it, plan(it, more=False))
    seconds, peak = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{seconds:,.1f} s, {peak / 1024:,.0f} MB at most")


def case(units: int, officers: int, km: float) -> Case:
    """So many units of the register, each needing about as many as it has, with weights from 1 to 10."""
    dice = np.random.default_rng(SEED)
    places = sorted(territories(), key=lambda it: it.code)[:units]
    size = officers / len(places)
    shares = np.array(list(SHARES.values()))
    needs = np.maximum(1, dice.poisson(size, len(places)))
    parts = dice.poisson(size * shares, (len(places), len(shares)))
    weights = dice.integers(1, 11, len(places))
    return Case(
        tuple(
            Unit(it.code, int(need), dict(zip(SHARES, map(int, part), strict=True)), int(weight))
            for it, need, part, weight in zip(places, needs, parts, weights, strict=True)
        ),
        tuple(crews([it.code for it in places], dice.integers(0, len(places), officers), dice)),
        near(np.radians([(it.latitude, it.longitude) for it in places]), km),
        Limits(km, most_out=4, most_in=5),
    )


def crews(codes: list[str], homes: npt.NDArray[np.int64], dice: np.random.Generator) -> list[Officers]:
    """The officers by unit and qualifications."""
    held = dice.random((len(homes), len(SHARES))) < np.array(list(SHARES.values()))
    groups = dict[tuple[int, tuple[bool, ...]], list[str]]()
    for number, (home, has) in enumerate(zip(homes.tolist(), map(tuple, held.tolist()), strict=True)):
        groups.setdefault((home, has), []).append(f"{number:06}")
    return [
        Officers(codes[home], frozenset(np.array(list(SHARES))[list(has)].tolist()), tuple(ids))
        for (home, has), ids in sorted(groups.items())
    ]


def near(at: npt.NDArray[np.float64], km: float) -> Near:
    """All ways of at most so many km along the great circle."""
    latitude, longitude = at.T
    round_ = np.cos(latitude)
    points = np.stack([round_ * np.cos(longitude), round_ * np.sin(longitude), np.sin(latitude)], 1)
    far = EARTH_KM * np.arccos(np.clip(points @ points.T, -1, 1))
    np.fill_diagonal(far, np.inf)
    givers, receivers = np.nonzero(far <= km)
    return Near(givers, receivers, far[givers, receivers])


def tell(it: Case, made: Plan) -> None:
    """Print the plan's figures with their bounds."""
    short = sum(unit.before for unit in made.shortages), sum(unit.after for unit in made.shortages)
    print(f"{len(made.moves):,} moves; missing {short[0]:,} before, {short[1]:,} after")
    proofs: dict[str, Proof] = {
        "weighted shortage": made.shortage,
        "km": made.km,
        "disturbance": made.disturbance,
    }
    for name, proof in proofs.items():
        print(f"{name} {proof.value:,.1f}, bound {proof.bound:,.1f}, gap {proof.gap:.6%}")
    reasons = [why.reason for why in made.why]
    print(", ".join(f"{reason} {reasons.count(reason):,}" for reason in sorted(set(reasons))))


if __name__ == "__main__":
    main()
