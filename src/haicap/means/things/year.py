"""The demonstration's equipment and vehicles: invented things of each commune unit, about a hundred a unit.

Most came over from the former districts on the day the unit began; some were bought or issued since. Against the norms
that come with haicap some units lack and some have too much; some things are broken, away, or about to leave warranty.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from haicap.clocks.wall import VIETNAM, day_of
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue
from haicap.means.stocktake import year as stocktakes
from haicap.means.things import moving, recording
from haicap.means.things.entries import Bought, Put
from haicap.means.things.fold import Thing
from haicap.means.things.models import ThingRow
from haicap.means.year import WARD, Ground
from haicap.units.fold import Unit
from haicap.units.loading import BEGIN
from haicap.units.models import PostRow

DAY = timedelta(days=1)
LEAST, MOST = 26, 40  # officers of a unit, where the demonstration has put none yet
DISTRICT = "Biên bản bàn giao cấp huyện ngày 01/7/2025"
ROOMS = ("Phòng trực ban", "Phòng tiếp dân", "Phòng Trưởng Công an", "Phòng tổng hợp", "Phòng phòng chống tội phạm",
         "Phòng cảnh sát khu vực", "Phòng họp", "Kho", "Nhà xe")  # fmt: skip
MODELS = {
    "computer": ("Máy bàn FPT Elead", "Máy bàn Dell OptiPlex 3000", "Máy xách tay Lenovo ThinkPad L14"),
    "printer": ("Canon LBP 2900", "HP LaserJet M404", "Brother HL-L2366"),
    "scanner": ("Canon DR-C225", "HP ScanJet Pro 2600"),
    "id-capture-set": ("Bộ thu nhận căn cước lưu động",),
    "camera": ("Canon EOS 2000D", "Sony FDR-AX43"),
    "generator": ("Honda SH4500", "Hyundai HY 3100"),
    "air-conditioner": ("Daikin 12000 BTU", "Casper 9000 BTU"),
    "safe": ("Két sắt KS168",),
    "radio": ("Motorola XiR P3688", "Kenwood TK-3407"),
    "motorcycle": ("Honda Wave Alpha", "Yamaha Exciter 150", "Honda Winner X"),
    "pickup": ("Ford Ranger", "Mitsubishi Triton"),
    "boat": ("Ca nô composite 6 m",),
}
MONEY = ("Ngân sách Bộ Công an cấp", "Ngân sách thành phố", "UBND phường hỗ trợ")
Plan = tuple[str, int, Sequence[str]]


def there() -> bool:
    """Whether the demonstration has them."""
    return ThingRow.objects.using("worker").exists()


def fill(ground: Ground) -> None:
    """Every commune unit's things, some stock-takes, what the logistics department has in store, and hand-overs."""
    officers = Counter(PostRow.objects.using("worker").values_list("unit", flat=True))
    kinds = catalogue(using="worker")
    kept: dict[str, list[Thing]] = {}
    for unit in ground.communes():
        count = officers[unit.code]
        its = _unit(ground, unit, kinds, count if count > LEAST else ground.rng.randint(LEAST, MOST))
        _happen(ground, unit, its)
        kept[unit.code] = its
    stocktakes.fill(ground, kept)
    _move(ground, kinds, kept)


def at(day: date, hour: int = 9) -> datetime:
    """A moment of a working day."""
    return datetime.combine(day, time(hour, 15), VIETNAM)


