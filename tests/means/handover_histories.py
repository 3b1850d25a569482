"""A history for every kind of entry of a list of means."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.handover import entries as e
from haicap.means.handover.fold import batches
from haicap.papers.sheets_in.entries import Fault

FIRST, SECOND = UUID(int=61), UUID(int=62)
IMPORTED = e.Imported(
    file="ban-giao.xlsx", sha256="a" * 64, sheet="1", giver="Công an quận Hồng Bàng (cũ)", procedure="things",
    province="31", lines=5, columns={"B": "kind", "C": "count"},
)  # fmt: skip
READ = e.Read(
    rows=(
        e.Row(number=1, sort="head", verdict="passed"),
        e.Row(number=2, sort="data", verdict="taken", item=FIRST),
        e.Row(number=3, sort="data", verdict="taken", item=SECOND),
    ),
    done=False,
)
REST = e.Read(
    rows=(
        e.Row(
            number=4, sort="data", verdict="listed", faults=(Fault(cell="C4", reason="not-a-number:count"),)
        ),
        e.Row(number=5, sort="total", verdict="passed"),
    ),
    done=True,
)
UNDONE = e.Undone(withdrawn=(FIRST,), kept=(SECOND,))


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


HANDOVERS: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "handover.imported": (batches, always(IMPORTED)),
    "handover.read": (batches, always(IMPORTED, READ, REST)),
    "handover.undone": (batches, always(IMPORTED, READ, REST, UNDONE)),
}
