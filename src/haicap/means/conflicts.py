"""What conflicts of things, premises and lines are shown and settled by, and their numbers borne by several."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haicap.journal.entry import Entry
from haicap.matters.conflicts.numbers import SORTS, Sort
from haicap.matters.conflicts.rooms import ROOMS, Part, Room, Telling, field
from haicap.matters.showing import Names
from haicap.means.lines import queries as lines
from haicap.means.lines import showing as of_lines
from haicap.means.lines.fold import Circuit, circuits
from haicap.means.lines.models import CircuitRow
from haicap.means.premises import showing as of_premises
from haicap.means.premises.fold import Site, sites
from haicap.means.premises.models import SiteRow
from haicap.means.things import queries as equipment
from haicap.means.things import showing as of_things
from haicap.means.things.fold import Thing, things
from haicap.means.things.models import ThingRow
from haicap.units.rights import Person, visible

NONE = "–"


def _in_conflict(table: type[Any], by: Iterable[str]) -> Callable[[Person, str], QuerySet[Any]]:
    return lambda person, action: visible(person, action, table.objects.filter(conflicts__gt=0), by=by)


def _tellings(events: Iterable[dict[str, Any]]) -> list[Telling]:
    return [Telling(str(it["title"]), str(it["text"])) for it in events]


def thing_parts(thing: Thing, names: Names) -> Sequence[Part]:
    """The parts of a thing; what hangs on one move (holder, place, province) goes together with it."""
    condition = Part(
        "condition", _("Tình trạng"), lambda it: (it.condition, it.unfit),
        lambda it: f"{of_things.conditions().get(it.condition, it.condition)}, {_unfit(it)}",
        _taking("condition", "unfit", "judged"),
    )  # fmt: skip
    held = Part(
        "held", _("Đơn vị giữ, bàn giao"), lambda it: (it.holder, it.moves), lambda it: _held(it, names),
        _taking("holder", "province", "moves"),
    )  # fmt: skip
    return (
        field("name", _("Tên"), str), field("serial", _("Số máy"), str), field("plate", _("Biển số"), str),
        field("count", _("Số lượng"), str), condition, held,
        field("put", _("Để ở"), lambda it: of_things.where(it.place, it.room, "") or NONE),
        field("bought", _("Mua"), lambda it: _said(of_things.day(it.on), of_things.money(it.price), it.money)),
        field("warranty", _("Bảo hành đến"), of_things.day),
        field("repair", _("Đang sửa chữa"), lambda it: f"{it.to}, {of_things.day(it.since)}" if it else _("Không")),
        field("missing", _("Kiểm kê"), lambda it: _("không thấy") if it else _("có")),
        field("gone", _("Ghi giảm"), lambda it: _gone(it) if it else _("Không")),
    )  # fmt: skip


def _unfit(thing: Thing) -> str:
    return _("%(n)s không dùng được") % {"n": thing.unfit}


def _held(thing: Thing, names: Names) -> str:
    move = thing.waiting
    waits = _("chờ %(unit)s ký nhận") % {"unit": names.unit(move.receiver)} if move else ""
    return _said(names.unit(thing.holder), waits)


def _gone(it: Any) -> str:
    ground = of_things.grounds().get(it.ground, _("Ghi nhầm"))
    return _said(ground, of_things.day(it.on), it.paper, it.note)


def _taking(*fields: str) -> Callable[[Any, Any], Any]:
    """How a part of several fields is taken over."""
    return lambda result, source: replace(result, **{name: getattr(source, name) for name in fields})


def site_parts(site: Site, names: Names) -> Sequence[Part]:
    """The parts of a site; its buildings are one, in which rooms, surveys and lendings lie."""
    held = Part(
        "held", _("Đơn vị giữ, bàn giao"), lambda it: (it.holder, it.handover, it.moves),
        lambda it: _site_held(it, names), _taking("holder", "province", "handover", "moves"),
    )  # fmt: skip
    return (
        field("details", _("Địa điểm"), _details),
        field("buildings", _("Nhà, phòng, khảo sát"), lambda it: "\n".join(map(_building, it)) or NONE),
        field("fates", _("Đã thành"), lambda it: "; ".join(of_premises.fates()[one.fate] for one in it) or NONE),
        held,
        field("withdrawn", _("Rút lại"), lambda it: it or _("Không")),
    )  # fmt: skip


def _details(it: Any) -> str:
    land = of_premises.square(it.land.area) if it.land.area else ""
    return " · ".join(
        filter(None, (it.name, it.address, land, of_premises.titles()[it.land.title], it.land.certificate))
    )


def _building(it: Any) -> str:
    condition = of_premises.conditions()[it.condition] if it.condition else _("chưa khảo sát")
    said = (
        of_premises.building_words(it), of_premises.square(it.its.area),
        ngettext("%(n)s phòng", "%(n)s phòng", len(it.rooms)) % {"n": len(it.rooms)}, condition,
        of_premises.reasons_gone()[it.gone.why] if it.gone else "",
        _("cho dùng %(n)s") % {"n": len(it.lent)} if it.lent else "",
    )  # fmt: skip
    return ", ".join(filter(None, said))


def _site_held(site: Site, names: Names) -> str:
    waits = _("chờ %(unit)s ký nhận") % {"unit": names.unit(site.handover.said.to)} if site.handover else ""
    return _said(names.unit(site.holder), waits)


def line_parts(circuit: Circuit, names: Names) -> Sequence[Part]:
    """The parts of a line; measurements are taken by nobody's decision and never conflict."""
    return (
        field("terms", _("Hợp đồng"), lambda it: "\n".join(map(of_lines.terms_words, it))),
        field("site", _("Nơi đặt"), lambda it: _("có") if it else NONE),
        field("ended", _("Thôi dùng"), lambda it: _ended(it) if it else _("Không")),
    )  # fmt: skip


