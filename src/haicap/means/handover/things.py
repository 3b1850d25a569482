"""Lists of equipment, vehicles and archived files: a line is one thing, several single ones, or so many together."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import cast
from uuid import UUID, uuid5

from django.db.models import Q
from django.utils.translation import gettext as _

from haicap.clocks.wall import day_of
from haicap.journal.pen import Pen
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue, of_family
from haicap.means.handover.lists import List, day, finished, handed, key_of, recorded, sum_of
from haicap.means.handover.words import chosen, kind_words, named, target
from haicap.means.things import queries, recording
from haicap.means.things.entries import Bought, Condition, Put
from haicap.means.things.showing import conditions
from haicap.means.words import called, measure
from haicap.papers.dates import moment
from haicap.papers.sheets_in import room
from haicap.papers.sheets_in.plans import Plan
from haicap.papers.sheets_in.reading import Reading
from haicap.papers.sheets_in.targets import unit_targets
from haicap.papers.tables import Line
from haicap.units.rights import Person
from haicap.units.vietnamese import fold

FILES = "file-box"
OLDEST = 1945
SHORTEST = 5  # signs of a number that one thing alone has
_YEAR = re.compile(r"(?:nam )?((?:19|20)\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Things(room.Record):
    """What a line says of things, as `recording.record` wants it; `since` None where it is not said."""

    its: recording.Described
    count: int


def siblings(subject: UUID, count: int) -> list[UUID]:
    """The subjects of the things beyond the first that a line opens."""
    return [uuid5(subject, f"thing/{place}") for place in range(1, count)]


class Equipment(List[Things]):
    """Equipment and vehicles."""

    code = "things"

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.kinds = of_family("equipment", "vehicle")
        by_word = kind_words(self.kinds, "kind")
        self.targets = (
            target("things", "kind", _("Loại tài sản"), "choice", needed=True, choices=named(self.kinds),
                   options=by_word),
            target("things", "name", _("Tên, nhãn hiệu, kiểu")), target("things", "serial", _("Số máy, số sê-ri")),
            target("things", "plate", _("Biển số")), target("things", "count", _("Số lượng"), "number"),
            target("things", "unfit", _("Trong đó hỏng"), "number"),
            chosen("things", "condition", _("Tình trạng"), "condition", conditions(), common=True),
            target("things", "bought", _("Năm hoặc ngày mua")),
            target("things", "price", _("Đơn giá"), "money"),
            target("things", "total", _("Nguyên giá cả dòng"), "money"),
            target("things", "place", _("Nơi để")), *handed("things", _("Ngày bàn giao"), _("Biên bản bàn giao")),
            target("things", "code", _("Mã tài sản (của haicap)")), *unit_targets(),
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What the list is called."""
        return _("Trang bị, xe bàn giao")

    def record(self, reading: Reading) -> Things | None:
        """The things that a line is of."""
        unit, kind = reading.unit(), self._kind(reading)
        count, unfit = _count(reading, kind)
        condition = cast(Condition, reading.choice("condition") or "good")
        name, place = reading.words("name", 300) or _more(reading, kind), reading.words("place", 200)
        bought, since = _bought(reading, count), day(reading, "since")
        serial, plate = reading.words("serial", 300), reading.words("plate", 60)
        if reading.faults or unit is None or kind is None:
            return None
        if plate and count > 1:
            name = f"{name}; {plate}".strip("; ")
        serials = _serials(serial, count)
        if serial and not any(serials):
            name = f"{name}; {serial}".strip("; ")
        sole = fold(plate or serial) if kind.counting == "single" and _sole(plate or serial) else ""
        if sole and self.met_elsewhere(f"{kind.code}|{sole}", unit, reading):
            return None
        said = (name, count, condition, bought.on or bought.year, bought.price, place, reading.text("unit"))
        key = key_of(unit, "things", kind.code, *([sole] if sole else [fold(str(it or "")) for it in said]))
        if kind.counting != "single" and condition == "broken" and not reading.text("unfit"):
            unfit = count
        its = recording.Described(
            kind=kind, way="handed-over", since=since or day_of(self.at), name=name, plate=plate, condition=condition,
            unfit=unfit if kind.counting != "single" else 0, bought=bought, put=Put(place=place),
            paper=reading.words("paper", 200), serials=serials,
        )  # fmt: skip
        return Things(unit=unit, key=key, title=self._titled(its), its=its, count=count)

    def _kind(self, reading: Reading) -> Kind | None:
        """The kind that the line names."""
        return self.kinds.get(reading.choice("kind"))

    def _titled(self, its: recording.Described) -> str:
        words = called(its.kind)
        more = "" if not its.name or fold(its.name) == fold(words) else its.name
        return ": ".join(
            filter(None, (words, " ".join(filter(None, (more, its.plate or ", ".join(its.serials))))))
        )

    @property
    def beside_name(self) -> str:
        """What `beside` is called."""
        return _("Số lượng, tình trạng")

    def beside(self, record: Things) -> str:
        """How many, in what condition, bought when."""
        its = record.its
        words = [f"{record.count} {measure(its.kind)}", conditions()[its.condition].lower()]
        if its.unfit and its.condition != "broken":
            words.append(_("%(n)s hỏng") % {"n": its.unfit})
        if its.bought.on or its.bought.year:
            words.append(
                _("mua %(when)s")
                % {"when": f"{its.bought.on:%d/%m/%Y}" if its.bought.on else its.bought.year}
            )
        return ", ".join(words)

    def ours(self, person: Person, lines: Sequence[Line], plan: Plan) -> Mapping[int, UUID]:
        """The lines of things that are held here: by inventory code, number of the maker, or plate. Two queries.

        What a list that is not done yet brought is its own, and goes on being taken in.
        """
        said = {
            code: place for code in ("code", "serial", "plate") if (place := plan.column_of(code)) is not None
        }
        cells = {
            (line.number, code): text
            for line in lines
            for code, place in said.items()
            if place < len(line.cells) and _sole(text := line.cells[place].strip())
        }
        if not cells:
            return {}
        texts = set(cells.values())
        wanted = Q(code__in=texts) | Q(serial__in=texts) | Q(plate__in=texts)
        rows = list(
            queries.seen(person)
            .filter(wanted, gone=None)
            .values_list("batch", "pk", "code", "serial", "plate")
        )
        done = finished(row[0] for row in rows)
        known = {
            (code, text): row[1]
            for row in rows
            if row[0] is None or row[0] in done
            for code, text in zip(("code", "serial", "plate"), row[2:], strict=True)
        }
        return {number: known[code, text] for (number, code), text in cells.items() if (code, text) in known}

    def along(self, record: Things, subject: UUID) -> Collection[UUID]:
        """The things beyond the first, where each is one by itself."""
        return siblings(subject, record.count) if record.its.kind.counting == "single" else ()

    def enter(
        self, pen: Pen, record: Things, subject: UUID, *, source: Mapping[str, str], synthetic: bool
    ) -> None:
        """Record the things, unless they are there."""
        its = replace(record.its, batch=UUID(source["batch"]), paper=record.its.paper or source["file"])
        recording.record(
            pen, entry_id=recorded(subject), unit=self.unit(pen, record.unit), its=its, count=record.count,
            synthetic=synthetic, subjects=[subject, *self.along(record, subject)],
        )  # fmt: skip


