"""A history for every kind of entry of a stock-take."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.stocktake import entries as e
from haicap.means.stocktake.fold import stocktakes

DAY = date(2026, 1, 5)
ONE, LOT, OTHER = UUID(int=41), UUID(int=42), UUID(int=43)
OPENED = e.StocktakeOpened(
    unit="11311", province="31", name="Kiểm kê quý I", place="", day=DAY,
    expected=(
        e.Expected(
            thing=ONE, code="11311-7K00001-A", sort="computer", name="", place="Phòng trực", kept="single", count=1
        ),
        e.Expected(thing=LOT, code="11311-7K00002-B", sort="chair", name="", place="Kho", kept="counted", count=40),
    ),
)  # fmt: skip
SEEN = e.StocktakeCounted(
    thing=ONE, code="11311-7K00001-A", sort="computer", holder="11311", was="Phòng trực", how="label"
)
CHAIRS = SEEN.model_copy(
    update={"thing": LOT, "kept": "counted", "count": 38, "how": "list", "place": "Kho 2"}
)
AGAIN = CHAIRS.model_copy(update={"count": 40})
STRAY = e.StocktakeCounted(thing=None, count=3, how="words", words="Quạt đứng", place="Kho")
LINE = e.Line(thing=ONE, code="11311-7K00001-A", sort="computer", name="", kept="single", holder="11311",
              was="Phòng trực", place="", expected=1, counted=1)  # fmt: skip


def closed(ids: list[UUID]) -> e.StocktakeClosed:
    return e.StocktakeClosed(
        found=(LINE,), elsewhere=(), missing=(), counts=(ids[1],), day=DAY, signer="B", note="Đủ",
        unknown=(e.Unknown(code="", words="Quạt đứng", place="Kho", count=3),),
    )  # fmt: skip


STOCKTAKES: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "stocktake.opened": (stocktakes, lambda ids: [OPENED]),
    "stocktake.counted": (stocktakes, lambda ids: [OPENED, SEEN, CHAIRS, STRAY, AGAIN]),
    "stocktake.withdrawn": (stocktakes, lambda ids: [OPENED, SEEN, STRAY, e.StocktakeWithdrawn(counts=(ids[2],))]),
    "stocktake.closed": (stocktakes, lambda ids: [OPENED, SEEN, closed(ids), CHAIRS]),
    "stocktake.dropped": (stocktakes, lambda ids: [OPENED, SEEN, e.StocktakeDropped(reason="Mở nhầm")]),
}  # fmt: skip
