"""The founding of an installation: the real register, written down as entries."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

from haicap.journal.bulk import Bulk
from haicap.journal.ids import Entropy, uuid7
from haicap.journal.node import become, own
from haicap.journal.pen import Pen
from haicap.units.actions import open_post, open_unit, person_id, register_person, take_post
from haicap.units.entries import Label, Role
from haicap.units.fold import Unit
from haicap.units.models import UnitRow
from haicap.units.register import departments, provinces, served_units
from haicap.units.rights import standard_bodies

MINISTRY = "BCA"
BEGIN = date(2025, 7, 1)
FOUNDED = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)  # midnight of 1 July 2025 in Vietnam
ACT = "Mô hình Công an 2 cấp từ 01/07/2025"


@dataclass(frozen=True, slots=True)
class Founder:
    """The node itself, writing what it is founded with; the root that all grants go back to."""

    id: UUID


def seeded(seed: str) -> Entropy:
    """Random bytes that are the same again for the same seed."""
    return random.Random(seed).randbytes


def load_register(*, using: str = "worker", progress: Callable[[int], None] = lambda count: None) -> int:
    """Write the ministry, 34 provinces, their departments and the commune units into an empty journal.

    Returns how many entries were written: none where the units are there already.
    """
    become("haicap", using="owner")
    if UnitRow.objects.using(using).filter(level="commune").count() >= len(served_units()):
        return 0
    desk = Bulk(own(using), seeded("register"))
    pen = Pen(Founder(desk.own.id), FOUNDED, desk)
    ministry = _open(
        pen, MINISTRY, Label(vi="Bộ Công an", en="Ministry of Public Security"), "ministry", None
    )
    provincial = {it.code: _province(pen, it.code, it.name, it.short, ministry) for it in provinces()}
    for unit in served_units():
        open_unit(
            pen, entry_id=_id(pen), code=unit.code, name=Label(vi=unit.name, en=unit.name_en), level="commune",
            sort=unit.territory.kind, parent=provincial[unit.territory.province], since=BEGIN, act=ACT,
            territories=(unit.territory.code,), resolved=unit.resolved,
        )  # fmt: skip
    return desk.load(using, progress)


def put_in_post(
    pen: Pen,
    *,
    account: str,
    name: str,
    unit: Unit,
    role: Role,
    label: Label,
    since: date = BEGIN,
    plain: bool = False,
) -> UUID:
    """Open a post with the standard grants of its role, enter the person `account`, and put them on it.

    A `plain` post has no grants. Returns the post. Entry ids come from the pen's desk, so that a seeded desk makes the
    same ones again.
    """
    post = _id(pen)
    grants = () if plain else standard_bodies(role, since, unit.code)
    entries = tuple(_id(pen) for _ in range(1 + len(grants)))
    open_post(pen, entry_ids=entries, post=post, unit=unit, role=role, name=label, since=since, plain=plain)
    register_person(pen, entry_id=_id(pen), name=name, account=account, unit=unit.code)
    take_post(pen, entry_id=_id(pen), post=post, person=person_id(account), since=since)
    return post


def _province(pen: Pen, code: str, name: str, short: str, ministry: Unit) -> Unit:
    lowered = name[0].lower() + name[1:]
    label = Label(vi=f"Công an {lowered}", en=f"{short} Provincial Police")
    province = _open(pen, code, label, "province", ministry)
    for it in departments():
        _open(pen, f"{code}-{it.code}", Label(vi=it.vi, en=f"{it.en} ({it.code})"), "department", province)
    return province


def _open(
    pen: Pen,
    code: str,
    name: Label,
    level: Literal["ministry", "province", "department"],
    parent: Unit | None,
) -> Unit:
    return open_unit(
        pen, entry_id=_id(pen), code=code, name=name, level=level, sort=level, parent=parent, since=BEGIN, act=ACT
    )  # fmt: skip


def _id(pen: Pen) -> UUID:
    return uuid7(pen.at, pen.desk.entropy)
