"""Where to put points: haicap beside spopt with HiGHS, every OR-Library instance, and the country's 3,321 communes.

`.venv/bin/python bench/location.py FOLDER INSTANCES` makes an environment with spopt (`bench/location.txt`) below
FOLDER and finds it there the next time; INSTANCES is a folder with OR-Library's `pmed` files and their `optima.txt`.
Beside: the small instances, each side in a process of its own, one after the other, in turns; seconds are those of
building the model and solving it, medians of the rounds. Every instance: how far the answer is from the known optimum,
its bound and gap. Communes: real coordinates, invented people, great circles. The last column says whether what is
asked was kept (`LEAST`, `OFF`, `WITHIN`).
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from haicap.plan.distances import great_circle
from haicap.plan.median import median
from haicap.plan.siting import Siting

HERE = Path(__file__).parent
LEAST = {100: 0.3, 200: 0.2}  # of spopt's time, by number of places
OFF, SECONDS = 0.005, 60  # from the known optimum, on any instance
WITHIN, MINUTES = 0.01, 5  # of its own bound, for the communes
POINTS = 100


def ways(path: Path) -> tuple[np.ndarray, int]:
    """All shortest ways of an OR-Library file, and the number of points; of repeated edges the last cost counts."""
    numbers = np.array(path.read_text().split(), dtype=np.int64)
    (n, _edges, points), edges = numbers[:3].tolist(), numbers[3:].reshape(-1, 3)
    km = np.full((n, n), np.inf)
    np.fill_diagonal(km, 0)
    for one, other, cost in edges.tolist():
        km[one - 1, other - 1] = km[other - 1, one - 1] = cost
    for via in range(n):
        np.minimum(km, km[:, via : via + 1] + km[via], out=km)
    return km, points


def told(make: Callable[[], Siting]) -> dict[str, float]:
    """Solve, and tell how long it took from the numbers to the answer, and the most memory of this process (MB)."""
    begun = time.perf_counter()
    proof = median(make()).proof
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "value": proof.value,
        "bound": proof.bound,
        "gap": proof.gap,
        "memory": memory,
    }


def instance(path: Path) -> dict[str, float]:
    """One OR-Library instance."""
    km, points = ways(path)
    codes = tuple(str(place) for place in range(len(km)))
    found = told(lambda: Siting(codes, np.ones(len(km)), codes, km, points))
    return found | {"places": len(km), "points": points}


def communes() -> dict[str, float]:
    """All communes, each with some thousands of invented people, each a site; with the making of all ways."""
    from haicap.units.register import territories

    codes = tuple(it.code for it in territories())
    places = np.array([(it.latitude, it.longitude) for it in territories()])
    people = np.random.default_rng(1).integers(5_000, 60_000, len(codes)).astype(float)
    found = told(lambda: Siting(codes, people, codes, great_circle(places, places), POINTS))
    return found | {"places": len(codes), "points": POINTS}


def alone(work: Callable[..., dict[str, float]], *given: object) -> dict[str, float]:
    """Done in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def spopt(python: Path, folder: Path, path: Path) -> dict[str, float]:
    """The same instance by spopt."""
    km, points = ways(path)
    np.save(folder / "ways.npy", km)
    command = [python, "-W", "ignore", "-P", HERE / "location_spopt.py", folder / "ways.npy", str(points)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def made(folder: Path) -> Path:
    """spopt's own Python, its environment made where it is missing."""
    python = folder / "spopt" / "bin" / "python"
    if not python.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", folder / "spopt"], check=True)
        listed = ["-r", HERE / "location.txt"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *listed], check=True, stdout=sys.stderr)
    return python


def measured(folder: Path, instances: Path, rounds: int) -> list[dict[str, Any]]:
    """A row for each measurement; those beside spopt have its seconds too."""
    python, rows = made(folder), []
    lines = (line.split() for line in (instances / "optima.txt").read_text().splitlines()[1:])
    for name, optimum in (line for line in lines if line):
        path = instances / f"{name}.txt"
        found = [alone(instance, path)]
        row = {"what": name, "optimum": float(optimum), **found[0]}
        row["off"] = row["value"] / row["optimum"] - 1
        if row["places"] in LEAST:
            others = [spopt(python, folder, path)]
            for _ in range(rounds - 1):
                found.append(alone(instance, path))
                others.append(spopt(python, folder, path))
            row["seconds"], row["spopt"] = (
                statistics.median(it["seconds"] for it in its) for its in (found, others)
            )
            assert all(abs(it["value"] - row["optimum"]) < 0.5 for it in others)
        rows.append(row | {"kept": kept(row)})
        print(name, file=sys.stderr)
    row = {"what": "communes", **alone(communes)}
    return [*rows, row | {"kept": row["gap"] <= WITHIN and row["seconds"] <= MINUTES * 60}]


def kept(row: dict[str, Any]) -> bool:
    """Whether an instance is answered as is asked."""
    fast = "spopt" not in row or (row["gap"] == 0 and row["seconds"] <= LEAST[row["places"]] * row["spopt"])
    return bool(fast and row["off"] <= OFF and row["seconds"] <= SECONDS)


def show(rows: list[dict[str, Any]]) -> None:
    """Print a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "instance", "places", "points", "value", "bound", "gap", "off", "s", "spopt s", "ratio", "MB", "kept"
    )
    for row in rows:
        beside = (
            (f"{row['spopt']:.2f}", f"{row['seconds'] / row['spopt']:.3f}") if "spopt" in row else ("", "")
        )
        off = f"{row['off']:.3%}" if "off" in row else ""
        table.add_row(
            row["what"], f"{row['places']}", f"{row['points']}", f"{row['value']:.0f}", f"{row['bound']:.0f}",
            f"{row['gap']:.3%}", off, f"{row['seconds']:.2f}", *beside, f"{row['memory']:.0f}",
            "yes" if row["kept"] else "NO",
        )  # fmt: skip
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def main() -> None:
    """Make, measure, print; the exit status says whether all was kept."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folder", type=Path, help="where spopt's environment is made, and found again")
    options.add_argument(
        "instances", type=Path, help="the folder with OR-Library's pmed files and optima.txt"
    )
    options.add_argument(
        "--rounds", type=int, default=3, help="measurements of each side on the small instances"
    )
    options.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = options.parse_args()
    rows = measured(given.folder.absolute(), given.instances.absolute(), given.rounds)
    print(json.dumps(rows, indent=1)) if given.json else show(rows)
    sys.exit(not all(row["kept"] for row in rows))


if __name__ == "__main__":
    main()
