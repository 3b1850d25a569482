"""The demonstration's facts of units: invented populations, a year's matters counted; and a norm of the province."""

from datetime import date, timedelta

from haicap.clocks.wall import VIETNAM, day_of
from haicap.matters.models import MatterRow
from haicap.means.catalogue.queries import catalogue
from haicap.means.norms import actions
from haicap.means.norms.entries import FactStated, Line, NormSaid, When
from haicap.means.norms.models import FactRow
from haicap.means.norms.reckoning import norms_of
from haicap.means.norms.workload import between
from haicap.means.year import Ground
from haicap.units.entries import Label

LOGISTICS = "31-PH10"
BOUNDS = {"ward": (18, 75), "commune": (11, 42), "special-zone": (3, 12)}  # thousands of people
SOURCE = "Số minh họa, không phải số liệu thống kê"


def there() -> bool:
    """Whether the demonstration has it."""
    return FactRow.objects.using("worker").exists()


def fill(ground: Ground) -> None:
    """Population of every commune unit, a year's matters, and the province's own norm in two versions."""
    head = ground.who(LOGISTICS, "department-head")
    year = day_of(ground.end).year
    begun = ground.end.astimezone(VIETNAM).replace(year=year, month=1, day=8, hour=9)
    pen = ground.pen(head, begun)
    for unit in ground.communes():
        least, most = BOUNDS.get(unit.sort, (10, 40))
        people = ground.rng.randint(least * 100, most * 100) * 10
        body = FactStated(
            unit=unit.code, fact="population", value=str(people), since=date(year - 1, 12, 31), source=SOURCE,
            synthetic=True,
        )  # fmt: skip
        actions.state_fact(pen, entry_id=ground.fresh(begun), body=body)
    end = ground.end - timedelta(days=1)
    rows = MatterRow.objects.using("worker").all()
    counts = between(rows, [it.code for it in ground.communes()], end - timedelta(days=365), ground.end)
    actions.count_workload(
        ground.pen(head, end), entry_id=ground.fresh(end), year=year, counts=counts, synthetic=True,
        source="Đếm từ sổ việc của bản trình diễn, 12 tháng",
    )  # fmt: skip
    _norm(ground, year)


def _norm(ground: Ground, year: int) -> None:
    """Radios: the province asks more of remote and large units than the sample does, and says so in two steps."""
    head = ground.who(LOGISTICS, "department-head")
    at = ground.end.astimezone(VIETNAM).replace(year=year, month=2, day=3, hour=10)
    saying = NormSaid(
        name=Label(vi="Máy bộ đàm theo địa bàn", en="Two-way radios by territory"), means="radio",
        units=("commune", "ward", "special-zone"), rounding="up", mark="sample", issuer=LOGISTICS,
        rule="Số minh họa: quy định của tỉnh", since=date(year, 3, 1),
        lines=(Line(formula="8.0", when=When(remote=True)), Line(formula="math.least(10.0, 4.0 + area_km2 / 15.0)")),
    )  # fmt: skip
    others = [it for it in norms_of(ground.province, using="worker") if it.province]
    norm = actions.publish(
        ground.pen(head, at), entry_id=ground.fresh(at), code="bo-dam", saying=saying, province=ground.province,
        kinds=catalogue(using="worker"), units=(), others=others, synthetic=True,
    )  # fmt: skip
    later = at + timedelta(days=120)
    lines = (*saying.lines[:1], Line(formula="math.least(12.0, 4.0 + area_km2 / 12.0)"))
    actions.revise(
        ground.pen(head, later), entry_id=ground.fresh(later), subject=norm.id, kinds=catalogue(using="worker"),
        saying=saying.model_copy(update={"lines": lines, "since": later.date() + timedelta(days=20)}), units=(),
        others=others, changed="Tăng cho đơn vị địa bàn rộng",
    )  # fmt: skip
