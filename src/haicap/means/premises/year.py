"""The demonstration's premises: invented sites of each commune unit, and what became of old district buildings."""

import io
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any
from uuid import UUID, uuid5

from PIL import Image, ImageDraw

from haicap.clocks.wall import VIETNAM, day_of
from haicap.journal.pen import Pen, writing
from haicap.means import evidence
from haicap.means.premises import entries as e
from haicap.means.premises import queries, recording, using
from haicap.means.premises.fold import Site
from haicap.means.premises.models import CONDITIONS, SiteRow
from haicap.means.year import WARD, Ground
from haicap.papers.keeping import Upload
from haicap.units import register
from haicap.units.fold import Unit
from haicap.units.rights import Person

LOGISTICS = "31-PH10"
PHOTOGRAPHED = 6
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What chance made of a building: the frame, the m² of its rooms by use, and how the last survey finds it."""

    frame: e.Frame
    rooms: tuple[e.Room, ...]
    condition: e.Condition | None


def there() -> bool:
    """Whether the demonstration has premises."""
    return SiteRow.objects.using("worker").exists()


@cache
def words() -> dict[str, Any]:
    """The texts of `data/premises_year.toml`."""
    return tomllib.loads((files("haicap.means") / "data" / "premises_year.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Story:
    """What is written of one site, each step at its moment: told in their order when all are known."""

    ground: Ground
    unit: Unit
    subject: UUID
    steps: list[tuple[datetime, Person, Callable[[Pen], object]]]

    def add(self, days_ago: float, act: Callable[[Pen], object], role: str = "clerk") -> None:
        """A step so many days before the end, by somebody of the unit, or of logistics."""
        day = day_of(self.ground.end) - timedelta(days=max(1, round(days_ago)))
        above = (LOGISTICS, "department-officer")
        who = self.ground.who(*(above if role == "logistics" else (self.unit.code, role)))
        self.steps.append((working(self.ground.rng, day), who, act))

    def tell(self) -> None:
        """Write them all."""
        for at, who, act in sorted(self.steps, key=lambda it: it[0]):
            act(self.ground.pen(who, at))


def working(rng: Random, day: date) -> datetime:
    """A moment of a working day."""
    return datetime.combine(day, time(rng.randint(8, 16), rng.randint(0, 59)), VIETNAM)


def fill(ground: Ground) -> None:
    """Each unit's own site, some second ones of merged communes, and the old district buildings."""
    for place, unit in enumerate(ground.communes()):
        story = _site(ground, unit, _details(ground.rng, unit), 330)
        for drawn in _buildings(ground.rng, place):
            _build(story, drawn)
        if place == 0 or ground.rng.random() < 0.12:
            _share(story)
        story.tell()
        if place % 6 == 2:
            _old_commune(ground, unit)
    _old_districts(ground)


def _site(ground: Ground, unit: Unit, details: e.Details, days_ago: float) -> Story:
    story = Story(ground, unit, ground.fresh(ground.end - timedelta(days=days_ago)), [])
    story.add(days_ago + ground.rng.random() * 20, lambda pen: recording.record_site(
        pen, entry_id=ground.fresh(pen.at), subject=story.subject, unit=unit, details=details, synthetic=True
    ))  # fmt: skip
    return story


def _details(rng: Random, unit: Unit) -> e.Details:
    territory = register.territory(unit.territories[0])
    old = territory.predecessors[0] if territory.predecessors else None
    number, street = rng.randint(1, 240), rng.choice(words()["streets"])
    before = f"{number} {street}, {old.name}, {old.district}, {old.province.short}" if old else ""
    place = e.Point(
        latitude=f"{territory.latitude + rng.uniform(-0.01, 0.01):.5f}",
        longitude=f"{territory.longitude + rng.uniform(-0.01, 0.01):.5f}",
    )
    return e.Details(
        name=f"Trụ sở {unit.name.vi}", address=f"{number} {street}, {territory.name}, thành phố Hải Phòng",
        old_address=before, land=_land(rng, "Công an thành phố Hải Phòng"), place=place,
    )  # fmt: skip


def _land(rng: Random, owner: str) -> e.Land:
    title: e.Title = rng.choices(("granted", "applied", "none"), (45, 30, 25))[0]
    number = f"CT {rng.randint(10_000, 99_999):05d}" if title == "granted" else ""
    held_by = owner if title != "none" else "UBND cấp xã cũ"
    return e.Land(
        area=str(rng.randrange(420, 2600, 10)), title=title, certificate=number, owner=held_by,
        planning=rng.choice(words()["planning"]),
    )  # fmt: skip


