"""What of a table of counts may be told to everybody: small counts are withheld, and cannot be worked out either."""

from collections.abc import Sequence
from dataclasses import dataclass

THRESHOLD = 5
"""Counts from 1 to one below this are withheld outside the unit that made them."""


@dataclass(frozen=True, slots=True)
class Told:
    """A row as it may be told: None is withheld. `at_least` is the share in time in percent, rounded down;
    where only the number of late ones is withheld it is what the share is at least.
    """

    due: int | None
    late: int | None
    at_least: int | None


WITHHELD = Told(None, None, None)


def told(rows: Sequence[tuple[int, int]], threshold: int = THRESHOLD) -> tuple[list[Told], Told]:
    """What may be told of rows of (due, late) and of their sum, in order.

    A row of fewer than `threshold` is withheld; of another, the late ones or those in time where they are so
    few. Where just one number of a column is withheld, the sum would give it away: then another row, the
    smallest, is withheld with it, or the sum's own number where there is none.
    """
    small = [0 < due < threshold for due, _late in rows]
    alone = small.count(True) == 1
    if alone and (others := [place for place, hide in enumerate(small) if not hide and rows[place][0]]):
        small[min(others, key=lambda place: rows[place][0])] = True
        alone = False
    shown = [WITHHELD if hide else _row(*row, threshold) for row, hide in zip(rows, small, strict=True)]
    due, late = sum(row[0] for row in rows), sum(row[1] for row in rows)
    whole = WITHHELD if alone or 0 < due < threshold else _row(due, late, threshold)
    if whole.late is not None and sum(it.late is None for it in shown) == 1:
        whole = Told(whole.due, None, _least(due, late, threshold))
    return shown, whole


def _row(due: int, late: int, threshold: int) -> Told:
    if not due:
        return Told(0, 0, None)
    if 0 < late < threshold or 0 < due - late < threshold:
        return Told(due, None, _least(due, late, threshold))
    return Told(due, late, 100 * (due - late) // due)


def _least(due: int, late: int, threshold: int) -> int | None:
    """The share that holds whatever the few late ones are; nothing where it is those in time that are few."""
    return 100 * (due - threshold + 1) // due if late < threshold <= due else None
