"""Which matters are to be carried to another province, or their outcomes back, and which of them are on their way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haicap.journal.reference import decides_here
from haicap.matters import queries
from haicap.matters.models import MatterRow
from haicap.matters.queries import matter_of
from haicap.matters.state import Matter
from haicap.nodes.courier.book import Book, Sent, folder
from haicap.nodes.header import clock
from haicap.nodes.queries import peer, units_of
from haicap.units.models import UnitRow
from haicap.units.names import unit_names
from haicap.units.rights import Person

MOST = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A matter for another province: to which unit there, or back to which with the outcome; when it was last packed.

    `province` is the code that `haicap courier pack` is given; `confirmed` is when the return file came.
    """

    subject: UUID
    number: str
    unit: str
    province: str
    back: bool
    packed: datetime | None
    confirmed: datetime | None


def due(person: Person) -> list[Due]:
    """The matters that `person` sees and of which no return file has come yet. Four queries; a commune's has none."""
    above = peer()
    if above is None or above.unit != above.province or not decides_here():
        return []
    here, seen = units_of(above.unit), queries.seen(person)
    its = [*_over(seen, here), *_back(seen, here)][:MOST]
    return [it for it in _with_files(its) if it.confirmed is None]


def on_its_way(row: MatterRow, matter: Matter, at: datetime) -> str:
    """A sentence on how a matter goes to another province, or its outcome back; empty where neither is to be carried.

    No query for a matter that stays in its unit. A commune's node knows what is to go, and no more of its way.
    """
    if matter.holder in (None, matter.unit) and not matter.came:
        return ""
    above = peer()
    if above is None or above.province is None:
        return ""
    here, rows = units_of(above.province), MatterRow.objects.filter(pk=row.pk)
    its = [*_over(rows, here), *_back(rows, here)]
    return "".join(_said(it, at) for it in _with_files(its))


def _said(it: Due, at: datetime) -> str:
    """What goes and to whom; then how far it is."""
    goes = _("Kết quả về %(unit)s bằng tệp chuyển tay.") if it.back else _(
        "Hồ sơ đến %(unit)s bằng tệp chuyển tay.")  # fmt: skip
    if not decides_here():
        far = _("Nút của tỉnh đóng gói và mang đi.")
    elif it.packed is None:
        far = _("Chưa đóng gói.")
    elif it.confirmed is None:
        far = _("Đã đóng gói lúc %(packed)s, chưa xác nhận đã đến.")
    else:
        far = _("Đã đến nơi lúc %(confirmed)s.")
    said = {"unit": it.unit, "packed": _when(it.packed, at), "confirmed": _when(it.confirmed, at)}
    return f"{goes % said} {far % said}"


def _when(moment: datetime | None, at: datetime) -> str:
    return clock(moment, at) if moment else ""


def _with_files(its: Iterable[tuple[MatterRow, str, bool]]) -> list[Due]:
    """What is known of the files that were packed with them. Two queries where there are any."""
    its = list(its)
    if not its:
        return []
    units = {unit for _row, unit, _back in its}
    provinces = dict(UnitRow.objects.filter(code__in=units).values_list("code", "province"))
    names = unit_names(units)
    place = Book(folder())
    sent = [it for it in place.sent() if it.matter] if place.place.exists() else []
    found = []
    for row, unit, back in its:
        packed = _newest(sent, row, back=back)
        found.append(Due(row.pk, row.number, names.get(unit, unit), provinces.get(unit) or unit, back,
                         packed.at if packed else None, packed.confirmed if packed else None))  # fmt: skip
    return found


def _newest(sent: list[Sent], row: MatterRow, *, back: bool) -> Sent | None:
    """The newest file with this matter; for an outcome, one that was packed after the matter's end."""
    its = (it for it in sent if it.matter == row.number)
    return next((it for it in its if not back or (row.ended and it.at >= row.ended)), None)


def _over(seen: QuerySet[MatterRow], here: frozenset[str]) -> Iterator[tuple[MatterRow, str, bool]]:
    rows = seen.filter(ended=None, aside=[], frozen=None, unit__in=here)
    for row in rows.exclude(holder=None).exclude(holder__in=here).order_by("received")[:MOST]:
        yield row, str(row.holder), False


def _back(seen: QuerySet[MatterRow], here: frozenset[str]) -> Iterator[tuple[MatterRow, str, bool]]:
    rows = seen.filter(unit__in=here, aside=[], frozen=None).exclude(ended=None)
    for row in rows.exclude(state__came=[]).order_by("ended")[:MOST]:
        giver = next((unit for unit in matter_of(row).came if unit not in here), None)
        if giver is not None:
            yield row, giver, True
