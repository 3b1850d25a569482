"""Lists of premises: a line is a site with its main building, and in what condition that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from haicap.clocks.wall import day_of
from haicap.journal.pen import Pen
from haicap.means.handover.lists import List, area, day, handed, key_of, recorded
from haicap.means.handover.words import chosen, target
from haicap.means.premises import entries as e
from haicap.means.premises import recording, using
from haicap.means.premises.showing import building_uses, conditions, levels, square, titles
from haicap.papers.sheets_in import room
from haicap.papers.sheets_in.reading import Reading
from haicap.papers.sheets_in.targets import unit_targets
from haicap.units import register
from haicap.units.old_addresses import convert
from haicap.units.vietnamese import fold

LARGEST_HOUSE, LARGEST_LAND = 50_000, 500_000  # m²; more is a point read as one between thousands
TALLEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(room.Record):
    """What a line says: the site, its building where a floor area is said, and how it was found on a day."""

    details: e.Details
    building: e.Frame | None
    condition: e.Condition | None
    wrong: str
    on: date


class Premises(List[Site]):
    """Sites of former units."""

    code = "premises"

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.targets = (
            target("premises", "name", _("Tên trụ sở"), "sentence", needed=True),
            target("premises", "address", _("Địa chỉ hiện nay")), target("premises", "old-address", _("Địa chỉ cũ")),
            target("premises", "former", _("Đơn vị cũ từng dùng"), common=True),
            target("premises", "land", _("Diện tích đất (m²)")),
            chosen("premises", "title", _("Giấy tờ đất"), "title", titles(), common=True),
            target("premises", "certificate", _("Số giấy chứng nhận")), target("premises", "building", _("Tên nhà")),
            chosen("premises", "use", _("Công năng nhà"), "use", building_uses()),
            target("premises", "floor", _("Diện tích sàn (m²)")), target("premises", "storeys", _("Số tầng"), "number"),
            target("premises", "year", _("Năm xây dựng"), "number"),
            chosen("premises", "condition", _("Hiện trạng"), "house", conditions()),
            target("premises", "wrong", _("Hư hỏng ở đâu")),
            *handed("premises", _("Ngày bàn giao"), _("Biên bản bàn giao")), *unit_targets(),
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What the list is called."""
        return _("Trụ sở, nhà đất bàn giao")

    def record(self, reading: Reading) -> Site | None:
        """The site that a line is."""
        unit, name = _unit(reading), reading.words("name", 200)
        address, old = _addresses(reading)
        land, building = _land(reading), _building(reading, self.at.year)
        condition = cast(e.Condition | None, reading.choice("condition") or None)
        wrong = reading.words("wrong") or " ".join(reading.text("condition").split())
        on, former = day(reading, "since"), reading.words("former", 200)
        if condition and building is None and not reading.faults:
            reading.blame("floor", "needed")
        if reading.faults or unit is None:
            return None
        its = e.Former(unit=former, level=_level(former)) if former else None
        details = e.Details(name=name, address=address, old_address=old, land=land, former=its)
        key = key_of(
            unit, "premises", fold(name), fold(old or address), fold(building.name if building else "")
        )
        return Site(
            unit=unit, key=key, title=name, details=details, building=building, condition=condition,
            wrong=wrong if condition in ("damaged", "unusable") else "", on=on or day_of(self.at),
        )  # fmt: skip

    @property
    def beside_name(self) -> str:
        """What `beside` is called."""
        return _("Địa chỉ, đất, sàn, hiện trạng")

    def beside(self, record: Site) -> str:
        """The address of today, land and floor as they were understood, and the condition."""
        its, building = record.details, record.building
        return "; ".join(filter(None, (
            its.address, _("đất %(area)s") % {"area": square(its.land.area)} if its.land.area else "",
            _("sàn %(area)s, %(n)s tầng") % {"area": square(building.area), "n": building.storeys} if building else "",
            conditions()[record.condition].lower() if record.condition else "",
            levels()[its.former.level] if its.former else "",
        )))  # fmt: skip

    def enter(
        self, pen: Pen, record: Site, subject: UUID, *, source: Mapping[str, str], synthetic: bool
    ) -> None:
        """Record the site, its building and how that was found, unless they are there."""
        recording.record_site(
            pen, entry_id=recorded(subject), subject=subject, unit=self.unit(pen, record.unit), details=record.details,
            synthetic=synthetic, batch=UUID(source["batch"]),
        )  # fmt: skip
        if record.building is None:
            return
        recording.record_building(
            pen, entry_id=_further(subject, "building"), subject=subject, building=record.building
        )
        if record.condition is not None:
            body = e.Surveyed(
                building=record.building.code,
                on=record.on,
                condition=record.condition,
                wrong=record.wrong,
                by=record.details.former.unit if record.details.former else "",
            )
            using.survey(pen, entry_id=_further(subject, "survey"), subject=subject, body=body)


