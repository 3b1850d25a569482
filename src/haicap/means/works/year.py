"""The demonstration's works: a programme of headquarters as story 3 tells it, and repairs; invented but for the units.

Of 25 headquarters 9 have begun, to be in use by the end of the year, and 16 are to begin by then. Some are late, one
costs more, one repair stands still.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from PIL import Image, ImageDraw

from haicap.clocks.wall import VIETNAM, day_of
from haicap.journal.pen import Pen
from haicap.means.evidence import Evidence, kept_by
from haicap.means.premises.models import SiteRow
from haicap.means.works import actions
from haicap.means.works.actions import Saying
from haicap.means.works.entries import Gap, Purse, Sort, Stage
from haicap.means.works.fold import projects
from haicap.means.works.models import ProgrammeRow
from haicap.means.works.state import STAGES, Project
from haicap.means.year import Ground
from haicap.papers.keeping import Upload
from haicap.units.fold import Unit

DAY = timedelta(days=1)
LOGISTICS = "31-PH10"
BEGUN, TO_BEGIN, REPAIRS = 9, 16, 7
PICTURED = 3  # projects with drawn photos
FLOORS = (470, 484, 496, 508, 520, 536, 552)  # m2, as 36 offices of one province were approved
MILLION = 10**6
PAID: Mapping[Stage, Sequence[tuple[int, str]]] = {
    "start": ((12, "0.3"), (55, "0.35")),
    "acceptance": ((12, "0.3"),),
}
"""After how many days each stage is followed by what parts of the budget."""
GROUNDS = (
    "Mưa bão kéo dài",
    "Giá vật liệu tăng, nhà thầu xin gia hạn",
    "Chờ bàn giao mặt bằng",
    "Chờ bố trí vốn đợt 2",
)
SOURCES: tuple[tuple[Purse, Decimal], ...] = (("province", Decimal("0.7")), ("commune", Decimal("0.3")))


def there() -> bool:
    """Whether the demonstration has works already."""
    return ProgrammeRow.objects.using("worker").exists()


def fill(ground: Ground) -> None:
    """Write two programmes with their projects, up to the end."""
    site = _Site(ground, day_of(ground.end))
    communes = list(ground.communes())
    first, second = communes[: BEGUN + TO_BEGIN], communes[BEGUN + TO_BEGIN :][:REPAIRS]
    places = _places([unit.code for unit in (*first, *second)])
    offices = site.programme(
        "Xây dựng trụ sở Công an cấp xã giai đoạn {first}–{last}", 3, len(first), 152_000
    )
    for n, unit in enumerate(first):
        site.office(n, unit, offices, places.get(unit.code))
    repairs = site.programme("Sửa chữa trụ sở xuống cấp năm {first}", 1, len(second), 8_000)
    for n, unit in enumerate(second):
        site.repair(n, unit, repairs, places.get(unit.code))


def _places(codes: Sequence[str]) -> Mapping[str, UUID]:
    """One site of each of these units that has any."""
    rows = SiteRow.objects.using("worker").filter(holder__in=codes, fate=None).order_by("-order", "-id")
    return dict(rows.values_list("holder", "pk"))


@dataclass(frozen=True, slots=True)
class _Site:
    """Where works are written: the desk, and the day on which the year ends."""

    ground: Ground
    today: date

    @property
    def close(self) -> date:
        """The end of the year, of the next one in its last days."""
        return date((self.today + 25 * DAY).year, 12, 31)

    def at(self, day: date, hour: int = 9) -> datetime:
        """An hour of a day, at most the end."""
        moment = datetime.combine(day, time(hour, self.ground.rng.randint(0, 59)), VIETNAM)
        return min(moment, self.ground.end)

    def programme(self, name: str, years: int, target: int, millions: int) -> UUID:
        """A programme from this year on, resolved early in it."""
        first = self.close.year
        at = self.at(self.today - 300 * DAY)
        subject = self.ground.fresh(at)
        actions.resolve(
            self.ground.pen(self.ground.who(LOGISTICS, "department-officer"), at), entry_id=self.ground.fresh(at),
            subject=subject, province=self.ground.province, name=name.format(first=first, last=first + years - 1),
            first=first, last=first + years - 1, target=target, synthetic=True, sums=_sums(millions),
            paper=f"Nghị quyết số {self.ground.rng.randint(11, 58)}/NQ-HĐND (số liệu giả lập)",
        )  # fmt: skip
        return subject

    def office(self, n: int, unit: Unit, programme: UUID, place: UUID | None) -> None:
        """A headquarters to be built: the first nine have begun, the others are to begin by the end of the year."""
        rng, floor = self.ground.rng, FLOORS[n % len(FLOORS)]
        begins = self.today - (150 - 11 * n) * DAY if n < BEGUN else self._by_the_end(n - BEGUN)
        ends = self.close if n < BEGUN else begins + rng.randint(200, 300) * DAY
        project = self.plan(
            unit, f"Xây mới trụ sở {unit.name.vi}", "new", programme, place, floor, floor * rng.randint(109, 124) // 10,
            _days(begins, ends, STAGES),
        )  # fmt: skip
        behind = (
            n >= BEGUN and n % 5 == 0
        )  # the next stage was due lately, and nobody has said what became of it
        self.report(project, until=self.today - (60 if behind else 0) * DAY, pictured=n < PICTURED)
        if n in (2, 5, 7, BEGUN + 3, BEGUN + 8):
            self.later(project, rng.randint(20, 75), rng.choice(GROUNDS))
        if n == 3:
            self.dearer(project)

    def _by_the_end(self, n: int) -> date:
        """Days spread between tomorrow and the end of the year."""
        return self.today + DAY + (self.close - self.today - DAY) * (n + 1) // TO_BEGIN

    def repair(self, n: int, unit: Unit, programme: UUID, place: UUID | None) -> None:
        """A repair of some months: three are done, one stands still."""
        rng = self.ground.rng
        begins = self.today - (190 - 32 * n) * DAY
        project = self.plan(
            unit, f"Sửa chữa trụ sở {unit.name.vi}", "repair", programme, place, 0, rng.randint(900, 1350),
            _days(begins, begins + 80 * DAY, ("approval", "design", "start", "acceptance")),
        )  # fmt: skip
        stops = n == 4
        self.report(project, until=begins + 20 * DAY if stops else self.today, pictured=False)
        if stops:
            at = self.at(begins + 24 * DAY)
            actions.stop(
                self.ground.pen(self.ground.who(unit.code, "leader"), at), entry_id=self.ground.fresh(at),
                subject=project, since=day_of(at), ground="Nhà thầu ngừng thi công, đang chọn nhà thầu khác",
                paper=f"Biên bản số {rng.randint(2, 30)}/BB",
            )  # fmt: skip

    def plan(
        self, unit: Unit, name: str, sort: Sort, programme: UUID, place: UUID | None, floor: int, millions: int,
        days: Mapping[Stage, date],
    ) -> UUID:  # fmt: skip
        """A project, planned before its first stage."""
        at = self.at(min(days.values()) - self.ground.rng.randint(8, 25) * DAY)
        subject = self.ground.fresh(at)
        gaps = (Gap(of="working-area", amount=str(floor)),) if floor else ()
        saying = Saying(
            name, sort, gaps, programme, place, priority=self.ground.rng.choice(("pressing", "needed"))
        )
        actions.plan(
            self.ground.pen(self.ground.who(LOGISTICS, "department-officer"), at), entry_id=self.ground.fresh(at),
            subject=subject, unit=unit, saying=saying, stages=days, budget=_sums(millions),
            paper=f"Tờ trình số {self.ground.rng.randint(40, 400)}/TTr-PH10", synthetic=True,
        )  # fmt: skip
        return subject

    def report(self, subject: UUID, *, until: date, pictured: bool) -> None:
        """What was reached until a day is reported the day after, and paid for as works go on."""
        project = self._project(subject)
        clerk = self.ground.who(project.unit, "clerk")
        for n, it in enumerate(project.now.stages):
            on = it.baseline + self.ground.rng.randint(-3, 6) * DAY
            if on >= min(until, self.today):
                return
            at = self.at(on + DAY)
            pen = self.ground.pen(clerk, at)
            files = _photos(pen, subject, on, n) if pictured and it.stage in ("land", "start") else ()
            actions.reach(
                pen, entry_id=self.ground.fresh(at), subject=subject, stage=it.stage, on=on, evidence=files,
                paper=f"Số {self.ground.rng.randint(3, 240)}/{'BB' if it.stage in STAGES[4:] else 'QĐ'}",
            )  # fmt: skip
            for days, part in PAID.get(it.stage, ()):
                self.pay(project, on + days * DAY, Decimal(part))

    def pay(self, project: Project, on: date, part: Decimal) -> None:
        """Each source pays a part of its budget, if that day has come."""
        if on >= self.today:
            return
        at = self.at(on + DAY)
        for source, amount in project.now.planned.items():
            actions.pay(
                self.ground.pen(self.ground.who(project.unit, "clerk"), at), entry_id=self.ground.fresh(at),
                subject=project.id, on=on, source=source, amount=int(amount * part) // MILLION * MILLION,
                paper=f"UNC {self.ground.rng.randint(100, 999)}",
            )  # fmt: skip

    def later(self, subject: UUID, days: int, reason: str) -> None:
        """What is still to come is expected so many days later, as said after all else."""
        project = self._project(subject)
        known = max([project.at, *(it.at for it in project.reaches), *(it.at for it in project.payments)])
        at = min(known + self.ground.rng.randint(2, 9) * DAY, self.ground.end)
        later: dict[Stage, date] = {
            it.stage: it.forecast + days * DAY for it in project.now.stages if it.reach is None
        }
        actions.schedule(
            self.ground.pen(self.ground.who(project.unit, "clerk"), at), entry_id=self.ground.fresh(at),
            subject=subject, stages=later, reason=reason,
        )  # fmt: skip

    def dearer(self, subject: UUID) -> None:
        """The budget grows, and more is paid than even that."""
        project = self._project(subject)
        at = self.at(self.today - 25 * DAY)
        sums: dict[Purse, int] = {source: int(amount) for source, amount in project.now.planned.items()}
        sums["commune"] += 350 * MILLION
        actions.budget(
            self.ground.pen(self.ground.who(LOGISTICS, "department-officer"), at), entry_id=self.ground.fresh(at),
            subject=subject, sums=sums, reason="Xử lý nền móng phát sinh", paper="Quyết định điều chỉnh dự toán",
        )  # fmt: skip
        self.pay(project, self.today - 14 * DAY, Decimal("0.45"))

    def _project(self, subject: UUID) -> Project:
        folded = self.ground.bulk.folded(projects, subject).state
        assert folded is not None
        return folded


def _sums(millions: int) -> dict[Purse, int]:
    """Millions of dong, divided between the sources."""
    return {source: int(millions * part) * MILLION for source, part in SOURCES}


def _days(begins: date, ends: date, stages: Sequence[Stage]) -> dict[Stage, date]:
    """The days of these stages: what prepares the works before they begin, acceptance shortly before the end."""
    before = {"approval": 120, "land": 85, "design": 55, "tender": 20}
    found: dict[Stage, date] = {it: begins - before[it] * DAY for it in stages if it in before}
    found["start"] = begins
    found["acceptance"] = ends - 12 * DAY if "handover" in stages else ends
    if "handover" in stages:
        found["handover"] = ends
    return found


def _photos(pen: Pen, subject: UUID, on: date, n: int) -> tuple[Evidence, ...]:
    data = _drawn(n)
    file = Upload("cong-truong.jpg", len(data), io.BytesIO(data))
    return kept_by(pen, [file], subject=subject, day=on, about="Hiện trạng công trường (hình vẽ minh họa)")


def _drawn(n: int) -> bytes:
    """Bare ground, or posts and a wall: nobody takes it for a photograph."""
    image = Image.new("RGB", (960, 720), "#cfe0ea")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 470, 960, 720), fill="#b79a6d")
    for x in range(160, 820, 160):
        pen.rectangle((x, 470 - 60 * n, x + 26, 560), fill="#7c8790")
    if n > 2:
        pen.rectangle((160, 380, 826, 470), outline="#7c8790", width=14)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()
