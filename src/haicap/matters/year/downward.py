"""Lives of what comes from above: clauses of directives, one for each unit, and findings of inspections."""

from collections.abc import Iterable

from haicap.matters.afterwards import link
from haicap.matters.state import Matter
from haicap.matters.year.case import Case, Life, Telling
from haicap.matters.year.shape import words
from haicap.units.fold import Unit


def directive(title: str, units: Iterable[Unit], days: int) -> Telling:
    """A directive of the whole province: a parent matter, and below it one for each clause and unit."""
    its = list(units)

    def life(it: Case) -> Life:
        number, due = it.paper("KH-CAT-PV01"), it.day(days)
        it.open(
            "department-head", "directive", title, "unit", to=it.scene.unit.code, directive=number, due=due,
            clause="Toàn văn bản", what="Theo dõi việc thực hiện của các đơn vị.",
        )  # fmt: skip
        tasks = zip(words()["directive"]["clauses"], words()["directive"]["tasks"], strict=True)
        for clause, task in tasks:
            answers = {"directive": number, "clause": clause, "what": task, "due": due}
            for unit in its:
                it.scene.start(it.minutes(2, 240), _task(title, unit, it.matter, answers))
        yield it.office(1)
        it.do("department-officer", "acknowledge")
        yield it.in_time("do")
        it.do("department-head", "report", done="Đã tổng hợp kết quả của các đơn vị.")
        yield it.in_time("verify")
        it.do("department-head", "verify")

    return life


def _task(title: str, unit: Unit, parent: Matter, answers: dict[str, str]) -> Telling:
    def life(it: Case) -> Life:
        it.open("department-head", "directive", title, "unit", to=unit.code, **answers)
        pen = it.pen(it.scene.unit.code, "department-head")
        it.matter = link(pen, entry_id=it.fresh(), subject=it.matter.id, to=parent, how="parent")
        yield it.in_time("acknowledge")
        it.do("clerk", "acknowledge")
        if it.chance(0.4):
            yield it.in_time("do")
            it.do(
                "officer",
                "progress",
                share=str(it.rng.randint(2, 9) * 10),
                obstacle=it.of("directive", "obstacle"),
            )
        yield it.meet("do")
        it.do("leader", "report", done=it.of("directive", "done"))
        yield it.in_time("verify")
        if it.chance(0.08):
            raiser = it.scene.unit.code
            it.do(
                "department-head", "return", where=raiser, reason=it.of("directive", "back"), due=it.day(10)
            )
            yield it.in_time("do")
            it.do("leader", "report", done=it.of("directive", "done"))
            yield it.in_time("verify")
        it.do("department-officer", "verify", where=it.scene.unit.code)

    return life


def finding(unit: Unit) -> Telling:
    """A finding of an inspection at `unit`: remedied, checked again, now and then not remedied yet."""

    def life(it: Case) -> Life:
        inspectors = it.scene.unit.code
        it.open(
            "department-head", "inspection-finding", it.of("finding", "titles"), "unit", to=unit.code,
            conclusion=it.paper("KL-PX05"), area=it.of("finding", "areas"), what=it.of("finding", "titles"),
            to_do=it.of("finding", "todo"), due=it.day(it.rng.randint(15, 45)),
        )  # fmt: skip
        yield it.meet("remedy")
        it.do("leader", "remedy", remedy=it.of("finding", "remedy"))
        yield it.in_time("recheck")
        if it.chance(0.15):
            said = {"checked": it.of("finding", "remains"), "due": it.day(15)}
            it.do("department-officer", "recheck", where=inspectors, outcome="not-remedied", **said)
            yield it.in_time("remedy")
            it.do("leader", "remedy", remedy=it.of("finding", "remedy"))
            yield it.in_time("recheck")
        checked = it.of("finding", "checked")
        it.do("department-officer", "recheck", where=inspectors, outcome="remedied", checked=checked)

    return life