def entries_of(subject: UUID) -> tuple[UUID, ...]:
    """The entries by which a line of a list opens a site."""
    return (recorded(subject), _further(subject, "building"), _further(subject, "survey"))


def _further(subject: UUID, what: str) -> UUID:
    return uuid5(subject, what)


def _unit(reading: Reading) -> str | None:
    """The unit that the line names; where none is named for it, the one in whose territory the address lies."""
    ground = reading.ground
    if reading.text("unit") or reading.line.section or ground.unit:
        return reading.unit()
    for code in ("address", "old-address"):
        if (said := reading.text(code)) and (found := ground.places.find(said).code):
            if not ground.may(found):
                reading.blame(code, "not-yours")
            return found
    return reading.unit()


def _addresses(reading: Reading) -> tuple[str, str]:
    """Today's address and the old one; where only the old one is said, today's is made from it."""
    new, old = reading.words("address"), reading.words("old-address")
    if not new and not old:
        reading.blame("address", "needed")
    if old:
        return new or today_of(old), old
    its = today_of(new)
    return (its, new) if fold(its) != fold(new) else (new, "")


def today_of(address: str) -> str:
    """An old address with the names of today; as it is where they are not clear, or are those of today."""
    found = [it for it in convert(address) if it.way == "ward"]
    old = found[0].old if found else None
    if old is None or len({it.territory.code for it in found}) != 1:
        return address
    parts = [part.strip() for part in address.split(",")]
    names = {_name(old.name), _name(old.short)}
    street = next((parts[:place] for place, part in enumerate(parts) if _name(part) in names), [])
    its = found[0].territory
    return ", ".join([*street, its.name, register.province(its.province).name])


def _name(part: str) -> str:
    """The name of a ward without its kind."""
    kind, _space, name = fold(part).partition(" ")
    if kind == "thi":
        name = name.partition(" ")[2]
    return name if kind in ("phuong", "xa", "p", "x", "thi", "tt") and name else fold(part)


def _land(reading: Reading) -> e.Land:
    title = cast(e.Title, reading.choice("title") or "none")
    certificate = reading.words("certificate", 100)
    if title == "granted" and not certificate:
        reading.blame("certificate", "needed")
    return e.Land(area=area(reading, "land", LARGEST_LAND), title=title, certificate=certificate)


def _building(reading: Reading, this_year: int) -> e.Frame | None:
    """The building; None where no floor area is said."""
    floor, storeys, year = (
        area(reading, "floor", LARGEST_HOUSE),
        reading.number("storeys"),
        reading.number("year"),
    )
    use, name = cast(e.Use, reading.choice("use") or "office"), reading.words("building", 120)
    if year is not None and not recording.FIRST_YEAR <= year <= this_year:
        reading.blame("year", "not-a-year")
    if storeys is not None and not 1 <= storeys <= TALLEST:
        reading.blame("storeys", "not-a-number")
    if floor is None:
        for code in ("storeys", "year", "building", "use"):
            if reading.text(code) and not reading.text("floor"):
                reading.blame("floor", "needed")
                break
        return None
    return e.Frame(
        code="A", name=name or building_uses()[use], use=use, storeys=storeys or 1, area=floor, year=year
    )


def _level(former: str) -> str:
    words = f" {fold(former)} "
    district = any(f" {word} " in words for word in ("quan", "huyen", "thi xa", "thanh pho"))
    return "district" if district else "commune"
