"""A history for every kind of entry of a thing."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.things import entries as e
from haicap.means.things.fold import things

DAY = date(2026, 1, 5)
TRANSFER, PART, POST = UUID(int=31), UUID(int=32), UUID(int=33)
ONE = e.ThingRecorded(
    code="11311-7K00001-A", sort="computer", family="equipment", kept="single", unit="11311", province="31",
    way="purchase", since=DAY, name="Máy bàn", serial="SN1", warranty=date(2028, 1, 5),
    bought=e.Bought(on=DAY, price="15000000", money="Ngân sách phường"), put=e.Put(place="Phòng trực"),
)  # fmt: skip
MANY = ONE.model_copy(update={"sort": "chair", "kept": "counted", "count": 40, "unfit": 5, "serial": ""})
OFFERED = e.ThingOffered(
    transfer=TRANSFER, to="11329", province="31", count=1, paper="12/QĐ", reason="Điều chuyển", signer="A"
)
SOME = OFFERED.model_copy(update={"count": 10})
ACCEPTED = e.ThingAccepted(transfer=TRANSFER, signer="B", put=e.Put(place="Kho"))
GONE = e.ThingDisposed(ground="destroyed", count=1, when=DAY, paper="7/QĐ")
SENT = e.ThingSent(to="Cửa hàng", when=DAY, back=date(2026, 2, 1), note="Không lên nguồn")


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


THINGS: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "thing.recorded": (things, always(ONE)),
    "thing.described": (things, always(ONE, e.ThingDescribed(
        name="Máy xách tay", serial="SN2", plate="", warranty=None, bought=e.Bought(), reason="Ghi nhầm"))),
    "thing.placed": (things, always(ONE, e.ThingPlaced(put=e.Put(place="Phòng 2", post=POST), when=DAY))),
    "thing.judged": (things, always(MANY, e.ThingJudged(condition="worn", unfit=8, when=DAY))),
    "thing.sent": (things, always(ONE, SENT)),
    "thing.repaired": (things, always(ONE, SENT, e.ThingRepaired(when=DAY, cost="450000", condition="good"))),
    "thing.offered": (things, always(ONE, OFFERED)),
    "thing.accepted": (things, always(
        MANY, SOME, ACCEPTED.model_copy(update={"part": PART}), SOME.model_copy(update={"count": 30}), ACCEPTED)),
    "thing.refused": (things, always(ONE, OFFERED, e.ThingRefused(transfer=TRANSFER, reason="Hỏng", signer="B"))),
    "thing.recalled": (things, always(ONE, OFFERED, e.ThingRecalled(transfer=TRANSFER, reason="Nhầm đơn vị"))),
    "thing.disposed": (things, always(
        MANY, GONE.model_copy(update={"count": 6}), GONE.model_copy(update={"count": 34}))),
    "thing.restored": (things, always(ONE, GONE, e.ThingRestored(reason="Ghi nhầm mã"))),
    "thing.withdrawn": (things, always(
        ONE.model_copy(update={"batch": PART, "bought": e.Bought(year=2019)}),
        e.ThingWithdrawn(batch=PART, when=DAY, reason="Rút lại cả bảng"))),
    "thing.counted": (things, always(
        MANY, e.ThingCounted(stocktake=TRANSFER, when=DAY, missing=False, count=37, put=e.Put(place="Kho 2")),
        e.ThingCounted(stocktake=PART, when=DAY, missing=True, count=0))),
    "thing.recounted": (things, always(
        ONE, e.ThingCounted(stocktake=PART, when=DAY, missing=True, count=0),
        e.ThingRecounted(count=1, reason="Để ở kho tạm", when=DAY))),
}  # fmt: skip
