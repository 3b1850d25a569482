"""The demonstration's requests for means: some forty, from gaps that its units have, in every state."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil

from haicap.clocks.wall import VIETNAM, day_of
from haicap.matters.handling import Doing, take_step
from haicap.matters.intake import raise_matter
from haicap.matters.models import MatterRow
from haicap.matters.state import Matter
from haicap.means.catalogue.fold import Kind
from haicap.means.catalogue.queries import catalogue
from haicap.means.needs.asking import facts
from haicap.means.needs.queries import PROCEDURE
from haicap.means.norms.reckoning import Gap, gaps
from haicap.means.things.entries import Bought
from haicap.means.things.recording import Described, record
from haicap.means.year import Ground
from haicap.units.rights import tell_database

LOGISTICS = "31-PH10"
MANY = 42
WANTED = (
    "computer", "motorcycle", "pickup", "id-capture-set", "printer", "radio", "generator", "working-area", "camera",
)  # fmt: skip
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Step = tuple[int, str, Doing]
"""So many days after what came before, in the hand of this role, what is done."""


def there() -> bool:
    """Whether the demonstration has it."""
    return MatterRow.objects.using("worker").filter(procedure=PROCEDURE).exists()


def fill(ground: Ground) -> None:
    """A request for each of some gaps of the units, the tour's own first; each is left where chance has it."""
    kinds = catalogue(using="worker")
    for n, gap in enumerate(chosen(ground)):
        kind = kinds[gap.kind]
        ways = BUILT if kind.family == "premises" else MOVED
        life, least, most = ways[n % len(ways)]
        at = _morning(ground.end - ground.rng.randint(least, most) * DAY)
        matter = _raised(ground, gap, facts(gap, kind), at)
        for days, role, doing in life(ground, gap):
            at = _morning(at + days * DAY)
            if at >= ground.end:
                break
            matter = _step(ground, matter, role, doing, at)
        if matter.state == "arrived":
            _recorded(ground, gap, kind, matter, at)


def chosen(ground: Ground) -> Sequence[Gap]:
    """Gaps to ask about, three of the tour's own unit and one each of others, of different kinds in turn."""
    found: list[Gap] = []
    short = _short(ground)
    for place, unit in enumerate(ground.communes()):
        its = short.get(unit.code, {})
        first = place % len(WANTED)
        wanted = [kind for kind in (*WANTED[first:], *WANTED[:first]) if kind in its]
        found += [its[kind] for kind in wanted[: 3 if place == 0 else 1]]
    return found[:MANY]


def _short(ground: Ground) -> dict[str, dict[str, Gap]]:
    """What the units are short of, by unit and kind, as their director sees it."""
    director = ground.who(ground.province, "director")
    tell_database(director)
    found: dict[str, dict[str, Gap]] = {}
    for it in gaps(director, None, day_of(ground.end)):
        if it.short:
            found.setdefault(it.unit, {})[it.kind] = it
    tell_database(None)
    return found


def _morning(at: datetime) -> datetime:
    """Nine o'clock of that day, or of the Monday after it."""
    local = at.astimezone(VIETNAM).replace(hour=9, minute=5, second=0, microsecond=0)
    return local + max(0, 7 - local.isoweekday()) * DAY if local.isoweekday() > 5 else local


def _raised(ground: Ground, gap: Gap, answers: dict[str, str], at: datetime) -> Matter:
    clerk, unit = ground.who(gap.unit, "clerk"), ground.crew.units[gap.unit]
    kind = answers["what"]
    return raise_matter(
        ground.pen(clerk, at), entry_id=ground.fresh(at), subject=ground.fresh(at), law=ground.law, unit=unit,
        procedure=ground.law.procedure(PROCEDURE, at), by="unit", received=at, synthetic=True,
        title=f"Đề nghị trang bị {answers['count']} {kind.lower()}", answers=answers,
    )  # fmt: skip


def _step(ground: Ground, matter: Matter, role: str, doing: Doing, at: datetime) -> Matter:
    unit = matter.unit if role == "clerk" else LOGISTICS
    pen = ground.pen(ground.who(unit, role), at)
    return take_step(pen, entry_id=ground.fresh(at), subject=matter.id, law=ground.law, doing=doing)


