"""A history for every kind of entry of staff."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from haicap.journal.fold import Fold
from haicap.journal.kinds import Body
from haicap.means.staff import entries as e
from haicap.means.staff.fold import establishments, records

BEGIN, LATER, END = date(2026, 1, 5), date(2026, 3, 1), date(2027, 1, 5)
OFFICER = {"person": UUID(int=9), "unit": "11311", "province": "31"}
SET = e.EstablishmentSet(
    unit="11311", province="31", since=BEGIN, act="QĐ 12",
    counts=(e.Count(sort="officer", count=32), e.Count(sort="investigator", count=6)),
)  # fmt: skip
QUALIFIED = e.OfficerQualified(
    **OFFICER, sort="investigator", grade="junior", since=BEGIN, until=END, paper="QĐ 7"
)
SECONDED = e.OfficerSeconded(**OFFICER, to="11329", since=BEGIN, until=END, ground="Tăng cường", paper="QĐ 9")
TRAINED = e.OfficerTrained(**OFFICER, course="Sơ cứu", since=BEGIN, days=3, result="completed")


def always(*bodies: Body) -> Callable[[list[UUID]], list[Body]]:
    return lambda ids: list(bodies)


STAFF: dict[str, tuple[Fold[Any], Callable[[list[UUID]], list[Body]]]] = {
    "establishment.set": (establishments, always(SET, SET.model_copy(update={"since": LATER}))),
    "establishment.withdrawn": (
        establishments, lambda ids: [SET, e.EstablishmentWithdrawn(edition=ids[0], reason="Nhập nhầm đơn vị")],
    ),
    "officer.qualified": (records, always(QUALIFIED, QUALIFIED.model_copy(update={"sort": "driver", "grade": "b"}))),
    "officer.disqualified": (
        records, lambda ids: [QUALIFIED, e.OfficerDisqualified(qualification=ids[0], since=LATER, ground="QĐ 8")],
    ),
    "officer.seconded": (records, always(QUALIFIED, SECONDED)),
    "officer.secondment_changed": (
        records, lambda ids: [SECONDED, e.OfficerSecondmentChanged(secondment=ids[0], until=LATER, ground="Xong việc")],
    ),
    "officer.trained": (records, always(TRAINED, QUALIFIED)),
    "officer.struck": (records, lambda ids: [TRAINED, QUALIFIED, e.OfficerStruck(what=ids[1], reason="Nhầm người")]),
}  # fmt: skip