def _amounts(ground: Ground, unit: Unit, officers: int) -> Iterator[Plan]:
    """How many of each kind, and in which rooms: about the norm, now less and now more."""
    rng = ground.rng
    rate = rng.choice((0.6, 0.75, 0.85, 0.95, 1, 1, 1, 1.1, 1.25))
    desks = ROOMS[:6]
    yield "computer", max(4, round(officers / 2 * rate)), desks
    yield "printer", max(1, round(officers / 5 * rate)), desks
    yield "scanner", rng.randint(1, 2), ROOMS[1:4]
    yield "id-capture-set", rng.choice((0, 1, 1, 1, 1, 2)), ROOMS[1:2]
    yield "camera", rng.choice((0, 1, 2, 2, 3)), ROOMS[4:6]
    yield "generator", rng.choice((0, 1, 1, 1)), ROOMS[7:8]
    yield "air-conditioner", rng.randint(5, 12), desks
    yield "safe", rng.randint(2, 5), ROOMS[2:5]
    yield "radio", rng.randint(10, 28), ROOMS[:1]
    yield "motorcycle", rng.choice((1, 2, 2, 2, 3, 4)), ROOMS[8:]
    yield "pickup", rng.choice((0, 1, 1, 1, 1)), ROOMS[8:]
    if unit.sort == "special-zone":
        yield "boat", rng.randint(1, 2), ("Bến thuyền",)
    for room in ROOMS[:8]:
        yield "desk", rng.randint(2, max(3, officers // 6)), (room,)
        yield "chair", rng.randint(4, max(6, officers // 3)), (room,)
        yield "filing-cabinet", rng.randint(1, 4), (room,)
    yield "fire-extinguisher", rng.randint(4, 10), ("Hành lang các tầng",)
    yield "support-tool", rng.randint(10, 30), ROOMS[7:8]
    yield "raincoat", rng.randint(officers // 2, officers + 5), ROOMS[7:8]


def _unit(ground: Ground, unit: Unit, kinds: Any, officers: int) -> list[Thing]:
    found: list[Thing] = []
    for code, count, rooms in _amounts(ground, unit, officers):
        kind: Kind = kinds[code]
        if kind.counting == "counted":
            found += _record(ground, unit, kind, count, rooms[0], BEGIN, lately=False)
            continue
        for place in range(count):
            lately = ground.rng.random() < 0.25
            day = BEGIN + ground.rng.randint(30, 480) * DAY if lately else BEGIN
            day = min(day, day_of(ground.end) - 12 * DAY)
            found += _record(ground, unit, kind, 1, rooms[place % len(rooms)], day, lately=lately)
    return found


def _record(
    ground: Ground, unit: Unit, kind: Kind, count: int, room: str, day: date, *, lately: bool
) -> list[Thing]:  # fmt: skip
    """Bought since the unit began, with a warranty; or taken over from the district, of which less is known."""
    rng, single = ground.rng, kind.counting == "single"
    pen = ground.pen(ground.who(unit.code, "clerk"), at(day))
    bought = (
        day - rng.randint(2, 20) * DAY if lately else date(rng.randint(2018, 2024), rng.randint(1, 12), 15)
    )
    its = recording.Described(
        kind=kind, way=rng.choice(("purchase", "received")) if lately else "handed-over", since=day,
        name=rng.choice(MODELS[kind.code]) if kind.code in MODELS else "",
        plate=_plate(ground, kind) if kind.family == "vehicle" else "",
        condition="good" if lately else rng.choice(("good", "good", "worn")),
        unfit=0 if single or rng.random() < 0.6 else rng.randint(0, count // 5),
        warranty=bought + rng.choice((365, 540, 730)) * DAY if lately else None,
        bought=Bought(
            on=bought if single else None, price=kind.price if lately else None,
            money=rng.choice(MONEY) if lately else "",
        ),
        put=Put(place=room, post=_custodian(ground, unit, room)), paper="" if lately else DISTRICT,
        serials=(f"{rng.randrange(16**8):08X}",) if single and rng.random() < 0.8 else (),
    )  # fmt: skip
    return recording.record(
        pen, entry_id=ground.fresh(pen.at), unit=unit, its=its, count=count, synthetic=True
    )


def _custodian(ground: Ground, unit: Unit, room: str) -> UUID | None:
    """The post that answers for what is in a room: the chief's for the chief's, the duty clerk's for the duty room."""
    role = {ROOMS[2]: "leader", ROOMS[0]: "clerk"}.get(room)
    return ground.who(unit.code, role).rights[0].post if role else None


def _plate(ground: Ground, kind: Kind) -> str:
    """A plate of no series that is in use: two letters that do not go together."""
    number = f"{ground.rng.randint(100, 999)}.{ground.rng.randint(10, 99)}"
    return "" if kind.code == "boat" else f"00{'A' if kind.code == 'pickup' else 'B1'}-{number}"


def _happen(ground: Ground, unit: Unit, its: list[Thing]) -> None:
    """What has become of some of them since: broken, at repair, repaired, disposed of, running out of warranty."""
    today, rng = day_of(ground.end), ground.rng
    todo: list[tuple[date, Any]] = []
    single = [thing for thing in its if thing.single and thing.since < today - 20 * DAY]
    for place, thing in enumerate(rng.sample(single, min(len(single), 9))):
        day = max(thing.since + DAY, today - rng.randint(4, 160) * DAY)
        if place < 3:
            todo.append((day, partial(_broken, ground, unit, thing)))
        elif place == 3:
            todo += [
                (day, partial(_broken, ground, unit, thing)),
                (day + DAY, partial(_sent, ground, unit, thing)),
            ]
        elif place == 4 and day + 9 * DAY < today:
            todo += [
                (day, partial(_broken, ground, unit, thing)), (day + DAY, partial(_sent, ground, unit, thing)),
                (day + 8 * DAY, partial(_repaired, ground, unit, thing)),
            ]  # fmt: skip
        elif place in (5, 6) and rng.random() < 0.6:
            todo.append((day, partial(_gone, ground, unit, thing)))
        elif place > 6 and thing.family == "equipment":
            todo.append((day, partial(_runs_out, ground, unit, thing)))
    for day, act in sorted(todo, key=lambda it: it[0]):
        act(day)


def _common(ground: Ground, unit: Unit, thing: Thing, day: date, role: str = "clerk") -> dict[str, Any]:
    pen = ground.pen(ground.who(unit.code, role), at(day, 14))
    return {"pen": pen, "entry_id": ground.fresh(pen.at), "subject": thing.id}


def _broken(ground: Ground, unit: Unit, thing: Thing, day: date) -> None:
    note = ground.rng.choice(("Không lên nguồn", "Hỏng ắc quy", "Kẹt, kêu to", "Vỡ màn hình"))
    recording.judge(**_common(ground, unit, thing, day), condition="broken", when=day, note=note)


def _sent(ground: Ground, unit: Unit, thing: Thing, day: date) -> None:
    recording.send(
        **_common(ground, unit, thing, day), to="Trung tâm bảo hành", when=day, back=day + 20 * DAY
    )


def _repaired(ground: Ground, unit: Unit, thing: Thing, day: date) -> None:
    cost = str(ground.rng.randint(3, 25) * 100_000)
    recording.repaired(**_common(ground, unit, thing, day), when=day, cost=cost, condition="worn")


def _gone(ground: Ground, unit: Unit, thing: Thing, day: date) -> None:
    paper = f"{ground.rng.randint(10, 90)}/QĐ-CAP"
    moving.dispose(
        **_common(ground, unit, thing, day, "leader"), ground="destroyed", count=1, when=day, paper=paper,
        note="Hỏng, không sửa được",
    )  # fmt: skip


def _runs_out(ground: Ground, unit: Unit, thing: Thing, day: date) -> None:
    warranty = day_of(ground.end) + ground.rng.randint(3, 55) * DAY
    recording.describe(
        **_common(ground, unit, thing, day), name=thing.name, serial=thing.serial, plate=thing.plate,
        warranty=warranty, bought=Bought(on=warranty - 730 * DAY, price=thing.bought.price, money=thing.bought.money),
        reason="Bổ sung theo phiếu bảo hành",
    )  # fmt: skip


def _move(ground: Ground, kinds: Any, kept: dict[str, list[Thing]]) -> None:
    """Hand-overs: between wards, some signed and some not; what the logistics department has for Hồng Bàng waits."""
    today = day_of(ground.end)
    store = ground.crew.units[f"{ground.province}-PH10"]
    pen = ground.pen(ground.who(store.code, "department-head"), at(today - 9 * DAY))
    its = recording.Described(
        kind=kinds["computer"], way="purchase", since=day_of(pen.at), name="Máy bàn Dell OptiPlex 3000",
        warranty=today + 700 * DAY, bought=Bought(on=day_of(pen.at), price="14800000", money=MONEY[0]),
        put=Put(place="Kho Phòng Hậu cần"),
    )  # fmt: skip
    new = recording.record(pen, entry_id=ground.fresh(pen.at), unit=store, its=its, count=24, synthetic=True)
    codes = [code for code in kept if code != WARD]
    home = ground.crew.units[WARD]
    _hand_over(ground, store, home, new[:4], today - 2 * DAY, "department-head")
    _hand_over(ground, ground.crew.units[codes[0]], home, _free(kept[codes[0]], 2), today - 5 * DAY)
    for place, code in enumerate(codes[1:25]):
        receiver = ground.crew.units[codes[(place * 7 + 40) % len(codes)]]
        day = today - ground.rng.randint(3, 90) * DAY
        some = _free(kept[code], ground.rng.randint(1, 3))
        transfer = _hand_over(ground, ground.crew.units[code], receiver, some, day)
        if transfer and place % 4:
            _take(ground, receiver, transfer, some, day + 2 * DAY)


def _free(its: list[Thing], count: int) -> list[Thing]:
    """Things with which nothing has happened: the last of some kinds, and a number of chairs."""
    return [it for it in its if it.kind in ("radio", "air-conditioner", "chair")][:count]


def _hand_over(
    ground: Ground, giver: Unit, receiver: Unit, its: list[Thing], day: date, role: str = "leader"
) -> UUID | None:  # fmt: skip
    pen, transfer = ground.pen(ground.who(giver.code, role), at(day, 10)), ground.fresh(at(day, 10))
    paper = f"{ground.rng.randint(100, 900)}/QĐ-PH10"
    now = [recording.found(pen, it.id) for it in its]
    if any(it.repair or it.gone or it.waiting for it in now):
        return None
    for it in now:
        moving.hand_over(
            pen, entry_id=uuid5(transfer, str(it.id)), subject=it.id, transfer=transfer, to=receiver,
            count=1 if it.single else max(1, it.count // 3), paper=paper, reason="Điều hòa trang bị giữa các đơn vị",
        )  # fmt: skip
    return transfer


def _take(
    ground: Ground, receiver: Unit, transfer: UUID, its: list[Thing], day: date
) -> None:  # fmt: skip
    pen = ground.pen(ground.who(receiver.code, "leader"), at(day, 11))
    for it in its:
        moving.accept(
            pen, entry_id=ground.fresh(pen.at), subject=it.id, transfer=transfer, put=Put(place="Kho")
        )
