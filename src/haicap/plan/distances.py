"""How far it is between places: great circles from coordinates, and what is known better."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

EARTH = 6371.0088  # km, the mean radius of the IUGG
_BLOCK = 256  # rows at a time, so that float64 never stands whole

Matrix = npt.NDArray[np.floating[Any]]


def great_circle(
    here: npt.ArrayLike, there: npt.ArrayLike, dtype: type[np.floating[Any]] = np.float32
) -> Matrix:
    """Kilometres from each place (rows) to each (columns); places are pairs of latitude and longitude, degrees WGS 84.

    Computed in float64 by the haversine formula on a sphere, which is within 0.6 % of the ellipsoid.
    """
    at, to = (np.radians(np.asarray(it, dtype=np.float64).reshape(-1, 2)) for it in (here, there))
    km = np.empty((len(at), len(to)), dtype)
    for row in range(0, len(at), _BLOCK):
        part = at[row : row + _BLOCK, None]
        turn = np.sin((part - to) / 2) ** 2
        half = turn[..., 0] + np.cos(part[..., 0]) * np.cos(to[:, 0]) * turn[..., 1]
        km[row : row + _BLOCK] = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return km


def overridden(
    km: Matrix, here: Sequence[str], there: Sequence[str], known: Iterable[tuple[str, str, float]]
) -> Matrix:
    """A copy of the matrix with ways that are known better: (from, to, kilometres).

    A way counts in the named direction, and in the other one unless that is in the table too: most tables name a road
    once, and a ferry or a one-way pass may be named twice. Codes that the matrix has no row or column for are left out.
    Raises `ValueError` for a negative or unknown (NaN) length, and for two lengths of one way.
    """
    given: dict[tuple[str, str], float] = {}
    for one, other, length in known:
        if not length >= 0:
            raise ValueError(f"from {one} to {other}: no length: {length}")
        if given.setdefault((one, other), length) != length:
            raise ValueError(f"from {one} to {other}: both {given[one, other]} and {length} km")
    found = km.copy()
    rows = {code: place for place, code in enumerate(here)}
    columns = {code: place for place, code in enumerate(there)}
    for (one, other), length in ({(b, a): it for (a, b), it in given.items()} | given).items():
        if one in rows and other in columns:
            found[rows[one], columns[other]] = length
    return found


def nearest(km: Matrix, k: int) -> npt.NDArray[np.intp]:
    """For each row the columns of the `k` shortest ways (all, if fewer), shortest first, of equal ones the first."""
    return np.argsort(km, axis=1, kind="stable")[:, :k]
