"""The demonstration's stock-takes: three that were signed, and one of Hồng Bàng's that is being counted by two people.

Written together with the things that they count: a desk in memory knows only what it has written itself.
"""

from datetime import datetime, timedelta
from uuid import UUID

from haicap.journal.pen import Pen
from haicap.means.stocktake import actions
from haicap.means.stocktake.actions import Known
from haicap.means.stocktake.fold import Stocktake
from haicap.means.things.fold import Thing, things
from haicap.means.year import WARD, Ground
from haicap.units.fold import Unit

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SIGNED = 3


def fill(ground: Ground, kept: dict[str, list[Thing]]) -> None:
    """Stock-takes of the first units; `kept` has the things that each recorded."""
    units = [ground.crew.units[code] for code in kept]
    for place, unit in enumerate(units[1 : 1 + SIGNED]):
        _signed(ground, unit, kept[unit.code], ground.end - (20 + 9 * place) * DAY)
    home = next(unit for unit in units if unit.code == WARD)
    _running(ground, home, kept[WARD], ground.end - DAY)


def _held(pen: Pen, unit: Unit, its: list[Thing]) -> list[Thing]:
    now = (pen.state(things, it.id) for it in its)
    return [it for it in now if it is not None and it.gone is None and it.holder == unit.code]


def _known(it: Thing) -> Known:
    return Known(it.id, it.code, it.kind, it.name, it.single, it.holder, it.put.place)


def _open(
    ground: Ground, unit: Unit, its: list[Thing], at: datetime, name: str
) -> tuple[Stocktake, list[Thing]]:
    pen = ground.pen(ground.who(unit.code, "clerk"), at)
    held = _held(pen, unit, its)
    opened = actions.open_stocktake(
        pen,
        entry_id=ground.fresh(at),
        unit=unit,
        name=name,
        place="",
        its=actions.expected(held),
        synthetic=True,
    )
    return opened, held


def _count(
    ground: Ground, unit: Unit, subject: UUID, it: Thing | None, number: int, at: datetime, role: str = "clerk",
    place: str = "", words: str = "",
) -> None:  # fmt: skip
    pen = ground.pen(ground.who(unit.code, role), at)
    actions.count(
        pen, entry_id=ground.fresh(at), subject=subject, known=_known(it) if it else None,
        how="label" if it else "words", number=number, place=place, words=words,
    )  # fmt: skip


def _signed(ground: Ground, unit: Unit, its: list[Thing], at: datetime) -> None:
    """Everything counted but a few, one thing found in another room, a fan that nobody has recorded."""
    taken, held = _open(ground, unit, its, at, f"Kiểm kê giữa năm {at:%Y}")
    for place, it in enumerate(held):
        if place % 29 == 11:
            continue
        where = "Phòng họp" if place % 31 == 7 else ""
        number = it.count - 1 if not it.single and place % 5 == 0 else it.count
        _count(ground, unit, taken.id, it, number, at + place * MINUTE / 2, place=where)
    _count(ground, unit, taken.id, None, 2, at + 90 * MINUTE, place="Kho", words="Quạt đứng, không rõ nguồn")
    pen = ground.pen(ground.who(unit.code, "leader"), at + 120 * MINUTE)
    actions.close(pen, entry_id=ground.fresh(pen.at), subject=taken.id, chosen={})


def _running(ground: Ground, unit: Unit, its: list[Thing], at: datetime) -> None:
    """Half counted; two counters differ about the chairs of one room."""
    taken, held = _open(ground, unit, its, at, f"Kiểm kê cuối năm {at:%Y}")
    for place, it in enumerate(held):
        if place % 5 < 3:
            number = it.count if it.single else max(1, it.count - place % 3)
            _count(
                ground, unit, taken.id, it, number, at + place * MINUTE, "clerk" if place % 2 else "officer"
            )
    chairs = [it for it in held if it.kind == "chair"][:2]
    for n, it in enumerate(chairs):
        _count(ground, unit, taken.id, it, it.count, at + (200 + n) * MINUTE, "clerk")
        _count(ground, unit, taken.id, it, max(1, it.count - 2 - n), at + (210 + n) * MINUTE, "officer")
    _count(ground, unit, taken.id, None, 1, at + 220 * MINUTE, words="Máy in cũ không nhãn", place="Kho")
