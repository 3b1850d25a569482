"""spopt's side of `bench/location.py`, run by a Python of its own: one p-median, built by spopt, solved by HiGHS.

`python location_spopt.py WAYS.npy POINTS` prints as JSON the seconds of building and of solving, and the value.
"""

import json
import sys
import time

import numpy as np
import pulp
from spopt.locate import PMedian


def main() -> None:
    """Read the matrix, build, solve, print."""
    km, points = np.load(sys.argv[1]), int(sys.argv[2])
    begun = time.perf_counter()
    model = PMedian.from_cost_matrix(km, np.ones(len(km)), p_facilities=points)
    built = time.perf_counter()
    model = model.solve(pulp.HiGHS(msg=False), results=False)
    solved = time.perf_counter()
    value = float(pulp.value(model.problem.objective))
    print(json.dumps({"seconds": solved - begun, "building": built - begun, "value": value}))


if __name__ == "__main__":
    main()
