"""Lives of what units send up: difficulties and recommendations."""

from haicap.matters.year.case import Case, Life
from haicap.matters.year.duplicate import comes_twice
from haicap.matters.year.shape import words

ANSWERS = ("own-means",) * 4 + ("guidance",) * 4 + ("asked-authority",) * 3
GRANTED = {"Đồng ý một phần": 60, "Đồng ý": 100}  # how much of what was asked for is granted with these words
COUNTED, PAID = {"equipment", "staffing", "software"}, {"headquarters", "land", "funding", "equipment"}


def difficulty(it: Case) -> Life:
    """A difficulty: answered by a department, removed only when the raiser says so, and not always at once."""
    kinds = words()["difficulty"]
    kind = it.rng.choices(list(kinds), [its["often"] for its in kinds.values()])[0]
    answers = {"kind": kind, "what": kinds[kind]["what"], "proposal": kinds[kind]["proposal"]}
    answers["since"] = it.day(-it.rng.randint(2, 90))
    if kind in COUNTED:
        answers["count"] = str(it.rng.randint(1, 6))
        it.slips = {"count": lambda: str(it.rng.randint(1, 6))}
    if kind in PAID:
        answers["money"] = str(it.rng.randint(3, 90) * 10_000_000)
    title = it.of("difficulty", kind, "titles")

    def come_in(case: Case) -> None:
        case.open(case.rng.choice(("clerk", "leader")), "difficulty", title, "unit", **answers)

    come_in(it)
    comes_twice(it, come_in, 0.02)
    yield it.office(1)
    yield from _finds_its_department(it)
    for _round in range(3):
        yield it.meet("answer") if it.chance(0.97) else it.office(30)
        yield from _answered(it)
        if it.matter.ended or it.matter.state != "raised":
            return


def _finds_its_department(it: Case) -> Life:
    """The department says that it has come, gives it back, or gives it to another one."""
    drawn = it.rng.random()
    if drawn < 0.05:
        it.give_back("department-head")
        yield it.office(1)
        it.give("leader", it.department(it.rng.choice(("PV01", "PH10", "PX01"))))
        yield it.office(0.5)
    elif drawn < 0.11:
        others = [each for each in ("PV01", "PH10", "PX01", "PC06") if it.department(each) != it.holder]
        it.do(
            "department-head",
            "reassign",
            to=it.department(it.rng.choice(others)),
            reason=it.of("words", "back"),
        )
        yield it.office(0.5)
    it.seen("department-officer")


def _answered(it: Case) -> Life:
    """One answer, and what the raiser says to it."""
    outcome = it.rng.choice(ANSWERS)
    if outcome == "asked-authority":
        lines = it.matter.facts.get("kind") == "data-lines"
        authority = it.of("answer", "authorities-of-lines" if lines else "authorities")
        money = str(it.matter.facts.get("money") or "")
        asked = {"sum": money} if money else {}
        it.do(
            "department-officer", "answer", outcome=outcome, authority=_of_the_place(it, authority),
            paper=it.paper("ĐN-CAT"), answer_due=it.day(it.rng.randint(20, 60)), **asked,
        )  # fmt: skip
        if it.chance(0.2):
            return  # the authority never answers: a third party's lateness
        yield it.in_time("authority") if it.chance(0.7) else it.office(75)
        said, paper = it.of("answer", "said"), it.paper("TL-UBND")
        share = next((share for words, share in GRANTED.items() if said.startswith(words)), None)
        granted = {"sum_granted": str(int(money) * share // 100)} if money and share is not None else {}
        it.do("department-officer", "authority-answered", authority_said=said, answer_paper=paper, **granted)
    else:
        field = {"own-means": "measure", "guidance": "guidance"}[outcome]
        it.do("department-officer", "answer", outcome=outcome, **{field: it.of("answer", outcome)})
    yield it.in_time("confirm")
    raiser, drawn = it.scene.unit.code, it.rng.random()
    if drawn < 0.78:
        it.do("leader", "confirm-removed", where=raiser)
    elif drawn < 0.9:
        it.do(
            "clerk", "still-there", where=raiser, outcome="answer-again", remains=it.of("answer", "remains")
        )
    else:
        it.do(
            "clerk",
            "still-there",
            where=raiser,
            outcome="not-carried-out",
            remains=it.of("answer", "remains"),
        )


def _of_the_place(it: Case, authority: str) -> str:
    """The committee of the commune or of the province itself, where that of any is meant."""
    whole = it.scene.crew.units[it.scene.unit.province or ""].name.vi.removeprefix("Công an ")
    own = authority.replace("cấp xã", it.scene.unit.name.vi.removeprefix("Công an "))
    return own.replace("nhân dân thành phố", f"nhân dân {whole}")


def recommendation(it: Case) -> Life:
    """A recommendation: taken up by the department of its sector, accepted, declined or passed up."""
    it.open(
        "leader", "recommendation", it.of("recommendation", "titles"), "unit",
        sector=it.of("recommendation", "sectors"), what=words()["recommendation"]["what"],
        proposal="Đề nghị xem xét, cho triển khai thí điểm.",
    )  # fmt: skip
    yield it.office(1)
    it.do("department-officer", "take-up")
    if it.chance(0.1):
        yield it.in_time("answer")
        it.do(
            "department-head",
            "pass-up",
            authority="Bộ Công an",
            paper=it.paper("BC-CAT"),
            answer_due=it.day(45),
        )
        yield it.office(40)
    else:
        yield it.meet("answer")
    outcome = it.rng.choice(("accepted", "accepted", "partly", "declined"))
    measure, reason = it.of("recommendation", "measure"), it.of("recommendation", "reason")
    said = {"accepted": {"measure": measure}, "partly": {"measure": measure, "reason": reason}}
    it.do("department-head", "answer", outcome=outcome, **said.get(outcome, {"reason": reason}))
    if outcome != "declined" and it.chance(0.6):
        yield it.office(25)
        it.do("leader", "carried-out", where=it.scene.unit.code)
