"""The same thing told twice: the second matter is joined into the first."""

from collections.abc import Callable

from haicap.matters.afterwards import join
from haicap.matters.year.case import Case, Life


def comes_twice(it: Case, come_in: Callable[[Case], None], share: float) -> None:
    """In this share of cases let it come in again a while later; the chief joins it into `it`."""
    if not it.chance(share):
        return
    first = it.matter.id

    def life(again: Case) -> Life:
        come_in(again)
        yield again.minutes(5, 180)
        pen = again.pen(again.scene.unit.code, "leader")
        again.matter = join(pen, entry_id=again.fresh(), subject=again.matter.id, into=first)

    it.scene.start(it.minutes(20, 900), life)
