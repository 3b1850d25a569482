"""A history for every kind of entry of this room, as `samples` has them for all rooms; each part adds its own."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.catalogue import entries as c
from haicap.means.catalogue.fold import kinds
from haicap.means.distances.fold import distances
from haicap.means.norms.fold import facts, norms
from haicap.means.plans.fold import plans
from haicap.units.entries import Label
from means import norms_histories as n
from means.handover_histories import HANDOVERS
from means.plans_histories import ADOPTED, STATED, UNSTATED, WITHDRAWN
from means.premises_histories import LINES, PREMISES
from means.rounds_histories import ROUNDS
from means.staff_histories import STAFF
from means.stocktake_histories import STOCKTAKES
from means.things_histories import THINGS
from means.works_histories import WORKS

DAY = date(2026, 1, 5)
LISTED = c.KindListed(
    code="computer", name=Label(vi="Máy tính", en="Computer"), family="equipment", counting="single",
    measure=Label(vi="bộ", en="set"), lasts=5, price="15000000",
)  # fmt: skip


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


MEANS: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    **HANDOVERS,
    **PREMISES,
    **LINES,
    **STAFF,
    **ROUNDS,
    **STOCKTAKES,
    **THINGS,
    **WORKS,
    "catalogue.listed": (kinds, always(LISTED, LISTED.model_copy(update={"price": "16000000"}))),
    "catalogue.dropped": (kinds, always(LISTED, c.KindDropped(since=DAY))),
    "norm.published": (norms, always(n.PUBLISHED)),
    "norm.revised": (norms, always(n.PUBLISHED, n.REVISED)),
    "norm.withdrawn": (norms, always(n.PUBLISHED, n.WITHDRAWN)),
    "fact.stated": (facts, always(n.STATED, n.STATED.model_copy(update={"value": "53000"}))),
    "distance.stated": (distances, always(STATED, STATED.model_copy(update={"km": "8.00"}))),
    "distance.withdrawn": (distances, always(STATED, UNSTATED)),
    "plan.adopted": (plans, always(ADOPTED)),
    "plan.withdrawn": (plans, always(ADOPTED, WITHDRAWN)),
}