def _ended(it: Any) -> str:
    return f"{of_lines.reasons()[it.why]}, {it.since:%d/%m/%Y}"


def _said(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def thing_told(thing: Thing, entries: Sequence[Entry[Any]], names: Names) -> list[Telling]:
    """Entries of a thing as its page tells them."""
    return _tellings(of_things.events(entries, names, {}))


THINGS = Room(
    "thing", things, lambda: _("Phương tiện, thiết bị"), "means.settle", "things:id",
    lambda it: _said(it.code, it.name), lambda it: str(it.unit), lambda it: {it.unit, it.holder},
    _in_conflict(ThingRow, ("holder", "unit")), thing_parts, thing_told,
)  # fmt: skip
SITES = Room(
    "site", sites, lambda: _("Trụ sở"), "means.settle", "premises:id", lambda it: str(it.details.name),
    lambda it: str(it.unit), lambda it: {it.unit, it.holder}, _in_conflict(SiteRow, ("holder", "unit")), site_parts,
    lambda site, entries, names: _tellings(of_premises.events(site, entries, names)),
)  # fmt: skip
LINES = Room(
    "line", circuits, lambda: _("Đường truyền"), "means.settle", "lines:id",
    lambda it: f"{it.now.provider} {it.now.number}", lambda it: str(it.unit), lambda it: {it.unit},
    _in_conflict(CircuitRow, ("unit",)), line_parts,
    lambda circuit, entries, names: _tellings(of_lines.events(entries, names)),
    noted=lambda stands, chosen: {"measures": stands.measures},
)  # fmt: skip


def _things(person: Person, **no: str) -> QuerySet[ThingRow]:
    return equipment.seen(person).filter(gone=None).exclude(**no)


def _thing_said(row: ThingRow) -> tuple[str, str]:
    return _said(row.code, row.name), row.holder


def _circuits(person: Person) -> QuerySet[CircuitRow]:
    return lines.seen(person).filter(ended=None).exclude(number="")


def _again() -> str:
    return _("Một thứ được ghi hai lần, hoặc một số bị ghi nhầm. Đối chiếu rồi đính chính hoặc ghi giảm.")


def tell() -> None:
    """Tell the lists of rooms and of numbers."""
    ROOMS.update({room.code: room for room in (THINGS, SITES, LINES)})
    SORTS["code"] = Sort(
        lambda: _("Mã tài sản"), _again, "things:id", lambda person: _things(person, code=""), ("code",), _thing_said
    )  # fmt: skip
    SORTS["serial"] = Sort(
        lambda: _("Số máy"), _again, "things:id", lambda person: _things(person, serial=""), ("kind", "serial"),
        _thing_said,
    )  # fmt: skip
    SORTS["plate"] = Sort(
        lambda: _("Biển số"), _again, "things:id", lambda person: _things(person, plate=""), ("plate",), _thing_said
    )  # fmt: skip
    SORTS["circuit"] = Sort(
        lambda: _("Số thuê bao đường truyền"), _again, "lines:id", _circuits, ("order", "number"),
        lambda row: (f"{row.provider} {row.number}", row.unit),
    )  # fmt: skip