def _buildings(rng: Random, place: int) -> Iterator[Drawn]:
    """A new office, an old one, or one borrowed from the People's Committee; sometimes a house beside it."""
    sort = 0.1 if place == 0 else rng.random()
    if sort < 0.38:
        yield _drawn(rng, "A", rng.randint(470, 552), rng.randint(2021, 2025), (75, 22, 3, 0))
    elif sort < 0.84:
        yield _drawn(rng, "A", rng.randint(150, 300), rng.randint(1992, 2014), (12, 48, 34, 6))
    else:
        yield _drawn(rng, "A", rng.randint(120, 260), rng.randint(1998, 2016), (20, 50, 28, 2), borrowed=True)
    if place == 0 or rng.random() < 0.3:
        area = rng.randint(90, 180)
        frame = e.Frame(
            code="B",
            name="Nhà ở cán bộ",
            use="living",
            storeys=1,
            area=str(area),
            year=rng.randint(1990, 2012),
        )
        rooms = _rooms((("living-area", 0.75, "Phòng ở", 4), ("common", 0.2, "Bếp, vệ sinh", 1)), area)
        yield Drawn(frame, rooms, "damaged" if place == 0 else _condition(rng, (10, 40, 30, 10)))


def _drawn(
    rng: Random, code: str, area: int, year: int, weights: tuple[int, ...], *, borrowed: bool = False
) -> Drawn:
    frame = e.Frame(
        code=code, name="Nhà làm việc", use="mixed" if area > 300 else "office", storeys=3 if area > 500 else 2,
        area=str(area), year=year, tenure="borrowed" if borrowed else "own",
        lender="UBND cấp xã" if borrowed else "", until=date(2027, 6, 30) if borrowed and area % 2 else None,
    )  # fmt: skip
    shares = (
        ("reception-area", 0.09, "Tiếp dân, một cửa", 1), ("working-area", 0.46, "Phòng làm việc", 4 + area // 120),
        ("archive-area", 0.05, "Kho hồ sơ", 1), ("common", 0.2, "Hành lang, cầu thang, vệ sinh", 1),
        *((("living-area", 0.17, "Phòng ở", 3),) if area > 220 else ()),
    )  # fmt: skip
    return Drawn(frame, _rooms(shares, area), _condition(rng, weights))


def _condition(rng: Random, weights: tuple[int, ...]) -> e.Condition | None:
    """One of them, or None where nobody has looked yet."""
    return None if rng.random() < 0.06 else rng.choices(CONDITIONS, weights)[0]


def _rooms(shares: tuple[tuple[str, float, str, int], ...], area: int) -> tuple[e.Room, ...]:
    found, number = [], 100
    for use, share, name, count in shares:
        each = (Decimal(area) * Decimal(str(share)) / count).quantize(Decimal("0.1"))
        for _n in range(count):
            number += 1
            found.append(e.Room(code=f"P{number}", name=name, use=use, area=f"{each.normalize():f}"))
    return tuple(found)


def _build(story: Story, drawn: Drawn, days_ago: float = 305) -> None:
    rng, code = story.ground.rng, drawn.frame.code

    def build(pen: Pen) -> None:
        fresh = story.ground.fresh
        recording.record_building(pen, entry_id=fresh(pen.at), subject=story.subject, building=drawn.frame)
        recording.set_rooms(
            pen, entry_id=fresh(pen.at), subject=story.subject, building=code, rooms=drawn.rooms
        )

    story.add(days_ago, build)
    if drawn.condition is None:
        return
    before = CONDITIONS[max(0, CONDITIONS.index(drawn.condition) - rng.randint(0, 1))]
    _survey(story, code, before, 290 - rng.random() * 15)
    _survey(story, code, drawn.condition, 20 + rng.random() * 160)


def _survey(story: Story, code: str, condition: e.Condition, days_ago: float) -> None:
    rng = story.ground.rng
    above = rng.random() < 0.3
    wrong, estimate = (
        (rng.choice(words()[condition]) if condition != "good" else ""),
        _estimate(rng, condition),
    )
    earlier = rng.randint(0, 3) * DAY

    def survey(pen: Pen) -> None:
        body = e.Surveyed(
            building=code, on=day_of(pen.at) - earlier, condition=condition, wrong=wrong, estimate=estimate,
            by=LOGISTICS if above else "",
        )  # fmt: skip
        using.survey(pen, entry_id=story.ground.fresh(pen.at), subject=story.subject, body=body)

    story.add(days_ago, survey, "logistics" if above else "clerk")


def _estimate(rng: Random, condition: e.Condition) -> str | None:
    millions = {"good": (0, 1), "worn": (40, 160), "damaged": (180, 850), "unusable": (1800, 5400)}[condition]
    return f"{rng.randrange(*millions, 10) * 10**6}" if condition != "good" else None


def _share(story: Story) -> None:
    """The commune's People's Committee uses a room too."""

    def share(pen: Pen) -> None:
        body = e.Lent(
            building="A", rooms=("P101",), to="UBND cấp xã", shared=True, since=day_of(pen.at),
            paper="Biên bản thỏa thuận",
        )  # fmt: skip
        using.lend(pen, entry_id=story.ground.fresh(pen.at), subject=story.subject, body=body)

    story.add(250, share)


def _old_commune(ground: Ground, unit: Unit) -> None:
    """The old house of a commune that was merged: kept for a station point, or empty."""
    rng, territory = ground.rng, register.territory(unit.territories[0])
    if len(territory.predecessors) < 2:
        return
    old = territory.predecessors[1]
    former = e.Former(unit=f"Công an {old.name}, {old.district}", level="commune")
    details = _details(rng, unit).model_copy(update={
        "name": f"Trụ sở cũ {former.unit}", "former": former, "address": f"{old.name} cũ, {territory.name}",
        "old_address": f"{old.name}, {old.district}, {old.province.short}",
    })  # fmt: skip
    story = _site(ground, unit, details, 320)
    _build(story, _drawn(rng, "A", rng.randint(90, 180), rng.randint(1990, 2010), (5, 40, 40, 15)))
    if rng.random() < 0.7:
        fate: e.Fate = rng.choice(("commune-police", "commune-police", "empty", "authority"))
        to = {"commune-police": f"Điểm thường trực, {unit.name.vi}", "authority": "UBND cấp xã", "empty": ""}[
            fate
        ]
        _became(story, fate, to)
    story.tell()


def _old_districts(ground: Ground) -> None:
    """The buildings of old district police, each in the file of the unit where it stands or that took it over."""
    rng = ground.rng
    for row in words()["district"]:
        unit = next(it for it in ground.communes() if _was_in(it, row["name"]))
        former = e.Former(unit=f"Công an {row['name'][0].lower()}{row['name'][1:]}", level="district")
        named = {"name": f"Trụ sở cũ {former.unit}", "former": former}
        story = _site(ground, unit, _details(rng, unit).model_copy(update=named), 325)
        weights = (10, 60, 25, 5) if row["fate"] != "empty" else (0, 20, 60, 20)
        _build(story, _drawn(rng, "A", int(row["area"]), rng.randint(1996, 2014), weights))
        to = {"department": "Phòng Cảnh sát giao thông", "authority": "UBND cấp xã", "state": "Sở Tài chính",
              "commune-police": unit.name.vi, "empty": ""}  # fmt: skip
        if row["fate"]:
            _became(story, row["fate"], to[row["fate"]])
        story.tell()


def _was_in(unit: Unit, district: str) -> bool:
    old = register.territory(unit.territories[0]).predecessors
    return bool(old) and old[0].district == district


def _became(story: Story, fate: e.Fate, to: str) -> None:
    rng = story.ground.rng
    paper = f"{rng.randint(100, 900)}/QĐ-CATP"

    def became(pen: Pen) -> None:
        body = e.Became(fate=fate, to=to, since=day_of(pen.at), paper=paper)
        recording.say_became(pen, entry_id=story.ground.fresh(pen.at), subject=story.subject, body=body)

    story.add(280 - rng.random() * 60, became, "logistics")


# Photos: sealed files differ every time, so they are written one by one when all else is there


def photographed() -> bool:
    """Whether some surveys have photos already."""
    has: dict[str, Any] = {"buildings": [{"surveys": [{"said": {"evidence": [{}]}}]}]}
    return SiteRow.objects.using("worker").filter(state__contains=has).exists()


def photograph(ground: Ground) -> None:
    """A further look at some damaged houses, with drawn photos; the tour's own ward first."""
    rows = SiteRow.objects.using("worker").filter(condition__gte=2, former=None)
    own = rows.filter(holder=WARD).order_by("order")[:1]
    others = rows.exclude(holder=WARD).order_by("order", "id")[: PHOTOGRAPHED - 1]
    for place, row in enumerate((*own, *others)):
        _photographed(ground, queries.site_of(row), place)


def _photographed(ground: Ground, site: Site, place: int) -> None:
    who, at = ground.who(site.holder, "clerk"), ground.end - timedelta(hours=30 + place)
    building = next(it for it in site.standing if it.condition in ("damaged", "unusable"))
    newest = building.newest
    assert newest is not None
    uploads = [
        Upload("hien-trang.jpg", len(data), io.BytesIO(data)) for data in (_wall(place), _wall(place + 3))
    ]
    entry_id = uuid5(site.id, "photographed")
    pieces = evidence.kept(
        who, uploads, subject=site.id, unit=site.unit, holder=site.holder, entry_id=entry_id, at=at, day=day_of(at),
        about="Hình vẽ minh họa", using="worker",
    )  # fmt: skip
    body = newest.said.model_copy(update={"on": day_of(at), "by": "", "evidence": pieces})
    with writing(who, at=at, subjects=[site.id], units=[site.unit], using="worker") as pen:
        using.survey(pen, entry_id=entry_id, subject=site.id, body=body)


def _wall(place: int) -> bytes:
    """A drawn wall with a crack, a little different each time: nobody takes it for a photograph."""
    image = Image.new("RGB", (960, 720), "#dcd6c8")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 960, 120), fill="#8a5a44")
    pen.rectangle((120, 260, 330, 560), fill="#5b6b73")
    steps = [(420 + 36 * n + (place * 17 * n) % 40, 130 + 90 * n) for n in range(7)]
    pen.line(steps, fill="#4a4038", width=9)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