def _recorded(ground: Ground, gap: Gap, kind: Kind, matter: Matter, at: datetime) -> None:
    """What arrived goes into the unit's records and names the request; the gap closes by that."""
    its = Described(
        kind, "purchase", day_of(at), name=kind.vi, paper="214/QĐ-PH10", request=matter.id,
        bought=Bought(on=day_of(at), price=kind.price, money="Ngân sách tỉnh (minh họa)"),
    )  # fmt: skip
    record(
        ground.pen(ground.who(gap.unit, "clerk"), at), entry_id=ground.fresh(at), unit=ground.crew.units[gap.unit],
        its=its, count=ceil(gap.short), synthetic=True,
    )  # fmt: skip


def _agreed(gap: Gap, share: float = 1) -> Step:
    count = max(1, ceil(float(gap.short) * share))
    money = {"sum_agreed": str(int((gap.money or 0) * share))} if gap.money else {}
    answers = {"count_agreed": str(count)} | money
    return 4, "department-officer", Doing("review", outcome="agreed", answers=answers)


def _waits(_ground: Ground, _gap: Gap) -> Iterator[Step]:
    yield from ()


def _refused(_ground: Ground, _gap: Gap) -> Iterator[Step]:
    answers = {
        "refused_for": "no-funds",
        "reason": "Chưa cân đối được kinh phí trong năm; đề nghị lại vào quý I.",
    }
    yield 6, "department-head", Doing("review", outcome="refused", answers=answers)


def _agreed_only(_ground: Ground, gap: Gap) -> Iterator[Step]:
    yield _agreed(gap, 0.5)


def _bought(_ground: Ground, gap: Gap) -> Iterator[Step]:
    yield _agreed(gap)
    answers = {"count_given": str(ceil(gap.short)), "given_paper": "214/QĐ-PH10"}
    answers |= {"sum_given": str(int((gap.money or 0) * 0.96))} if gap.money else {}
    yield 12, "department-officer", Doing("provide", outcome="bought", answers=answers)


def _arrived(ground: Ground, gap: Gap) -> Iterator[Step]:
    yield from _bought(ground, gap)
    on = day_of(ground.end - 40 * DAY).isoformat()
    answers = {"received_on": on, "count_received": str(ceil(gap.short))}
    yield 9, "clerk", Doing("confirm-arrived", answers=answers)


def _from_stock(_ground: Ground, gap: Gap) -> Iterator[Step]:
    yield _agreed(gap)
    answers = {"count_given": str(ceil(gap.short)), "given_paper": "87/PXK-PH10"}
    yield 5, "department-officer", Doing("provide", outcome="from-stock", answers=answers)


def _of_authority(ground: Ground, gap: Gap) -> Iterator[Step]:
    yield _agreed(gap)
    name = ground.crew.units[gap.unit].name.vi.removeprefix("Công an ")
    due = day_of(ground.end + ground.rng.randint(-20, 25) * DAY)
    answers = {
        "authority": f"UBND {name}",
        "paper": f"{ground.rng.randint(40, 300)}/ĐN-PH10",
        "answer_due": due.isoformat(),
    }
    answers |= {"sum": str(gap.money)} if gap.money else {}
    yield 7, "department-officer", Doing("provide", outcome="asked-authority", answers=answers)


def _granted(ground: Ground, gap: Gap) -> Iterator[Step]:
    yield from _of_authority(ground, gap)
    granted = {"sum_granted": str(int((gap.money or 0) * 0.7))} if gap.money else {}
    said = {
        "authority_said": "Nhất trí hỗ trợ từ ngân sách cấp xã.",
        "answer_paper": "1122/UBND-KT",
    } | granted
    yield 14, "department-officer", Doing("authority-answered", outcome="partly", answers=said)


def _programme(ground: Ground, gap: Gap) -> Iterator[Step]:
    yield _agreed(gap)
    done = day_of(ground.end + 200 * DAY).isoformat()
    answers = {"programme": "Chương trình trụ sở Công an cấp xã (minh họa)", "done_by": done}
    yield 10, "department-head", Doing("provide", outcome="in-programme", answers=answers)


MOVED = (
    (_arrived, 70, 120), (_of_authority, 15, 60), (_bought, 18, 32), (_waits, 1, 13), (_granted, 26, 50),
    (_arrived, 60, 110), (_refused, 20, 120), (_from_stock, 12, 25), (_agreed_only, 6, 50), (_programme, 20, 60),
)  # fmt: skip
BUILT = (
    (_programme, 30, 120), (_of_authority, 20, 60), (_waits, 1, 12), (_granted, 26, 60), (_refused, 20, 100),
)  # fmt: skip
"""What becomes of a request, and how many days ago at least and at most it was raised; of each some."""