class Files(Equipment):
    """Archived files, counted in boxes; what is in them stays on paper."""

    code = "files"

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.targets = (
            target("files", "name", _("Loại hồ sơ"), "sentence", needed=True),
            target("files", "years", _("Thời gian của hồ sơ")),
            target("files", "dossiers", _("Số lượng hồ sơ"), "number"),
            target("files", "count", _("Số hộp, cặp"), "number", needed=True), target("files", "place", _("Nơi để")),
            *handed("files", _("Ngày bàn giao"), _("Biên bản bàn giao")), *unit_targets(),
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What the list is called."""
        return _("Hồ sơ lưu trữ bàn giao (đếm theo hộp)")

    def record(self, reading: Reading) -> Things | None:
        """The boxes that a line is of."""
        unit, what, years = reading.unit(), reading.words("name", 200), reading.words("years", 60)
        dossiers, place, since = (
            reading.number("dossiers"),
            reading.words("place", 200),
            day(reading, "since"),
        )
        count = reading.number("count")
        if count == 0:
            reading.blame("count", "not-a-number")
        kind = catalogue().get(FILES)
        if reading.faults or unit is None or not count or kind is None:
            return None
        words = [what, years, _("%(n)s hồ sơ") % {"n": dossiers} if dossiers else ""]
        name = "; ".join(filter(None, words))
        said = (what, years, dossiers, count, place, reading.text("unit"))
        its = recording.Described(
            kind=kind, way="handed-over", since=since or day_of(self.at), name=name, put=Put(place=place),
            paper=reading.words("paper", 200),
        )  # fmt: skip
        key = key_of(unit, "files", *(fold(str(it or "")) for it in said))
        return Things(unit=unit, key=key, title=name, its=its, count=count)

    def ours(self, person: Person, lines: Sequence[Line], plan: Plan) -> Mapping[int, UUID]:
        """Boxes have no numbers of their own."""
        return {}


def _count(reading: Reading, kind: Kind | None) -> tuple[int, int]:
    """How many, one where nothing is said; and how many of these are broken."""
    count, unfit = reading.number("count"), reading.number("unfit") or 0
    if count is None:
        count = 1
    if count < 1:
        reading.blame("count", "not-a-number")
    elif kind is not None and kind.counting == "single" and count > recording.AT_ONCE:
        reading.blame("count", "too-many")
    if unfit > count:
        reading.blame("unfit", "too-many")
    return count, unfit


def _more(reading: Reading, kind: Kind | None) -> str:
    """What the cell of the kind says beyond the kind itself."""
    said = " ".join(reading.text("kind").split())
    same = kind is None or fold(said) in (fold(kind.vi), fold(kind.en), kind.code)
    if not same and len(said) > 300:
        reading.blame("kind", "too-long")
    return "" if same else said


def _bought(reading: Reading, count: int) -> Bought:
    """When, as exactly as it is said, and for how much each."""
    said = reading.words("bought")
    on, year = _when(said)
    if said and on is None and year is None:
        reading.blame("bought", "not-a-year")
    today = day_of(reading.ground.at)
    if (on and on > today) or (year and year > today.year):
        reading.blame("bought", "future")
    price, total = sum_of(reading, "price"), sum_of(reading, "total")
    if price is None and total is not None and count > 0:
        price = str(round(Decimal(total) / count))
    return Bought(on=on, year=year, price=price)


def _when(said: str) -> tuple[date | None, int | None]:
    """The day, or the year where no day is said."""
    if found := _YEAR.fullmatch(fold(said)):
        return None, int(found[1])
    its = moment(said)
    if its is None or its.day.year < OLDEST:
        return None, None
    return (its.day, None) if its.whole else (None, its.day.year)


def _serials(said: str, count: int) -> tuple[str, ...]:
    """The maker's numbers, one a thing; none where there are not as many as things."""
    its = [it for part in re.split(r"[,;\n]", said) if (it := part.strip())] if count > 1 else [said]
    return tuple(its) if said and len(its) == count else ()


def _sole(text: str) -> bool:
    """Whether a text can be the number of one thing alone."""
    return len(text) >= SHORTEST and any(sign.isdigit() for sign in text)
