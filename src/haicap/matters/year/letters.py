"""Lives of what people write in: complaints, denunciations, feedback."""

from haicap.matters.entries import Way
from haicap.matters.year.case import Case, Life
from haicap.matters.year.duplicate import comes_twice

WAYS: dict[Way, str] = {"online": "portal", "phone": "phone", "letter": "letter", "desk": "desk"}
SECTORS = (
    ("identity",) * 5 + ("residence",) * 4 + ("vehicles",) * 3 + ("conduct", "fire", "reports", "foreigners")
)


def complaint(it: Case) -> Life:
    """A complaint: settled by the chief, or passed on to the inspectorate and decided by the director."""
    ours = it.chance(0.75)
    instance, against = ("first", "commune-act") if ours else it.rng.choice(
        (("second", "commune-act"), ("first", "department-act"), ("first", "enforcement-chief"))
    )  # fmt: skip
    it.slips = {"act": lambda: it.paper("QĐ-XPHC")}
    it.open(
        "clerk", "complaint", it.of("title", "complaint"), it.rng.choice(("desk", "letter")), instance=instance,
        against=against, complainant__name=it.of("words", "people"), what=it.of("what", "complaint"),
        known_on=it.day(-it.rng.randint(3, 80)), act=it.paper("QĐ-XPHC"),
    )  # fmt: skip
    yield it.in_time("accept")
    if not ours:
        yield from _passed_on(it)
        yield it.in_time("accept")
    chief, decider = ("leader", "leader") if ours else ("department-head", "director")
    if it.chance(0.1):
        it.do(chief, "not-accept", reason="Nội dung không thuộc trường hợp được thụ lý.")
        return
    it.do(chief, "accept")
    if it.chance(0.18):
        yield it.office(6)
        it.do(chief, "suspend", reason="Chờ kết quả của cơ quan giám định.")
        yield it.office(12)
        it.do(chief, "resume")
    if it.chance(0.12):
        yield it.in_time("settle")
        it.do(chief, "lengthen", reason="Phải xác minh tại nhiều nơi.")
    yield it.meet("settle")
    if it.chance(0.06):
        it.do(chief, "withdraw")
        return
    outcome = it.rng.choice(("right", "partly-right", "wrong", "wrong"))
    it.do(decider, "decide", outcome=outcome, decision=it.paper("QĐ-GQKN"))


def denunciation(it: Case) -> Life:
    """A denunciation of an officer: checked, accepted, concluded; not ours goes to the inspectorate."""
    ours = it.chance(0.7)
    it.open(
        "leader", "denunciation", it.of("title", "denunciation"), "letter", ours="yes" if ours else "no",
        against="commune-officer" if ours else "commune-chief", denouncer__name=it.of("words", "people"),
        what=it.of("what", "denunciation"),
    )  # fmt: skip
    chief, decider = ("leader", "leader") if ours else ("department-head", "director")
    if ours:
        if it.chance(0.12):
            yield it.in_time("check")
            it.do(chief, "check-longer")
        yield it.in_time("check")
    else:
        yield it.in_time("pass-on")
        yield from _passed_on(it)
        yield it.in_time("check-passed")
    if it.chance(0.12):
        it.do(chief, "not-accept", reason="Không có căn cứ để xác minh.")
        return
    it.do(chief, "accept")
    yield it.in_time("tell-accepted")
    it.do(chief, "tell-accepted")
    if it.chance(0.12):
        yield it.in_time("settle")
        it.do(chief, "lengthen", ground="complex", reason="Phải xác minh tại nhiều nơi.")
    yield it.meet("settle")
    outcome = it.rng.choice(("founded", "partly-founded", "unfounded", "unfounded"))
    it.do(decider, "conclude", outcome=outcome, conclusion=it.paper("KL-TC"))


def feedback(it: Case) -> Life:
    """Feedback: answered here, or passed to the department of its sector and sometimes given back."""
    by, sector, ours = it.rng.choice(list(WAYS)), it.rng.choice(SECTORS), it.chance(0.7)

    def come_in(case: Case) -> None:
        case.open(
            "clerk", "feedback", case.of("title", "feedback"), by, sector=sector, ours="yes" if ours else "no",
            way=WAYS[by], sender__name=case.of("words", "people"), what=case.of("what", "feedback"),
        )  # fmt: skip

    come_in(it)
    comes_twice(it, come_in, 0.03)
    chief, clock = ("leader", "answer") if ours else ("department-head", "answer-passed")
    if ours:
        yield it.office(1)
    else:
        yield it.in_time("pass-on")
        yield from _passed_on(it)
        yield it.office(1)
    it.do(chief, "take-up")
    if it.chance(0.05):
        yield it.in_time(clock)
        it.do(chief, "lengthen", reason="Cần ý kiến của nhiều đơn vị.")
    yield it.meet(clock)
    if it.chance(0.06):
        it.do(chief, "close", reason="Nội dung đã được trả lời.")
        return
    outcome = it.rng.choice(("accepted", "explained", "explained", "apologised"))
    it.do(chief, "answer", outcome=outcome, answer=it.of("what", "feedback-answer"))


def _passed_on(it: Case) -> Life:
    """Passed to whoever is competent, who takes it, or first gives it back."""
    it.do("leader", "pass-on")
    yield it.office(0.6)
    if it.chance(0.06):
        it.do("department-head", "give-back", ground="incomplete")
        yield it.office(1)
        it.do("leader", "pass-on")
        yield it.office(0.6)
    it.do("department-officer", "receive")
